"""Every event has a date, a place, a source, and an anchor that stays.

`<!-- timeline: data/events.csv data/cases.csv -->` on a line of its own becomes the events of these
files, by year. It is replaced in the Markdown, so that citations become notes as everywhere. Each event
has the anchor `event-<id>`, and all is there without a script; docs/assets/timeline.js adds the filter.
"""

from __future__ import annotations

from functools import partial

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from warning_lights.bibliography.files import known_keys
from warning_lights.core import directives, project
from warning_lights.core.findings import Finding
from warning_lights.core.options import load_options
from warning_lights.data import listing, rows, timeline
from warning_lights.data.timeline import Event

log = get_plugin_logger("timeline")


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    findings: list[Finding] = []
    make = partial(timeline_of_directive, page=page.file, config=config, files=files, findings=findings)
    result = directives.replace_directives(markdown, "timeline", page.file.content_string, make)
    project.report(findings, log, config)
    return result


def timeline_of_directive(
    paths: list[str],
    place: directives.Place,
    page: File,
    config: MkDocsConfig,
    files: Files,
    findings: list[Finding],
) -> str:
    """The Markdown for one directive; what is wrong is added to `findings`."""
    values = rows.vocabulary(load_options(config, "data", rows.Options, log).values)
    source_of: dict[str, str] = {}  # Event -> the file of its row.
    events: list[Event] = []
    complete = True  # Else what is missing may be in a file that was not read.
    for path in paths:
        file = project.linked_file(path, page, files)
        if file is None:
            findings.append(Finding(project.source_of(page, config), *place, f"{path} does not exist."))
            complete = False
            continue
        found, problems = timeline.read(file.content_string, known_keys(config), values)
        source = project.source_of(file, config)
        complete = complete and bool(found or not problems)
        findings += [Finding(source, *problem) for problem in problems]
        source_of |= {event.id: source for event in found}
        events += found
    for event, message in timeline.order_problems(events, complete=complete):
        findings.append(Finding(source_of[event.id], *event.after_position, message))
    log.info("%d events, %d faults.", len(events), len(findings))
    return "\n".join(listing.timeline_markdown(timeline.sorted_events(events), values))
