"""The head of a page about a source: who wrote it, when, how long it is, and where to read it."""

from __future__ import annotations

from calendar import month_name
from html import escape

from warning_lights.bibliography.listing import Lists, archived


def source_head(key: str, lists: Lists) -> str:
    """The head of the source `key` as HTML, from its entry and from its registered places."""
    reference = lists.references[key]
    fields = reference.fields
    source = lists.destinations.places.sources.get(key)
    mark = escape(fields.get("shorthand", ""))
    outlet = fields.get("journaltitle") or fields.get("organization", "")
    number = ":".join(filter(None, [fields.get("volume"), fields.get("number")]))
    facts = [
        escape(reference.people),
        " ".join(filter(None, [f"<em>{escape(outlet)}</em>" if outlet else "", escape(number)])),
        day(fields.get("date", "")),
        source.extent("") if source else "",
    ]
    copy = archived(reference)
    links = [
        f'<a class="original" href="{escape(reference.address)}">Read the original</a>'
        if reference.address
        else "",
        f'<a class="web-only" href="{escape(copy)}">Archived copy</a>' if copy else "",
    ]
    label = f'<b class="mark" data-mark="{mark}">{mark}</b> ' if mark else ""
    annotation = fields.get("annotation", "")
    lacks = f'<p class="lacks">{escape(annotation)}</p>' if annotation else ""
    return (
        f'<div class="source-head"><p>{label}{" · ".join(filter(None, facts))}</p>'
        f'<p class="ways">{" ".join(filter(None, links))}</p>{lacks}</div>'
    )


def day(date: str) -> str:
    """`2024-05` as May 2024; a range and an approximate date as they are written."""
    year, *rest = date.split("-")
    if not all(part.isdigit() for part in [year, *rest]) or len(rest) > 2:
        return date
    month = month_name[int(rest[0])] if rest else ""
    return " ".join(filter(None, [str(int(rest[1])) if len(rest) > 1 else "", month, year]))
