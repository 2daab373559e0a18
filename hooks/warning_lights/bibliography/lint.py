"""What is wrong in the .bib files, with file and line, before anything is built from them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from warning_lights.bibliography.bibtex import BrokenBib, Entry, Field, scan
from warning_lights.core.findings import Finding, nearest

# What each type of entry cannot do without (BibLaTeX manual, 2.1.1, as far as a reader needs it);
# a tuple is a choice. An undated or unsigned work is not wrong: what is not known is left out.
REQUIRED: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "article": ("title", ("journaltitle", "journal"), ("date", "year")),
    "book": ("title", ("author", "editor", "organization"), ("date", "year")),
    "online": ("title", ("organization", "author", "url")),
    "periodical": ("title", ("date", "year")),
    "thesis": ("title", "author", ("date", "year")),
    "report": ("title", ("author", "institution"), ("date", "year")),
    "set": (),
    "xdata": (),
}
FIELDS = set(
    re.findall(
        r"\w+",
        """
        abstract addendum address afterword annotation annote annotator archiveprefix archiveurl author
        authortype bookauthor bookpagination booksubtitle booktitle booktitleaddon chapter clonecontent
        commentator crossref date day doi edition editor editora editoratype editorb editorbtype editorc
        editorctype editortype eid entryset entrysubtype eprint eprintclass eprinttype eventdate eventtitle
        eventtitleaddon execute file foreword gender holder howpublished ids indexsorttitle indextitle
        institution introduction isan isbn ismn isrn issn issue issuesubtitle issuetitle issuetitleaddon
        iswc journal journalsubtitle journaltitle journaltitleaddon key keywords label langid langidopts
        language library lista listb listc listd liste listf location mainsubtitle maintitle maintitleaddon
        month nameaddon namea nameaddon nameatype nameb namebtype namec namectype note number options
        organization origdate origlanguage origlocation origpublisher origtitle pages pagetotal pagination
        part pdf presort primaryclass publisher pubstate related relatedoptions relatedstring relatedtype
        reprinttitle school series shortauthor shorteditor shorthand shorthandintro shortjournal
        shortseries shorttitle sortkey sortname sortshorthand sorttitle sortyear subtitle title titleaddon
        translator type url urldate urlstatus usera userb userc userd usere userf venue verba verbb verbc
        version volume volumes xdata xref year
        """,
    )
)
# What reference managers write for themselves, and BibLaTeX passes over.
OF_PROGRAMS = re.compile(
    r"groups|readstatus|timestamp|owner|creationdate|modificationdate|comments?|priority|printed|ranking"
    r"|qualityassured|relevance|search|lccn|copyright|callnumber|repository|rights|source|numpages|bdsk-.*"
    r"|local-.*|date-(?:added|modified)|__markedentry|jabref.*|mendeley-.*|citeulike-.*|zotero.*|biburl"
    r"|bibsource|collection|affiliation|contents|mrnumber|pmid|pmcid|size|extra|nationality|place|.*\+an.*"
)
# EDTF level 1 (ISO 8601-2), as BibLaTeX takes it: an end of a range may be open or unknown.
DAY = r"-?[\dXu]{4}(?:-(?:\d{2}|XX)(?:-(?:\d{2}|XX))?)?(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?[~?%]?"
DATE = re.compile(rf"(?P<start>{DAY}|unknown|\.\.|)(?:/(?P<end>{DAY}|unknown|\.\.|))?\Z")
BROKEN_TEXT = re.compile(r"\ufffd|Ã[\x80-\xbf©¨¤¶¼]|â€|Â[\xa0-\xbf]")


def lint(files: Mapping[str, str]) -> Iterator[Finding]:
    """Findings for .bib files, given as path -> text."""
    first: dict[str, tuple[str, Entry]] = {}
    works: dict[str, tuple[str, Entry]] = {}
    for file, text in files.items():
        for entry in scan(text):
            if isinstance(entry, BrokenBib):
                yield Finding(file, entry.line, entry.column, f"{entry.message}.")
                continue
            if (known := first.get(entry.key.lower())) is not None:
                yield Finding(
                    file,
                    entry.line,
                    entry.column,
                    f"{entry.key} is defined a second time; first in {known[0]}:{known[1].line}."
                    " Take one out.",
                )
                continue
            first[entry.key.lower()] = (file, entry)
            for line, column, message in [*lint_entry(entry), *duplicate_work(file, entry, works)]:
                yield Finding(file, line, column, f"{entry.key}{message}")
    keys = [entry.key for _, entry in first.values()]
    for file, entry in first.values():
        for key in re.split(r"[,\s]+", bare(entry.fields.get("related"))):
            if key and key not in keys:
                place = entry.fields["related"]
                yield Finding(
                    file,
                    place.line,
                    place.column,
                    f"{entry.key} points to {key}, which is in no .bib file.{near(key, keys)}",
                )


def uncited(places: Mapping[str, tuple[str, int, int]], cited: Collection[str]) -> Iterator[Finding]:
    """Entries, as key -> place, that no page cites."""
    for key, (file, line, column) in places.items():
        if key not in cited:
            yield Finding(
                file, line, column, f"{key} is cited by no page. Cite it, or take it out.", "warning"
            )


def near(key: str, keys: Iterable[str]) -> str:
    """` Did you mean [@…]?`, or nothing."""
    meant = nearest(key, keys)
    return f" Did you mean [@{meant}]?" if meant else ""


def lint_entry(entry: Entry) -> Iterator[tuple[int, int, str]]:
    """(line, column, what to say after the key) for one entry alone."""
    inherits = not {"crossref", "xdata"}.isdisjoint(entry.fields)
    for need in () if inherits else REQUIRED.get(entry.type, ("title",)):
        choice = (need,) if isinstance(need, str) else need
        if not any(bare(entry.fields.get(name)) for name in choice):
            yield entry.line, entry.column, f" (@{entry.type}) has no {' or '.join(choice)}."
    for item in entry.fields.values():
        for message in lint_field(item):
            yield item.line, item.column, message


def lint_field(item: Field) -> Iterator[str]:
    value = bare(item)
    if item.name not in FIELDS and not OF_PROGRAMS.fullmatch(item.name):
        meant = nearest(item.name, sorted(FIELDS))
        yield f": {item.name} is no field of BibLaTeX." + (f" Did you mean {meant}?" if meant else "")
    if not value:
        yield f": {item.name} is empty. Leave the field out."
    if BROKEN_TEXT.search(item.value):
        yield f": {item.name} holds signs broken by a wrong encoding. Write them anew, in UTF-8."
    if item.name in {"date", "urldate", "origdate", "eventdate"} and not valid_date(value):
        yield f": {item.name} = {{{value}}} is no date. Write 2024, 2024-05 or 2024-05-31."
    if item.name == "year" and not re.fullmatch(r"\d{4}|n\.d\.", value):
        yield f": year = {{{value}}} is no year. Write 2024, or n.d. for an undated work."
    if item.name in {"url", "archiveurl"} and (fault := fault_of_address(value)):
        yield f": {item.name} {fault}"
    if item.name == "doi" and not re.fullmatch(r"10(?:\.\d{4,9}(?:\.\d+)*)?/\S+", value):
        yield f": doi = {{{value}}} is no DOI. Write 10.…/… without https://doi.org/."


def valid_date(value: str) -> bool:
    """EDTF level 1: a day, month, season or year, or a range of them, uncertain or unspecified in parts."""
    m = DATE.match(value)
    return m is not None and bool(value.strip("/.")) and all(is_day(m[end] or "") for end in ("start", "end"))


def is_day(text: str) -> bool:
    """Whether the digits can be a day; what is open, unknown or unspecified can."""
    m = re.fullmatch(
        r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?", text.partition("T")[0].rstrip("~?%")
    )
    if m is None or (not m["day"] and 21 <= int(m["month"]) <= 24):  # A season.
        return True
    try:
        date(int(m["year"]) or 4, int(m["month"]), int(m["day"] or 1))
    except ValueError:
        return False
    return True


def fault_of_address(url: str) -> str:
    """What is wrong with an address, or nothing."""
    if re.search(r"[\s<>\"{}|\\^`]", url):
        return f"= {{{url}}} holds a sign that no address may hold. Encode it (a space is %20)."
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or "." not in (parts.hostname or ""):
        return f"= {{{url}}} is no address. Write it whole, with https://."
    return ""


def duplicate_work(
    file: str, entry: Entry, works: dict[str, tuple[str, Entry]]
) -> Iterator[tuple[int, int, str]]:
    """The same address, or the same author, title and date, under two keys."""
    title = re.sub(r"\W+", " ", bare(entry.fields.get("title")) + bare(entry.fields.get("subtitle"))).lower()
    author = bare(entry.fields.get("author"))
    day = bare(entry.fields.get("date")) or bare(entry.fields.get("year"))
    address = bare(entry.fields.get("url")).rstrip("/?").removeprefix("http://").removeprefix("https://")
    for sign in filter(None, [address, title and f"{author}|{title}|{day}"]):
        if sign in works:
            other_file, other = works[sign]
            same = "address" if sign == address else "author, title and date"
            yield (
                entry.line,
                entry.column,
                f" has the same {same} as {other.key} ({other_file}:{other.line})."
                " Keep one key for one work.",
            )
            return
        works[sign] = (file, entry)


def bare(item: Field | None) -> str:
    """A value without its outer marks and inner braces, in one line."""
    return " ".join(re.sub(r"[{}]", "", item.value).strip('"').split()) if item else ""
