"""Events as Markdown: a section for each year, a list in it, an item for each event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from warning_lights.data import rows
from warning_lights.data.rows import Values
from warning_lights.data.timeline import Event, range_in_words

NOWHERE = "Online or not stated"


def timeline_markdown(events: Iterable[Event], values: Values) -> Iterator[str]:
    """Markdown: a heading for each year, below it the list of its events."""
    yield '<div class="timeline" markdown="block">\n'
    for year, group in groupby(events, key=lambda event: event.start[:4]):
        yield f"## {year} {{: #year-{year} }}\n"
        yield '<ul class="events" markdown="block">'
        for event in group:
            yield from event_markdown(event, values)
        yield "</ul>\n"
    yield "</div>\n"


def event_markdown(event: Event, values: Values) -> Iterator[str]:
    """An event as an item of the list; its sentence is a paragraph of its own, as a note quotes it."""
    anchor = f"event-{event.id}"
    data = {"kind": event.kind, "country": "; ".join(event.countries) or NOWHERE, "grade": event.grade}
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items() if value)
    yield f'<li id="{anchor}" class="event" {attributes} markdown="block">'
    basis = escape(values.get("basis", {}).get(event.basis, event.basis))
    grade = escape(values.get("grade", {}).get(event.grade, event.grade))
    head = [
        f'<a class="event-date" href="#{anchor}"><strong>{date_markup(event)}</strong></a>',
        f'<span class="event-place">{escape(place_text(event))}</span>' * bool(place_text(event)),
        f'<span class="event-kind">{escape(event.kind)}</span>',
        f'<span class="event-grade">{grade}</span>' * bool(grade),
    ]
    head[0] += f" ({basis})" * bool(basis)
    yield f'<p class="event-head">{" · ".join(filter(None, head))}</p>\n'
    yield f"{rows.with_citations(event.text, event.citations)}\n"
    yield "</li>"


def date_markup(event: Event) -> str:
    words = escape(range_in_words(event.start, event.end))
    return words if event.end else f'<time datetime="{event.start}">{words}</time>'


def place_text(event: Event) -> str:
    """Place and countries, each said once."""
    missing = [country for country in event.countries if country not in event.place]
    return ", ".join(filter(None, [event.place, *missing]))
