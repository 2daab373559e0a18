"""What a reader of the PDF sees: no letter over another or off the page, each text in its direction."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
import yaml

from small_book import book, chapter
from warning_lights.book import make

CASES = sorted((Path(__file__).parent / "cases" / "long_words").glob("*.yml"))

Box = tuple[float, float, float, float]  # Left, bottom, right, top, in points.


def letters(pdf: bytes) -> list[list[tuple[str, Box]]]:
    """The visible letters of each page, in the order of its text."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        text = page.get_textpage()
        boxes = [(text.get_text_range(n, 1), text.get_charbox(n)) for n in range(text.count_chars())]
        pages.append([(letter, box) for letter, box in boxes if letter.isprintable() and letter.strip()])
    document.close()
    return pages


def covers(one: Box, two: Box) -> bool:
    """Whether a third of the smaller of two letters lies over the other; those of a ligature share a box."""
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, two)]
    return one != two and width > 0 and height > 0 and width * height > min(areas) / 3


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_letter_can_be_seen(case: Path) -> None:
    page = yaml.safe_load(case.read_text(encoding="utf-8"))["page"]
    pdf, findings = make(book(chapter(page)), None)
    assert findings == []
    text = letters(pdf)[-1]
    assert len(text) > 100
    for one, two in combinations(text, 2):
        assert not covers(one[1], two[1]), (one, two)
    assert all(box[0] > 50 and box[2] < 595 - 50 for _, box in text)  # Points; A4 is 595 wide.


def test_a_text_from_right_to_left_is_set_so() -> None:
    html = (
        '<h1>A</h1><p dir="rtl" lang="ar">هذا نص عربي فيه ISIS داخل النص.</p>'
        '<ul><li dir="rtl" lang="ar">نص</li></ul><p>In <span dir="rtl" lang="fa">نص، کلمه.</span> it.</p>'
    )
    pdf, findings = make(book(chapter(html)), None)
    assert findings == []
    text = letters(pdf)[-1]
    first = next(box for letter, box in text if letter == "ه")
    latin = [box for letter, box in text if letter == "S"]
    stop = min((box for letter, box in text if letter == "."), key=lambda box: box[0])
    assert first[0] > 480 > latin[0][2] > latin[0][0] > stop[2]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        languages = {str(node.Lang) for node in document.objects if is_element(node) and "/Lang" in node}
        content = document.pages[-1].Contents.read_bytes()
    assert "ar" in languages  # Of paragraphs and items; that of a part of them stands beside the text itself:
    assert b"/Lang(fa)" in content


@pytest.mark.parametrize(
    "html",
    [
        '<p dir="rtl" lang="fa">متن</p>',
        '<blockquote dir="rtl" lang="fa"><p>متن</p></blockquote>',
        '<h2 dir="rtl" lang="fa">متن</h2>',
        '<ul dir="rtl" lang="fa"><li>متن</li></ul>',
    ],
    ids=lambda html: html.partition(" ")[0],
)
def test_a_block_from_right_to_left_begins_at_the_right_margin(html: str) -> None:
    pdf, findings = make(book(chapter(f"<h1>A</h1>{html}")), None)
    assert findings == []
    assert next(box for letter, box in letters(pdf)[-1] if letter == "م")[0] > 450


def test_an_override_turns_the_letters_whatever_they_are() -> None:
    html = '<h1>T</h1><p>In <bdo dir="rtl">AB<em>C</em></bdo> and <bdo dir="ltr" lang="fa">مت</bdo>.</p>'
    pdf, findings = make(book(chapter(html)), None)
    assert findings == []
    left = {letter: box[0] for letter, box in letters(pdf)[-1]}
    assert left["I"] < left["C"] < left["B"] < left["A"] < left["d"]
    assert left["م"] < left["ت"]


def is_element(node: object) -> bool:
    return isinstance(node, pikepdf.Dictionary) and "/S" in node
