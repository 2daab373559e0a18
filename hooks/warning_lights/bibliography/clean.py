"""The entries of .bib files in the plain form that pybtex and Pandoc both read, and why one is changed.

BibLaTeX, Biber, pybtex and Pandoc each have a grammar of their own. Only the reader of `bibtex.py` says what
is wrong; the others get what it has read: no comments, no abbreviations, no references between entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from warning_lights.bibliography.bibtex import (
    Entry,
    Field,
    closing_brace,
    closing_quote,
    keys_of,
    read_strings,
    valid_entries,
)
from warning_lights.bibliography.latex import as_latex
from warning_lights.core.findings import Finding

MONTHS = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
PIECE = re.compile(r"\s*(?P<word>[^\s,{}()\"#]+)\s*")
# A part of a name: commas inside quotation marks or braces belong to it.
PART = re.compile(r'(?:"[^"]*"|\{[^{}]*\}|[^,])+')
NAME_PART = re.compile(r'[\s"]*(?P<part>family|given|prefix|suffix)\s*=\s*(?P<value>.*)', re.DOTALL)
NAME_FIELDS = {"author", "editor", "translator", "editora", "editorb", "editorc", "bookauthor", "holder"}
# Types that Pandoc does not know (BibLaTeX manual, 2.1.2 and 2.1.3), and what it knows in their place.
PANDOC_TYPES = {"conference": "inproceedings", "electronic": "online", "www": "online", "suppbook": "inbook"}
PANDOC_TYPES |= {"suppcollection": "incollection", "suppperiodical": "article"}
PARENT_TITLES = {"periodical": "journal"}  # Which title of an entry that of its parent is.
PARENT_FIELDS = ("crossref", "xdata")  # Fields through which an entry takes fields of another.
# Of one machine or one person, or the work of others: never published.
PRIVATE_FIELD = re.compile(
    r"__.*|file|abstract|annote|comments?|review|owner|groups|timestamp|bdsk-.*|local-.*"
    r"|creationdate|modificationdate|date-(?:added|modified)|ranking|readstatus|priority|.*\+an(?::.*)?"
)
Entries = Mapping[str, tuple[str, Entry]]  # Key -> (file, entry).


def clean_entries(texts: Mapping[str, str]) -> tuple[str, list[Finding]]:
    """All entries of `texts` (path -> text) as one text, and what is wrong between them.

    Entries that cannot be read are left out, for `lint` reports them; so are @xdata, whose fields go to the
    entries that name it, and @set, which is no work.
    """
    entries: dict[str, tuple[str, Entry]] = {}
    strings: dict[str, str] = {}
    taken: set[str] = set()
    for file, text in texts.items():
        for item in read_strings(text):
            strings[item.name] = "".join(value_pieces(item, strings)[0])
        for entry in valid_entries(text):
            if entry.key.lower() not in taken:
                taken.add(entry.key.lower())  # pybtex takes keys that differ in case for one.
                entries[entry.key] = (file, entry)
    further = {key: each for each in entries.values() for key in keys_of(each[1].fields.get("ids"))}
    findings: list[Finding] = []
    written = []
    for file, entry in entries.values():
        own = {name: item for name, item in entry.fields.items() if not PRIVATE_FIELD.fullmatch(name)}
        fields = {**inherited_fields(file, entry, further | entries, findings), **own}
        if entry.type in {"set", "xdata"}:
            continue
        lines = []
        for name, item in fields.items():
            parts, unknown = value_pieces(item, strings)
            for word in unknown:
                message = (
                    f"{entry.key}: {name} = {word} is not a defined @string. Write {{{word}}} if it is text."
                )
                findings.append(Finding(file, item.line, item.column, message))
            text = as_latex(name, names_in_plain_form(name, "".join(parts)))
            no_address = name in {"url", "archiveurl"} and address_fault(text)
            if text and name not in PARENT_FIELDS and not no_address:
                if name == "date" and "X" in text:
                    name = "year"  # Pandoc prints no date with unspecified digits, but any year as it is.
                elif name == "eid" and "pages" not in fields:
                    name = "pages"  # Pandoc knows no number of an article, which stands for its pages.
                lines.append(f"  {name} = {{{text}}},")
        written.append("\n".join([f"@{PANDOC_TYPES.get(entry.type, entry.type)}{{{entry.key},", *lines, "}"]))
    return "\n\n".join(written) + "\n", findings


def address_fault(url: str) -> str:
    """What is wrong with an address, or nothing."""
    url = re.sub(r"\\([_%&#~$^])", r"\1", url)  # As `as_latex` reads it.
    if re.search(r"[\s<>\"{}|\\^`]", url):
        return f"= {{{url}}} has a character that is not allowed in an address. Encode it (a space is %20)."
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return f"= {{{url}}} is not a complete address. Write it whole, with https://."
    return ""


def inherited_fields(file: str, entry: Entry, entries: Entries, findings: list[Finding]) -> dict[str, Field]:
    """The fields that an entry takes from those it names; a circle is a finding at its field."""
    taken: dict[str, Field] = {}
    for name, parent in ancestors(entry, entries):
        if parent.key == entry.key:
            item = entry.fields[name] if name in entry.fields else next(iter(entry.fields.values()))
            message = f"{entry.key} inherits from itself ({name})."
            findings.append(Finding(file, item.line, item.column, message))
            return {}
        for field, item in parent.fields.items():
            if name == "xdata" and field not in {"ids", *PARENT_FIELDS}:
                taken.setdefault(field, item)
            elif name == "crossref" and field in {"title", "subtitle"}:
                kind = "main" if parent.type.startswith("mv") else PARENT_TITLES.get(parent.type, "book")
                taken.setdefault(f"{kind}{field}", item)
            elif name == "crossref" and field not in {"url", "doi", "keywords", "ids", *PARENT_FIELDS}:
                taken.setdefault(field, item)
    return taken


def ancestors(entry: Entry, entries: Entries) -> Iterator[tuple[str, Entry]]:
    """(field, entry) of each entry that this one takes from; the entry itself ends a circle."""
    seen, todo = set[str](), [entry]
    while todo:
        current = todo.pop()
        for name in PARENT_FIELDS:
            for key in keys_of(current.fields.get(name)):
                if key not in entries or key in seen:
                    continue
                seen.add(key)
                parent = entries[key][1]
                yield name, parent
                if key == entry.key:
                    return
                todo.append(parent)


def value_pieces(item: Field, strings: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The pieces of a value, abbreviations resolved, and the words that are no abbreviation."""
    rest, found, unknown = item.value.strip(), list[str](), list[str]()
    while rest:
        if rest[0] in '{"':
            end = closing_brace(rest, 0) if rest[0] == "{" else closing_quote(rest, 0)
            end = end if end > 0 else len(rest)
            found.append(rest[1:end])
            rest = rest[end + 1 :].lstrip().removeprefix("#").lstrip()
        elif m := PIECE.match(rest):
            word = m["word"].lower()
            found.append(strings.get(word, m["word"]))
            if not word.isdigit() and word not in strings and word not in MONTHS:
                unknown.append(m["word"])
            rest = rest[m.end() :].removeprefix("#").lstrip()
        else:
            break
    return found, unknown


