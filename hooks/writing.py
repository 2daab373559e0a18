"""Report Markdown and citations that are printed as text, and pages that the menu lacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from warning_lights.bibliography.files import known_keys
from warning_lights.core import encoding, table
from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import position
from warning_lights.core.project import leave_out, read_text, report, root, source_of
from warning_lights.notes.unparsed import WIDE_SIGN, unparsed_citations
from warning_lights.writing import config as site_config
from warning_lights.writing import directives, front_matter, known_names, markdown
from warning_lights.writing.addresses import AddressExtension

log = get_plugin_logger("writing")
addresses = AddressExtension()


def on_config(config: MkDocsConfig) -> None:
    if addresses not in config.markdown_extensions:  # type: ignore[comparison-overlap]
        config.markdown_extensions.append(addresses)  # type: ignore[arg-type]


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Read each page and table once before any other hook does, so that another encoding stops none."""
    for file in files:
        path = file.abs_src_path
        if path and file.src_uri.endswith((".md", ".csv")) and Path(path).is_relative_to(config.docs_dir):
            fault, text = encoding.fault(Path(path).read_bytes()), read_text(Path(path))
            hidden = [] if fault or file.is_documentation_page() else list(markdown.hidden_characters(text))
            found = [fault] if fault else [(*position(text, offset), message) for offset, message in hidden]
            text = table.with_commas(text) if fault and path.endswith(".csv") else text
            if found:
                report((Finding(source_of(file, config), *each) for each in found), log, config)
                file.content_string = markdown.HIDDEN_CHARACTER.sub("", text)
                file.abs_src_path = path  # Which MkDocs forgets, for content from elsewhere.


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    report(addresses.faults(page.file.content_string, source_of(page.file, config)), log, config)


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Pages outside the nav; MkDocs itself reports them in one message without a place."""
    with_source = [file for file in files.documentation_pages() if file.abs_src_path]
    pages = {file.src_uri: file for file in with_source if file.inclusion is InclusionLevel.INCLUDED}
    listed = [page.file.src_uri for page in nav.pages]
    text = read_text(root(config) / site_config.FILE)
    targets = {uri: file.dest_uri for uri, file in pages.items()}
    for uri, message, severity in site_config.page_faults(targets, listed if config.nav else [*pages], text):
        report([Finding(source_of(pages[uri], config), 1, 1, message, severity)], log, config)
        if site_config.FILE_LIKE.search(uri):  # Else it cannot be written beside that file.
            leave_out(pages[uri].dest_uri, config)
            files.remove(pages[uri])
    config.extra["doors"], wrong = site_config.read_doors(config.extra.get("doors"), listed, text)
    report(wrong, log, config)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    front_matter.normalise(page.meta, page.file.content_string)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    code = known_names.read_code(config.theme.dirs, (root(config) / str(hook) for hook in config.hooks))
    text = read_text(root(config) / site_config.FILE)
    report(site_config.faults(text, config.nav, files.src_uris, Path(config.docs_dir), code), log, config)
    keys, names = known_keys(config), known_names.of_pages(code)
    for file in files.documentation_pages():
        meta = file.page.meta if file.page else {}
        message = front_matter.remove_unknown_template(meta, env, config.theme.static_templates)
        report([Finding(source_of(file, config), 1, 1, message)] if message else [], log, config)
        report(faults(file, keys, names, config), log, config)


def faults(file: File, keys: frozenset[str], names: set[str], config: MkDocsConfig) -> Iterator[Finding]:
    text = file.content_string
    emoji = any("emoji" in str(name) for name in config.markdown_extensions)
    if front_matter.is_missing(text):
        yield Finding(source_of(file, config), 1, 1, front_matter.MISSING, "warning")
    for offset, message in [
        *front_matter.faults(text, names),
        *markdown.faults(text, emoji=emoji, keys=keys),
        *directives.faults(text),
        *unparsed_citations(text, keys),
    ]:
        unseen = markdown.HIDDEN_CHARACTER.findall(text[offset:].partition("\n")[0])
        about = (*unseen, *WIDE_SIGN.findall(message))
        yield Finding(source_of(file, config), *position(text, offset), message, about=about)
