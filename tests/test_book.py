"""The book: a small site with one of everything is built whole, and the PDF is read as a reader would."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import page as page_validation
import pdf_oxide
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import book_losses
import book_make
import book_pages
import book_press
from book_images import Images
from book_index import Terms
from book_labels import Labels, label
from book_pages import Chapter
from book_pandoc import block, typst
from book_render import Renderer
from conftest import ROOT, Build, mkdocs_build

SITE = ROOT / "tests" / "sites" / "book"
CASES = ROOT / "tests" / "cases" / "book"
# A page, and the Typst of its chapter.
FORMS = sorted((ROOT / "tests" / "cases" / "book_forms").glob("*.yml"))
DATE = "1720000000"  # 3 July 2024.
NOTES = ["p", "h", "box", "fold", "tab", "list", "cell", "quote", "term", "cap", "long", "cluster"]


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


@pytest.fixture(scope="module", name="built")
def fixture_built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    done = build(tmp_path_factory.mktemp("book"))
    assert done.code == 0, done.output
    return done


@pytest.fixture(name="path")
def fixture_path(built: Build) -> Path:
    return built.site / "downloads" / "warning-lights.pdf"


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
    assert found["/Note"] == len(NOTES) + 2  # Two more: the addresses of two links outside.
    assert found["/Table"] == 1
    figures = [str(n.Alt) for n in structure(pdf.Root.StructTreeRoot) if n.S == "/Figure" and "/Alt" in n]
    assert figures == ["Two bars", "A drawn line"]


def test_the_head_of_a_long_table_is_repeated(texts: list[str]) -> None:
    assert sum("What is said" in text for text in texts) > 1


def test_links_between_pages_say_where_they_lead(texts: list[str]) -> None:
    contents = texts[1]
    chapter = re.search(r"The article itself (\d+)", contents)
    assert chapter
    assert f"the article (p. {chapter[1]})" in texts[2].replace("\xa0", " ")
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
    assert names <= {"LibertinusSerif", "DejaVuSansMono", "NewCM10", "NewCMMath"}
    assert all(any(key in font for key in ("/FontFile", "/FontFile2", "/FontFile3")) for font in fonts)


def faults(path: Path) -> list[str]:
    """What two checkers of PDF/UA-1 and PDF/A-3a, and one of the syntax, say against a PDF."""
    found = []
    for profile in (page_validation.ValidationProfile.PDF_UA_1, page_validation.ValidationProfile.PDF_A_3A):
        report = page_validation.validate_pdf(str(path), profile=profile)
        found += [f"{fault.rule_id}: {fault.message}" for fault in report.failures]
    document = pdf_oxide.PdfDocument(str(path))
    found += document.validate_pdf_ua()["errors"] + document.validate_pdf_a("3a")["errors"]
    with pikepdf.open(path) as pdf:
        return [*map(str, found), *pdf.check_pdf_syntax()]


def test_independent_checkers_find_no_fault(path: Path) -> None:
    assert faults(path) == []


def test_two_builds_in_different_folders_give_the_same_bytes(built: Build, tmp_path: Path) -> None:
    again = build(tmp_path / "elsewhere")
    for name in ("warning-lights.pdf", "warning-lights-offline.zip"):
        assert (again.site / "downloads" / name).read_bytes() == (
            built.site / "downloads" / name
        ).read_bytes()


# The rest needs no MkDocs: a book is made from chapters written here.


def chapter(html: str, url: str = "a/", title: str = "A") -> Chapter:
    return Chapter(f"docs/{url.strip('/')}.md", url, title, (), html, html)


def book(*chapters: Chapter, files: Mapping[str, bytes] | None = None) -> book_make.Book:
    data = {"title": "T", "subtitle": "", "description": "", "author": "", "keywords": [], "licence": ""}
    return book_make.Book(
        chapters=chapters,
        base="https://example.org/",
        glossary=None,
        read=lambda path: {"picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>'}.get(path),
        seconds=int(DATE),
        files=files or {},
        data={**data, "address": "", "commit": "", "lang": "en"},
    )


@pytest.mark.parametrize("case", FORMS, ids=lambda path: path.stem)
def test_what_html_has_becomes_typst(case: Path) -> None:
    data = yaml.safe_load(case.read_text(encoding="utf-8"))
    page = chapter(f"<h1>A</h1>\n{data['page']}")
    body = book_pages.parse(page)
    labels = Labels("https://example.org/", {page.url: book_pages.ids(body)})
    for link in body.css("a[href]"):
        labels.resolve(book_pages.attribute(link, "href"), page.url)
    images = Images(labels.base, lambda path: b"<svg/>")
    terms = Terms("terms/", {"A & B": [], "town": ["a town"]})
    (text,) = typst([Renderer(labels, images, terms).chapter(0, page, body)])
    assert text.split("[A]\n", 1)[1].strip() == data["typst"].strip()


def test_every_known_element_has_a_case_that_can_be_set(tmp_path: Path) -> None:
    pages = [yaml.safe_load(case.read_text(encoding="utf-8"))["page"] for case in FORMS]
    chapters = [chapter(f"<h1>A</h1>\n{page}", f"{n}/") for n, page in enumerate(pages)]
    bodies = [book_pages.parse(chapter) for chapter in chapters]
    assert {node.tag for body in bodies for node in book_pages.elements(body)} >= book_pages.KNOWN
    pdf, found = book_make.made(book(*chapters), tmp_path)
    assert found == []  # Nothing is lost either.
    assert pdf


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"])), max_size=12))
@settings(max_examples=20, deadline=None)
def test_each_document_comes_back_by_itself(texts: list[str]) -> None:
    documents = [[block(text)] for text in texts]
    assert [text.strip() for text in typst(documents)] == [text.strip() for text in texts]


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yml")), ids=lambda path: path.stem)
def test_what_cannot_be_printed_is_reported(case: Path, tmp_path: Path) -> None:
    data = yaml.safe_load(case.read_text(encoding="utf-8"))
    _, found = book_make.made(book(chapter(data["page"])), tmp_path)
    assert [str(finding) for finding in sorted(found)] == data["reports"]


def test_a_loss_is_named(tmp_path: Path) -> None:
    html = (
        '<h1 id="a">A</h1>\n<h2 id="b">Gone heading</h2>\n'
        '<p>Text<sup class="note-call" id="fnref:@k"><a href="#fn:@k">1</a></sup> <a href="https://x.example/">link</a>'
        ' <img src="../picture.svg" alt="Gone picture"></p>\n'
        '<section class="notes"><ol><li id="fn:@k">Gone note</li></ol></section>'
    )
    page = chapter(html)
    body = book_pages.parse(page)
    labels = Labels("https://example.org/", {"a/": book_pages.ids(body)})
    empty: dict[str, list[str]] = {"heading": ["a"], "footnote": [], "link": [], "image": [], "<cited>": []}
    found = [str(finding) for finding in book_losses.losses([(page, body)], labels, empty)]
    assert found == [
        "docs/a.md:3:41: The book has lost the note @k.",
        "docs/a.md:2:12: The book has lost the heading “Gone heading”.",
        "docs/a.md:3:103: The book has lost the link “link” to https://x.example/.",
        "docs/a.md:3:143: The book has lost the picture “Gone picture”.",
    ]


def test_the_cache_is_used_and_never_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pressed = []

    def press(*given: Any) -> book_press.Printed:
        pressed.append(given)
        return book_press.press(*given)

    monkeypatch.setattr(book_make, "press", press)
    picture = '<h1>A</h1><p>Text <img src="../picture.svg" alt="x"></p>'
    first = book(chapter(picture))

    def made(changed: book_make.Book) -> tuple[bytes, bool]:
        before = len(pressed)
        pdf, findings = book_make.made(changed, tmp_path)
        assert not findings
        return pdf, len(pressed) > before

    pdf, new = made(first)
    assert new
    assert made(first) == (pdf, False)
    changes = [
        replace(first, chapters=[chapter(picture.replace("Text", "Test"))]),
        replace(first, chapters=[chapter(picture), chapter("<h1>B</h1>", "b/", "B")]),
        replace(first, read=lambda path: b'<svg xmlns="http://www.w3.org/2000/svg" width="9"/>'),
        replace(first, seconds=first.seconds + 86400),
        replace(first, files={"attached/x.csv": b"1"}),
        replace(first, data={**first.data, "title": "Another"}),
        replace(first, chapters=[replace(chapter(picture), title="Another running head")]),
        replace(first, chapters=[replace(chapter(picture), parts=("Part",))]),
    ]
    for change in changes:
        assert made(change)[1], change


def test_a_book_with_a_fault_is_not_cached(tmp_path: Path) -> None:
    faulty = book(chapter("<h1>A</h1><iframe></iframe>"))
    for _ in range(2):
        assert len(book_make.made(faulty, tmp_path)[1]) == 1
    assert not list(tmp_path.glob("*.pdf"))


def test_no_page_ends_in_two_lines(tmp_path: Path) -> None:
    words = "Words that fill lines. " * 12
    for paragraphs in (11, 12, 13):
        html = "<h1>A</h1>" + f"<p>{words}</p>" * paragraphs
        pdf, _ = book_make.made(book(chapter(html), chapter("<h1>B</h1>", "b/", "B")), tmp_path)
        document = pypdfium2.PdfDocument(pdf)
        texts = [page.get_textpage().get_text_range() for page in document]
        document.close()
        last = next(n for n, text in enumerate(texts) if text.startswith("B")) - 1
        assert len(texts[last].splitlines()) > 4, paragraphs


@given(st.text(min_size=1), st.text(), st.text(min_size=1), st.text())
def test_no_two_places_share_a_label(url: str, fragment: str, other: str, another: str) -> None:
    same = (url.strip("/") or "home", fragment) == (other.strip("/") or "home", another)
    assert (label(url, fragment) == label(other, another)) == same


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
    pdf, found = book_make.made(
        book(chapter(html), chapter("<h1>B</h1>", "b/", "B")), tmp_path_factory.mktemp("any")
    )
    assert pdf or found
