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
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from warning_lights.book import content
from warning_lights.book.apparatus import Apparatus
from warning_lights.book.content import Chapter
from warning_lights.book.images import Images
from warning_lights.book.index import Terms, terms
from warning_lights.book.labels import Labels
from warning_lights.book.losses import losses
from warning_lights.book.typeset import NO_GLYPH, Fault, missing, typeset
from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import position

HERE = Path(__file__).parent
KEPT = 3  # Books in the cache: going back and forth between two branches makes none anew.
EPOCH = 315532800  # A date before this is not known: see core/history.py.
PLACE = re.compile(r"chapter-(\d+)\.typ:(\d+):(\d+)")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')

Pages = Sequence[tuple[Chapter, LexborNode]]


@dataclass(frozen=True)
class Book:
    """All that goes into a book.

    `base` is the address of the site, `glossary` that of the page with the terms of the index; `read` gives
    a file of the site by its path, `files` are attached to the PDF, by their paths from the folder of
    mkdocs.yml; `sources` are the keys of the entries that the imprint names, `data` is printed around the
    text (see book.typ), `seconds` is the date of the content.
    """

    chapters: Sequence[Chapter]
    base: str
    glossary: str | None
    read: Callable[[str], bytes | None]
    seconds: int
    files: Mapping[str, bytes]
    data: Mapping[str, object]
    sources: Sequence[str] = ()


def make(book: Book, cache: Path) -> tuple[bytes, list[Finding]]:
    """The PDF, and all that is wrong with it; a book with a fault in it is never cached.

    Without a PDF there is always a finding that says why.
    """
    pages = [(chapter, content.parse(chapter)) for chapter in book.chapters]
    images = Images(book.base, book.read)
    stored = cache / f"{digest(book, pages, images)}.pdf"
    if stored.is_file():
        return stored.read_bytes(), []
    findings = [f for chapter, body in pages for f in content.unprintable(chapter, body)]
    labels = Labels(book.base, {unquote(c.url): content.ids(body) for c, body in pages})
    files = written(book, pages, labels, images)
    findings += images.findings
    try:
        done = typeset(files, book.seconds)
    except Fault as fault:
        # What could not be printed is known; what Typst says of it would be said twice.
        return b"", findings or refused(fault, book, images, files)
    told = {(finding.file, finding.line) for finding in findings}
    findings += [f for f in losses(pages, labels, done.content) if (f.file, f.line) not in told]
    if not findings:
        store(done.pdf, stored)
    return done.pdf, findings


def written(book: Book, pages: Pages, labels: Labels, images: Images) -> dict[str, bytes]:
    """The files that Typst reads: main.typ, a file for each chapter, data, pictures and attachments."""
    for chapter, body in pages:  # Before anything is written, all places that links lead to must be known.
        for link in body.css("a[href]"):
            labels.resolve(content.attribute(link, "href"), chapter.url)
    index = next((terms(c.url, body) for c, body in pages if c.url == book.glossary), Terms())
    writer = Apparatus(labels, images, index)
    chapters = {f"chapter-{n}.typ": writer.chapter(*page) for n, page in enumerate(pages)}
    sources = writer.imprint(pages, book.sources)
    date = datetime.fromtimestamp(book.seconds, UTC)
    abbreviations = sorted(writer.abbreviations.items(), key=lambda item: item[0].casefold())
    data = {
        **book.data,
        "date": f"{date.day} {date:%B %Y}" if book.seconds > EPOCH else "",
        "abbreviations": abbreviations,
        "index": index.titles,
        "attachments": [attachment(path) for path in book.files],
    }
    main = [
        '#import "book.typ": *',
        '#let data = json("data.json")',
        "#show: book.with(data)",
        f"#front(data, ({''.join(source + ', ' for source in sources)}))",
        *(f'#include "{name}"' for name in chapters),
        "#closing(data)",
    ]
    texts = {"main.typ": "\n".join(main), "data.json": json.dumps(data, ensure_ascii=False)}
    for name, text in chapters.items():
        texts[name] = f'#import "book.typ": *\n{text}'
    attached = {f"attached/{path}": held for path, held in book.files.items()}
    return {**images.files, **attached, **{name: text.encode() for name, text in texts.items()}}


