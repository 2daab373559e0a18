"""Programs find and preview the pages: linked data, cards, robots.txt, llms.txt, Markdown.

Templates find `linked_data` and `picture` (path and alternative text of the card of a page's section).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.meta import get_data

from warning_lights.core import project
from warning_lights.core.html import plain_text
from warning_lights.core.preview import on_startup as on_startup
from warning_lights.core.preview import previewing
from warning_lights.pages.fonts import FOLDERS
from warning_lights.sharing import cards, discovery


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Add what depends on the nav alone, while all other files are not yet copied."""
    if not config.site_url:
        return
    files.append(File.generated(config, "robots.txt", content=discovery.robots(config.site_url)))
    if previewing():
        return
    sections = [item for item in nav.items if isinstance(item, Section)]
    for section in [None, *sections]:
        content = cards.card(card_texts(section, config), FOLDERS, project.root(config) / ".cache")
        files.append(File.generated(config, cards.path_of(section.title if section else ""), content=content))


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    listed = [
        (plain_text(str(page.title)), markdown_address(page, config), str(page.meta.get("description") or ""))
        for page in (file.page for file in files.documentation_pages())
        if page
    ]
    content = discovery.llms(config.site_name, config.site_description or "", listed)
    files.append(File.generated(config, "llms.txt", content=content))


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    if not page.canonical_url or not config.site_url:
        return
    sections = [each for each in page.ancestors if isinstance(each, Section)][::-1]
    texts = card_texts(sections[0] if sections else None, config)
    if not previewing():
        path = cards.path_of(sections[0].title if sections else "")
        context["picture"] = {"path": path, "words": f"{texts['title']}. {texts['words']}"}
    if page.is_homepage:
        about = (config.site_description or "", config.theme.get("language", "en"))
        context["linked_data"] = discovery.website(config.site_name, config.site_url, *about)
    else:
        steps = [(config.site_name, config.site_url), *section_addresses(page, sections)]
        steps.append((plain_text(str(page.title)), page.canonical_url))
        context["linked_data"] = discovery.breadcrumbs(steps)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    """Publish the Markdown of a page at the path that it has below docs/, so that its links lead on."""
    target = Path(config.site_dir) / page.file.src_uri
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page.file.content_string, encoding="utf-8")


def card_texts(section: Section | None, config: MkDocsConfig) -> dict[str, str]:
    """The texts of the card of a section, or of the home page."""
    site, words = str(config.site_name), str(config.site_description or "")
    if section is None:
        return {"site": "", "title": site, "words": words}
    head = index_page(section)
    # The pages are not read yet.
    described = get_data(head.file.content_string)[1].get("description") if head else ""
    return {"site": site, "title": section.title, "words": str(described or words)}


def index_page(section: Section) -> Page | None:
    return next((each for each in section.children if isinstance(each, Page) and each.is_index), None)


def section_addresses(page: Page, sections: list[Section]) -> Iterator[tuple[str, str]]:
    """(title, address) of the sections above a page that have a page of their own."""
    for section in sections:
        index = index_page(section)
        if index and index != page and index.canonical_url:
            yield str(section.title), index.canonical_url


def markdown_address(page: Page, config: MkDocsConfig) -> str:
    path = quote(page.file.src_uri)
    return f"{config.site_url}{path}" if config.site_url else get_relative_url(path, "llms.txt")
