"""The entries of .bib files in the plain form that pybtex and Pandoc both read, and why one is changed.

BibLaTeX, Biber, pybtex and Pandoc each have a grammar of their own. Only the reader of `bibtex.py` says what
is wrong; the others get what it has read: no comments, no abbreviations, no references between entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from warning_lights.bibliography.bibtex import BrokenBib, Entry, Field, scan
from warning_lights.bibliography.latex import as_latex
from warning_lights.core.findings import Finding

MONTHS = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
STRING = re.compile(
    r"^[ \t]*@string\s*[{(]\s*(?P<name>[^\s={}]+)\s*=\s*(?P<value>.*?)\s*[})]\s*$", re.I | re.M
)
PIECE = re.compile(r"\s*(?P<word>[^\s,{}()\"#]+)\s*")
PARTS = re.compile(r"(?:^|,)\s*(?P<part>family|given|prefix|suffix|given-i|useprefix)\s*=\s*(?P<value>[^,]*)")
NAMES = {"author", "editor", "translator", "editora", "editorb", "editorc", "bookauthor", "holder"}
PARENTS = ("crossref", "xdata")  # Fields through which an entry takes fields of another.
# Of one machine or one person, or the work of others: never published.
PRIVATE = re.compile(
    r"file|abstract|annote|comments?|review|owner|groups|timestamp|bdsk-.*|local-.*"
    r"|creationdate|modificationdate|date-(?:added|modified)|ranking|readstatus|priority|.*\+an(?::.*)?"
)


def cleaned(texts: Mapping[str, str]) -> tuple[str, list[Finding]]:
    """All entries of `texts` (path -> text) as one text, and what is wrong between them.

    Entries that cannot be read are left out, for `lint` reports them; so are @xdata, whose fields go to the
    entries that name it, and @set, which is no work.
    """
    entries: dict[str, tuple[str, Entry]] = {}
    strings: dict[str, str] = {}
    taken: set[str] = set()
    for file, text in texts.items():
        strings |= {m["name"].lower(): m["value"].strip('{}"') for m in STRING.finditer(text)}
        for entry in scan(text):
            if not isinstance(entry, BrokenBib) and entry.key.lower() not in taken:
                taken.add(entry.key.lower())  # pybtex takes keys that differ in case for one.
                entries[entry.key] = (file, entry)
    findings: list[Finding] = []
    written = []
    for file, entry in entries.values():
        own = {name: item for name, item in entry.fields.items() if not PRIVATE.fullmatch(name)}
        fields = {**inherited(file, entry, entries, findings), **own}
        if entry.type == "set":
            message = f"{entry.key} is a set, which is no work. Cite its members: [@a; @b]."
            findings.append(Finding(file, entry.line, entry.column, message))
        if entry.type in {"set", "xdata"}:
            continue
        lines = [
            # Pandoc prints no date with unspecified digits, `199X`, but any year as it is.
            f"  {'year' if name == 'date' and 'X' in text else name} = {{{text}}},"
            for name, item in fields.items()
            if name not in PARENTS and (text := value(item, strings, file, entry, findings))
        ]
        written.append("\n".join([f"@{entry.type}{{{entry.key},", *lines, "}"]))
    return "\n\n".join(written) + "\n", findings


def inherited(
    file: str, entry: Entry, entries: Mapping[str, tuple[str, Entry]], findings: list[Finding]
) -> dict[str, Field]:
    """The fields that an entry takes from those it names; a circle is a finding at its field."""
    taken: dict[str, Field] = {}
    for name, parent in ancestors(entry, entries):
        if parent.key == entry.key:
            item = entry.fields[name] if name in entry.fields else next(iter(entry.fields.values()))
            message = f"{entry.key} takes from itself ({name})."
            findings.append(Finding(file, item.line, item.column, message))
            return {}
        for field, item in parent.fields.items():
            if name == "xdata" and field not in {"ids", *PARENTS}:
                taken.setdefault(field, item)
            elif name == "crossref" and field in {"title", "subtitle"}:
                taken.setdefault(f"book{field}", item)
            elif name == "crossref" and field not in {"url", "doi", "keywords", "ids", *PARENTS}:
                taken.setdefault(field, item)
    return taken


def ancestors(entry: Entry, entries: Mapping[str, tuple[str, Entry]]) -> Iterator[tuple[str, Entry]]:
    """(field, entry) of each entry that this one takes from; the entry itself ends a circle."""
    seen, todo = set[str](), [entry]
    while todo:
        current = todo.pop()
        for name in PARENTS:
            for key in re.split(r"[,\s{}\"]+", current.fields[name].value if name in current.fields else ""):
                if key not in entries or key in seen:
                    continue
                seen.add(key)
                parent = entries[key][1]
                yield name, parent
                if key == entry.key:
                    return
                todo.append(parent)


def value(item: Field, strings: Mapping[str, str], file: str, entry: Entry, findings: list[Finding]) -> str:
    """The text of a field: pieces joined, abbreviations resolved, names in the plain form."""
    text = "".join(pieces(item, strings, file, entry, findings))
    if item.name in NAMES:
        text = " and ".join(plain_name(name) for name in split_names(text) if name.strip(" ,"))
    return as_latex(item.name, text)


def pieces(
    item: Field, strings: Mapping[str, str], file: str, entry: Entry, findings: list[Finding]
) -> Iterator[str]:
    rest = item.value.strip()
    while rest:
        if rest[0] in '{"':
            end = closing(rest)
            yield rest[1:end]
            rest = rest[end + 1 :].lstrip().removeprefix("#").lstrip()
            continue
        m = PIECE.match(rest)
        if not m:
            return
        word = m["word"]
        if not word.isdigit() and word.lower() not in strings and word.lower() not in MONTHS:
            message = f"{entry.key}: {item.name} = {word} names no @string. Write {{{word}}} if it is a text."
            findings.append(Finding(file, item.line, item.column, message))
        yield strings.get(word.lower(), word)
        rest = rest[m.end() :].removeprefix("#").lstrip()


def closing(text: str) -> int:
    """The offset of the brace or quotation mark that closes the one at the start of `text`."""
    depth = 0
    for offset, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if (text[0] == "{" and not depth) or (offset and text[0] == character == '"' and not depth):
            return offset
    return len(text)


def split_names(text: str) -> list[str]:
    """A list of names cut at each `and` outside braces."""
    names, depth, start = [], 0, 0
    for m in re.finditer(r"[{}]|\s+and\s+", text):
        if m[0] in "{}":
            depth += 1 if m[0] == "{" else -1
        elif not depth:
            names.append(text[start : m.start()])
            start = m.end()
    return [*names, text[start:]]


def plain_name(name: str) -> str:
    """Biber's extended form, `family=Reed, given=Ida, prefix=van der`, as `van der Reed, Ida`."""
    parts = {m["part"]: m["value"].strip().strip('"') for m in PARTS.finditer(name)}
    if "family" not in parts:
        # Three commas or more are one too many for every reader; in braces the name stands as it is.
        outside = re.sub(r"\{[^{}]*\}", "", name)
        return f"{{{name}}}" if outside.count(",") > 2 else name
    family = " ".join(filter(None, [parts.get("prefix"), parts["family"]]))
    return ", ".join(filter(None, [family, parts.get("suffix"), parts.get("given")]))
