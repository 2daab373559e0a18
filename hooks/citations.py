"""Every `[@key, locator]` becomes a numbered note; every reference knows each place that cites it.

Needs the mkdocs-bibtex plugin, which loads the .bib files and formats the entries. Its commands stay:
`\\full_bibliography` on a line of its own becomes the list of all entries, and with
`\\full_bibliography[keyword=work]` a part of it; `\\coverage_map`, with the same options, shows in one
view which entries are cited and what is known of them. Its replacement of text is switched off: it rewrites
code and links, drops locators, and lets unknown keys pass without a place.
"""

from __future__ import annotations

import json
import posixpath
import re
from contextlib import suppress
from datetime import date
from html import escape
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from warning_lights.bibliography import coverage, exports, lint, listing, load
from warning_lights.bibliography.destinations import Destinations
from warning_lights.bibliography.files import bib_files, passage_files
from warning_lights.bibliography.files import places as citable
from warning_lights.bibliography.listing import Place
from warning_lights.bibliography.references import Reference
from warning_lights.bibliography.reports import Report
from warning_lights.core import markdown_source
from warning_lights.core.findings import Finding, nearest, report
from warning_lights.core.html import fragment, plain_text
from warning_lights.core.options import options
from warning_lights.core.project import read, root, source_of
from warning_lights.notes.extension import NotesExtension, PageNotes, located
from warning_lights.quotations import ledger
from warning_lights.quotations.check import Options as QuotationOptions
from warning_lights.quotations.ledger import BrokenLedger

log = get_plugin_logger("citations")

PLACEHOLDER = "<div data-bibliography></div>"
DOWNLOADS = "downloads/"


class Build:
    """What one build remembers; made anew by each, since `mkdocs serve` builds many times."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.references: dict[str, Reference] = {}
        self.reports: dict[str, list[Report]] = {}  # Independent reports by the key of their note.
        self.exports: dict[str, dict[str, str]] = {}  # Key -> format -> the entry in it.
        self.destinations: Destinations
        self.extension: NotesExtension
        self.current: File | None = None  # The page being converted.
        self.list_page: File | None = None  # The page that holds the whole bibliography.
        self.lists: dict[File, list[tuple[str, dict[str, str]]]] = {}  # Command and options of each list.
        self.pages: dict[File, tuple[Page, PageNotes]] = {}


build = Build()


@event_priority(100)  # Before mkdocs-bibtex, which would stop at the first fault, without a place.
def on_config(config: MkDocsConfig) -> None:
    global build
    build = Build()
    plugin = bibtex_plugin(config)
    build.references, build.findings = load.load(plugin, config)
    build.reports, faults = load.load_reports(config, build.references)
    build.findings += faults


def on_pre_build(config: MkDocsConfig) -> None:
    plugin = bibtex_plugin(config)
    handlers = config.plugins.events["page_markdown"]
    if plugin.on_page_markdown in handlers:
        handlers.remove(plugin.on_page_markdown)
    if "footnotes" in config.markdown_extensions:
        config.markdown_extensions.remove("footnotes")  # The extension below does its work, and numbers both.
    places, findings = citable(config)
    build.findings += findings
    build.destinations = Destinations(build.references, places)
    build.extension = NotesExtension(build.references, entry_href, near, build.destinations, verified(config))
    config.markdown_extensions.append(build.extension)  # type: ignore[arg-type]


def on_files(files: Files, config: MkDocsConfig) -> None:
    command = list_command(config)
    for file in files.documentation_pages():
        found = command.finditer(markdown_source.blank_code(file.content_string))
        if any(m["command"] != "coverage_map" for m in found):
            build.list_page = build.list_page or file
    statements = {key: said for key, entry in build.references.items() if (said := entry.cited_for)}
    if statements:  # Read by docs/assets/notes.js when a note is looked at.
        script = f"window.citedFor={json.dumps(statements, ensure_ascii=False)}"
        files.append(File.generated(config, "assets/cited-for.js", content=script))
    if not build.list_page:
        return  # Nothing would link to the exports.
    build.exports = load.load_exports(bibtex_plugin(config), config)
    for form in exports.FORMATS if build.exports else []:
        whole = exports.whole(build.exports, form)
        files.append(File.generated(config, f"{DOWNLOADS}bibliography.{form}", content=whole))
        for key, entry in build.exports.items():
            name = f"{DOWNLOADS}entries/{exports.file_name(key)}.{form}"
            files.append(File.generated(config, name, content=entry[form]))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    build.current = page.file
    build.lists[page.file] = []
    spare = markdown_source.blank_code(markdown)
    for m in reversed(list(list_command(config).finditer(spare))):
        try:
            options = listing.parse_options(m["options"])
        except listing.BadCommand as error:
            place = next(
                markdown_source.find(page.file.content_string, re.compile(re.escape(m[0].strip()))), (0, 0)
            )
            build.findings.append(Finding(source_of(page.file, config), *place, f"{m[0].strip()}: {error}."))
            options = {}
        build.lists[page.file].insert(0, (m["command"] or "", options))
        markdown = markdown[: m.start()] + f"\n{PLACEHOLDER}\n" + markdown[m.end() :]
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    notes = build.extension.page
    build.pages[page.file] = (page, notes)
    source = source_of(page.file, config)
    build.findings.extend(
        Finding(source, line, column, message)
        for line, column, message in located(notes.problems, page.file.content_string)
    )
    if page.present_anchor_ids is not None:  # MkDocs' own check looks before the lists are filled.
        for command, options in build.lists[page.file]:
            if command == "coverage_map":
                continue
            chosen = listing.select(build.references.values(), options)
            page.present_anchor_ids |= {f"ref:{reference.key}" for reference in chosen}


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Fill the lists: every page has been read, and none is written yet."""
    cited = {key for _, notes in build.pages.values() for call in notes.calls for key in call.keys}
    for file, lists in build.lists.items():
        if lists and file.page and file.page.content:
            file.page.content = filled(file.page.content, file, lists, config)
    if build.list_page:
        entries = {key: reference.place for key, reference in build.references.items()}
        reported = {row.entry for rows in build.reports.values() for row in rows}
        build.findings.extend(lint.uncited(entries, cited | reported))
    report(build.findings, log)
    calls = sum(len(notes.calls) for _, notes in build.pages.values())
    log.info(
        "%d citations and notes on %d pages, %d of %d entries cited.",
        calls,
        len(build.pages),
        len(cited),
        len(build.references),
    )


