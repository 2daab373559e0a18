"""The ledger of published addresses: what stays, what may go, and what the writer reads."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Build
from warning_lights.pages.anchors import Page, anchors, check, updated_ledger

TEXT = "---\ntitle: A\n---\n# A\n\n## One and *two*\n"
PAGES = {
    "a/": Page({"a": "A", "one-and-two": "One and two", "fn:tn": ""}, "docs/a.md", TEXT, "", ["old/"]),
    "./": Page({"home": "Home"}, "docs/index.md", "# Home\n"),
}
HERE = "a/\na/#a\n"


def messages(ledger: str) -> list[str]:
    return [str(finding) for finding in check(ledger, PAGES)]


def test_what_exists_is_quiet() -> None:
    assert messages("# A comment\n./\n./#home\na/\na/#one-and-two\na/#fn:tn\n") == []


def test_a_renamed_heading_is_one_finding_with_the_line_to_type() -> None:
    assert messages(HERE + "a/#one-and-only\n") == [
        "docs/a.md:6:1: This heading was published as #one-and-only, to which others may link. So that their "
        "links still work, write: ## One and *two* {#one-and-only}"
    ]


def test_several_renamed_headings_are_paired_in_their_order() -> None:
    text = "# T\n\n## First heading\n\n## Second heading\n"
    page = Page(
        {"t": "T", "first-heading": "First heading", "second-heading": "Second heading"}, "docs/b.md", text
    )
    found = [str(one) for one in check("b/\nb/#t\nb/#one-heading\nb/#two-heading\n", {"b/": page})]
    assert [one.rpartition("write: ")[2] for one in found] == [
        "## First heading {#one-heading}",
        "## Second heading {#two-heading}",
    ]


def test_a_removed_heading_names_the_line_of_the_ledger() -> None:
    assert messages("a/\na/#a\na/#one-and-two\na/#gone\n") == [
        "docs/a.md:1:1: The section #gone was published, and is missing. If its heading was renamed, write "
        "{#gone} at the end of the heading. If it was removed for good, write in anchors.txt, line 4: "
        "a/#gone retired: and the reason."
    ]


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        ("ref:doe2020", "The entry doe2020 was published, and is missing. Restore its key."),
        ("event-2024-x", "The event 2024-x was published, and is missing. Restore its id."),
        ("term-isk", "The term isk was published, and is missing. Restore its name."),
        ("fn:tn-x", "The note tn-x was published, and is missing. Restore its label."),
    ],
)
def test_what_a_row_makes_is_named_as_its_writer_names_it(anchor: str, said: str) -> None:
    (message,) = messages(f"a/\na/#{anchor}\n")
    assert message.startswith(f"docs/a.md:1:1: {said}")


def test_a_page_that_moved_is_one_finding_at_its_new_place() -> None:
    assert messages("./\n./#home\ngone/\ngone/#a\ngone/#one-and-two\ngone/#other\n") == [
        "docs/a.md:1:1: This page seems to be gone.md under a new name. So that links to the old address "
        "still work, add to its front matter, between the two lines of dashes: aliases: [gone.md]"
    ]


def test_a_page_that_was_removed_is_one_finding() -> None:
    assert messages(HERE + "./\ngone/\ngone/#x\ngone/#y\n") == [
        "docs/gone.md: This page was published at gone/, and is missing. If it moved, add to the front "
        "matter of the new page, between the two lines of dashes: aliases: [gone.md]. If it was removed "
        "for good, write in anchors.txt, line 4: gone/ retired: and the reason."
    ]


def test_a_reason_retires_an_anchor_or_a_whole_page() -> None:
    assert messages("a/#two  retired: the section was split in 2024\n") == []
    assert messages("gone/  retired: merged\ngone/#x\ngone/#y\n") == []
    assert messages("a/#two  retired:\n") == [
        "anchors.txt:1:1: a/#two is retired without a reason. Add the reason after “retired: ”."
    ]
    assert messages("a/#a retired: gone\n") == [
        "anchors.txt:1:1: a/#a is retired, but it exists. Remove “retired:” and what follows."
    ]


def test_an_alias_serves_the_anchors_that_its_page_has() -> None:
    assert messages("a/\na/#a\na/#one-and-two\nold/\nold/#a\n") == []
    assert len(messages("a/\na/#a\na/#one-and-two\nold/\nold/#two\n")) == 1


def test_a_line_that_is_no_address_is_reported() -> None:
    assert messages("nonsense\n") == [
        "anchors.txt:1:1: “nonsense” is not a valid address. Write page/ or page/#anchor."
    ]


def test_new_addresses_join_those_of_their_page_and_the_rest_stays() -> None:
    assert updated_ledger("a/#old  retired: x\n./#home\n", PAGES) == (
        "a/\na/#old  retired: x\na/#a\na/#one-and-two\na/#fn:tn\n./\n./#home\n"
    )
    assert updated_ledger(updated_ledger("", PAGES), PAGES) == updated_ledger("", PAGES)


def test_a_long_ledger_is_updated_in_one_pass() -> None:
    pages = {f"p{n}/": Page({"a": "A", "b": "B"}) for n in range(3000)}
    ledger = "".join(f"{url}\n{url}#a\n" for url in pages)
    begin = time.process_time()
    assert updated_ledger(ledger, pages) == "".join(f"{url}\n{url}#a\n{url}#b\n" for url in pages)
    assert time.process_time() - begin < 2


def test_a_reason_retires_all_that_is_lost() -> None:
    ledger = "a/\na/#gone\na/#old  retired: x\nold/#a\n"
    retired = updated_ledger(ledger, PAGES, "the part was rewritten")
    assert "a/#gone  retired: the part was rewritten\na/#old  retired: x\n" in retired
    assert "old/#a\n" in retired
    assert messages(retired) == []


NAMES = st.text("ab:-1", min_size=1, max_size=4)


@given(st.dictionaries(st.sampled_from(["a/", "b/", "./"]), st.lists(NAMES, unique=True)))
def test_an_updated_ledger_is_always_clean(pages: dict[str, list[str]]) -> None:
    now = {url: Page(dict.fromkeys(names, "")) for url, names in pages.items()}
    assert list(check(updated_ledger("", now), now)) == []


def test_which_ids_are_listed() -> None:
    notes = '<ol><li class="note" id="fn:c"></li><li class="note" id="fn:@k:para-3"></li></ol>'
    link = '<a class="headerlink" href="#a">¶</a>'
    html = f'<h2 id="a">The <em>x</em>{link}</h2><p id="b"></p>{notes}<div class="entry" id="ref:d">'
    assert anchors(html) == {"a": "The x", "fn:c": "", "ref:d": ""}


def test_a_build_fails_when_a_published_heading_or_page_goes(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {"index.md": "# Home\n\n## Now called this\n", "new.md": "---\naliases: [was.md]\n---\n# New\n"},
        hooks=("redirects.py", "anchors.py"),
        files={"anchors.txt": "./\n./#home\n./#now-called-that\nwas/\nwas/#new\npage/\npage/#old\n"},
    )
    assert site.code == 1
    assert "docs/index.md:3:1: This heading was published as #now-called-that" in site.output
    assert "docs/page.md: This page was published at page/" in site.output
    assert "was/" not in site.output
