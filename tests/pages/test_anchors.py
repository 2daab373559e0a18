"""The list of published anchors: what stays, what may go, and what is told."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from anchors import check, ids, updated
from conftest import Build

PAGES = {"a/": ["one", "fn:@k:p-3"], "": ["home"]}


def messages(ledger: str, moved: dict[str, str] | None = None) -> list[str]:
    return [str(finding) for finding in check(ledger, PAGES, moved or {})]


def test_what_is_there_is_quiet() -> None:
    assert messages("a/#one\na/#fn:@k:p-3\n#home\n") == []


def test_what_has_gone_is_told_with_what_to_do() -> None:
    assert messages("a/#one\na/#two\n") == [
        "anchors.txt:2:1: a/#two was published, and no page has it any more. Put it back, if only as "
        '<span id="two"></span>, or retire it on this line: add “retired: ” and why.'
    ]


def test_a_reason_retires_an_anchor() -> None:
    assert messages("a/#two  retired: the section was split in 2024\n") == []
    assert messages("a/#two  retired:\n") == [
        "anchors.txt:1:1: a/#two is retired without a reason. Say why it went."
    ]
    assert messages("a/#one retired: gone\n") == [
        "anchors.txt:1:1: a/#one is retired, but it is there. Take the reason out."
    ]


def test_a_redirect_keeps_an_anchor_that_its_new_page_has() -> None:
    assert messages("old/#one\n", {"old/": "a/"}) == []
    assert len(messages("old/#two\n", {"old/": "a/"})) == 1


def test_a_line_that_is_no_anchor_is_told() -> None:
    assert messages("nonsense\n") == [
        "anchors.txt:1:1: “nonsense” is no line of this list. Write page/#anchor."
    ]


def test_new_anchors_join_those_of_their_page_and_the_rest_stays() -> None:
    assert updated("a/#old retired: x\n#home\n", PAGES) == "a/#old retired: x\na/#one\na/#fn:@k:p-3\n#home\n"
    assert updated(updated("", PAGES), PAGES) == updated("", PAGES)


NAMES = st.text("ab:@-1", min_size=1, max_size=4)


@given(st.dictionaries(st.sampled_from(["a/", "b/", ""]), st.lists(NAMES, unique=True)))
def test_an_updated_list_is_always_clean(pages: dict[str, list[str]]) -> None:
    assert list(check(updated("", pages), pages, {})) == []


def test_which_ids_are_kept() -> None:
    notes = '<ol><li class="note" id="fn:c"></li></ol>'
    html = f'<h2 id="a">x</h2><p id="b"></p>{notes}<div class="entry" id="ref:d">'
    assert ids(html) == ["a", "fn:c", "ref:d"]


def test_a_build_fails_when_a_published_heading_goes(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {"index.md": "# Home\n\n## Kept\n"},
        hooks=("anchors.py",),
        files={"anchors.txt": "#kept\n#gone\npage/#old\n"},
    )
    assert site.code == 1
    assert "anchors.txt:2:1: #gone was published" in site.output
    assert "anchors.txt:3:1: page/#old was published" in site.output
    assert "#kept" not in site.output