def names_in_plain_form(name: str, text: str) -> str:
    """A list of names, each in the plain form; it is cut at each `and` outside braces."""
    if name not in NAME_FIELDS:
        return text
    names, depth, start = [], 0, 0
    for m in re.finditer(r"[{}]|(?<!\S)and(?!\S)", text, re.IGNORECASE):
        depth += {"{": 1, "}": -1}.get(m[0], 0)
        if m[0] not in "{}" and not depth:
            names.append(text[start : m.start()])
            start = m.end()
    names = [each.strip().rstrip(", ") for each in [*names, text[start:]]]
    return " and ".join(map(name_in_plain_form, filter(None, names)))


def name_in_plain_form(name: str) -> str:
    """Biber's extended form, `family=Reed, given=Ida, prefix=van der`, as `van der Reed, Ida`."""
    found = [NAME_PART.match(part) for part in PART.findall(name)]
    parts = {m["part"]: m["value"].strip().strip('"') for m in found if m}
    if "family" not in parts and "given" in parts:
        return f"{{{parts['given']}}}"
    if "family" not in parts:
        # Three commas or more are one too many for every reader; in braces the name stands as it is.
        outside = re.sub(r"\{[^{}]*\}", "", name)
        return f"{{{name}}}" if outside.count(",") > 2 else name
    family = " ".join(filter(None, [parts.get("prefix"), parts["family"]]))
    family = f"{{{family}}}" if "," in family and not family.startswith("{") else family
    return ", ".join(filter(None, [family, parts.get("suffix"), parts.get("given")]))
