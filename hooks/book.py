"""The whole site is one PDF.

Each page of the nav is a chapter, its notes stand at the foot of the page, and its links lead to
places in the book. What the book cannot hold, or has lost on the way, is a finding. The PDF is made
when every page has been read and none is written, so that each page can tell its size and checksum:
templates find them in `config.extra.downloads.pdf`. While previewing, nothing is made.

Options, all of them in `extra: book:` of mkdocs.yml: `subtitle`, `author`, `keywords` (a list),
`glossary` (the page whose terms are the index) and `attach` (patterns of files the PDF carries).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from book_make import Book, made
from book_pages import Chapter
from warning_lights.core.findings import report
from warning_lights.core.history import Revision, revision

log = get_plugin_logger("book")

TARGET = "downloads/warning-lights.pdf"
LOCAL = re.compile(r"https?://(127\.|localhost|\[::1\])")  # An address that nobody else can open.
ATTACHED = ["bibliography/*.bib", "docs/data/*.csv"]

previewing = False


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global previewing
    previewing = command == "serve" or dirty


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Announce the PDF, so that pages can link to it as to any file of the site."""
    if not previewing:
        files.append(File.generated(config, TARGET, content=b""))
    return files


@event_priority(-100)  # When the other hooks have filled in all that must know the whole site.
def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> None:
    if previewing:
        config.extra.setdefault("unmade", []).append(TARGET)
        return
    root = Path(config.config_file_path).parent
    made_from = revision(root)
    pdf, findings = made(read_book(config, files, root, made_from), root / ".cache" / "book")
    report(findings, log)
    announced = files.get_file_from_path(TARGET)
    if announced is not None:
        files.remove(announced)
    if not pdf:
        config.extra.setdefault("unmade", []).append(TARGET)
        return
    files.append(File.generated(config, TARGET, content=pdf))
    config.extra.setdefault("downloads", {})["pdf"] = {
        "path": TARGET,
        "size": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "date": made_from.date,
    }


def read_book(config: MkDocsConfig, files: Files, root: Path, made_from: Revision) -> Book:
    """All that goes into the book, taken from MkDocs."""
    options = config.extra.get("book", {})
    glossary = files.get_file_from_path(options.get("glossary", "glossary.md"))

    def read(path: str) -> bytes | None:
        file = next((file for file in files if file.dest_uri == path), None)
        return file.content_bytes if file else None

    return Book(
        chapters=[chapter(page, root) for page in in_nav_order(files)],
        base=(config.site_url or "http://localhost/").rstrip("/") + "/",
        glossary=glossary.page.url if glossary and glossary.page else None,
        read=read,
        seconds=made_from.seconds,
        files=dict(attached(root, options.get("attach", ATTACHED))),
        data={
            "title": config.site_name,
            "subtitle": options.get("subtitle") or config.site_description or "",
            "description": plain(f"{config.site_description or ''} {config.copyright or ''}"),
            "author": config.site_author or "",
            "keywords": options.get("keywords", []),
            "licence": plain(config.copyright or ""),
            "address": "" if LOCAL.match(config.site_url or "") else config.site_url or "",
            "commit": made_from.commit,
            "lang": str(config.theme.get("language", "en")),
        },
    )


def in_nav_order(files: Files) -> Iterator[Page]:
    """The pages that the nav names, from its first to its last."""
    pages = [file.page for file in files.documentation_pages() if file.page]
    first = [p for p in pages if not p.previous_page and (p.next_page or p.is_homepage)]
    page = first[0] if first else None
    while page is not None:
        yield page
        page = page.next_page


def chapter(page: Page, root: Path) -> Chapter:
    path = page.file.abs_src_path or ""
    inside = path and Path(path).is_relative_to(root)
    return Chapter(
        file=Path(path).relative_to(root).as_posix() if inside else page.file.src_uri,
        url="" if page.is_homepage else page.url,
        title=page.title or page.file.name,
        parts=tuple(section.title or "" for section in reversed(list(page.ancestors))),
        html=page.content or "",
        source=page.file.content_string,
    )


def attached(root: Path, patterns: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            yield f"attached/{path.name}", path.read_bytes()


def plain(html: str) -> str:
    """The words of a line of HTML."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