def filled(content: str, file: File, lists: list[tuple[str, dict[str, str]]], config: MkDocsConfig) -> str:
    """The content of a page with its lists in their places."""
    cited_at = places(file)
    downloads = get_relative_url(f"{DOWNLOADS}entries/", file.url)
    for command, chosen_by in lists:
        chosen = listing.select(build.references.values(), chosen_by)
        if command == "coverage_map":
            html = coverage.coverage_map(chosen, cited_at)
        else:
            html = listing.listing(
                chosen,
                build.references,
                cited_at,
                reported=build.reports,
                downloads=downloads.rstrip("/") + "/" if build.exports else "",
                invitation=invitation(file, config),
            )
        content = content.replace(PLACEHOLDER, html, 1)
    return content


def invitation(file: File, config: MkDocsConfig) -> str:
    """What an entry of unknown work says: `extra: citations: invitation:` names the address that explains."""
    address = config.extra.get("citations", {}).get("invitation", "")
    if not address:
        return ""
    return (
        '<p class="invitation web-only">Do you know which work this note cites? '
        f'<a href="{escape(get_relative_url(address, file.url))}">Tell us</a>.</p>'
    )


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> None:
    for path in [*bib_files(config), *passage_files(config)]:
        server.watch(str(path.parent))


def verified(config: MkDocsConfig) -> dict[str, list[tuple[str, date]]]:
    """The quotations of the ledger by their citation, for the cards of notes; a broken ledger gives none."""
    path = root(config) / options(config, "quotations", QuotationOptions)[0].ledger
    found: dict[str, list[tuple[str, date]]] = {}
    with suppress(BrokenLedger):
        for source in ledger.load(read(path) if path.is_file() else ""):
            for entry in source.quotations:
                found.setdefault(entry.place, []).append((entry.text, date.fromisoformat(entry.verified)))
    return found


def bibtex_plugin(config: MkDocsConfig) -> Any:
    for name in ("bibtex", "mkdocs-bibtex"):
        if name in config.plugins:
            return config.plugins[name]
    raise PluginError(
        "hooks/citations.py needs the plugin: add `- bibtex` with its bib_dir to plugins in mkdocs.yml."
    )


def list_command(config: MkDocsConfig) -> re.Pattern[str]:
    command = re.escape(bibtex_plugin(config).config.full_bib_command)
    return re.compile(
        rf"^[ ]{{0,3}}(?:{command}|\\(?P<command>coverage_map)){listing.OPTIONS}[ \t]*$", re.MULTILINE
    )


def entry_href(key: str) -> str | None:
    """The address of an entry as a writer would put it into the page being converted."""
    if not build.list_page or not build.current:
        return None
    path = posixpath.relpath(build.list_page.src_uri, posixpath.dirname(build.current.src_uri) or ".")
    return (
        f"{path}#{fragment('ref:' + key)}"
        if build.list_page != build.current
        else f"#{fragment('ref:' + key)}"
    )


def near(key: str) -> str:
    meant = nearest(key, build.references)
    return f" Did you mean [@{meant}]?" if meant else ""


def places(list_file: File) -> dict[str, list[Place]]:
    """For each key, all calls that cite it, in the order of the pages."""
    cited_at: dict[str, list[Place]] = {}
    for file, (page, notes) in build.pages.items():
        href = "" if file == list_file else get_relative_url(file.url, list_file.url)
        title = plain_text(str(page.title))
        for call in notes.calls:
            for key in dict.fromkeys(call.keys):
                cited_at.setdefault(key, []).append(
                    Place(
                        f"{href}#{fragment(call.anchor)}",
                        title,
                        call.heading,
                        call.sentence,
                    )
                )
    return cited_at
