"""Each page can be found and read by programs: linked data, its Markdown, llms.txt, robots.txt.

The Markdown of a page stands at the path that it has below docs/, so that its links to other pages
lead to their Markdown. MkDocs itself writes the sitemap.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """When the pages are known and all other files are not yet copied."""
    if config.site_url:
        text = f"User-agent: *\nAllow: /\n\nSitemap: {config.site_url}sitemap.xml\n"
        files.append(File.generated(config, "robots.txt", content=text))


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    if page.canonical_url:
        context["linked_data"] = linked_data(page, config)


def on_post_build(config: MkDocsConfig) -> None:
    """Pages have their titles and descriptions only when all of them have been read."""
    (Path(config.site_dir) / "llms.txt").write_text(listing(config), encoding="utf-8")


pages: list[Page] = []


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    pages[:] = [file.page for file in files.documentation_pages() if file.page]


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    target = Path(config.site_dir) / page.file.src_uri
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page.file.content_string, encoding="utf-8")


def linked_data(page: Page, config: MkDocsConfig) -> dict[str, Any]:
    """The site itself on its home page; on any other, the way to it from there (schema.org)."""
    site = {"@type": "WebSite", "name": config.site_name, "url": config.site_url}
    if page.is_homepage:
        about = {"description": config.site_description, "inLanguage": config.theme.get("language", "en")}
        return {"@context": "https://schema.org", **site, **about}
    home, here = (config.site_name, config.site_url), (str(page.title), page.canonical_url)
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate([home, *trail(page), here], start=1)
        ],
    }


def trail(page: Page) -> Iterator[tuple[str, str]]:
    """The sections above a page that have a page of their own."""
    for section in reversed([each for each in page.ancestors if isinstance(each, Section)]):
        index = next((c for c in section.children if isinstance(c, Page) and c.is_index), None)
        if index and index != page and index.canonical_url:
            yield str(section.title), index.canonical_url


def listing(config: MkDocsConfig) -> str:
    """The pages with their descriptions and their Markdown, in the form of https://llmstxt.org."""
    lines = [f"# {config.site_name}", "", f"> {config.site_description}", "", "## Pages", ""]
    for page in pages:
        address = f"{config.site_url or ''}{page.file.src_uri}"
        if not config.site_url:
            address = get_relative_url(page.file.src_uri, "llms.txt")
        about = page.meta.get("description")
        lines.append(f"- [{page.title}]({address})" + (f": {about}" if about else ""))
    return "\n".join(lines) + "\n"
