"""What Typst makes of some chapters that point to each other."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from pdf_checks import faults
from small_book import book
from warning_lights.book import Chapter, make
from warning_lights.book.typeset import compress_pdf, save_pdf

WORDS = "Words that fill lines of a paragraph. " * 14
TERMS = "<h1>Terms</h1><dl><dt>Alpha</dt><dd>A word.</dd><dt>Beta</dt><dd>Another.</dd></dl>"


def a_chapter(number: int) -> Chapter:
    """Some pages with notes, a table, and links to the chapters around it."""
    note = f"fn:n{number}"
    html = (
        f'<h1 id="c{number}">Chapter {number}</h1>'
        f'<p>Alpha.<sup class="note-call" id="fnref:n{number}"><a href="#{note}">1</a></sup></p>'
        + f"<p>{WORDS}</p>" * (3 + number)
        + f'<h2 id="more">More of {number}</h2>'
        + "".join(f'<p>See <a href="../c{n}/#more">More of {n}</a>.</p>' for n in range(4))
        + "<table><thead><tr><th>A</th><th>B</th></tr></thead>"
        + "<tbody><tr><td>1</td><td>Beta</td></tr></tbody></table>"
        + f"<p>{WORDS}</p>" * number
        + f'<section class="notes"><ol><li id="{note}">See <a href="../c0/">this</a>.</li></ol></section>'
    )
    return Chapter(f"docs/c{number}.md", f"c{number}/", f"Chapter {number}", (), html, html)


@pytest.fixture(scope="module", name="path")
def fixture_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chapters = [*map(a_chapter, range(4)), Chapter("docs/terms.md", "terms/", "Terms", (), TERMS, TERMS)]
    pdf, findings = make(replace(book(*chapters), glossary="terms/"), None)
    assert findings == []
    path = tmp_path_factory.mktemp("typeset") / "book.pdf"
    path.write_bytes(pdf)
    return path


@pytest.fixture(name="pages")
def fixture_pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    found = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return found


def test_each_page_that_a_link_names_is_that_of_the_place(pages: list[str]) -> None:
    named = [found for text in pages for found in re.findall(r"More of (\d) \(p\. (\d+)\)", text)]
    assert len(named) == 12  # Of four chapters to the three others.
    for chapter, number in named:
        assert re.search(rf"More of {chapter}(?! \(p\.)", pages[int(number) - 1])


def test_bookmarks_and_contents_lead_to_the_headings(path: Path, pages: list[str]) -> None:
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles == [*(f"Chapter {n}" for n in range(4)), "Terms", "Index"]
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        for item in outline.root:
            destination: Any = item.destination
            page = numbers[destination[0].objgen]
            assert item.title in pages[page]
            assert f"{item.title} {page + 1}" in pages[2]  # The contents.


def test_independent_checkers_find_no_fault(path: Path) -> None:
    assert faults(path) == []


def test_no_stream_ends_in_a_carriage_return(tmp_path: Path) -> None:
    texts = [b"%" + bytes([n]) for n in range(32, 256)]  # One ends so when it is compressed.
    assert any(zlib.compress(text).endswith(b"\r") for text in texts)
    pdf = pikepdf.new()
    for text in texts:
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(zlib.compress(text), Filter=pikepdf.Name.FlateDecode)
    pdf.Root.MarkInfo = pikepdf.Dictionary(Suspects=False)
    pdf.save(tmp_path / "many.pdf", compress_streams=False)
    assert b"\r\nendstream" not in compress_pdf(tmp_path / "many.pdf")


def test_no_object_stream_ends_in_a_carriage_return(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.MarkInfo = pikepdf.Dictionary(Suspects=False)
    pdf.Root.Many = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(N=n)) for n in range(60_000)])
    assert b"\r\nendstream" in save_pdf(pdf)
    pdf.save(tmp_path / "many.pdf")
    whole = compress_pdf(tmp_path / "many.pdf")
    assert b"\r\nendstream" not in whole
    with pikepdf.open(io.BytesIO(whole)) as again:
        assert [int(each.N) for each in again.Root.Many] == [*range(60_000)]
