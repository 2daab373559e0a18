"""The bibliography for reference managers: BibLaTeX as written, CSL-JSON by Pandoc, RIS by rispy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import rispy

from warning_lights.bibliography.bibtex import Entry, valid_entries
from warning_lights.bibliography.bibtex import latex_to_text as plain_text
from warning_lights.bibliography.clean import PARENT_FIELDS, PRIVATE_FIELD, value_pieces
from warning_lights.bibliography.pandoc import PandocFailed, run_pandoc

DOWNLOADS = "downloads/"  # Their folder in the site.
FORMATS = {"bib": "BibLaTeX", "json": "CSL-JSON", "ris": "RIS"}
# Variables of CSL and the fields of BibLaTeX, the first of which there is.
CSL_TITLES = {
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


def export_entries(texts: Iterable[str], clean: str) -> dict[str, dict[str, str]]:
    """For .bib texts: key -> format -> the entry in that format, keys in the order of the files.

    `clean` are the same entries as Pandoc reads them.
    """
    exported = {}
    try:
        items = {str(item["id"]): item for item in csl_json(clean)}
    except PandocFailed:  # `references` has reported the entry at its line.
        return {}
    whole_entries = {entry.key: entry for entry in valid_entries(clean)}
    for text in texts:
        for entry in valid_entries(text):
            if entry.key in items:
                whole_entry = whole_entries[entry.key]
                item = items[entry.key]
                item |= csl_titles(whole_entry, "volume-title" in item)
                chosen, origin = (entry, text) if is_self_contained(entry) else (whole_entry, clean)
                source = without_private(chosen) or origin[chosen.start : chosen.end] + "\n"
                exported[entry.key] = {"bib": source, "json": dump_json([item]), "ris": dump_ris([item])}
    return exported


def is_self_contained(entry: Entry) -> bool:
    """Whether the entry needs no @string and no other entry."""
    return entry.fields.keys().isdisjoint(PARENT_FIELDS) and not any(
        value_pieces(item, {})[1] for item in entry.fields.values()
    )


def public_content(path: Path) -> bytes:
    """A file as it may be published: one of entries without their private fields."""
    if path.suffix != ".bib":
        return path.read_bytes()
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    for entry in reversed(valid_entries(text)):
        if cleaned := without_private(entry).rstrip():
            text = text[: entry.start] + cleaned + text[entry.end :]
    return text.encode()


def without_private(entry: Entry) -> str:
    """The entry without what is private, or "" where nothing is; readers have an annotation “Cited for …”."""
    fields = {
        name: item.value
        for name, item in entry.fields.items()
        if not (PRIVATE_FIELD.fullmatch(name) or (name == "annotation" and "Cited for " not in item.value))
    }
    return bibtex_entry(entry.type, entry.key, fields) if len(fields) < len(entry.fields) else ""


def bibtex_entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = "".join(f"  {name:<12} = {value},\n" for name, value in fields.items())
    return f"@{kind}{{{key},\n{lines}}}\n"


def export_all(entries: Mapping[str, Mapping[str, str]], form: str) -> str:
    """All entries as one text of the given format."""
    if form == "json":
        return dump_json([item for entry in entries.values() for item in json.loads(entry["json"])])
    return "\n".join(entry[form] for entry in entries.values())


def note_entry(source: Mapping[str, str], key: str, place: str, url: str) -> str:
    """A note of a source as BibLaTeX: the entry of the source under another key, with place and address."""
    entry = valid_entries(source["bib"])[0]
    fields = {
        name: item.value for name, item in entry.fields.items() if name not in {"annotation", "keywords"}
    }
    return bibtex_entry(entry.type, key, fields | {"note": f"{{{place}}}", "url": f"{{{url}}}"})


def csl_titles(entry: Entry, in_volume: bool) -> dict[str, str]:
    """The titles of CSL as printed: Pandoc lower-cases them for styles that want that."""
    variables = dict(CSL_TITLES)
    if in_volume:  # The title of the whole stands for that of the volume, which has a variable of its own.
        variable = "container-title" if "booktitle" in entry.fields else "title"
        variables |= {variable: ("maintitle",), "volume-title": variables[variable]}
    found = {}
    for variable, names in variables.items():
        if name := next((name for name in names if name in entry.fields), ""):
            subtitle = f"{name.removesuffix('title')}subtitle" if name.endswith("title") else ""
            values = [entry.fields[each].value[1:-1] for each in (name, subtitle) if each in entry.fields]
            found[variable] = ": ".join(map(plain_text, values))
    return found


def csl_json(text: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads(run_pandoc(text, "--from=biblatex", "--to=csljson"))
    for item in items:
        item["type"] = item["type"] or "document"  # Pandoc leaves @misc without one; CSL asks for it.
    return items


def dump_json(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def dump_ris(items: Iterable[Mapping[str, Any]]) -> str:
    """CSL items as RIS; dates as YYYY/MM/DD, as far as they are known."""
    return str(rispy.dumps([ris_item(item) for item in items], implementation=RisWriter)).strip() + "\n"


class RisWriter(rispy.RisWriter):  # type: ignore[misc]
    """rispy's own writer numbers the records, which is not part of RIS."""

    def set_header(self, count: int) -> str:
        return ""


