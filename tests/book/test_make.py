"""A book is made from chapters written here, without MkDocs."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from small_book import book, chapter
from warning_lights.book import (
    Book,
    Chapter,
    Options,
    build,
    content,
    labels,
    make,
    missing_content,
    typeset,
    writer,
)
from warning_lights.book.chapter_writer import ChapterWriter
from warning_lights.book.images import Images
from warning_lights.book.index import Terms

CASES = Path(__file__).parent / "cases"
FORMS = sorted((CASES / "forms").glob("*.yml"))  # A page, and the Typst of its chapter.


@pytest.mark.parametrize("case", FORMS, ids=lambda path: path.stem)
def test_what_html_has_becomes_typst(case: Path) -> None:
    data = yaml.safe_load(case.read_text(encoding="utf-8"))
    assert written(data["page"]) == data["typst"].strip()


def written(html: str) -> str:
    """The Typst of a chapter, without its title."""
    page = chapter(f"<h1>A</h1>\n{html}")
    body = content.parse(page)
    places = labels.Labels("https://example.org/", {page.url: content.link_targets(body)})
    for link in body.css("a[href]"):
        places.resolve(content.attribute(link, "href"), page.url)
    images = Images(places.base, lambda path: b"<svg/>")
    terms = Terms("terms/", {"A & B": [], "town": ["a town"]})
    return ChapterWriter(places, images, terms).chapter(page, body).partition("\n")[2].strip()


def test_every_known_element_has_a_case_that_can_be_set(tmp_path: Path) -> None:
    pages = [yaml.safe_load(case.read_text(encoding="utf-8"))["page"] for case in FORMS]
    chapters = [chapter(f"<h1>A</h1>\n{page}", f"{n}/") for n, page in enumerate(pages)]
    bodies = [content.parse(chapter) for chapter in chapters]
    assert {node.tag for body in bodies for node in content.elements(body)} >= writer.PRINTABLE
    pdf, found = make(book(*chapters), tmp_path)
    assert found == []  # Nothing is lost either.
    assert pdf


@pytest.mark.parametrize("case", sorted((CASES / "reports").glob("*.yml")), ids=lambda path: path.stem)
def test_what_cannot_be_printed_is_reported(case: Path, tmp_path: Path) -> None:
    data = yaml.safe_load(case.read_text(encoding="utf-8"))
    _, found = make(book(chapter(data["page"])), tmp_path)
    assert [str(finding) for finding in sorted(found)] == data["reports"]


def test_a_loss_is_named(tmp_path: Path) -> None:
    html = (
        '<h1 id="a">A</h1>\n<h2 id="b">Gone heading</h2>\n'
        '<p>Text<sup class="note-call" id="fnref:@k"><a href="#fn:@k">1</a></sup> <a href="https://x.example/">link</a>'
        ' <img src="../picture.svg" alt="Gone picture"></p>\n'
        '<section class="notes"><ol><li id="fn:@k">Gone note</li></ol></section>'
    )
    page = chapter(html)
    body = content.parse(page)
    places = labels.Labels("https://example.org/", {"a/": content.link_targets(body)})
    empty: dict[str, list[str]] = {"heading": ["a/#"], "footnote": [], "link": [], "image": [], "cited": []}
    found = [str(finding) for finding in missing_content.missing_items([(page, body)], places, empty)]
    assert found == [
        "docs/a.md:3:41: The book has lost the note @k.",
        "docs/a.md:2:12: The book has lost the heading “Gone heading”.",
        "docs/a.md:3:103: The book has lost the link “link” to https://x.example/.",
        "docs/a.md:3:143: The book has lost the picture “Gone picture”.",
    ]


def test_the_cache_is_used_and_never_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def counted(*given: Any) -> typeset.Typeset:
        runs.append(given)
        return real(*given)

    real = typeset.typeset
    monkeypatch.setattr(build, "typeset", counted)
    picture = '<h1>A</h1><p>Text <img src="../picture.svg" alt="x"></p>'
    first = book(chapter(picture))

    def made(changed: Book) -> tuple[bytes, bool]:
        before = len(runs)
        pdf, findings = make(changed, tmp_path)
        assert not findings
        return pdf, len(runs) > before

    pdf, new = made(first)
    assert new
    assert made(first) == (pdf, False)
    changes = [
        replace(first, chapters=[chapter(picture.replace("Text", "Test"))]),
        replace(first, chapters=[chapter(picture), chapter("<h1>B</h1>", "b/", "B")]),
        replace(first, read=lambda path: b'<svg xmlns="http://www.w3.org/2000/svg" width="9"/>'),
        replace(first, seconds=first.seconds + 86400),
        replace(first, files={"attached/x.csv": b"1"}),
        replace(first, title="Another"),
        replace(first, options=Options(subtitle="words")),
        replace(first, chapters=[replace(chapter(picture), title="Another running head")]),
        replace(first, chapters=[replace(chapter(picture), parts=("Part",))]),
    ]
    for change in changes:
        assert made(change)[1], change


def test_the_book_is_made_again_when_code_that_it_uses_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "code_of", lambda *folders: " ".join(folder.name for folder in folders))
    hashed, *_ = build.cache_inputs(book(), [], Images("", lambda path: None))
    code = "".join(path.read_text(encoding="utf-8") for path in Path(build.__file__).parent.glob("*.py"))
    used = set(re.findall(r"^from warning_lights\.(\w+)", code, re.MULTILINE))
    assert set(str(hashed).split()) == used == {"book", "core"}


def test_a_book_with_a_fault_is_not_cached(tmp_path: Path) -> None:
    faulty = book(chapter("<h1>A</h1><iframe></iframe>"))
    for _ in range(2):
        assert len(make(faulty, tmp_path)[1]) == 1
    assert not list(tmp_path.iterdir())


@given(st.text(min_size=1), st.text(), st.text(min_size=1), st.text())
def test_no_two_places_share_a_label(url: str, fragment: str, other: str, another: str) -> None:
    same = (unquote(url), fragment) == (unquote(other), another)
    assert (labels.label(url, fragment) == labels.label(other, another)) == same


TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=30)
INLINE = st.sampled_from(
    ["em", "strong", "code", "sup", "q", "mark", "kbd", "a href='#x'", "a href='../b/'", "abbr"]
)
BLOCK = st.sampled_from(
    ["p", "h2", "h4", "blockquote", "li", "td", "dd", "details", "figure", "div", "section"]
)


@st.composite
def pages(draw: st.DrawFn) -> str:
    """HTML of any sort, also such as no writer would write."""
    parts = []
    for _ in range(draw(st.integers(1, 6))):
        inner = "".join(
            f"{escape(draw(TEXT))}<{tag.replace('_', ' ')}>{escape(draw(TEXT))}</{tag.split('_')[0]}>"
            for tag in draw(st.lists(INLINE, max_size=3))
        )
        block = draw(BLOCK)
        parts.append(f"<{block}>{inner}</{block}>")
    return "".join(parts)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@settings(max_examples=12, deadline=None)
@given(pages())
def test_no_page_makes_the_book_fail(tmp_path_factory: pytest.TempPathFactory, html: str) -> None:
    pdf, found = make(book(chapter(html), chapter("<h1>B</h1>", "b/", "B")), tmp_path_factory.mktemp("any"))
    assert pdf or found


def test_a_letter_without_a_glyph_is_reported_where_it_is_written() -> None:
    page = chapter("<h1>A</h1><p>王 wrote 中亚 and \x1b.</p>")
    page = replace(page, source="# A\n\nText with \x1b in it.\n")
    bib = "@book{wang,\n  author = {王},\n  title = {中亚},\n}\n"
    pdf, found = make(replace(book(page), files={"bib/a.bib": bib.encode()}), None)
    assert pdf == b""
    assert [str(finding) for finding in sorted(found)] == [
        "bib/a.bib:2:13: No font of the PDF has 王 (U+738B). Write it in words or in Latin letters.",
        "bib/a.bib:3:12: No font of the PDF has 中 (U+4E2D), 亚 (U+4E9A). "
        "Write it in words or in Latin letters.",
        "docs/a.md:3:11: No font of the PDF has U+001B. Write it in words or in Latin letters. "
        "Or let only the website show it: <span class=web-only>…</span>.",
    ]


def test_a_letter_in_the_title_of_the_book_is_reported() -> None:
    pdf, found = make(replace(book(chapter("<h1>A</h1>")), title="漢"), None)
    assert pdf == b""
    assert [str(f) for f in found] == [
        "mkdocs.yml: No font of the PDF has 漢 (U+6F22). Write it in words or in Latin letters."
    ]


@pytest.mark.parametrize(
    ("kind", "content"), [("png", b"\x89PNG\r\n\x1a\n\0\0"), ("svg", b"<svg"), ("jpg", b"no picture")]
)
def test_a_picture_that_typst_cannot_read_is_reported(kind: str, content: bytes) -> None:
    page = chapter(f'<h1>A</h1>\n<p>Text</p>\n<p><img src="../x%20y.{kind}" alt="words"></p>')
    page = replace(page, source=f"# A\n\n![words](<x y.{kind}>)\n")
    pdf, found = make(replace(book(page), read=lambda path: content), None)
    assert pdf == b""
    assert len(found) == 1
    assert str(found[0]).startswith("docs/a.md:3:11: The book cannot show this: failed to ")


def test_what_takes_too_long_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "LIMIT", 0.01)
    pdf, found = make(book(chapter("<h1>A</h1>")), None)
    assert pdf == b""
    assert [str(f) for f in found] == [
        "mkdocs.yml: The book cannot be made: it took longer than 0.01 seconds."
    ]


def test_pages_whose_names_are_encoded_in_addresses_are_found() -> None:
    name = "annual%20report%20%C3%A9%26%2B/"
    report = chapter(
        '<h1>Report</h1><p>Claim<sup class="note-call"><a href="#fn:n">1</a></sup></p>'
        '<p><a href="#results">below</a></p>'
        '<h2 id="results">Results</h2><section class="notes"><ol><li id="fn:n">Words.</li></ol></section>',
        name,
    )
    home = chapter(
        f'<h1>A</h1><p><a href="{name}#results">results</a> <a href="annual report é&amp;+/">it</a></p>', ""
    )
    assert make(book(home, report), None)[1] == []
    places = labels.Labels("https://example.org/", {"": set(), name: {"results"}})
    assert places.resolve(f"{name}#results", "").label == f"{name}#results"
    assert places.resolve("../", name).label == "#"


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/a%20b/%7Ec?q=%C3%A9#:~:text=one%2C%20two,-three",
        "https://x.example/a/../b#a%2Fb",
        "mailto:a@x.example",
    ],
)
def test_an_address_outside_stays_as_it_is_written(address: str) -> None:
    places = labels.Labels("https://example.org/", {"": set()})
    assert places.resolve(address, "").url == address
    pdf, found = make(book(chapter(f'<h1>A</h1><p><a href="{address}">Words</a></p>')), None)
    assert found == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        links = [str(a.A.URI) for page in document.pages for a in page.get("/Annots", []) if "/A" in a]
    assert address in links


def test_no_loopback_address_is_printed() -> None:
    page = chapter('<h1>A</h1><p><a href="../x.csv">A table</a></p>')
    pdf, found = make(replace(book(page), base="http://127.0.0.1:8000/"), None)
    assert found == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert all(b"127.0.0.1" not in page.Contents.read_bytes() for page in document.pages)
        assert not [a for page in document.pages for a in page.get("/Annots", []) if "/A" in a]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    whole = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    return whole


def test_the_imprint_names_the_sources_and_how_to_cite() -> None:
    entries = chapter(
        '<h1>Works</h1><section class="bibliography"><div class="entry" id="ref:one"><p class="reference">'
        'One, <a href="https://x.example/one">A work</a> (2020).</p></div></section>'
    )
    first = replace(book(entries), options=Options(sources=["one"]), author="The writers", commit="abc")
    pdf, found = make(first, None)
    assert found == []
    whole = text_of(pdf)
    assert "The writers. T. 3 July 2024. https://example.org/. Revision abc." in whole
    assert "One, A work (2020). https://x.example/one" in whole.partition("Contents")[0]
    _, found = make(replace(first, options=Options(sources=["two"])), None)
    assert [str(f) for f in found] == [
        "mkdocs.yml: extra: book: sources: no page of the book lists an entry two."
    ]


def test_the_index_files_names_by_the_name_used_alone_and_tells_notes_from_text() -> None:
    terms = chapter(
        '<h1>Terms</h1><dl><dt data-also="Zed">Ann Zed</dt><dd>A.</dd><dt>Bob</dt><dd>B.</dd></dl>', "t/"
    )
    page = chapter(
        '<h1>A</h1><p>Ann Zed.<sup class="note-call"><a href="#fn:n">1</a></sup></p>'
        '<section class="notes"><ol><li id="fn:n">By Bob and Zed.</li></ol></section>'
    )
    pdf, found = make(replace(book(page, terms), glossary="t/"), None)
    assert found == []
    assert "Bob, 4 n Zed, Ann, 4" in text_of(pdf).replace("\xa0", " ")


def test_a_chapter_follows_the_one_before_in_its_part_if_there_is_room() -> None:
    def pages(*chapters: Chapter) -> int:
        pdf, found = make(book(*chapters), None)
        assert found == []
        return len(pypdfium2.PdfDocument(pdf))

    first, second = (replace(chapter("<h1>A</h1><p>Text</p>", f"{n}/"), parts=("Part",)) for n in "ab")
    assert pages(first) == pages(first, second)
    assert pages(first) + 1 == pages(first, replace(second, parts=("Another",)))
    assert pages(first) + 1 == pages(replace(first, html="<h1>A</h1>" + "<p>Text</p>" * 26), second)


def test_a_row_stays_on_one_page_unless_it_is_too_tall() -> None:
    def halves(words: int) -> list[set[str]]:
        """The numbers of the rows that have words on each page of a table."""
        rows = "".join(f"<tr><td>{n}</td><td>{f'word{n} ' * words}</td></tr>" for n in range(10, 30))
        pdf, found = make(book(chapter(f"<h1>A</h1><table><tbody>{rows}</tbody></table>")), None)
        assert found == []
        document = pypdfium2.PdfDocument(pdf)
        return [set(re.findall(r"word(\d+)", page.get_textpage().get_text_range())) for page in document]

    assert not any(one & two for one, two in pairwise(halves(70)))
    assert any(one & two for one, two in pairwise(halves(900)))
