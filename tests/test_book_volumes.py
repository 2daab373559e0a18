"""A book set in several volumes is the book that it would be in one: the real Typst sets both."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

import book_make
import book_press
import book_volumes
from book_bind import written
from book_paces import CONTENTS, better_paces
from book_pages import Chapter
from test_book import book, faults

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


def printed(folder: Path) -> None:
    chapters = [*map(a_chapter, range(4)), Chapter("docs/terms.md", "terms/", "Terms", (), TERMS, TERMS)]
    pdf, findings = book_make.made(replace(book(*chapters), glossary="terms/"), folder)
    assert findings == []
    (folder / "book.pdf").write_bytes(pdf)


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`one/book.pdf` is set in one volume, `many/book.pdf` in one for each chapter."""
    folder = tmp_path_factory.mktemp("volumes")
    for name, enough in (("one", 10**9), ("many", 0)):
        (folder / name).mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(book_volumes, "ENOUGH", enough)
            printed(folder / name)
    return folder


@pytest.fixture(name="many")
def fixture_many(folder: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(folder / "many" / "book.pdf") as pdf:
        yield pdf


def texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    found = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return found


def links(path: Path) -> list[tuple[int, int, float]]:
    """For each link its page, and the page and height on it where it leads."""
    with pikepdf.open(path) as pdf:
        names = dict(pikepdf.NameTree(pdf.Root.Names.Dests).items())
        number = page_numbers(pdf)
        found = []
        for n, page in enumerate(pdf.pages):
            for link in page.get("/Annots", ()):
                to: Any = names[str(link.Dest)] if isinstance(link.Dest, pikepdf.String) else link.Dest
                found.append((n, number[to[0].objgen], float(to[3])))
        return found


def page_numbers(pdf: pikepdf.Pdf) -> dict[Any, int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages)}


def test_the_volumes_make_the_same_pages(folder: Path) -> None:
    assert texts(folder / "many" / "book.pdf") == texts(folder / "one" / "book.pdf")


def test_all_links_lead_where_they_would_in_one_volume(folder: Path) -> None:
    many, one = links(folder / "many" / "book.pdf"), links(folder / "one" / "book.pdf")
    assert [link[:2] for link in many] == [link[:2] for link in one]
    # Typst lets a link to a heading lead to a little above it.
    assert all(abs(m[2] - o[2]) < 30 for m, o in zip(many, one, strict=True))


def test_each_page_that_a_link_names_is_that_of_the_place(folder: Path) -> None:
    pages = texts(folder / "many" / "book.pdf")
    named = [found for text in pages for found in re.findall(r"More of (\d) \(p\. (\d+)\)", text)]
    assert len(named) == 12  # Of four chapters to the three others.
    for chapter, number in named:
        assert re.search(rf"More of {chapter}(?! \(p\.)", pages[int(number) - 1])


def test_bookmarks_and_contents_lead_to_the_headings(folder: Path, many: pikepdf.Pdf) -> None:
    pages = texts(folder / "many" / "book.pdf")
    number = page_numbers(many)
    with many.open_outline() as outline:
        titles = [item.title for item in outline.root]
        assert titles == [*(f"Chapter {n}" for n in range(4)), "Terms", "Index"]
        for item in outline.root:
            destination: Any = item.destination
            page = number[destination[0].objgen]
            assert item.title in pages[page]
            assert f"{item.title} {page + 1}" in pages[1]  # The contents.


def objects(element: pikepdf.Object) -> set[tuple[int, int]]:
    return {kid.Obj.objgen for kid in element.K if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid}


def test_the_structure_is_one(many: pikepdf.Pdf) -> None:
    tree = many.Root.StructTreeRoot
    assert [str(element.S) for element in tree.K] == ["/Document"]
    assert all(tree.K[0] == element.P for element in tree.K[0].K)
    leaves = [list(leaf.Nums) for leaf in tree.ParentTree.Kids]
    parents: dict[Any, Any] = {k: v for leaf in leaves for k, v in zip(leaf[::2], leaf[1::2], strict=True)}
    assert len(parents) == sum(map(len, leaves)) / 2
    for page in many.pages:
        assert all(element.S != "" for element in parents[int(page.StructParents)])
        for link in page.get("/Annots", ()):
            element = parents[int(link.StructParent)]
            assert link.objgen in objects(element)
    ids = [str(name) for leaf in tree.IDTree.Kids for name in list(leaf.Names)[::2]]
    assert ids == sorted(set(ids))
    headers = {
        str(header)
        for item in many.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TD"
        for attributes in item.get("/A", ())
        for header in attributes.get("/Headers", ())
    }
    assert len(headers) == 8  # Two columns of each table.
    assert headers <= set(ids)


def test_independent_checkers_find_no_fault(folder: Path) -> None:
    assert faults(folder / "many" / "book.pdf") == []


def test_a_wrong_guess_at_the_pages_does_no_harm(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_volumes, "ENOUGH", 0)
    monkeypatch.setattr(book_press, "guesses", lambda *_: {})
    printed(tmp_path)
    assert texts(tmp_path / "book.pdf") == texts(folder / "one" / "book.pdf")


def test_a_cut_is_made_only_between_parts() -> None:
    places = [(), ("P",), ("P",), ("Q",), ("Q", "R"), ()]
    chapters = [Chapter("", f"{n}/", "", parts, "", "") for n, parts in enumerate(places)]
    assert book_volumes.cut(["x" * 50_000] * len(chapters), chapters) == [[0, 1, 2], [3, 4], [5]]


@pytest.mark.parametrize(
    ("ends", "pages", "paces", "better"),
    [
        ([(3, 200)], 3, {}, {}),  # The last page is well filled.
        ([(1, 31)], 1, {}, {}),  # A chapter of one page is as short as it is.
        ([(3, 34)], 3, {}, {"0": 1}),  # One line too much is spread over the other pages …
        ([(3, 34)], 3, {"0": 1}, {"0": 4}),  # … and if it did not fit, they are made shorter.
        ([(9, 50)], 9, {}, {"0": 4}),  # Of many pages, enough comes to the last for sure.
        ([(2, 260)], 3, {}, {"0": 4}),  # The last page holds only the end of a note.
    ],
)
def test_paces(
    ends: list[tuple[int, float]], pages: int, paces: dict[str, int], better: dict[str, int]
) -> None:
    assert better_paces([0], [1], ends, pages, paces) == better


def test_the_contents_are_never_made_longer_by_choice() -> None:
    assert better_paces([CONTENTS], [2], [(9, 50)], 9, {}) == {"-1": 1}


def test_no_stream_ends_in_a_carriage_return() -> None:
    texts = [b"%" + bytes([n]) for n in range(32, 256)]  # One ends so when it is compressed.
    assert any(zlib.compress(text).endswith(b"\r") for text in texts)
    pdf = pikepdf.new()
    for text in texts:
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(zlib.compress(text), Filter=pikepdf.Name.FlateDecode)
    assert b"\r\nendstream" not in written(pdf)
