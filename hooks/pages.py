"""A finished page is usable with any device and safe in any browser; its edit link opens the right file.

The edit link of a page that is made from data opens the file that its front matter names, as a path below
docs/: `edit: data/events.csv`. Listed after all hooks that write to the text of pages.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from selectolax.lexbor import LexborHTMLParser

from warning_lights.bibliography.files import bib_texts
from warning_lights.core.findings import Finding
from warning_lights.core.history import days_of_change
from warning_lights.core.preview import on_startup as on_startup
from warning_lights.core.preview import previewing
from warning_lights.core.project import read_text, relative, report, root, source_of, templates
from warning_lights.pages import markup, page_header, pictures, policy, redirects, safety

log = get_plugin_logger("pages")


def on_config(config: MkDocsConfig) -> None:
    edit = config.edit_uri_template or config.edit_uri
    if edit and not config.repo_url and not urlsplit(edit).netloc:
        message = f"edit_uri: {edit} is relative to repo_url, which is not set. Set both."
        report([Finding("mkdocs.yml", 0, 0, message)], log, config)
        config.edit_uri = config.edit_uri_template = None  # Or MkDocs reports it for each page.


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    other = page.meta.get("edit")
    if other and files.get_file_from_path(str(other)) is None:
        message = f"edit: {other} is not a file below docs/, so the edit link would be broken."
        report([Finding(source_of(page.file, config), 1, 1, message)], log, config)
    elif other and page.edit_url:
        page.edit_url = page.edit_url.removesuffix(quote(page.file.src_uri)) + quote(str(other))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return page_header.with_key_points(html)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    findings = []
    tables = [(source_of(file, config), file) for file in files if file.src_uri.endswith(".csv")]
    others = [*bib_texts(config).items(), *((name, file.content_string) for name, file in tables)]
    for file in files.documentation_pages():
        source, text = source_of(file, config), file.content_string
        content = safety.without_tags_in_comments((file.page.content if file.page else "") or "")
        tree = LexborHTMLParser(f"<body>{content}")
        refused = list(safety.faults(content, tree, [(source, text), *others]))
        findings += [*(Finding(source, *each) for each in pictures.images_without_alt(text)), *refused]
        if file.page:
            file.page.content = safety.sanitized(content) if refused else content
            file.page.meta["minutes"] = page_header.reading_minutes(tree)
    report(findings, log, config)


def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Any) -> None:
    """For templates: the page in two, for its `strip`; `changed`, the day of its last change, if it is known;
    `report_url`, where the repository has the form for mistakes. `page.meta.minutes` is set above."""
    context["strip"] = page_header.split_header(page.content or "")
    if not previewing():
        days, docs = days_of_change(root(config)), relative(Path(config.docs_dir), config)
        sources = [source_of(page.file, config), f"{docs}/{page.meta.get('edit')}"]
        context["changed"] = max(filter(None, map(days.get, sources)), default=None)
    if repository := repository_with_form(config):
        context["report_url"] = markup.report_url(repository, page.canonical_url or page.url)


@event_priority(-50)  # After every plugin that still writes to the page.
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    size = partial(pictures.size_at, Path(config.docs_dir), page.url)
    # The article alone: the content that the book prints stays as it was written.
    output = markup.ARTICLE.sub(lambda m: markup.make_usable(m[0], size), output, count=1)
    if repository := repository_with_form(config):
        output = markup.with_report_links(output, repository, page.canonical_url or page.url)
    return output


def on_post_build(config: MkDocsConfig) -> None:
    """Write the policy into every page, those of redirects and templates included."""
    content = policy.policy([*map(read_text, templates(config)), redirects.TEMPLATE])
    for path in sorted(Path(config.site_dir).rglob("*")):
        if path.suffix in {".html", ".htm", ".xhtml"}:
            html = path.read_text(encoding="utf-8", errors="surrogateescape")
            path.write_text(policy.with_policy(html, content), encoding="utf-8", errors="surrogateescape")


def repository_with_form(config: MkDocsConfig) -> str:
    return config.repo_url if config.repo_url and "github." in config.repo_url else ""
