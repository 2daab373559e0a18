"""Back, links to a row, and paper: the reader is shown what was there before, and what a link names."""

from __future__ import annotations

import re
from collections.abc import Callable

import pypdfium2  # type: ignore[import-untyped]
from playwright.sync_api import expect

from browser.fixtures import Visit


def test_back_from_a_result_shows_the_results_again(visit: Callable[..., Visit]) -> None:
    page = visit("about/").page
    page.keyboard.press("Control+k")
    page.keyboard.type("Kurilla")
    page.get_by_role("dialog").get_by_role("link", name=re.compile("Kurilla, General")).first.click()
    page.wait_for_url("**/glossary/#term-general-kurilla*")
    page.go_back()
    page.wait_for_url("**/about/?q=Kurilla")
    expect(page.get_by_role("dialog").get_by_role("link").first).to_be_visible()


def test_back_shows_the_events_that_the_address_names(visit: Callable[..., Visit]) -> None:
    page = visit("timeline/?country=Germany").page
    page.evaluate("location.hash = 'year-2024'")
    page.get_by_label("Country").select_option("Russia")
    page.go_back()
    page.wait_for_url("**/timeline/?country=Germany")
    expect(page.get_by_label("Country")).to_have_value("Germany")


def test_the_row_that_a_link_names_is_lit(visit: Callable[..., Visit]) -> None:
    page = visit("themes/disagreements/#differ-territory").page
    colours = "row => [...row.cells].map(cell => getComputedStyle(cell).backgroundColor)"
    lit = set(page.locator("tr:target").evaluate(colours))
    assert len(lit) == 1
    assert lit.isdisjoint(page.locator("tr:has(+ tr:target)").evaluate(colours))


def test_paper_has_a_note_for_each_number(visit: Callable[..., Visit]) -> None:
    """Those of tables too, which a screen opens only when asked."""
    page = visit("map/").page
    notes = page.locator("section.notes li.note").count()
    with pypdfium2.PdfDocument(page.pdf()) as paper:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    printed = re.findall(r"^\d+ ?(?:CTC|HSNW|NYT)|^(?:CTC|HSNW|NYT) ", text, re.MULTILINE)
    assert len(printed) > 20
    assert notes - len(printed) < 3, "Only a note with words of its own begins otherwise."
