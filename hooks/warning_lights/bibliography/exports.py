"""The bibliography for reference managers: BibLaTeX as written, CSL-JSON by Pandoc, RIS by rispy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import rispy

from warning_lights.bibliography.bibtex import Entry, readable
from warning_lights.bibliography.bibtex import plain as plain_text
from warning_lights.bibliography.clean import PARENTS, PRIVATE, pieces
from warning_lights.bibliography.pandoc import PandocFailed, pandoc

DOWNLOADS = "downloads/"  # Their folder in the site.
FORMATS = {"bib": "BibLaTeX", "json": "CSL-JSON", "ris": "RIS"}
# Variables of CSL and the fields of BibLaTeX, the first of which there is.
TITLES = {
    "title": ("title",),
    "container-title": ("booktitle", "journaltitle", "journal"),
    "collection-title": ("series",),
}
RIS_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "paper-conference": "CPAPER",
    "report": "RPRT",
    "speech": "HEAR",
    "thesis": "THES",
    "webpage": "ELEC",
}


def export(texts: Iterable[str], clean: str) -> dict[str, dict[str, str]]:
    """For .bib texts: key -> format -> the entry in that format, keys in the order of the files.

    `clean` are the same entries as Pandoc reads them.
    """
    made = {}
    try:
        items = {str(item["id"]): item for item in csl_json(clean)}
    except PandocFailed:  # `references` has reported the entry at its line.
        return {}
    whole_entries = {entry.key: entry for entry in readable(clean)}
    for text in texts:
        for entry in readable(text):
            if entry.key in items:
                whole_entry = whole_entries[entry.key]
                item = items[entry.key] | titles(whole_entry)
                chosen, origin = (entry, text) if stands_alone(entry) else (whole_entry, clean)
                source = without_private(chosen) or origin[chosen.start : chosen.end] + "\n"
                made[entry.key] = {"bib": source, "json": dumps([item]), "ris": ris([item])}
    return made


def stands_alone(entry: Entry) -> bool:
    """Whether the entry needs no @string and no other entry."""
    return entry.fields.keys().isdisjoint(PARENTS) and not any(
        pieces(item, {})[1] for item in entry.fields.values()
    )


def published(path: Path) -> bytes:
    """A file as others may have it: one of entries without their private fields."""
    if path.suffix != ".bib":
        return path.read_bytes()
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    for entry in reversed(readable(text)):
        if cleaned := without_private(entry).rstrip():
            text = text[: entry.start] + cleaned + text[entry.end :]
    return text.encode()


def without_private(entry: Entry) -> str:
    """The entry without what is private, or "" where nothing is; readers have an annotation “Cited for …”."""
    fields = {
        name: item.value
        for name, item in entry.fields.items()
        if not (PRIVATE.fullmatch(name) or (name == "annotation" and "Cited for " not in item.value))
    }
    return written(entry.type, entry.key, fields) if len(fields) < len(entry.fields) else ""


def written(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = "".join(f"  {name:<12} = {value},\n" for name, value in fields.items())
    return f"@{kind}{{{key},\n{lines}}}\n"


def whole(entries: Mapping[str, Mapping[str, str]], form: str) -> str:
    """All entries in one file of the given format."""
    if form == "json":
        return dumps([item for entry in entries.values() for item in json.loads(entry["json"])])
    return "\n".join(entry[form] for entry in entries.values())


def of_note(source: Mapping[str, str], key: str, place: str, url: str) -> str:
    """A note of a source as BibLaTeX: the entry of the source under another key, with place and address."""
    entry = readable(source["bib"])[0]
    fields = {
        name: item.value for name, item in entry.fields.items() if name not in {"annotation", "keywords"}
    }
    return written(entry.type, key, fields | {"note": f"{{{place}}}", "url": f"{{{url}}}"})


def titles(entry: Entry) -> dict[str, str]:
    """The titles of CSL as printed: Pandoc lower-cases them for styles that want that."""
    found = {}
    for variable, names in TITLES.items():
        if name := next((name for name in names if name in entry.fields), ""):
            subtitle = f"{name.removesuffix('title')}subtitle" if name.endswith("title") else ""
            values = [entry.fields[each].value[1:-1] for each in (name, subtitle) if each in entry.fields]
            found[variable] = ": ".join(map(plain_text, values))
    return found


def csl_json(text: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(pandoc(text, "--from=biblatex", "--to=csljson"))
    for item in items:
        item["type"] = item["type"] or "document"  # Pandoc leaves @misc without one; CSL asks for it.
    return items


def dumps(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def ris(items: Iterable[Mapping[str, Any]]) -> str:
    """CSL items as RIS; dates as YYYY/MM/DD, as far as they are known."""
    return str(rispy.dumps([ris_item(item) for item in items], implementation=Ris)).strip() + "\n"


class Ris(rispy.RisWriter):  # type: ignore[misc]
    """rispy's own writer numbers the records, which is not part of RIS."""

    def set_header(self, count: int) -> str:
        return ""


def ris_item(item: Mapping[str, Any]) -> dict[str, Any]:
    parts = (item.get("issued", {}).get("date-parts") or [[]])[0]
    pages = re.split(r"[-–]+", str(item.get("page", "")), maxsplit=1)
    date = [f"{part:0{4 if i == 0 else 2}d}" for i, part in enumerate(map(int, parts))]
    fields = {
        "type_of_reference": RIS_TYPES.get(item["type"], "GEN"),
        "id": item["id"],
        "authors": [name(person) for person in item.get("author", [])],
        "secondary_authors": [name(person) for person in item.get("editor", [])],
        "subsidiary_authors": [name(person) for person in item.get("translator", [])],
        "title": plain(item.get("title", "")),
        "secondary_title": plain(item.get("container-title", "")),
        "tertiary_title": plain(item.get("collection-title", "")),
        "volume": item.get("volume"),
        "edition": item.get("edition"),
        "start_page": pages[0],
        "end_page": pages[1] if len(pages) > 1 else None,
        "number": item.get("issue") or item.get("number"),
        "year": date[0] if date else None,
        "date": "/".join(date) if len(date) > 1 else None,
        "publisher": plain(item.get("publisher", "")),
        "place_published": plain(item.get("publisher-place", "")),
        "issn": item.get("ISBN") or item.get("ISSN"),
        "doi": item.get("DOI"),
        "urls": [item["URL"]] if "URL" in item else None,
        "notes": [plain(item["annote"])] if "annote" in item else None,
        "keywords": re.split(r",\s*", item["keyword"]) if "keyword" in item else None,
        "language": item.get("language"),
    }
    # A line end would begin another field, or another record.
    lines = {
        tag: " ".join(value.split()) if isinstance(value, str) else value for tag, value in fields.items()
    }
    return {tag: value for tag, value in lines.items() if value}


def name(person: Mapping[str, str]) -> str:
    """`Family, Given`, or an organisation's name as it is."""
    particle = person.get("dropping-particle") or person.get("non-dropping-particle")
    family = " ".join(filter(None, [particle, person.get("family")]))
    parts = filter(None, [family, person.get("given"), person.get("suffix")])
    return person.get("literal") or ", ".join(parts)


def plain(text: str) -> str:
    """CSL's rich text without its tags."""
    return re.sub(r"</?(?:span|i|b|sub|sup)\b[^>]*>", "", text)


def file_name(key: str) -> str:
    """A key as a file name that every system and address takes, and no other key has: `a:b` is `a~3ab`."""
    return re.sub(r"[^\w.-]|\A\.", lambda m: "".join(f"~{byte:02x}" for byte in m[0].encode()), key)
