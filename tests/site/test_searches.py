"""What readers type, however they spell it, leads to the right place among the first three results."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from browser.fixtures import Visit
from conftest import Build

KHORASAN = "glossary/#term-islamic-state-khorasan"
# (what is typed, the place that must be among the first three, what the status line must say)
SEARCHES = [
    ("Tajikstan", "glossary/#term-tajikistan", "No place has “Tajikstan”"),
    ("Kurila", "glossary/#term-general-kurilla", "No place has “Kurila”"),
    ("al-Qaida", "glossary/#term-al-qaeda", ""),
    ("al-Qa'ida", "glossary/#term-al-qaeda", ""),
    ("al-Qaʿida", "glossary/#term-al-qaeda", ""),
    ("Shi'a", "glossary/#term-shia", ""),
    ("Daesh", "glossary/#term-islamic-state", ""),
    ("ISIL", "glossary/#term-islamic-state", ""),
    ("IS-K", KHORASAN, ""),
    ("UC strike", "sources/homeland-security-newswire/#a-strike-under-court-order", ""),
    ("organization", "themes/disagreements/#differ-moscow-example", ""),
    ("migrants", "sources/new-york-times/#poverty-and-migration", ""),
    ("Tajik labor migrants", "sources/new-york-times/#the-question", ""),
    ("synagogue", "timeline/#event-2024-kaluga-cell", ""),
    ("Moscow attack", "timeline/#event-2024-crocus-city-hall", ""),
    ("Crocus", "timeline/#event-2024-crocus-city-hall", ""),
    ("radicalization", "bibliography/#ref:ctc-48", ""),
    ("migrant", "timeline/#event-2024-moscow-charges", ""),
    ("al-Qa`ida", "glossary/#term-al-qaeda", ""),
    ("42", "bibliography/#ref:ctc-42", ""),
    ("note 42", "bibliography/#ref:ctc-42", ""),
    ("莫斯科恐怖袭击", "timeline/#event-2024-crocus-city-hall", ""),
    ("恐怖主义", "sources/homeland-security-newswire/#warnings-of-terrorism", ""),
    ("塔吉克斯坦", "glossary/#term-tajikistan", ""),
    ("莫斯科", "timeline/#event-2024-crocus-city-hall", ""),
    ("伊斯兰国呼罗珊省", KHORASAN, ""),
    ("Вилаят Хорасан", KHORASAN, ""),
    ("Москва", "timeline/#event-2024-crocus-city-hall", ""),
    ("Таджикистан", "glossary/#term-tajikistan", ""),
    (
        "migrant germany",
        "timeline/#event-2024-germany-seven-charged",
        "No place has all words. Each says which it lacks.",
    ),
    ("synagogue volcano", "timeline/#event-2024-kaluga-cell", "Missing: “volcano”"),
]


def first_three(page: Page, site: str, query: str) -> list[str]:
    """The addresses of the first three results, without the words to light."""
    page.locator("#search-words").fill(query)
    expect(page.locator("#search-results")).to_have_attribute("data-query", query)
    links = page.locator("#search-results > ol a").evaluate_all("links => links.slice(0, 3).map(a => a.href)")
    plain = [re.sub(r"\?[^#]*", "", link.removeprefix(site)) for link in links]
    return [link.replace("/index.html", "/") for link in plain]  # As pages are named in the copy on disk.


def check_all(page: Page, site: str) -> None:
    page.keyboard.press("/")
    expect(page.locator(".suggestion").first).to_be_visible()
    wrong = {}
    for query, place, said in SEARCHES:
        found = first_three(page, site, query)
        if place not in found or said not in page.locator("#search-status").inner_text():
            wrong[query] = (found, page.locator("#search-status").inner_text())
    assert not wrong


def test_words_of_other_languages_are_marked_as_such(visit: Callable[..., Visit]) -> None:
    page = visit().page
    page.keyboard.press("/")
    expect(page.locator(".suggestion", has_text="莫斯科")).to_have_attribute("lang", "zh")
    expect(page.locator(".suggestion", has_text="Kurilla")).to_have_attribute("lang", "en")
    page.locator("#search-words").fill("Вилаят Хорасан")
    expect(page.locator("#search-words")).to_have_attribute("lang", "ru")


def lit(page: Page) -> tuple[str, float]:
    """The first words that are lit, and their distance from the upper edge of the window."""
    for _ in range(50):
        found = page.evaluate(
            "[...CSS.highlights.get('found') || []].map(r => [r.toString(), r.getBoundingClientRect().top])"
        )
        if found:
            return str(found[0][0]), float(found[0][1])
        page.wait_for_timeout(100)
    raise AssertionError("Nothing is lit.")


def test_searches_on_the_site(visit: Callable[..., Visit]) -> None:
    seen = visit()
    check_all(seen.page, seen.site)
    assert seen.faults() == []


def test_words_are_lit_where_a_result_leads(visit: Callable[..., Visit]) -> None:
    seen = visit("?q=synagogue", width=390)
    page = seen.page
    page.locator("#search-results a[href*='#event-2024-kaluga-cell']").click()
    page.wait_for_url("**/timeline/#event-2024-kaluga-cell")
    words, top = lit(page)
    assert words == "synagogue"
    assert 0 < top < 900
    page.keyboard.press("Control+k")
    page.locator("#search-words").fill("")
    expect(page.locator(".suggestion").first).to_have_text("synagogue")
    page.locator("#search-words").fill("Kurilla")
    page.wait_for_url("**/timeline/?q=Kurilla*")
    page.keyboard.press("Escape")
    page.wait_for_url("**/timeline/#event-2024-kaluga-cell")
    assert seen.faults() == []


def test_searches_from_disk(built_site: Build, browser: Browser, tmp_path: Path) -> None:
    with zipfile.ZipFile(next(built_site.site.glob("downloads/*-offline.zip"))) as packed:
        packed.extractall(tmp_path)
    start = next(tmp_path.glob("**/glossary/index.html"))
    page = browser.new_page()
    page.goto(start.as_uri())
    check_all(page, start.parent.parent.as_uri() + "/")
    page.locator("#search-words").fill("synagogue")
    page.locator("#search-results a[href*='#event-2024-kaluga-cell']").click()
    assert lit(page)[0] == "synagogue"
    page.close()
