"""The whole site is one PDF: fetch the finished pages, make the book, report what it cannot hold.

Made when every page has been read; templates find its size and pages in `config.extra.downloads.pdf`.
"""

from __future__ import annotations

import hashlib
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from warning_lights.bibliography.exports import public_content
from warning_lights.bibliography.files import bib_files
from warning_lights.book import Book, Chapter, Options, first_pages, make
from warning_lights.core import project
from warning_lights.core.findings import Finding
from warning_lights.core.options import load_options
from warning_lights.core.preview import on_startup, previewing  # noqa: F401  # MkDocs calls the first.

log = get_plugin_logger("book")

findings: list[Finding] = []  # Of one build, reported when the hooks that may know more have reported theirs.


def on_files(files: Files, *, config: MkDocsConfig) -> None:
    """Announce the PDF, so that pages can link to it as to any file of the site."""
    if not previewing():
        files.append(File.generated(config, load_options(config, "book", Options, log).file, content=b""))


def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> None:
    options = load_options(config, "book", Options, log)
    if previewing():
        pdf, findings[:] = b"", []
    else:
        pdf, findings[:] = make(read_book(config, files, options), project.root(config) / ".cache" / "book")
    if announced := files.get_file_from_path(options.file):
        files.remove(announced)
    if not pdf:
        project.leave_out(options.file, config)
        return
    files.append(File.generated(config, options.file, content=pdf))
    config.extra.setdefault("downloads", {})["pdf"] = {
        "path": options.file,
        "size": len(pdf),
        "pages": first_pages(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "date": project.revision(config).date,
    }


@event_priority(-150)  # After the links, which come after the plugins of others.
def on_post_build(config: MkDocsConfig) -> None:
    project.report(findings, log, config)


def read_book(config: MkDocsConfig, files: Files, options: Options) -> Book:
    """All that goes into the book, taken from MkDocs."""
    root, made_from = project.root(config), project.revision(config)
    glossary = files.get_file_from_path(options.glossary)
    by_path = {file.dest_uri: file for file in files}
    left_out = dict.fromkeys(project.left_out(config), b"")
    attached = [*bib_files(config), *(path for name in options.attach for path in sorted(root.glob(name)))]
    return Book(
        chapters=[chapter(page, config) for page in pages_in_nav_order(files, options.exclude)],
        base=(config.site_url or "http://localhost/").rstrip("/") + "/",
        glossary=glossary.page.url if glossary and glossary.page else None,
        read=lambda path: left_out.get(path, by_path[path].content_bytes if path in by_path else None),
        seconds=made_from.seconds,
        commit=made_from.commit,
        files={project.relative(path, config): public_content(path) for path in dict.fromkeys(attached)},
        options=options,
        title=config.site_name,
        description=config.site_description or "",
        author=config.site_author or "",
        licence=config.copyright or "",
        lang=str(config.theme.get("language", "en")),
    )


def pages_in_nav_order(files: Files, exclude: list[str]) -> list[Page]:
    """The pages that the nav names, from its first to its last."""
    pages = [file.page for file in project.in_reading_order(files) if file.page]
    named = [page for page in pages if page.previous_page or page.next_page or page.is_homepage]
    return [page for page in named if page.file.src_uri not in exclude]


def chapter(page: Page, config: MkDocsConfig) -> Chapter:
    return Chapter(
        file=project.source_of(page.file, config),
        url="" if page.is_homepage else page.url,
        title=page.title or page.file.name,
        parts=tuple(section.title or "" for section in reversed(list(page.ancestors))),
        html=page.content or "",
        source=page.file.content_string,
    )
