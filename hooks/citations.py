"""Every `[@key, locator]` becomes a numbered note that leads to its passage; every entry knows what cites it.

Needs the mkdocs-bibtex plugin, which loads the .bib files and formats the entries. Its replacement of text
is switched off: it rewrites code and links, drops locators, and lets unknown keys pass without a place.
The commands for lists are those of `lists.commands`.
"""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from warning_lights.bibliography import load
from warning_lights.bibliography.files import bib_files, bibtex_plugin, passage_files
from warning_lights.core.options import load_options
from warning_lights.core.project import report, root, source_of
from warning_lights.lists import commands
from warning_lights.notes.site import Site
from warning_lights.quotations import ledger
from warning_lights.quotations.check import Options as Quotations

log = get_plugin_logger("citations")
site: Site  # Made anew by each build, since `mkdocs serve` builds many times.


@event_priority(100)  # Before mkdocs-bibtex, which would stop at the first fault, without a place.
def on_config(config: MkDocsConfig) -> None:
    global site
    plugin = bibtex_plugin(config)
    path = root(config) / load_options(config, "quotations", Quotations, log).ledger
    verified = ledger.verified_quotations(path)
    command = commands.command_pattern(plugin.config.full_bib_command)
    site = Site(load.load_bibliography(plugin, config), command, verified)


def on_pre_build(config: MkDocsConfig) -> None:
    plugin = bibtex_plugin(config)
    handlers = config.plugins.events["page_markdown"]
    if plugin.on_page_markdown in handlers:
        handlers.remove(plugin.on_page_markdown)
    if "footnotes" in config.markdown_extensions:
        config.markdown_extensions.remove("footnotes")  # The extension below numbers both.
    config.markdown_extensions.append(site.extension)  # type: ignore[arg-type]


def on_files(files: Files, config: MkDocsConfig) -> None:
    if site.find_lists({file.src_uri: file.content_string for file in files.documentation_pages()}):
        # Else nothing would link to them.
        site.exported = site.library.export_files(bibtex_plugin(config), config)
    script = site.cited_for_script()
    generated = site.exported | ({"assets/cited-for.js": script} if script else {})
    for path, text in generated.items():
        files.append(File.generated(config, path, content=text))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    file = page.file
    return site.begin_page(file.src_uri, markdown, source_of(file, config), file.content_string)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    file = page.file
    ids = site.end_page(file.src_uri, file.url, str(page.title), source_of(file, config), file.content_string)
    if page.present_anchor_ids is not None:  # MkDocs' own check looks before the lists are filled.
        page.present_anchor_ids |= ids


@event_priority(50)  # Before foreign plugins that read the finished pages here.
def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Fill the lists: every page has been read, and none is written yet."""
    pages = {file.src_uri: file.page for file in files.documentation_pages() if file.page}
    for path, html in site.filled_pages({path: page.content or "" for path, page in pages.items()}):
        pages[path].content = html
    env.globals |= {
        "sources": site.sources(),
        "citation_counts": site.citation_counts(),
    }  # For the first screen.
    summary = site.summary()
    report(site.findings, log, config)
    log.info("%s", summary)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> None:
    for path in [*bib_files(config), *passage_files(config)]:
        server.watch(str(path.parent))
