"""The notes of a source as one table: what each is cited for, what it cites, and where this site uses it.

Its rows are entries of the bibliography, so they stand in `<div role="row" class="entry" id="ref:key">`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from warning_lights.bibliography import exports
from warning_lights.bibliography.references import Reference
from warning_lights.lists.listing import Lists, reported, used

COLUMNS = ("Note, paragraph", "Cited for the statement that …", "What it cites", "Used on")
PREFIX = "the statement that "


def notes_table(chosen: Sequence[Reference], lists: Lists) -> str:
    head = "".join(f'<span role="columnheader">{name}</span>' for name in COLUMNS)
    rows = "\n".join(row(reference, lists) for reference in chosen)
    return (
        '<section class="bibliography notes-table"><div role="table" aria-label="Notes">\n'
        f'<div role="row" class="head web-only">{head}</div>\n{rows}\n</div></section>'
    )


def row(reference: Reference, lists: Lists) -> str:
    key = escape(reference.key)
    way = lists.destinations.destination_of(reference.key)
    place = escape(way.place or reference.fields.get("title", reference.key))
    note = f'<a class="passage" href="{escape(way.href)}">{place}</a>' if way.href else place
    if lists.exports(reference.key):
        file = f"{lists.downloads}entries/{exports.file_name(reference.key)}.bib"
        name = escape(f"Cite {reference.fields.get('title', reference.key)}")
        note += f' <a class="cite web-only" href="{escape(file)}" aria-label="{name}" download>cite</a>'
    said = reference.cited_for
    lead = f'<span class="lead">Cited for {PREFIX}</span>' if said.startswith(PREFIX) else ""
    said = said.removeprefix(PREFIX) if said else reference.fields.get("annotation", "")
    reports = reported(reference.key, lists)
    return (
        f'<div role="row" class="entry" id="ref:{key}"><p role="cell" class="reference">{note}</p>'
        f'<div role="cell"><p>{lead}{escape(said)}</p>{reports}</div>'
        f'<p role="cell" class="related">{cites(reference, lists)}</p>'
        f'<p role="cell" class="cited-at">{used(lists.cited_at.get(reference.key, []))}</p></div>'
    )


def cites(reference: Reference, lists: Lists) -> str:
    """The works that the note cites, as far as they are known."""
    works = [key for key in reference.related if key in lists.references]
    if works:
        return "; ".join(map(lists.link_to, works))
    return "An explanation." if "explanation" in reference.keywords else "See the published article."
