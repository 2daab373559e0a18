"""The notes of a source as one table: what each is cited for, what it cites, and where this site uses it.

Its rows are entries of the bibliography, so they stand in `<div role="row" class="entry" id="ref:key">`.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from warning_lights.bibliography import exports
from warning_lights.bibliography.references import Reference
from warning_lights.lists.listing import Lists, citing_pages, reports_html

COLUMNS = ("Note, paragraph", "Cited for the statement that …", "What it cites", "Used on")
PREFIX = "the statement that "


def notes_table(chosen: Sequence[Reference], lists: Lists) -> str:
    head = "".join(f'<span role="columnheader">{name}</span>' for name in COLUMNS)
    rows = "\n".join(note_row(reference, lists) for reference in chosen)
    return (
        '<section class="bibliography notes-table"><div role="table" aria-label="Notes">\n'
        f'<div role="row" class="head web-only">{head}</div>\n{rows}\n</div></section>'
    )


def note_row(reference: Reference, lists: Lists) -> str:
    key = escape(reference.key)
    destination = lists.destinations.destination_of(reference.key)
    place = escape(destination.place or reference.fields.get("title", reference.key))
    href = escape(destination.href)
    note = f'<a class="passage" href="{href}">{place}</a>' if href else place
    if lists.has_export(reference.key):
        file = f"{lists.downloads}entries/{exports.file_name(reference.key)}.bib"
        name = escape(f"Cite {reference.fields.get('title', reference.key)}")
        note += f' <a class="cite web-only" href="{escape(file)}" aria-label="{name}" download>cite</a>'
    statement = reference.cited_for
    lead = f'<span class="lead">Cited for {PREFIX}</span>' if statement.startswith(PREFIX) else ""
    statement = statement.removeprefix(PREFIX) if statement else reference.fields.get("annotation", "")
    reports = reports_html(reference.key, lists)
    return (
        f'<div role="row" class="entry" id="ref:{key}"><p role="cell" class="reference">{note}</p>'
        f'<div role="cell"><p>{lead}{escape(statement)}</p>{reports}</div>'
        f'<p role="cell" class="related">{cited_works(reference, lists)}</p>'
        f'<p role="cell" class="cited-at">{citing_pages(lists.cited_at.get(reference.key, []))}</p></div>'
    )


def cited_works(reference: Reference, lists: Lists) -> str:
    """The works that the note cites, as far as they are known."""
    works = [key for key in reference.related if key in lists.references]
    if works:
        return "; ".join(map(lists.link_to, works))
    return "An explanation." if "explanation" in reference.keywords else "See the published article."
