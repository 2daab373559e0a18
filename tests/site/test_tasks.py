"""What readers come for, counted in clicks: from home, from a claim, with keys alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route

from browser.fixtures import Visit, wait_until
from browser.test_pages import PAGES

CTC = "sources/ctc-sentinel/"
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
COPIED = "navigator.clipboard.readText()"
# Each call of a note, with whether its note leads out of the site.
LEADS = """() => [...document.querySelectorAll("article .note-call a[role=doc-noteref]")].map(call => {
    const note = document.getElementById(decodeURIComponent(call.hash.slice(1)));
    return [call.textContent, Boolean(note?.querySelector(":is(.passage, .reference a)[href^=http]"))];
})"""
# The stops of the Tab key are in sight, and are seen to have the focus.
STOP = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    if (at === document.body) return null;
    const seen = box.bottom > 0 && box.top < innerHeight && box.left < innerWidth;
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return [at.outerHTML.slice(0, 120), seen && ring];
}"""


class Clicks:
    """A reader with a mouse, whose clicks are counted."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, target: Locator) -> None:
        target.click()
        self.count += 1


def passage_opened_by(page: Page, click: Clicks, link: Locator) -> str:
    """The address that a link to a source asks for; nothing leaves the machine."""
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(re.compile(r"^https://"), refuse)
    href = link.get_attribute("href") or ""
    click(link)
    page.wait_for_timeout(200)
    assert asked
    assert asked[0] == href.partition("#")[0]
    return href


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_every_claim_leads_out(visit: Callable[..., Visit], path: str) -> None:
    """From each call of a note to the words of the source, or to the work: no note without a way out."""
    assert [call for call, out in visit(path).page.evaluate(LEADS) if not out] == []


def test_one_click_from_a_claim_to_its_passage(visit: Callable[..., Visit]) -> None:
    """At a desk the note stands beside the claim; on other windows its card opens without a click."""
    for width in (1440, 800):
        page, click = visit(CTC, width=width).page, Clicks()
        page.locator("a[href='#fn:@ctc-5']").first.hover()
        link = page.locator(":is([id='fn:@ctc-5'].lit, .note-card) a.passage:visible").first
        assert ":~:text=" in passage_opened_by(page, click, link)
        assert click.count == 1


def test_two_clicks_to_a_citation_on_the_clipboard(visit: Callable[..., Visit]) -> None:
    """Of the page, by *Cite*; of one sentence, by the card of its note."""
    page, click = visit(CTC, **CLIPBOARD).page, Clicks()
    click(page.get_by_role("button", name="Cite"))
    click(page.locator("#cite").get_by_role("button", name="Copy").first)
    wait_until(page, f"{COPIED}.then(text => text.startsWith('The contributors'))")
    assert click.count == 2
    page.keyboard.press("Escape")
    page.locator("a[href='#fn:@ctc-5']").first.hover()
    click(page.locator(".note-card").get_by_role("button", name="Copy", exact=True))
    wait_until(page, f"{COPIED}.then(text => text.startsWith('The Moscow attack'))")
    assert click.count == 3


def test_two_clicks_from_home_to_any_disagreement(visit: Callable[..., Visit]) -> None:
    """One to the page, which has all of them; each has an address, and can be linked to."""
    page, click = visit().page, Clicks()
    click(page.locator("main a[href*='themes/disagreements/']").first)
    page.wait_for_url("**/themes/disagreements/*")
    rows = page.locator("article tbody tr")
    assert rows.count() > 30
    without = "rows => rows.filter(row => !row.matches('[id]') && !row.querySelector('[id^=differ-]')).length"
    assert rows.evaluate_all(without) == 0
    assert click.count <= 2


def test_two_clicks_from_home_to_plots_in_germany(visit: Callable[..., Visit]) -> None:
    """One to the timeline, one choice there."""
    page, click = visit().page, Clicks()
    click(page.locator("main a[href$='timeline/'], #menu a[href$='timeline/']").first)
    page.locator(".timeline-filter select[name=country]").select_option("Germany")
    assert page.locator(".event:visible").count() >= 3
    assert page.url.endswith("/timeline/?country=Germany")
    assert click.count == 1


@pytest.mark.parametrize("path", ["", "figures/", "themes/", "themes/disagreements/"])
def test_every_stop_of_the_tab_key_is_seen(visit: Callable[..., Visit], path: str) -> None:
    """From the first stop to the end of the page, nothing holds the focus."""
    page = visit(path).page
    stops = 0
    while stops < 2000:
        page.keyboard.press("Tab")
        if (stop := page.evaluate(STOP)) is None:
            break
        assert stop[1], stop[0]
        stops += 1
    assert 20 < stops < 2000
