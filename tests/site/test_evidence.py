"""The timeline, the charts and the glossary as readers meet them: by keyboard, in print, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.fixtures import Visit
from warning_lights.data.vega import NARROW


def told(page: Page) -> tuple[int, int]:
    """(shown, all) as the filter announces it."""
    m = re.match(r"(\d+) of (\d+) events", page.get_by_role("status").inner_text())
    assert m is not None
    return int(m[1]), int(m[2])


def test_the_timeline_is_filtered_by_keyboard(visit: Callable[..., Visit]) -> None:
    seen = visit("timeline/", width=390)
    page = seen.page
    shown, whole = told(page)
    assert shown == whole == page.locator(".event:visible").count() >= 60
    page.get_by_label("Country").focus()
    page.keyboard.type("Iran")
    few, _ = told(page)
    assert 0 < few == page.locator(".event:visible").count() < whole
    assert page.locator(".timeline h2:visible").count() == page.locator(".events:visible").count()
    # An event that is filtered out is shown when an address leads to it.
    page.evaluate("location.hash = '#event-1994-rahmon-rule'")
    expect(page.locator("#event-1994-rahmon-rule")).to_be_in_viewport()
    page.get_by_role("combobox", name="Kind").select_option("claim")
    page.get_by_role("button", name="Show all").press("Enter")
    expect(page.get_by_role("status")).to_contain_text(f"{whole} of {whole}")
    assert seen.faults() == []


def test_a_phone_shows_the_latest_years_of_the_strip_first(visit: Callable[..., Visit]) -> None:
    page = visit("timeline/", width=390).page
    strip = page.locator(".timeline-strip")
    edge = "node => node.getBoundingClientRect().right"
    assert strip.locator("thead button").last.evaluate(edge) <= strip.evaluate(edge) + 1
    strip.locator("thead button").first.focus()
    expect(strip.locator("thead button").first).to_be_in_viewport()


def test_all_is_there_without_scripts(visit: Callable[..., Visit]) -> None:
    seen = visit("timeline/", java_script_enabled=False)
    assert seen.page.locator(".event:visible").count() >= 60
    assert seen.page.locator(".timeline-filter").count() == 0
    seen.go("figures/")
    assert seen.page.locator("figure.chart svg:is([role=img], [role=group]):visible").count() >= 2
    seen.go("glossary/")
    assert seen.page.locator(".glossary dt[id]:visible").count() >= 120


@pytest.mark.parametrize("width", [390, 1440])
def test_each_mark_of_a_chart_leads_to_its_case_once(visit: Callable[..., Visit], width: int) -> None:
    for path in ("figures/", "map/"):
        links = visit(path, width=width).page.locator(".chart-drawing a:visible")
        targets = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
        assert len(targets) == len(set(targets)) > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_can_be_read_on_a_phone(visit: Callable[..., Visit], scheme: str) -> None:
    seen = visit("figures/", width=320, scheme=scheme)
    page = seen.page
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    smallest = page.evaluate(
        "width => Math.min(...[...document.querySelectorAll('.narrow text')].map(text => parseFloat("
        "text.getAttribute('font-size')) * text.ownerSVGElement.getBoundingClientRect().width / width))",
        NARROW,
    )
    assert smallest >= 11
    colours = page.evaluate(
        "['.chart-drawing text', 'body'].map((s, i) => getComputedStyle(document.querySelector(s))"
        "[i ? 'backgroundColor' : 'fill'])"
    )
    lightness = [sum(map(int, re.findall(r"\d+", colour)[:3])) for colour in colours]
    assert (lightness[0] < lightness[1]) == (scheme == "light")
    assert abs(lightness[0] - lightness[1]) > 380
    assert seen.faults() == []


def test_the_table_of_a_chart_is_printed_though_it_is_closed(visit: Callable[..., Visit]) -> None:
    page = visit("figures/").page
    cell = page.get_by_role("cell", name="By subtraction", exact=False)
    expect(cell).not_to_be_visible()
    page.emulate_media(media="print")
    height = page.evaluate("document.querySelector('.chart-data table').getBoundingClientRect().height")
    assert height > 50


def test_a_term_explains_itself_by_keyboard_and_leads_to_the_glossary(visit: Callable[..., Visit]) -> None:
    seen = visit("sources/new-york-times/", width=390)
    term = seen.page.locator("a.term").first
    term.focus()
    seen.page.keyboard.press("Shift+Tab")
    seen.page.keyboard.press("Tab")
    expect(seen.page.locator(".note-card")).to_contain_text("Central Asian state")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/glossary/#term-*")
    name = seen.page.url.partition("#")[2]
    expect(seen.page.locator(f"[id='{name}']")).to_be_in_viewport()
    back = seen.page.locator(f"[id='{name}'] + dd .occurs a", has_text="New York Times").first
    back.press("Enter")
    seen.page.wait_for_url("**/new-york-times/#mention-*")
    assert seen.faults() == []
