"""What readers come for, with the keyboard, with a finger, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from browser.fixtures import Visit, wait_until
from browser.test_pages import PAGES

CTC = "sources/ctc-sentinel/"
CALL = ".note-call a[role=doc-noteref]"


def opened(entry: Locator) -> None:
    """*Cited at* is open, or is opened by its key."""
    details = entry.locator("details.cited-at")
    if details.count() and details.get_attribute("open") is None:
        entry.locator("details.cited-at summary").press("Enter")


def test_from_claim_to_source_and_back(visit: Callable[..., Visit]) -> None:
    """A claim, its note, the entry, and back to that very claim by *Cited at*: keys only."""
    seen = visit(CTC, width=390)
    page = seen.page
    call = page.locator("a[href='#fn:@ctc-7']").first
    call.focus()
    page.keyboard.press("Enter")
    note = page.locator("[id='fn:@ctc-7']")
    expect(note).to_be_in_viewport()
    note.locator(".entry-link").focus()
    page.keyboard.press("Enter")
    entry = page.locator("[id='ref:ctc-7']")
    expect(entry).to_be_in_viewport()
    opened(entry)
    back = entry.locator(f".cited-at a[href*='{CTC}']").first
    back.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ctc-sentinel/#fnref*ctc-7")
    expect(page.locator("[id='fnref:@ctc-7']")).to_be_in_viewport()
    assert seen.faults() == []


def test_card_by_keyboard(visit: Callable[..., Visit]) -> None:
    seen = visit(CTC, width=390)
    page, card = seen.page, seen.page.locator(".note-card")
    page.locator(CALL).first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(card).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "note-card"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.note-card') !== null"), "Tab leads into the card."
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert page.evaluate(f"document.activeElement.matches('{CALL}')"), "The focus is back on the call."
    assert seen.faults() == []


def test_card_stays_under_the_pointer(visit: Callable[..., Visit]) -> None:
    page = visit(CTC, width=800).page
    card = page.locator(".note-card")
    page.locator(CALL).nth(2).hover()
    expect(card).to_be_visible()
    card.hover()
    page.wait_for_timeout(600)
    expect(card).to_be_visible()
    page.mouse.move(2, 2)
    expect(card).to_have_count(0)


def test_card_by_touch(visit: Callable[..., Visit]) -> None:
    page = visit(CTC, width=390, has_touch=True).page
    card = page.locator(".note-card")
    page.locator(CALL).nth(2).tap()
    expect(card).to_be_visible()
    assert "#" not in page.url, "The first tap stays where the reader reads."
    page.locator("h1").tap()
    expect(card).to_have_count(0)


def test_a_finger_gets_a_sheet_with_the_passage_and_the_next_note(visit: Callable[..., Visit]) -> None:
    seen = visit(CTC, width=390, has_touch=True)
    page, sheet = seen.page, seen.page.locator(".note-card.sheet")
    page.locator("a[href='#fn:@ctc-5']").first.tap()
    expect(sheet).to_contain_text("CTC n. 5 · ¶ 1")
    expect(sheet).to_contain_text("From Tajikistan to Moscow")  # In full, though the list has it once.
    expect(sheet).to_contain_text("Cited for the statement that")
    assert ":~:text=" in (sheet.locator("a.passage").first.get_attribute("href") or "")
    sheet.get_by_role("button", name="Next note").tap()
    expect(sheet).not_to_contain_text("n. 5 ·")
    expect(page.locator(".note-call a.shown")).to_be_in_viewport()
    expect(sheet.get_by_role("button", name="Next note")).to_be_focused()
    shown = page.locator(".note-call a.shown").get_attribute("href")
    sheet.get_by_role("button", name="Close").tap()
    expect(sheet).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('href')") == shown
    assert seen.faults() == []


def test_the_gesture_that_goes_back_closes_a_sheet_and_leaves_the_page_open(
    visit: Callable[..., Visit],
) -> None:
    page = visit(width=390, has_touch=True).page
    page.add_init_script(
        "window.CloseWatcher = class extends CloseWatcher {"
        " constructor() { super(); window.watcher = this; } };"
    )
    page.goto(page.url + CTC)
    page.locator(CALL).first.tap()
    expect(page.locator(".note-card.sheet")).to_be_visible()
    page.evaluate("watcher.requestClose()")  # As the system does for the gesture.
    expect(page.locator(".note-card.sheet")).to_have_count(0)
    assert page.url.endswith(CTC)


def test_a_click_on_a_call_whose_note_is_in_sight_moves_nothing(visit: Callable[..., Visit]) -> None:
    page = visit(CTC).page
    call = page.locator(f"{CALL}[href='#fn:@ctc-5']").first
    call.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    call.click()
    assert page.evaluate("scrollY") == before
    assert page.url.endswith("#fn:@ctc-5")
    note = page.locator("[id='fn:@ctc-5']")
    expect(note).to_have_class(re.compile(r"\blit\b"))
    page.mouse.move(2, 2)
    page.wait_for_timeout(500)
    expect(note).to_have_class(re.compile(r"\blit\b"))  # Until the next click.
    expect(note.locator(".whole")).to_be_visible()
    page.mouse.click(2, 2)
    expect(note).not_to_have_class(re.compile(r"\blit\b"))
    expect(note.locator(".whole")).to_be_hidden()  # At rest, one line.
    assert note.evaluate("note => note.getBoundingClientRect().height") < 30


def test_notes_stand_beside_their_calls(visit: Callable[..., Visit]) -> None:
    """At the side, in order, none over another, and each at most a third of the window too low."""
    page = visit(CTC).page
    page.wait_for_timeout(200)
    boxes = page.evaluate(
        f"""() => {{
            const seen = new Set();
            return [...document.querySelectorAll("{CALL}")].flatMap(call => {{
                const note = document.getElementById(decodeURIComponent(call.hash.slice(1)));
                if (seen.has(note) || !note.matches(".side")) return [];
                seen.add(note);
                const at = note.getBoundingClientRect();
                return [[call.getBoundingClientRect().top, at.top, at.bottom, at.left]];
            }});
        }}"""
    )
    assert len(boxes) > 100
    column = page.locator("article > p").first.bounding_box()
    assert column is not None
    assert all(left >= column["x"] + column["width"] for *_, left in boxes)
    ordered = sorted(boxes, key=lambda box: box[1])
    assert all(one[2] <= other[1] for one, other in pairwise(ordered))
    assert max(top - call for call, top, *_ in boxes) < 450


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_a_page_has_its_notes_in_one_place(visit: Callable[..., Visit], path: str) -> None:
    """All in the margin, or all in the list at its end; the menu leads to the list alone."""
    page = visit(path).page
    page.wait_for_timeout(200)
    seen = page.locator("section.notes li.note:visible")
    beside = seen.evaluate_all("notes => notes.filter(note => note.matches('.side')).length")
    assert beside in {0, seen.count()}
    assert page.locator(".on-this-page a[href='#page-notes']:visible").count() == (beside < seen.count())


def test_one_number_is_seen_at_the_end_of_a_run_of_sentences(visit: Callable[..., Visit]) -> None:
    """Those before it take no room, are seen by who reaches them, and know their own sentence."""
    page = visit(CTC, permissions=["clipboard-read", "clipboard-write"]).page
    hidden = page.locator(".note-call.repeated")
    style = "node => [getComputedStyle(node).opacity, getComputedStyle(node).position]"
    assert hidden.count() > 3
    assert hidden.evaluate_all(
        f"nodes => nodes.map({style}).every(([o, p]) => o === '0' && p === 'absolute')"
    )
    call = hidden.first
    said = call.evaluate("node => node.previousSibling.textContent.trim().split('\\n').at(-1)")
    call.locator("a").focus()
    assert call.evaluate(style)[0] == "1"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("c")
    wait_until(page, f"navigator.clipboard.readText().then(text => text.includes({said!r}))")
    page.evaluate("id => { location.hash = id }", call.get_attribute("id"))
    assert call.evaluate(style) == ["1", "static"]


def test_search(visit: Callable[..., Visit]) -> None:
    """By keys: fetched when opened; by another name for the same; pages before notes; Enter goes there."""
    seen = visit("about/")
    page = seen.page
    assert not [each.url for each in seen.responses if "search_index" in each.url]
    page.keyboard.press("Control+k")
    page.keyboard.type("Wray")
    expect(page.locator("#search-status")).to_contain_text("found")
    results = page.locator("#search-results li")
    expect(results.first.locator("mark").first).to_have_text("Wray")
    assert "#fn" not in (results.first.locator("a").get_attribute("href") or "")
    assert results.locator("a[href$='#ref:wray2024opening']").count() == 1
    page.keyboard.press("Control+a")
    page.keyboard.type("ISKP")
    expect(results.filter(has_text="ISIS-K").first).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("still striking")
    expect(results.first).to_contain_text("Still striking")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ctc-sentinel/#down-but-not-out")
    assert seen.faults() == []


def test_unknown_address_is_searched_for(visit: Callable[..., Visit]) -> None:
    seen = visit("sources/ctc-sentinal/evolving-enviroment")
    page = seen.page
    expect(page.locator("#search-words")).to_have_value("sources ctc sentinal evolving enviroment")
    page.locator("#search-words").fill("sentinel")
    expect(page.locator("#search-results a").first).to_have_attribute(
        "href", f"{seen.site}{CTC}?mark=sentinel"
    )
    assert page.locator("main a[href$='sources/ctc-sentinel/']").count() == 1
    assert not seen.foreign


def test_download(visit: Callable[..., Visit]) -> None:
    seen = visit()
    link = seen.page.locator("a[href$='warning-lights.pdf']").first
    response = seen.page.request.get(seen.site + (link.get_attribute("href") or ""))
    assert response.ok
    assert response.body().startswith(b"%PDF")
    for path in ("about/", CTC, "bibliography/"):
        seen.go(path)
        assert seen.page.locator("a[href$='downloads/warning-lights.pdf']").count()


def test_menu_and_skip_link_by_keyboard(visit: Callable[..., Visit]) -> None:
    page = visit(CTC, width=390).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.locator(".menu-button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Bibliography", exact=True).click()
    page.wait_for_url("**/bibliography/")


def test_filtered_timeline_keeps_its_notes_in_place(visit: Callable[..., Visit]) -> None:
    seen = visit("timeline/")
    page = seen.page
    country = page.locator(".timeline-filter select[name=country]")
    country.focus()
    country.select_option(label="Iran")
    expect(page.locator(".timeline-filter [role=status]")).not_to_have_text(re.compile(r"(\d+) of \1 .*"))
    page.wait_for_timeout(300)
    call = page.locator(f".event:visible {CALL}").last
    note = page.locator(f"[id='{(call.get_attribute('href') or '')[1:]}']")
    at, beside = call.bounding_box(), note.bounding_box()
    assert at
    assert beside
    assert beside["x"] > at["x"]
    assert abs(beside["y"] - at["y"]) < 300
    assert seen.faults() == []


def test_the_choice_of_events_stands_in_the_address(visit: Callable[..., Visit]) -> None:
    """By the strip and by the address; the years in the menu follow; the newest first; and back."""
    seen = visit("timeline/?country=germany&kind=arrests")
    page, status = seen.page, seen.page.locator(".timeline-filter [role=status]")
    total = page.locator(".event").count()
    expect(status).to_have_text(re.compile(rf"^[1-5] of {total} events shown$"))
    assert page.locator(".event:visible").first.get_attribute("data-country") == "Germany"
    expect(page.locator(".on-this-page a[href='#year-1992']")).to_be_hidden()
    page.get_by_role("button", name="Show all").click()
    expect(status).to_have_text(f"{total} of {total} events shown")
    page.get_by_role("button", name="attack, 2024").press("Enter")
    page.wait_for_url("**/timeline/?year=2024&kind=attack")
    shown = page.locator(".event:visible").count()
    assert page.get_by_role("button", name="attack, 2024").inner_text() == str(shown)
    page.get_by_label("Newest first").check()
    page.get_by_role("button", name="attack, 2024").press("Enter")
    page.wait_for_url("**/timeline/?order=newest")
    assert page.locator(".timeline h2:visible").first.inner_text().startswith("2024")
    assert page.locator(".timeline h2:visible").last.inner_text().startswith("1992")
    assert seen.faults() == []


def test_light_dark_or_as_the_system_has_it(visit: Callable[..., Visit]) -> None:
    """Three states in turn, by keys; what is chosen is kept, and the system can be chosen again."""
    seen = visit("about/", scheme="dark")
    page = seen.page
    background = "getComputedStyle(document.body).backgroundColor"
    system = page.evaluate(background)
    page.get_by_role("button", name="Colours of the system").press("Enter")
    light = page.evaluate(background)
    assert light != system
    seen.go("bibliography/")
    assert page.evaluate(background) == light
    page.get_by_role("button", name="Light. Switch to dark").press("Enter")
    expect(page.get_by_role("button", name="Dark. Switch to the colours of the system")).to_be_focused()
    assert page.evaluate(background) == system
    page.keyboard.press("Enter")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(background) == light
    assert page.context.cookies() == []


def test_keys_are_listed_and_single_ones_can_be_switched_off(visit: Callable[..., Visit]) -> None:
    page = visit("about/").page
    box, search = page.get_by_role("dialog", name="Keys"), page.locator("#search")
    page.keyboard.press("?")
    expect(box).to_contain_text("Search; also Ctrl+K")
    box.get_by_label("Keys / and ? are on").uncheck()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(box).to_have_count(0)
    expect(search).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    box.get_by_label("Keys / and ? are on").check()
    box.get_by_role("button", name="Close").click()
    page.keyboard.press("/")
    expect(search).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])  # The note on a card, and the note beside its call.
def test_a_sentence_is_copied_with_its_notes_and_its_address(visit: Callable[..., Visit], width: int) -> None:
    seen = visit(CTC, width=width, permissions=["clipboard-read", "clipboard-write"])
    page, card = seen.page, seen.page.locator(".note-card")
    copied = "navigator.clipboard.readText()"
    page.locator("a[href='#fn:@ctc-5']").first.hover()
    card.get_by_role("button", name="Copy", exact=True).click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()
    said, notes, address = page.evaluate(copied).split("\n\n")
    number = page.locator("a[href='#fn:@ctc-5']").first.inner_text()
    assert said.startswith("The Moscow attack of March 2024, which")
    assert said.endswith(f"drew attention to its reach. [{number}]")
    assert re.search(
        rf"^\[{number}\] CTC n\. 5 · ¶ 1.* https://ctc\.westpoint\.edu/\S+#:~:text=", notes, re.M
    )
    assert "Entry" not in notes
    seen.go(re.sub(r"^.*/some-repo/", "", address))
    expect(page.locator(".note-call:target")).to_be_in_viewport()
    page.locator(".note-call:target a").hover()
    card.get_by_role("button", name="Copy as Markdown").click()
    said, notes, address = page.evaluate(copied).split("\n\n")
    assert said.endswith(f"drew attention to its reach.[^{number}]")
    assert re.search(rf"^\[\^{number}\]: \[CTC n\. 5 · ¶ 1\]\(https://\S+\)", notes, re.M)
    assert re.fullmatch(r"\[.+ – Warning Lights\]\(http\S+#fnref:.+\)", address)
    assert seen.faults() == []


def test_a_sentence_is_copied_by_keys(visit: Callable[..., Visit]) -> None:
    """On the number of a note; beside its note in the margin it adds no stop for the Tab key."""
    page = visit(CTC, permissions=["clipboard-read", "clipboard-write"]).page
    page.locator("a[href='#fn:@ctc-5']").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".note-card")).to_be_visible()
    page.keyboard.press("m")
    wait_until(page, "navigator.clipboard.readText().then(text => text.includes('its reach.[^'))")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.note-card') === null")


def test_of_a_table_the_row_is_copied(visit: Callable[..., Visit]) -> None:
    page = visit("figures/", permissions=["clipboard-read", "clipboard-write"]).page
    page.locator("details.chart-data summary").first.click()
    page.locator("details.chart-data td .note-call a").first.hover()
    page.locator(".note-card").get_by_role("button", name="Copy", exact=True).click()
    page.wait_for_timeout(100)
    row = page.evaluate("navigator.clipboard.readText()").split("\n")[0]
    assert re.fullmatch(r"2020 \[\d+\]; Not divided in the source; 83", row)


def test_a_term_has_its_definition_on_the_same_card_as_a_note(visit: Callable[..., Visit]) -> None:
    """On hover, on focus, and as a sheet for a finger, whose second tap follows the link."""
    page, card = (seen := visit("figures/")).page, seen.page.locator(".note-card")
    term = page.locator("article a.term").first
    definition = "Affiliate of the Islamic State"
    term.hover()
    expect(card).to_contain_text(definition)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    page.locator("#content").focus()
    while not term.evaluate("term => term === document.activeElement"):
        page.keyboard.press("Tab")
    expect(card).to_contain_text(definition)
    page.keyboard.press("Tab")
    expect(card.get_by_role("link", name="In the glossary")).to_be_focused()
    page = (seen := visit("figures/", width=390, has_touch=True)).page
    page.locator("article a.term").first.tap()
    expect(page.locator(".note-card.sheet")).to_contain_text(definition)
    assert page.url.endswith("/figures/")
    page.get_by_role("button", name="Close").tap()
    expect(page.locator(".note-card")).to_have_count(0)
    page.locator("article a.term").first.tap()
    page.locator("article a.term").first.tap()
    page.wait_for_url("**/glossary/#term-*")
    assert seen.faults() == []


def test_without_scripts(visit: Callable[..., Visit]) -> None:
    """All but search, cards and the switch of colours is there."""
    seen = visit(CTC, width=390, java_script_enabled=False)
    page = seen.page
    expect(page.locator("section.notes li.note").last).to_be_visible()
    expect(page.get_by_role("button", name="Search")).to_be_hidden()
    page.locator("a[href='#fn:@ctc-7']").first.click()
    expect(page.locator("[id='fn:@ctc-7']")).to_be_in_viewport()
    page.locator(".menu-button").click()
    expect(page.get_by_role("link", name="Bibliography", exact=True)).to_be_visible()
    seen.go("bibliography/")
    page.locator(".coverage a").first.click()
    expect(page.locator(".entry:target")).to_be_in_viewport()
    opened(page.locator(".entry:target"))
    expect(page.locator(".entry:target .cited-at a").first).to_be_visible()


def test_printing_keeps_the_notes(visit: Callable[..., Visit]) -> None:
    page = visit(CTC).page
    page.emulate_media(media="print")
    expect(page.locator("#menu")).to_be_hidden()
    box = page.locator("section.notes li.note").last.bounding_box()
    end = page.locator("article > h2").last.bounding_box()
    assert box
    assert end
    assert box["y"] > end["y"], "The notes follow the text on paper."
    gaps = page.locator("section.notes li.note").evaluate_all(
        """notes => notes.slice(1).map((note, i) =>
            note.getBoundingClientRect().top - notes[i].getBoundingClientRect().bottom)"""
    )
    assert 0 <= min(gaps) <= max(gaps) < 30, "Nor does one stand where it stood beside the text."


@pytest.mark.parametrize("path", ["figures/", "map/", "themes/attacks-abroad/", "themes/disagreements/"])
def test_no_table_is_cut_off_on_paper(visit: Callable[..., Visit], path: str) -> None:
    """On A4 with the margins of the style sheet; below the text, how to cite the page."""
    page = visit(path, width=643).page
    page.emulate_media(media="print")
    page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
    edges = page.locator("article table").evaluate_all("all => all.map(t => t.getBoundingClientRect().right)")
    assert edges
    assert max(edges) <= 643
    expect(page.locator("#cite pre").first).to_be_visible()
    expect(page.locator("#cite pre").last).to_be_hidden()
    expect(page.locator(".imprint a[href$='feed.xml']")).to_be_hidden()


def test_notes_of_a_closed_table_stand_in_the_margin_when_it_is_open(visit: Callable[..., Visit]) -> None:
    """Until then those that are called from text in sight; then all, in the order of their numbers."""
    page = visit("figures/").page
    numbers = """notes => notes.map(note => [note.getBoundingClientRect().top,
        [...note.parentElement.children].indexOf(note)]).sort((a, b) => a[0] - b[0]).map(pair => pair[1])"""
    closed = page.locator("li.note.side").evaluate_all(numbers)
    called = page.locator(f"article {CALL}:visible").evaluate_all(
        "calls => calls.map(a => +a.textContent - 1)"
    )
    assert set(closed) == set(called)
    for summary in page.locator("details.chart-data summary").all():
        summary.click()
    call = page.locator("details.chart-data").last.locator(".note-call a").last
    expect(page.locator(f"[id='{(call.get_attribute('href') or '')[1:]}']")).to_have_class(re.compile("side"))
    opened = page.locator("li.note.side").evaluate_all(numbers)
    assert opened == sorted(opened)
    assert set(closed) < set(opened)


@pytest.mark.parametrize("width", [768, 1100, 1440])
def test_measure(visit: Callable[..., Visit], width: int) -> None:
    """A line of text has 65 to 75 signs, on average over the full lines of the page."""
    seen = visit(CTC, width=width)
    seen.go(CTC)  # Typefaces that came too late for the first page are there for the second.
    signs, lines = seen.page.evaluate(
        """() => [...document.querySelectorAll("article > p")].reduce(([signs, lines], p) => {
            const height = parseFloat(getComputedStyle(p).lineHeight);
            const count = Math.round(p.getBoundingClientRect().height / height);
            const calls = [...p.querySelectorAll(".note-call")].map(call => call.textContent).join("").length;
            // The last line of a paragraph is half full, as often as not.
            return count > 4 ? [signs + p.textContent.length - calls, lines + count - 0.5] : [signs, lines];
        }, [0, 0])"""
    )
    assert 65 <= signs / lines <= 75


def test_cite_in_two_clicks(visit: Callable[..., Visit]) -> None:
    """Beside the title: four styles, one copied to the clipboard; without a script they open too."""
    seen = visit(CTC, permissions=["clipboard-read", "clipboard-write"])
    page = seen.page
    page.get_by_role("button", name="Cite").click()
    page.locator("#cite").get_by_role("button", name="Copy").first.click()
    expect(page.locator("#cite").get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("The contributors to Warning Lights, “")
    assert copied.endswith(f"/{CTC}.")
    styles = [each.split()[0] for each in page.locator("#cite h3").all_inner_texts()]
    assert styles == ["Chicago", "APA", "BibLaTeX", "RIS"]
    page.keyboard.press("Escape")
    expect(page.locator("#cite")).to_be_hidden()
    assert seen.faults() == []
    plain = visit(CTC, java_script_enabled=False).page
    plain.get_by_role("button", name="Cite").click()
    expect(plain.locator("#cite")).to_be_visible()


def test_the_bar_comes_back_when_scrolling_up(visit: Callable[..., Visit]) -> None:
    page = visit(CTC, width=390).page
    bar = page.locator(".top")
    page.mouse.wheel(0, 4000)
    expect(bar).not_to_be_in_viewport()
    page.mouse.wheel(0, -300)
    expect(bar).to_be_in_viewport()
    expect(page.locator(".now")).to_have_text(re.compile(r"\w+ \w+"))
    page.locator(".now").click()
    expect(page.locator("h1")).to_be_in_viewport()
