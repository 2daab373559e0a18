"""A small site with one of everything that a page can hold, built whole; and books made without MkDocs."""

from __future__ import annotations

from pathlib import Path

from conftest import ROOT, Build, mkdocs_build
from warning_lights.book import Book, Chapter

SITE = ROOT / "tests" / "sites" / "book"
PDF = "downloads/warning-lights.pdf"
DATE = "1720000000"  # 3 July 2024.
PICTURES = {"picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>'}


def build(folder: Path, **env: str) -> Build:
    """The sample site, copied into `folder` and built there."""
    for path in SITE.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(SITE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    config = folder / "mkdocs.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("HOOKS", str(ROOT / "hooks")), encoding="utf-8"
    )
    return mkdocs_build(config, folder / "site", env={"SOURCE_DATE_EPOCH": DATE, **env})


def chapter(html: str, url: str = "a/", title: str = "A") -> Chapter:
    return Chapter(f"docs/{url.strip('/')}.md", url, title, (), html, html)


def book(*chapters: Chapter) -> Book:
    return Book(
        chapters=chapters,
        base="https://example.org/",
        read=PICTURES.get,
        seconds=int(DATE),
        title="T",
    )
