"""The head of a page about a source: who wrote it, when, how long it is, and where to read it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from warning_lights.bibliography.destinations import Destinations
from warning_lights.bibliography.references import Reference
from warning_lights.core.dates import in_words
from warning_lights.lists.listing import Lists, archive_address


def source_facts(key: str, references: Mapping[str, Reference], destinations: Destinations) -> dict[str, str]:
    """What there is to say of a source in plain words, "" where something is not known.

    `mark` is its short name, `people` are its authors; `outlet`, `number` and `day` say where and when it was
    published; `extent` is how many parts it has, `length` the same in short; `address` leads to the original.
    """
    reference = references[key]
    fields = reference.fields
    source = destinations.places.sources.get(key)
    extent = source.extent("") if source else ""
    return {
        "mark": fields.get("shorthand", ""),
        "title": fields.get("title", "").partition(" | ")[0],  # The first of the titles that a page joins.
        "people": reference.author_names,
        "outlet": fields.get("journaltitle") or fields.get("organization", ""),
        "number": ":".join(filter(None, [fields.get("volume"), fields.get("number")])),
        "day": in_words(fields.get("date", "")),
        "extent": extent,
        "length": extent.partition(",")[0].partition(" and ")[0],
        "address": reference.address,
    }


def source_head(key: str, lists: Lists) -> str:
    """The head of the source `key` as HTML, from its entry and from its registered places."""
    about = {n: escape(value) for n, value in source_facts(key, lists.references, lists.destinations).items()}
    outlet = f"<em>{about['outlet']}</em>" if about["outlet"] else ""
    line = [about["people"], f"{outlet} {about['number']}".strip(), about["day"], about["extent"]]
    copy = archive_address(lists.references[key])
    links = [
        f'<a class="original" href="{about["address"]}">Read the original</a>' if about["address"] else "",
        f'<a class="web-only" href="{escape(copy)}">Archived copy</a>' if copy else "",
    ]
    label = f'<b class="mark" data-mark="{about["mark"]}">{about["mark"]}</b> ' if about["mark"] else ""
    annotation = lists.references[key].fields.get("annotation", "")
    lacks = f'<p class="lacks">{escape(annotation)}</p>' if annotation else ""
    return (
        f'<div class="source-head"><p>{label}{" · ".join(filter(None, line))}</p>'
        f'<p class="ways">{" ".join(filter(None, links))}</p>{lacks}</div>'
    )
