"""Every page can be cited: tags in its head, *Cite this page*, and files for reference managers.

Templates find the tags as `head_tags` and the block as `cite_block`. A preview has neither.
Options in `extra: metadata:` of mkdocs.yml.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from warning_lights.bibliography.exports import FORMATS
from warning_lights.core import project
from warning_lights.core.history import days_of_change
from warning_lights.core.html import plain_text
from warning_lights.core.options import load_options
from warning_lights.core.preview import on_startup as on_startup
from warning_lights.core.preview import previewing
from warning_lights.sharing import metadata

log = get_plugin_logger("metadata")

NO_ADDRESS = (
    "SITE_URL is not set: citations, canonical links, previews, feed and sitemap have no address and are "
    "left out or empty. Set it before publishing: SITE_URL=https://… make site"
)


@dataclass(frozen=True)
class Options:
    author: str = ""  # Else the author or the name of the site.
    licence: str = ""  # An address.


settings = Options()


def on_config(config: MkDocsConfig) -> None:
    global settings
    settings = load_options(config, "metadata", Options, log)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Add the files to be downloaded: titles are known, and nothing is copied yet."""
    for file in files.documentation_pages() if not previewing() else ():
        if file.page:
            for form, content in metadata.citation_formats(item_of(file.page, config)).items():
                target = unquote(metadata.cite_path(file.url, form))  # An address; the file has the name.
                files.append(File.generated(config, target, content=content))


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    if not previewing():
        item = item_of(page, config)
        links = {form: get_relative_url(metadata.cite_path(page.url, form), page.url) for form in FORMATS}
        context["head_tags"] = metadata.head_tags(item, str(config.site_name))
        commit, source = project.revision(config).commit, project.source_of(page.file, config)
        repository = str(config.repo_url or "").rstrip("/")
        permanent = f"{repository}/blob/{commit}/{source}" if repository and commit else ""
        context["cite_block"] = metadata.cite_block(item, links, permanent)


def item_of(page: Page, config: MkDocsConfig) -> dict[str, Any]:
    """A page as a CSL-JSON item."""
    days, source = days_of_change(project.root(config)), project.source_of(page.file, config)
    title = plain_text(str(page.title))
    item = metadata.webpage(
        page.canonical_url or "",
        title,
        days.get(source) or project.revision(config).date.date(),
        site=str(config.site_name),
        author=str(settings.author or config.site_author or config.site_name),
        language=str(getattr(config.theme, "locale", None) or config.theme.get("language", "en")),
        licence=settings.licence,
        abstract=str(page.meta.get("description") or ""),
    )
    return {"id": metadata.cite_key(str(config.site_name), page.url), **item}


def on_post_build(config: MkDocsConfig) -> None:
    """Said among the last lines, where it is read."""
    if not config.site_url:
        log.info(NO_ADDRESS)
