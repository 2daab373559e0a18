"""Every event has a date, a place, a source, and an anchor that stays.

`<!-- timeline: data/events.csv -->` on a line of its own becomes the events of that file, by year. It
is replaced in the Markdown, so that citations become notes as everywhere. Each event has the anchor
`event-<id>`, and all is there without a script; docs/assets/timeline.js adds the filter.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from warning_lights.bibliography.files import known_keys
from warning_lights.core import project
from warning_lights.core.findings import Finding, report
from warning_lights.core.markdown_source import position
from warning_lights.data import rows, timeline
from warning_lights.data.timeline import Event

log = get_plugin_logger("timeline")

DIRECTIVE = re.compile(r"^[ ]{0,3}<!--[ \t]*timeline:[ \t]*(?P<path>\S+)[ \t]*-->[ \t]*$", re.MULTILINE)

NOWHERE = "No country given"


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    findings: list[Finding] = []
    result = DIRECTIVE.sub(lambda m: events_of(m["path"], page.file, config, files, findings), markdown)
    report(findings, log)
    return result


def events_of(path: str, page: File, config: MkDocsConfig, files: Files, findings: list[Finding]) -> str:
    """The Markdown for one directive; what is wrong is added to `findings`."""
    uri = posixpath.normpath(posixpath.join(posixpath.dirname(page.src_uri), path))
    file = files.get_file_from_path(uri)
    if file is None:
        place = next(
            position(page.content_string, m.start()) for m in DIRECTIVE.finditer(page.content_string)
        )
        findings.append(Finding(project.source_of(page, config), *place, f"{path} does not exist."))
        return ""
    events, problems = timeline.read(file.content_string, known_keys(config))
    source = project.source_of(file, config)
    findings += [Finding(source, line, column, message) for line, column, message in problems]
    log.info("%d events, %d faults.", len(events), len(problems))
    return "\n".join(listing(events))


def listing(events: Iterable[Event]) -> Iterator[str]:
    """Markdown: a heading for each year, below it the list of its events."""
    yield '<div class="timeline" markdown="block">\n'
    for year, group in groupby(events, key=lambda event: event.start[:4]):
        yield f"## {year} {{: #year-{year} }}\n"
        yield '<ul class="events" markdown="block">'
        for event in group:
            yield from item(event)
        yield "</ul>\n"
    yield "</div>\n"


def item(event: Event) -> Iterator[str]:
    """An event as an item of the list; its sentence is a paragraph of its own, as a note quotes it."""
    anchor = f"event-{event.id}"
    countries = escape("; ".join(event.countries) or NOWHERE)
    yield (
        f'<li id="{anchor}" class="event" data-kind="{escape(event.kind)}" data-country="{countries}" '
        'markdown="block">'
    )
    head = [f'<a class="event-date" href="#{anchor}"><strong>{times(event)}</strong></a>']
    if where(event):
        head.append(f'<span class="event-place">{escape(where(event))}</span>')
    head.append(f'<span class="event-kind">{escape(event.kind)}</span>')
    yield f'<p class="event-head">{" · ".join(head)}</p>\n'
    yield f"{rows.with_citations(event.text, event.citations)}\n"
    yield "</li>"


def times(event: Event) -> str:
    words = escape(timeline.in_words(event.start, event.end))
    return words if event.end else f'<time datetime="{event.start}">{words}</time>'


def where(event: Event) -> str:
    """Place and countries, each said once."""
    missing = [country for country in event.countries if country not in event.place]
    return ", ".join(filter(None, [event.place, *missing]))