def ris_item(item: Mapping[str, Any]) -> dict[str, Any]:
    parts = (item.get("issued", {}).get("date-parts") or [[]])[0]
    pages = re.split(r"[-–]+", str(item.get("page", "")), maxsplit=1)
    date = [f"{part:0{4 if i == 0 else 2}d}" for i, part in enumerate(map(int, parts))]
    title, container = item.get("title", ""), item.get("container-title", "")
    if volume := item.get("volume-title", ""):  # RIS has no third title.
        title, container = (title, volume) if container else (volume, title)
    fields = {
        "type_of_reference": RIS_TYPES.get(item["type"], "GEN"),
        "id": item["id"],
        "authors": [person_name(person) for person in item.get("author", [])],
        "secondary_authors": [person_name(person) for person in item.get("editor", [])],
        "subsidiary_authors": [person_name(person) for person in item.get("translator", [])],
        "title": without_tags(title),
        "secondary_title": without_tags(container),
        "tertiary_title": without_tags(item.get("collection-title", "")),
        "volume": item.get("volume"),
        "edition": item.get("edition"),
        "start_page": pages[0],
        "end_page": pages[1] if len(pages) > 1 else None,
        "number": item.get("issue") or item.get("number"),
        "year": date[0] if date else None,
        "date": "/".join(date) if len(date) > 1 else None,
        "publisher": without_tags(item.get("publisher", "")),
        "place_published": without_tags(item.get("publisher-place", "")),
        "issn": item.get("ISBN") or item.get("ISSN"),
        "doi": item.get("DOI"),
        "urls": [item["URL"]] if "URL" in item else None,
        "notes": [without_tags(item["annote"])] if "annote" in item else None,
        "keywords": re.split(r",\s*", item["keyword"]) if "keyword" in item else None,
        "language": item.get("language"),
    }
    # A line end would begin another field, or another record.
    lines = {
        tag: " ".join(value.split()) if isinstance(value, str) else value for tag, value in fields.items()
    }
    return {tag: value for tag, value in lines.items() if value}


def person_name(person: Mapping[str, str]) -> str:
    """`Family, Given`, or an organisation's name as it is."""
    particle = person.get("dropping-particle") or person.get("non-dropping-particle")
    family = " ".join(filter(None, [particle, person.get("family")]))
    parts = filter(None, [family, person.get("given"), person.get("suffix")])
    return person.get("literal") or ", ".join(parts)


def without_tags(text: str) -> str:
    """CSL's rich text without its tags."""
    return re.sub(r"</?(?:span|i|b|sub|sup)\b[^>]*>", "", text)


def file_name(key: str) -> str:
    """A key as a file name that every system and address takes, and no other key has: `a:b` is `a~3ab`."""
    return re.sub(r"[^\w.-]|\A\.", lambda m: "".join(f"~{byte:02x}" for byte in m[0].encode()), key)
