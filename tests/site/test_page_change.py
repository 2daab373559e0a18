"""From page to page: fetched ahead, faded over, and everything on the next page works as on the first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.fixtures import FLAGS, Visit, chromium, wait_until

CTC = "sources/ctc-sentinel/"
SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
REVEALED = "addEventListener('pagereveal', event => (window.faded = Boolean(event.viewTransition)))"


def requested(seen: Visit, path: str) -> int:
    return sum(each.url == seen.site + path for each in seen.responses)


def menu_link(page: Page, name: str) -> None:
    page.locator("#menu").get_by_role("link", name=name, exact=True).first.click()


def test_cards_filters_and_search_survive_a_change_of_page(visit: Callable[..., Visit]) -> None:
    seen = visit("about/")
    page = seen.page
    menu_link(page, "Timeline")
    page.wait_for_url("**/timeline/")
    page.get_by_label("Country").select_option("Iran")
    expect(page.locator(".timeline-filter [role=status]")).not_to_have_text(re.compile(r"(\d+) of \1 .*"))
    menu_link(page, "Sources")
    page.locator(f"main a[href*='{CTC.partition('/')[2]}']").first.click()
    page.wait_for_url(f"**/{CTC}*")
    page.locator("section.notes").wait_for(state="attached")
    page.locator(".note-call a").nth(2).hover()
    expect(page.locator(".note-card")).to_have_count(1)
    page.go_back()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert seen.faults() == []


def test_the_next_page_is_fetched_ahead_once_and_nothing_else_is(visit: Callable[..., Visit]) -> None:
    seen = visit("about/")
    page, link = seen.page, seen.page.locator("#menu").get_by_role("link", name="Glossary")
    page.wait_for_timeout(300)
    assert not requested(seen, "glossary/"), "A first visit requests nothing but its own page."
    with page.expect_response(seen.site + "glossary/"):
        link.hover()
    page.mouse.move(2, 2)
    link.hover()
    page.locator("a[href$='.pdf']").first.hover()
    page.wait_for_timeout(200)
    assert requested(seen, "glossary/") == 1
    assert not [each.url for each in seen.responses if each.url.endswith(".pdf")]
    assert seen.faults() == []


def test_who_saves_data_fetches_nothing_ahead(visit: Callable[..., Visit]) -> None:
    seen = visit("about/")
    seen.page.context.add_init_script(SAVES_DATA)
    seen.go("about/")
    seen.page.locator("#menu").get_by_role("link", name="Glossary").hover()
    seen.page.wait_for_timeout(300)
    assert not requested(seen, "glossary/")


@pytest.mark.parametrize(("motion", "faded"), [("no-preference", True), ("reduce", False)])
def test_a_page_is_faded_over_for_who_does_not_mind(
    visit: Callable[..., Visit], motion: str, faded: bool
) -> None:
    seen = visit("about/", reduced_motion=motion)
    seen.page.context.add_init_script(REVEALED)
    menu_link(seen.page, "Glossary")
    seen.page.wait_for_url("**/glossary/")
    wait_until(seen.page, "window.faded !== undefined")
    assert seen.page.evaluate("window.faded") is faded
    assert seen.faults() == []


def test_a_page_that_comes_back_as_it_was_takes_the_colours_chosen_meanwhile(
    browser: Browser, site: str
) -> None:
    """Readers' browsers keep the pages that are left; one under test is started so that it does not."""
    keeping = browser.browser_type.launch(
        executable_path=chromium(), args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    page = keeping.new_page()
    page.add_init_script("addEventListener('pageshow', event => (window.restored = event.persisted))")
    page.goto(site + CTC)
    page.goto(site + "glossary/")
    page.get_by_role("button", name="Colours of the system").click()
    page.evaluate("history.back()")
    page.wait_for_url(f"**/{CTC}", wait_until="commit")
    wait_until(page, "window.restored")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    keeping.close()
