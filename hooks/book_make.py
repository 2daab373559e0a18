"""A book is made from its pages, or taken from the cache when nothing in it has changed."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import book_pages
from book_images import Images
from book_index import Terms, terms
from book_labels import Labels
from book_losses import losses
from book_pages import Chapter
from book_pandoc import typst
from book_press import press
from book_render import Renderer
from book_typeset import Fault, NoGlyphs
from warning_lights.core.findings import Finding

HERE = Path(__file__).parent
KEPT = 3  # Books in the cache: going back and forth between two branches makes none anew.
EPOCH = 315532800  # A date before this is not known: see revision.py.


@dataclass(frozen=True)
class Book:
    """All that goes into a book.

    `base` is the address of the site, `glossary` that of the page with the terms of the index;
    `read` gives a file of the site by its path, `files` are attached to the PDF, `data` is printed
    around the text (see book.typ), `seconds` is the date of the content.
    """

    chapters: Sequence[Chapter]
    base: str
    glossary: str | None
    read: Callable[[str], bytes | None]
    seconds: int
    files: Mapping[str, bytes]
    data: Mapping[str, object]


def made(book: Book, cache: Path) -> tuple[bytes, list[Finding]]:
    """The PDF, and all that is wrong with it; a book with a fault in it is never cached."""
    pages = [(chapter, book_pages.parse(chapter)) for chapter in book.chapters]
    labels = Labels(book.base, {chapter.url: book_pages.ids(body) for chapter, body in pages})
    images = Images(book.base, book.read)
    index = next((terms(c.url, body) for c, body in pages if c.url == book.glossary), Terms())
    for chapter, body in pages:  # Before anything is written, all places that links lead to must be known.
        for link in body.css("a[href]"):
            labels.resolve(book_pages.attribute(link, "href"), chapter.url)
    renderer = Renderer(labels, images, index)
    chapters = [renderer.chapter(n, chapter, body) for n, (chapter, body) in enumerate(pages)]
    findings = [f for chapter, body in pages for f in book_pages.unprintable(chapter, body)] + images.findings
    data = {**book.data, **around(book, renderer, index)}
    files = {**images.files, **book.files}
    stored = cache / f"{digest([chapters, data, book.seconds], files)}.pdf"
    if not findings and stored.is_file():
        return stored.read_bytes(), []
    try:
        printed = press(typst(chapters), book.chapters, data, files, book.seconds)
    except NoGlyphs as error:
        return b"", findings + [no_glyph(sign, book) for sign in error.signs]
    except Fault:
        if findings:
            return b"", findings  # Which say what Typst could not set.
        raise
    told = {(finding.file, finding.line) for finding in findings}
    findings += [f for f in losses(pages, labels, printed.content) if (f.file, f.line) not in told]
    if not findings:
        store(printed.pdf, stored)
    return printed.pdf, findings


def around(book: Book, renderer: Renderer, index: Terms) -> dict[str, object]:
    """What is printed before and after the text."""
    date = datetime.fromtimestamp(book.seconds, UTC)
    known = book.seconds > EPOCH
    return {
        "date": f"{date.day} {date:%B %Y}" if known else "",
        "abbreviations": sorted(renderer.abbreviations.items(), key=lambda item: item[0].casefold()),
        "index": index.titles,
        "closing": "Index" if index.titles else "Abbreviations",
        "attachments": [
            {
                "path": path,
                "name": path.rsplit("/", 1)[-1],
                "type": mimetypes.guess_type(path)[0] or "application/x-bibtex",
                "description": "Data of the site" if path.endswith(".csv") else "References of the site",
            }
            for path in book.files
        ],
    }


def digest(content: Sequence[object], files: Mapping[str, bytes]) -> str:
    """A name for one book: it changes with all that the PDF is made from, our own code included."""
    code = {path.name: path.read_bytes() for path in HERE.glob("book*") if path.is_file()}
    versions = {package: version(package) for package in ("typst", "pypandoc_binary", "pikepdf")}
    whole = hashlib.sha256(json.dumps([content, versions], sort_keys=True).encode())
    for name, held in sorted({**files, **code}.items()):
        whole.update(f"{name} {hashlib.sha256(held).hexdigest()} ".encode())
    return whole.hexdigest()


def store(pdf: bytes, path: Path) -> None:
    """Keep the book, whole or not at all, and forget the oldest; other builds may do so at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(pdf)
    part.replace(path)
    books = sorted(path.parent.glob("*.pdf"), key=lambda book: (book.stat().st_mtime, book.name))
    for old in books[:-KEPT]:
        old.unlink(missing_ok=True)


def no_glyph(sign: str, book: Book) -> Finding:
    """A finding at the first place in a page or an attached file where `sign` is written."""
    message = f"No font of the book has {sign} (U+{ord(sign):04X}). Write it otherwise."
    wanted = re.escape(sign)
    for chapter in book.chapters:
        found = chapter.finding(wanted, message)
        if found.line:
            return found
    shown = next((chapter for chapter in book.chapters if sign in chapter.html), book.chapters[0])
    return Finding(shown.file, 0, 0, message)
