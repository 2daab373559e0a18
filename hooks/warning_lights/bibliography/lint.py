"""What is wrong in the .bib files, with file and line, before anything is built from them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from warning_lights.bibliography.bibtex import BrokenEntry, Entry, Field, keys_of, scan
from warning_lights.bibliography.clean import NAME_FIELDS, PRIVATE_FIELD, address_fault
from warning_lights.core.findings import Finding
from warning_lights.core.names import guess, words

# What each type of entry cannot do without (BibLaTeX manual, 2.1.1, as far as a reader needs it);
# a tuple is a choice. An undated or unsigned work is not wrong: what is not known is left out.
REQUIRED_FIELDS: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "article": ("title", ("journaltitle", "journal"), ("date", "year")),
    "book": ("title", ("author", "editor", "organization"), ("date", "year")),
    "online": ("title", ("organization", "author", "editor", "url", "doi", "eprint")),
    "periodical": ("title", ("date", "year")),
    "thesis": ("title", "author", ("date", "year")),
    "report": ("title", ("author", "institution"), ("date", "year")),
    "set": (),
    "xdata": (),
}
KNOWN_FIELDS = words(Path(__file__).with_name("fields.txt").read_text("utf-8").partition("\n")[2])
# What else reference managers write for themselves, and BibLaTeX passes over.
PROGRAM_FIELD = re.compile(
    r"printed|qualityassured|relevance|search|lccn|copyright|callnumber|repository|rights|source|numpages|size"
    r"|jabref.*|mendeley-.*|citeulike-.*|zotero.*|biburl|bibsource|collection|affiliation|contents|mrnumber"
    r"|pmid|pmcid|extra|nationality|assignee|collaborator|director|place"
)
# EDTF level 1 (ISO 8601-2), as BibLaTeX takes it: an end of a range may be open or unknown.
DAY = r"-?[\dXu]{4}(?:-(?:\d{2}|XX)(?:-(?:\d{2}|XX))?)?(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?[~?%]?"
DATE = re.compile(rf"(?P<start>{DAY}|unknown|\.\.|)(?:/(?P<end>{DAY}|unknown|\.\.|))?\Z")
YEAR = re.compile(
    r"-?(?:ca?\. ?)?\d{4}[?~]?(?: ?(?:[-/–]|--) ?(?:\d{2,4})?)?|n\.d\.|in press|forthcoming|to appear", re.I
)
BROKEN_TEXT = re.compile(r"\ufffd|Ã[\x80-\xbf©¨¤¶¼]|â€|Â[\xa0-\xbf]")
# Fields in which two works of one title differ.
DISTINGUISHING_FIELDS = sorted(
    words("author editor date year volume number issue edition journaltitle journal booktitle pages")
)
# Fields that name other entries; what @set and @xdata hold is not a reference of its own.
KEY_FIELDS = ("related", "crossref", "xref", "xdata", "entryset")


def lint(files: Mapping[str, str]) -> Iterator[Finding]:
    """Findings for .bib files, given as path -> text."""
    first: dict[str, tuple[str, Entry]] = {}
    works: dict[str, tuple[str, Entry]] = {}
    broken = set[str]()
    for file, text in files.items():
        if re.search(r"^\s*[^%\s]", text, re.MULTILINE) and not re.search(r"@\s*\w+\s*[{(]", text):
            yield Finding(file, 1, 1, "This file has no BibTeX entry in UTF-8, such as @online{key, … }.")
            continue  # What else is wrong in it has the same cause.
        for entry in scan(text):
            if isinstance(entry, BrokenEntry):
                broken.add(entry.key)
                found = [(entry.line, entry.column, f"{entry.message}.")]
            elif (known := first.get(entry.key.lower())) is not None:
                place = f"first in {known[0]}:{known[1].line}"
                message = f"{entry.key} is defined a second time; {place}. Remove one."
                found = [(entry.line, entry.column, message)]
            else:
                first[entry.key.lower()] = (file, entry)
                found = [*lint_entry(entry), *duplicate_faults(file, entry, works)]
            yield from (Finding(file, line, column, message) for line, column, message in found)
    keys = {entry.key for _, entry in first.values()} | broken
    ids = {key for _, entry in first.values() for key in keys_of(entry.fields.get("ids"))}
    for file, entry in first.values():
        for item in filter(None, map(entry.fields.get, KEY_FIELDS)):
            for key in keys_of(item):
                if key not in keys | ids:
                    hint = guess(key, sorted(keys), "[@{}]")
                    message = f"{entry.key} points to {key}, which is not in any .bib file.{hint}"
                    yield Finding(file, item.line, item.column, message)
        if entry.type == "set":
            members = "; ".join(f"@{key}" for key in keys_of(entry.fields.get("entryset")))
            advice = f"Cite its members: [{members}]." if members else "It names no members (entryset)."
            message = f"{entry.key} is a set, not a work. {advice}"
            yield Finding(file, entry.line, entry.column, message)


def uncitable_keys(files: Mapping[str, str]) -> set[str]:
    """The keys of entries that a finding of `lint` says cannot be cited."""
    entries = [entry for text in files.values() for entry in scan(text)]
    first: dict[str, str] = {}
    repeated = {each.key for each in entries if first.setdefault(each.key.lower(), each.key) != each.key}
    faulty = {each.key for each in entries if isinstance(each, BrokenEntry) or each.type == "set"}
    return faulty - {""} | repeated


def uncited_entries(places: Mapping[str, tuple[str, int, int]], cited: Collection[str]) -> Iterator[Finding]:
    """Entries, as key -> place, that no page cites."""
    for key, (file, line, column) in places.items():
        if key not in cited:
            message = f"{key} is not cited on any page. Cite it, or remove it."
            yield Finding(file, line, column, message, "warning")


def lint_entry(entry: Entry) -> Iterator[tuple[int, int, str]]:
    """(line, column, message) for one entry alone."""
    inherits = not {"crossref", "xdata"}.isdisjoint(entry.fields)
    for need in () if inherits else REQUIRED_FIELDS.get(entry.type, ("title",)):
        choice = (need,) if isinstance(need, str) else need
        if not any(bare_value(entry.fields.get(name)) for name in choice):
            message = f"{entry.key} (@{entry.type}) has no {' or '.join(choice)}."
            yield entry.line, entry.column, message
    for item in entry.fields.values():
        for message in lint_field(item):
            yield item.line, item.column, f"{entry.key}{message}"


def lint_field(item: Field) -> Iterator[str]:
    value = bare_value(item)
    if not (
        item.name in KNOWN_FIELDS or PRIVATE_FIELD.fullmatch(item.name) or PROGRAM_FIELD.fullmatch(item.name)
    ):
        hint = guess(item.name, sorted(KNOWN_FIELDS))
        yield f": {item.name} is not a field of BibLaTeX.{hint}"
    if not value:
        yield f": {item.name} is empty. Leave the field out."
    if BROKEN_TEXT.search(item.value):
        yield f": {item.name} has characters garbled by a wrong encoding. Retype them, in UTF-8."
    if item.name in {"date", "urldate", "origdate", "eventdate"} and not is_valid_date(value):
        yield f": {item.name} = {{{value}}} is not a valid date. Write 2024, 2024-05 or 2024-05-31."
    if item.name == "year" and not YEAR.fullmatch(value):
        yield f": year = {{{value}}} is not a valid year. Write 2024, or n.d. for an undated work."
    if item.name in NAME_FIELDS and ";" in re.sub(r"\{[^{}]*\}", "", item.value[1:-1]):
        yield f": {item.name} holds a semicolon. Write and between two names."
    if re.match(r"\W*xdata\s*=", item.value):
        yield f": {item.name} takes part of an entry @xdata, which is not read. Write the text itself."
    if item.name in {"url", "archiveurl"} and (fault := address_fault(value.removeprefix("\\url"))):
        yield f": {item.name} {fault}"
    if item.name == "doi" and not re.fullmatch(r"10(?:\.\d{4,9}(?:\.\d+)*)?/\S+", value):
        yield f": doi = {{{value}}} is not a valid DOI. Write 10.…/… without https://doi.org/."


def is_valid_date(value: str) -> bool:
    """EDTF level 1: a day, month, season or year, or a range of them, uncertain or unspecified in parts."""
    m = DATE.match(value)
    return m is not None and bool(value.strip("/.")) and all(is_day(m[end] or "") for end in ("start", "end"))


def is_day(text: str) -> bool:
    """Whether the digits can be a day; what is open, unknown or unspecified can."""
    m = re.match(r"(\d{4})-(\d\d)(?:-(\d\d))?(?![\dX-])", text)
    if m is None or (not m[3] and 21 <= int(m[2]) <= 24):  # A season.
        return True
    try:
        date(int(m[1]) or 4, int(m[2]), int(m[3] or 1))
    except ValueError:
        return False
    return True


def duplicate_faults(
    file: str, entry: Entry, works: dict[str, tuple[str, Entry]]
) -> Iterator[tuple[int, int, str]]:
    """The same address, or the same author, title and date, under two keys."""
    title = re.sub(r"\W+", " ", "".join(bare_value(entry.fields.get(name)) for name in ("title", "subtitle")))
    address = re.sub(r"\A(?:http://)?(?:https://)?", "", bare_value(entry.fields.get("url")).rstrip("/?"))
    work = "|".join([title.lower(), *(bare_value(entry.fields.get(name)) for name in DISTINGUISHING_FIELDS)])
    for identity in filter(None, [address, title and work]):
        if identity in works:
            other_file, other = works[identity]
            same = "address" if identity == address else "author, title and date"
            place = f"{other.key} ({other_file}:{other.line})"
            message = f"{entry.key} has the same {same} as {place}. Keep one key for one work."
            yield entry.line, entry.column, message
            return
        works[identity] = (file, entry)


def bare_value(item: Field | None) -> str:
    """A value without its outer quotation marks and its braces, in one line."""
    return " ".join(re.sub(r"[{}]", "", item.value).strip('"').split()) if item else ""
