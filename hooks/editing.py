"""The pencil opens the file that holds the words, and each section can be reported with its place filled in.

A page that is made from data names the file in its front matter, as a path below docs/:
`edit: data/events.csv`. Reports use the issue form `mistake.yml` of the repository that REPO_URL names.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any
from urllib.parse import quote, urlencode

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from warning_lights.core.findings import Finding, report
from warning_lights.core.project import source_of

log = get_plugin_logger("editing")

HEADING = re.compile(r'(?P<start><h[23]\b[^>]*\bid="(?P<id>[^"]+)"[^>]*>.*?)(?P<end></h[23]>)', re.DOTALL)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    other = page.meta.get("edit")
    if not other:
        return
    if files.get_file_from_path(str(other)) is None:
        message = f"edit: {other} is no file below docs/, so the pencil would lead nowhere."
        report([Finding(source_of(page.file, config), 1, 1, message)], log)
    elif page.edit_url:
        own, path = quote(page.file.src_uri), quote(str(other))
        page.edit_url = page.edit_url.removesuffix(own) + path


@event_priority(10)  # Before the page gets its policy and is packed.
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    if not config.repo_url or "github." not in config.repo_url:
        return output
    address = page.canonical_url or page.url
    return HEADING.sub(lambda m: with_report(m, config.repo_url or "", address), output)


def with_report(heading: re.Match[str], repository: str, address: str) -> str:
    """The heading with a link that opens the form for mistakes, page and heading filled in."""
    link = report_link(repository, f"{address}#{heading['id']}")
    return (
        f'{heading["start"]}<a class="report" href="{escape(link)}" rel="noopener"'
        f' title="Report a mistake here" aria-label="Report a mistake in this section">!</a>{heading["end"]}'
    )


def report_link(repository: str, place: str) -> str:
    query = urlencode({"template": "mistake.yml", "page": place})
    return f"{repository.rstrip('/')}/issues/new?{query}"


def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Any) -> None:
    """For templates: `report_url`, where the repository has the form."""
    if config.repo_url and "github." in config.repo_url:
        context["report_url"] = report_link(config.repo_url, page.canonical_url or page.url)