def attachment(path: str) -> dict[str, str]:
    return {
        "path": f"attached/{path}",
        "name": path.rsplit("/", 1)[-1],
        "type": mimetypes.guess_type(path)[0] or "application/x-bibtex",
        "description": "Data of the site" if path.endswith(".csv") else "References of the site",
    }


def digest(book: Book, pages: Pages, images: Images) -> str:
    """A name for one book: it changes with all that the PDF is made from, our own code included."""
    chapters = [[c.url, c.title, c.parts, c.html] for c in book.chapters]
    versions = [version(package) for package in ("typst", "pikepdf", "selectolax")]
    settings = [book.base, book.glossary, book.seconds, list(book.sources), book.data]
    whole = hashlib.sha256(json.dumps([chapters, versions, settings], sort_keys=True).encode())
    shown = [
        images.load(c, content.attribute(node, "src"))[1] for c, body in pages for node in body.css("img")
    ]
    code = [path.read_bytes() for path in sorted(HERE.iterdir()) if path.is_file()]
    for held in [*code, *map(str.encode, book.files), *book.files.values(), *shown]:
        whole.update(hashlib.sha256(held or b"").digest())
    return whole.hexdigest()


def store(pdf: bytes, path: Path) -> None:
    """Cache the book, whole or not at all, and forget the oldest; other builds may do so at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(pdf)
    part.replace(path)
    books = sorted(path.parent.glob("*.pdf"), key=lambda book: (book.stat().st_mtime, book.name))
    for old in books[:-KEPT]:
        old.unlink(missing_ok=True)


def refused(fault: Fault, book: Book, images: Images, files: Mapping[str, bytes]) -> list[Finding]:
    """At least one finding for what Typst refuses: at the page and the words where it stopped."""
    if NO_GLYPH in str(fault):
        texts = [held.decode() for name, held in files.items() if name.endswith((".typ", "data.json"))]
        if found := no_glyphs(missing("".join(texts)), book):
            return found
    if m := PLACE.search(fault.diagnostic):
        line = files[f"chapter-{m[1]}.typ"].decode().splitlines()[int(m[2]) - 1]
        text = next(iter(STRING.findall(line, int(m[3]) - 1)), "")
        chapter = book.chapters[int(m[1])]
        if text in images.shown:
            chapter, pattern = images.shown[text]
        else:
            pattern = r"\s+".join(map(re.escape, text.split()[:4]))
        return [chapter.finding(pattern, f"The book cannot show this: {fault}.")]
    return [Finding("mkdocs.yml", 0, 0, f"The book cannot be made: {fault}.")]


def no_glyphs(letters: Sequence[str], book: Book) -> list[Finding]:
    """A finding for each line of a page or an attached file where one of `letters` is written first."""
    sources = [(c.file, c.source) for c in book.chapters]
    sources += [(path, held.decode(errors="replace")) for path, held in book.files.items()]
    sources += [(c.file, "") for c in book.chapters if not set(letters).isdisjoint(c.html)]
    places: dict[tuple[str, int], tuple[int, list[str]]] = {}
    for letter in letters:
        file, text = next(((f, t) for f, t in sources if letter in t), (sources[-1][0], ""))
        line, column = position(text, text.index(letter)) if text else (0, 0)
        first, found = places.setdefault((file, line), (column, []))
        places[file, line] = (min(first, column), [*found, f"{letter} (U+{ord(letter):04X})"])
    return [
        Finding(file, line, column, f"No font of the book has {', '.join(found)}. Write it otherwise.")
        for (file, line), (column, found) in places.items()
    ]
