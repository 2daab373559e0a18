"""The book: a small site with one of everything is built whole, and the PDF is read as a reader would."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from conftest import Build
from pdf_checks import faults
from small_book import PDF, build

NOTES = ["p", "h", "box", "fold", "tab", "list", "cell", "quote", "term", "cap", "long", "cluster"]


@pytest.fixture(scope="module", name="built")
def fixture_built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    done = build(tmp_path_factory.mktemp("book"))
    assert done.code == 0, done.output
    return done


@pytest.fixture(name="path")
def fixture_path(built: Build) -> Path:
    return built.site / PDF


@pytest.fixture(name="pdf")
def fixture_pdf(path: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(path) as pdf:
        yield pdf


@pytest.fixture(name="texts")
def fixture_texts(path: Path) -> list[str]:
    """The text of each page, with every run of white space as one space."""
    document = pypdfium2.PdfDocument(path)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def tags(pdf: pikepdf.Pdf) -> Counter[str]:
    """How often each structure element stands in the PDF."""
    return Counter(str(node.S) for node in structure(pdf.Root.StructTreeRoot))


def structure(node: Any) -> Iterator[Any]:
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from structure(kid)


def outline(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from outline(item.children)


def test_chapters_stand_in_the_order_of_the_nav_below_their_parts(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as tree:
        assert [item.title for item in tree.root] == [
            "Welcome",
            "Sources",
            "Glossary",
            "Bibliography",
            "Abbreviations",
            "Index",
        ]
        assert [item.title for item in tree.root[1].children] == ["The sources", "The article itself"]
        assert "Two steps down" in outline(tree.root)


def test_every_note_stands_once_at_the_foot_of_the_page_that_calls_it(texts: list[str]) -> None:
    for name in NOTES:
        pages = [n for n, text in enumerate(texts) if f"Text of the note {name}" in text]
        assert len(pages) == 1, name
    whole = " ".join(texts)
    assert whole.count("Text of the note") == len(NOTES)
    row = next(text for text in texts if "Row 30 of" in text)
    assert "Text of the note cell" in row
    assert "Text of the note box" in next(text for text in texts if "In a box." in text)


def test_notes_are_numbered_as_on_the_site(texts: list[str]) -> None:
    whole = " ".join(texts)
    found = re.findall(r"(\d+) ?Text of the note (\w+)", whole)
    assert found == [(str(number), name) for number, name in enumerate(NOTES, start=1)]
    assert re.search(r"The first note again,1", whole)  # Points to its first note.
    assert re.search(r"two at once,11\s?,\s?12", whole)  # And not "1112".


def test_the_structure_holds_what_the_pages_hold(pdf: pikepdf.Pdf) -> None:
    found = tags(pdf)
    assert found["/Note"] == len(NOTES) + 3  # Three more: the addresses of three links outside the book.
    assert found["/Table"] == 1
    figures = [str(n.Alt) for n in structure(pdf.Root.StructTreeRoot) if n.S == "/Figure" and "/Alt" in n]
    assert figures == ["Two bars", "A drawn line"]


def test_the_head_of_a_long_table_is_repeated(texts: list[str]) -> None:
    assert sum("What is said" in text for text in texts) > 1


def test_links_between_pages_say_where_they_lead(texts: list[str]) -> None:
    contents = texts[2]
    chapter = re.search(r"The article itself (\d+)", contents)
    assert chapter
    assert f"the article (p. {chapter[1]})" in texts[3].replace("\xa0", " ")
    assert "internal link" in " ".join(texts)
    assert "(with a bracket after it)" in " ".join(texts)


def test_every_internal_link_lands_in_the_book(pdf: pikepdf.Pdf) -> None:
    pages = {page.objgen for page in pdf.pages}
    names: Any = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    known: dict[Any, Any] = dict(pikepdf.NameTree(names)) if names is not None else {}
    links: list[Any] = [a for page in pdf.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
    inside = [target for link in links if (target := link.get("/Dest", None)) is not None]
    inside += [link.A.D for link in links if "/A" in link and link.A.S == "/GoTo"]
    outside = [str(link.A.URI) for link in links if "/A" in link and link.A.S == "/URI"]
    assert len(inside) > 30
    assert len(inside) + len(outside) == len(links)
    assert all(address.startswith("https://") for address in outside)
    for target in inside:
        place = known[str(target)] if isinstance(target, pikepdf.String) else target
        page = (place.D if isinstance(place, pikepdf.Dictionary) else place)[0]
        assert page.objgen in pages


def test_addresses_are_printed_once_where_the_words_do_not_say_them(texts: list[str]) -> None:
    whole = "".join(texts).replace(" ", "")
    assert whole.count("https://example.com/report?a=1&b=2") == 1
    assert whole.count("https://example.com/plain") == 1
    assert whole.count("https://example.com/work") == 1  # In two notes of one chapter.
    assert whole.count("https://doi.org/10.1000/1") == 1


def test_the_bibliography_names_pages(texts: list[str]) -> None:
    text = next(text for text in texts if "Bibliography" in text and "Author, One" in text)
    called = next(n for n, t in enumerate(texts, start=1) if "named in a paragraph." in t)
    row = next(n for n, t in enumerate(texts, start=1) if "Row 30 of" in t)
    cited = re.search(r"Cited on pages ([^.]*)\.", text)
    assert cited
    runs = [[int(n) for n in run.split("–")] for run in cited[1].split(", ")]
    pages = {page for run in runs for page in range(run[0], run[-1] + 1)}
    assert pages == {
        called,
        row,
        next(n for n, t in enumerate(texts, start=1) if "The first note again" in t),
    }
    assert "one2020" not in text
    assert "Cited three times" not in text


def test_the_index_names_people_and_places_with_pages(texts: list[str]) -> None:
    text = texts[-1]
    page = next(n for n, t in enumerate(texts, start=1) if "named in a paragraph." in t)
    assert re.search(rf"Article Group, [^A-Z]*\b{page}\b", text)
    assert "Khuroson" not in text  # Written otherwise on the page: Хуросон.
    assert "Far Town" not in text
    assert "ABC A Better Check" in text


def test_boxes_stand_open_and_tabs_one_below_the_other(texts: list[str]) -> None:
    whole = " ".join(texts)
    for words in ["A folded box In a folded box.", "First tab In a tab.", "Second tab In the other tab."]:
        assert words in re.sub(r"\.\d+", ".", whole)


def test_what_is_for_the_screen_is_left_out(texts: list[str]) -> None:
    whole = " ".join(texts)
    for words in ("for the screen", "¶", "↩"):
        assert words not in whole


def test_a_page_that_is_excluded_is_linked_on_the_site(texts: list[str], pdf: pikepdf.Pdf) -> None:
    assert not any("who write the site" in text for text in texts)
    links = [str(link.A.URI) for page in pdf.pages for link in page.get("/Annots", []) if "/A" in link]
    assert "https://example.org/small/writing/" in links


def test_signs_of_three_scripts_are_printed_as_they_are(texts: list[str]) -> None:
    whole = " ".join(texts)
    for words in [
        "ʿAlāʾ al-Dīn",
        "Ḥasan",
        "Ṣāliḥ",
        "Ġazālī",
        "Садои Хуросон",
        "ҷиҳод",
        "Türkiye",
        "$ # @ * _",
    ]:
        assert words in whole


def test_the_pdf_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as meta:
        assert meta["dc:title"] == "A small book"
        assert meta["dc:creator"] == ["The writers"]
        assert "CC BY 4.0" in meta["dc:description"]
        assert meta["pdf:Keywords"] == "notes, tables"
        assert meta["xmp:CreateDate"].startswith("2024-07-03")
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert sorted(pdf.attachments) == ["attacks.csv", "small.bib"]


def test_only_bundled_fonts_are_used_and_embedded(pdf: pikepdf.Pdf) -> None:
    fonts = [
        o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]
    names = {str(font.FontName).partition("+")[2].partition("-")[0] for font in fonts}
    assert names <= {"SourceSerifPro", "LibertinusSerif", "DejaVuSansMono", "NewCM10", "NewCMMath"}
    assert all(any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


def test_independent_checkers_find_no_fault(path: Path) -> None:
    assert faults(path) == []


def test_two_builds_in_different_folders_give_the_same_bytes(built: Build, tmp_path: Path) -> None:
    again = build(tmp_path / "elsewhere")
    names = [path.name for path in (built.site / "downloads").iterdir() if path.suffix in {".pdf", ".zip"}]
    assert len(names) == 2
    for name in names:
        assert (again.site / "downloads" / name).read_bytes() == (
            built.site / "downloads" / name
        ).read_bytes()
