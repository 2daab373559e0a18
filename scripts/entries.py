"""Add entries to the bibliography from a file of a reference manager: RIS, BibTeX, BibLaTeX or CSL-JSON.

    make entries FROM=library.ris

New entries are appended to bibliography/works.bib, in BibLaTeX. What is private or the work of others is
left out: paths of files, abstracts, keywords. An entry whose key, DOI or address exists is passed over, and
a key that cannot be cited is replaced.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc

from warning_lights.bibliography.bibtex import BrokenEntry, Entry, scan, valid_entries
from warning_lights.bibliography.clean import PRIVATE_FIELD

ROOT = Path(__file__).resolve().parent.parent
TARGET = "bibliography/works.bib"
KEY = re.compile(r"\w+(?:[:.#$%&\-+?<>~/]\w+)*")  # As Pandoc reads a citation.
LEFT_OUT = {"abstract", "keyword", "note", "id"}  # Of CSL-JSON.
ONE_WORK = ("doi", "url")
RIS_DATE = re.compile(r"^(?:DA|PY|Y1)  - (\d{4})(?:[/-](\d{1,2}))?(?:[/-](\d{1,2}))?", re.MULTILINE)
FORMATS = {".ris": "ris", ".json": "csljson", ".bib": "biblatex"}
SMALL = {"a", "an", "and", "the", "of", "in", "on", "for", "to", "from"}


class Refused(ValueError):
    """Why nothing is written, as a sentence."""


@dataclass(frozen=True)
class NewEntry:
    """An entry to add: its key, and its text in BibLaTeX."""

    key: str
    text: str


def read(path: Path) -> list[NewEntry]:
    """The entries of a file, with keys that can be cited; raises Refused."""
    if not path.is_file():
        raise Refused(f"There is no file {path}.")
    form = FORMATS.get(path.suffix.lower())
    if not form:
        raise Refused(f"{path.name} is none of .ris, .bib and .json (CSL-JSON).")
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    try:
        found = list(from_bib(text)) if form == "biblatex" else list(from_csl(read_csl(text, form)))
    except (RuntimeError, ValueError, TypeError, KeyError) as error:
        raise Refused(f"{path.name} cannot be read: {' '.join(str(error).split())[:200]}.") from error
    if not found:
        raise Refused(f"{path.name} has no entry.")
    return found


def from_bib(text: str) -> Iterator[NewEntry]:
    """Entries with their fields as they are written, but for the private ones."""
    for entry in scan(text):
        if isinstance(entry, BrokenEntry):
            raise Refused(f"Line {entry.line}: {entry.message}")
        fields = {
            name: item.value
            for name, item in entry.fields.items()
            if name not in {"keywords", "annotation"} and not PRIVATE_FIELD.fullmatch(name)
        }
        key = entry.key if KEY.fullmatch(entry.key) else ""
        key = key or key_of(entry)
        yield NewEntry(key, entry_text(entry.type, key, fields))


def read_csl(text: str, form: str) -> list[dict[str, Any]]:
    """The items of a RIS or CSL-JSON file as CSL-JSON."""
    if form == "csljson":
        given = json.loads(text)
        return given if isinstance(given, list) else [given]
    items: list[dict[str, Any]] = json.loads(pypandoc.convert_text(text, "csljson", format="ris"))
    records = re.split(r"^ER  -.*$", text, flags=re.MULTILINE)
    for item, record in zip(items, records, strict=False):
        dates = [[int(part) for part in m.groups() if part] for m in RIS_DATE.finditer(record)]
        if dates:
            item["issued"] = {"date-parts": [max(dates, key=len)]}
    return items


def from_csl(items: list[dict[str, Any]]) -> Iterator[NewEntry]:
    for item in items:
        names = item.get("author") or item.get("editor") or [{}]
        author = names[0].get("family") or names[0].get("literal") or ""
        year = str(((item.get("issued") or {}).get("date-parts") or [[""]])[0][0])
        key = generate_key(author, year, item.get("title", ""))
        published = {name: value for name, value in item.items() if name not in LEFT_OUT}
        converted = pypandoc.convert_text(
            json.dumps([{**published, "id": key}]), "biblatex", format="csljson"
        )
        for entry in valid_entries(converted):
            fields = {name: " ".join(each.value.split()) for name, each in entry.fields.items()}
            yield NewEntry(key, entry_text(entry.type, key, fields))


def key_of(entry: Entry) -> str:
    fields = {name: re.sub(r"[{}\\]", "", item.value) for name, item in entry.fields.items()}
    return generate_key(
        fields.get("author", ""), fields.get("date") or fields.get("year", ""), fields.get("title", "")
    )


def generate_key(author: str, date: str, title: str) -> str:
    """Author, year and the first word of the title that says something: `doe2024lamps`."""
    family = re.split(r",| and ", author)[0].split(" ")[-1] if "," not in author else author.split(",")[0]
    words = [word for word in re.findall(r"\w+", plain(title)) if word not in SMALL]
    year = re.search(r"\d{4}", date)
    return (
        re.sub(r"\W", "", plain(family)) + (year[0] if year else "") + (words[0] if words else "") or "entry"
    )


def plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def entry_text(kind: str, key: str, fields: dict[str, str]) -> str:
    width = max((len(name) for name in fields), default=0)
    lines = "".join(f"  {name:<{width}} = {value},\n" for name, value in fields.items())
    return f"@{kind}{{{key},\n{lines}}}\n"


def known_entries(root: Path) -> tuple[set[str], dict[str, str]]:
    """The keys of the bibliography in small letters, and the key of each DOI and address."""
    keys, works = set(), {}
    for path in sorted((root / "bibliography").glob("*.bib")):
        for entry in valid_entries(path.read_text(encoding="utf-8-sig")):
            keys.add(entry.key.lower())
            works.update(dict.fromkeys(identities(entry), entry.key))
    return keys, works


def identities(entry: Entry) -> list[str]:
    values = [entry.fields[name].value.strip('{}" ').lower() for name in ONE_WORK if name in entry.fields]
    return [re.sub(r"^https?://(?:dx\.)?(?:doi\.org/)?", "", value).rstrip("/") for value in values]


def add(root: Path, found: list[NewEntry]) -> tuple[list[str], list[str]]:
    """Append entries to the bibliography; returns the keys that were added, and why others were not."""
    keys, works = known_entries(root)
    texts, added, passed = [], [], []
    for new in found:
        (entry,) = valid_entries(new.text)
        twin = next((works[each] for each in identities(entry) if each in works), "")
        if twin or new.key.lower() in keys:
            passed.append(f"{new.key}: it is in the bibliography already{f' as {twin}' if twin else ''}.")
            continue
        keys.add(new.key.lower())
        works.update(dict.fromkeys(identities(entry), new.key))
        texts.append(new.text)
        added.append(new.key)
    if texts:
        target = root / TARGET
        before = target.read_text(encoding="utf-8").rstrip() + "\n\n" if target.is_file() else ""
        target.write_text(before + "\n".join(texts), encoding="utf-8")
    return added, passed


def main() -> int:
    try:
        name = os.environ.get("FROM", "") or input("File (.ris, .bib or CSL-JSON): ")
        added, passed = add(ROOT, read(Path(name).expanduser()))
    except Refused as error:
        print(f"{error} Nothing was written.", file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 1
    for line in passed:
        print(f"Passed over {line}")
    for key in added:
        print(f"Added [@{key}] to {TARGET}")
    print("Next: compare each with its work, and cite it; `make serve` reports what an entry lacks.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
