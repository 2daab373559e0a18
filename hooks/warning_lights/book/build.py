"""A book is made from its pages, or taken from the cache when nothing in it has changed."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from selectolax.lexbor import LexborNode

from warning_lights.book import content
from warning_lights.book.chapter_writer import ChapterWriter
from warning_lights.book.content import Chapter
from warning_lights.book.faults import explain_fault, unprintable_elements
from warning_lights.book.images import Images
from warning_lights.book.index import Terms, read_terms
from warning_lights.book.labels import LOOPBACK, Labels, normalized_url
from warning_lights.book.missing_content import missing_items
from warning_lights.book.typeset import Fault, typeset
from warning_lights.core import dates
from warning_lights.core.cache import cached, code_of
from warning_lights.core.findings import Finding
from warning_lights.core.history import UNKNOWN
from warning_lights.core.html import plain_text
from warning_lights.core.options import SitePath

HERE = Path(__file__).parent
NESTED = r"(?:>[ ]*){20}|(?:<\w[^>]*>\s*){20}"
PACKAGES = ("typst", "pikepdf", "selectolax", "font-source-serif-pro")
Pages = Sequence[tuple[Chapter, LexborNode]]


@dataclass(frozen=True)
class Options:
    """`file` is the path of the PDF on the site, `mark` that of a picture for its cover; `glossary` is the
    page whose terms are the index, `exclude` are pages that are not chapters; `attach` are patterns of files
    that the PDF carries beside the bibliography, `sources` the keys of the works that the imprint names.
    """

    file: SitePath = "downloads/book.pdf"
    mark: str = ""
    subtitle: str = ""
    keywords: list[str] = field(default_factory=list)
    glossary: str = "glossary.md"
    attach: list[str] = field(default_factory=lambda: ["bibliography/*.bib", "docs/data/*.csv"])
    exclude: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """All that goes into a book.

    `base` is the address of the site, `glossary` that of the page with the terms of the index; `read` gives
    a file of the site by its path, `files` are attached to the PDF, by their paths from the folder of
    mkdocs.yml; `seconds` since 1970 are the date of the content. The rest is printed around the text, or says
    what the PDF is.
    """

    chapters: Sequence[Chapter]
    base: str
    read: Callable[[str], bytes | None]
    seconds: int
    title: str
    lang: str = "en"
    glossary: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    description: str = ""
    author: str = ""
    licence: str = ""
    commit: str = ""

    def mark(self) -> bytes:
        return (self.read(self.options.mark) if self.options.mark else None) or b""

    def front(self) -> dict[str, object]:
        """What is printed before the text, and said of the PDF."""
        date = datetime.fromtimestamp(self.seconds, UTC)
        licence = text_of(self.licence)
        return {
            "title": self.title,
            "mark": f"mark{Path(self.options.mark).suffix}" if self.mark() else "",
            "subtitle": self.options.subtitle or self.description,
            "description": text_of(f"{self.description} {licence}"),
            "author": self.author,
            "keywords": self.options.keywords,
            "licence": licence,
            "address": "" if LOOPBACK.match(self.base) else self.base,
            "commit": self.commit,
            "lang": self.lang,
            "date": dates.day_in_words(date) if self.seconds > UNKNOWN else "",
        }


class BookError(Exception):
    """The findings of a book that cannot be cached, and its PDF, which may be empty."""

    def __init__(self, pdf: bytes, findings: list[Finding]) -> None:
        super().__init__(*findings)
        self.pdf, self.findings = pdf, findings


def make(book: Book, cache: Path | None) -> tuple[bytes, list[Finding]]:
    """The PDF, and all that is wrong with it. Without a PDF there is always a finding that says why."""
    pages = [(chapter, content.parse(chapter)) for chapter in book.chapters]
    images = Images(book.base, book.read)

    def without_findings() -> bytes:
        """The PDF for the cache, which cannot hold findings."""
        pdf, findings = print_pdf(book, pages, images)
        if findings:
            raise BookError(pdf, findings)
        return pdf

    try:
        return cached(cache, "book", cache_inputs(book, pages, images), without_findings, keep=3), []
    except BookError as error:
        return error.pdf, error.findings


def cache_inputs(book: Book, pages: Pages, images: Images) -> Iterator[str | bytes]:
    """All that the PDF depends on."""
    yield code_of(HERE, HERE.parent / "core")
    chapters = [[c.url, c.title, c.parts, c.html] for c in book.chapters]
    versions = [version(package) for package in PACKAGES]
    yield json.dumps(
        [versions, book.base, book.glossary, book.seconds, *book.options.sources, book.front(), chapters]
    )
    for chapter, body in pages:
        for node in body.css("img"):
            yield images.load(chapter, content.attribute(node, "src"))[1] or b""
    yield book.mark()
    for path, held in book.files.items():
        yield from (path, held)


def print_pdf(book: Book, pages: Pages, images: Images) -> tuple[bytes, list[Finding]]:
    """The PDF, empty where Typst refuses it, and what is wrong with it."""
    findings = [f for chapter, body in pages for f in unprintable_elements(chapter, body)]
    labels = Labels(book.base, {normalized_url(c.url): content.link_targets(body) for c, body in pages})
    files = typst_files(book, pages, labels, images)
    findings += images.findings
    findings += [
        Finding("mkdocs.yml", 0, 0, f"extra: book: sources: no page of the book lists an entry {key}.")
        for key in book.options.sources
        if key not in entries(pages)
    ]
    try:
        done = typeset(files, book.seconds)
    except Fault as fault:
        texts = [(c.file, c.source) for c in book.chapters]
        texts += [(path, held.decode(errors="replace")) for path, held in book.files.items()]
        refused = explain_fault(fault, book.chapters, texts, images.shown, files)
        # Where it is known what cannot be printed, Typst would say it twice.
        return b"", findings + refused if fault.no_glyph else findings or refused
    reported = {(finding.file, finding.line) for finding in findings}
    held = {**done.content, "image": [*done.content["image"], *images.missing]}
    findings += [f for f in missing_items(pages, labels, held) if (f.file, f.line) not in reported]
    return done.pdf, findings


def typst_files(book: Book, pages: Pages, labels: Labels, images: Images) -> dict[str, bytes]:
    """The files that Typst reads: main.typ, a file for each chapter, data, pictures and attachments."""
    for chapter, body in pages:  # Before anything is written, all places that links lead to must be known.
        for link in body.css("a[href]"):
            labels.resolve(content.attribute(link, "href"), chapter.url)
    index = next((read_terms(c.url, body) for c, body in pages if c.url == book.glossary), Terms())
    writer = ChapterWriter(labels, images, index)
    chapters = {}
    for number, (chapter, body) in enumerate(pages):
        try:
            chapters[f"chapter-{number}.typ"] = writer.chapter(chapter, body)
        except RecursionError:
            message = "Elements stand too deep in each other for the book. Take some out."
            images.findings.append(chapter.finding(NESTED, message))
        except Exception as error:  # One page, and not the book.
            message = f"The book cannot hold this page ({type(error).__name__}: {error})."
            images.findings.append(Finding(chapter.file, 1, 1, message))
    works = entries(pages)
    sources = [writer.source_reference(*works[key]) for key in book.options.sources if key in works]
    abbreviations = sorted(writer.abbreviations.items(), key=lambda item: item[0].casefold())
    data = {
        **book.front(),
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
    if mark := book.mark():
        attached[f"mark{Path(book.options.mark).suffix}"] = mark
    return {**images.files, **attached, **{name: text.encode() for name, text in texts.items()}}


def entries(pages: Pages) -> dict[str, tuple[Chapter, LexborNode]]:
    """Each entry of the bibliography, by its key, with the chapter that lists it."""
    return {
        content.attribute(node, "id").removeprefix("ref:"): (chapter, node)
        for chapter, body in pages
        for node in body.css(".bibliography .entry[id]")
    }


def attachment(path: str) -> dict[str, str]:
    return {
        "path": f"attached/{path}",
        "name": path.rsplit("/", 1)[-1],
        "type": mimetypes.guess_type(path)[0] or "application/x-bibtex",
        "description": "Data of the site" if path.endswith(".csv") else "References of the site",
    }


def text_of(html: str) -> str:
    """The words of a line of HTML."""
    return " ".join(plain_text(html).split())
