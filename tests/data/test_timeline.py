"""The timeline: rows in, events and messages out; then our own events, whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from conftest import BIBTEX, ROOT, Build, one
from warning_lights.data import listing
from warning_lights.data import timeline as timeline_events
from warning_lights.data.timeline import COLUMNS, range_in_words

CASES = Path(__file__).parent / "cases" / "timeline"
FENCE = "title: T\nalt: A.\ncitation: '[@a]'\nmark: bar\nencoding: {x: {field: date}, y: {field: kind}}"
HEAD = ",".join(COLUMNS) + "\n"
VALUES = {
    "kind": {kind: kind for kind in ("attack", "plot", "warning", "claim")},
    "grade": {"sure": "● sure"},
    "basis": {"stated": "", "reckoned": "worked out"},
}


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yml")), ids=lambda path: path.stem)
def test_case(case: Path) -> None:
    data: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    text = data["rows"] if data.get("whole") else HEAD + data["rows"]
    events, problems = timeline_events.read(text, {"a", "b"}, VALUES)
    assert [f"{line}:{column}: {message}" for line, column, message in problems] == data.get("reports", [])
    if "events" in data:
        assert [event.id for event in timeline_events.sorted_events(events)] == data["events"]
    order = [message for _, message in timeline_events.order_problems(events)]
    assert order == data.get("order", [])
    markup = "\n".join(listing.timeline_markdown(timeline_events.sorted_events(events), VALUES))
    for part in data.get("markup", []):
        assert part in markup
    for part in data.get("without", []):
        assert part not in markup


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2024", "", "2024"),
        ("2024-03", "", "March 2024"),
        ("2024-03-02", "", "2 March 2024"),
        ("1992", "1997", "1992–1997"),
        ("2022-06", "2023-04", "June 2022 to April 2023"),
        ("2022-06", "2022-09", "June–September 2022"),
        ("2024-03-22", "2024-03-24", "22–24 March 2024"),
        ("2024-02-28", "2024-03-01", "28 February 2024 to 1 March 2024"),
        ("1997-05", "2001-09-11", "May 1997 to 11 September 2001"),
        ("2020", "2024-05", "2020 to May 2024"),
    ],
)
def test_dates_in_words(start: str, end: str, words: str) -> None:
    assert range_in_words(start, end) == words


def test_a_row_of_commas_is_an_empty_row() -> None:
    row = "x,2021,Old Town,,plot,The wind rose.,[@a]\n"
    events, problems = timeline_events.read(f"{HEAD},,,,,,\n{row},,,,,,,,\n,,\n", {"a"})
    assert ([event.id for event in events], problems) == (["x"], [])


@given(st.text(alphabet='ab,"\n\r/-0129.[@]; “', max_size=80))
@settings(deadline=None, max_examples=300)
def test_no_table_makes_it_raise(text: str) -> None:
    for whole in (text, HEAD + text):
        events, _ = timeline_events.read(whole, {"a"})
        list(listing.timeline_markdown(timeline_events.sorted_events(events), VALUES))


@given(st.dates(), st.dates(), st.integers(0, 2), st.integers(0, 2))
def test_every_range_of_dates_is_shown_with_both_ends(first: Any, last: Any, cut: int, cut_last: int) -> None:
    start, end = (
        d.isoformat()[: (10, 7, 4)[c]] for d, c in ((min(first, last), cut), (max(first, last), cut_last))
    )
    words = range_in_words(start, end)
    assert str(int(start[:4])) in words
    assert str(int(end[:4])) in words


PAGE = "# Time\n\nText [@a].\n\n<!-- timeline: data/events.csv -->\n\nEnd [@b].\n"
BIB = (
    "@book{a, author = {Doe, Ann}, title = {Lamps}, year = {2020}, publisher = {P}}\n"
    "@book{b, author = {Roe, Eve}, title = {Winds}, year = {2021}, publisher = {P}}\n"
)
CONFIG = (
    f"{BIBTEX}markdown_extensions: [attr_list, md_in_html]\n"
    "extra_javascript: [assets/timeline.js]\nextra: {data: {values: {kind: [attack, plot]}}}\n"
)
ROWS = (
    "wind,2021,Old Town,,plot,The wind rose.,[@b]\n"
    'lamps,2020-05-02,Old Town,Utopia,attack,"The lamps were *lit*, twice.","[@a, p. 3; @b]"\n'
)


def test_in_a_build(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {"index.md": PAGE, "data/events.csv": HEAD + ROWS},
        hooks=("citations.py", "timeline.py"),
        config=CONFIG,
        files={"bib/a.bib": BIB},
    )
    assert site.code == 0, site.output
    page = LexborHTMLParser(site.read("index.html"))
    assert [node.attributes["id"] for node in page.css(".timeline .event")] == ["event-lamps", "event-wind"]
    assert [node.text() for node in page.css(".timeline h2")] == ["2020", "2021"]
    assert [call.text() for call in page.css("sup.note-call a")] == ["1", "2", "3", "3"]
    event = one(page, "#event-lamps")
    assert one(event, "time").attributes["datetime"] == "2020-05-02"
    assert one(event, "em").text() == "lit"
    assert event.attributes["data-country"] == "Utopia"
    assert one(event, "p.event-head").text() == "2 May 2020 · Old Town, Utopia · attack"
    # Complete without a script, and fit for a page that lets no inline script or style run.
    assert not re.search(r"\son\w+=|<form|<script(?![^>]*\bsrc=)", one(page, ".timeline").html or "")


def test_faults_in_a_build_have_their_place(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {
            "index.md": PAGE.replace("[@b]", ""),
            "sub/page.md": "---\ntitle: Sub\n---\n# Sub\n\n<!-- timeline: ../data/events.csv -->\n\n"
            "```html\n<!-- timeline: in-code.csv -->\n```\n\n<!-- timeline: events.csv -->\n",
            "data/events.csv": HEAD + "x,2020-13,P,,atack,The wind rose.,[@c]\n" + ROWS,
        },
        hooks=("citations.py", "timeline.py"),
        config=CONFIG,
        files={"bib/a.bib": BIB},
    )
    assert site.code == 1
    for line in [
        "docs/data/events.csv:2:3: There is no 2020-13 in the calendar.",
        "docs/data/events.csv:2:14: “atack” is not a known kind. Did you mean attack?",
        "docs/data/events.csv:2:35: [@c] is not in the bibliography.",
        "docs/sub/page.md:12:1: events.csv does not exist.",
    ]:
        assert line in site.output
    assert "in-code.csv" not in site.output
    assert "&lt;!-- timeline: in-code.csv --&gt;" in site.read("sub/page/index.html")


def test_a_wrong_option_is_reported(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {"index.md": PAGE, "data/events.csv": HEAD + ROWS},
        hooks=("citations.py", "timeline.py"),
        config=CONFIG.replace("values: {", "vlaues: {"),
        files={"bib/a.bib": BIB},
    )
    assert "extra: data: has no option vlaues. Did you mean values?" in site.output


def test_a_fault_of_a_table_that_several_fences_show_is_reported_once(
    build_site: Callable[..., Build],
) -> None:
    table = "```table\ndata: data/events.csv\ncolumns: {When: date, What: text}\n```\n"
    chart = table.replace("table\n", "chart\n", 1).replace("columns: {When: date, What: text}", FENCE)
    site = build_site(
        {
            "index.md": PAGE.replace("[@b]", "") + table,
            "other.md": "# Other\n\n" + table + "\n" + chart,
            "data/events.csv": HEAD + "lamps,2020-13,P,,atack,The wind [@d] rose.,[@c]\n",
        },
        hooks=("citations.py", "timeline.py", "charts.py"),
        config=CONFIG + "markdown_extensions: [pymdownx.superfences]\n",
        files={"bib/a.bib": BIB},
    )
    assert site.code == 1
    assert 'id="event-lamps"' in site.read("index.html")
    for fault in ("2:7: There is no 2020-13", "2:18: “atack”", "2:33: [@d] is not", "2:44: [@c] is not"):
        assert site.output.count(f"docs/data/events.csv:{fault}") == 1, site.output
    assert site.output.count("WARNING") == 4, site.output


def test_a_table_that_does_not_exist_is_one_finding(build_site: Callable[..., Build]) -> None:
    head = HEAD.replace("\n", ",after\n")
    rows = "".join(line + ",gone\n" for line in ROWS.splitlines())
    page = PAGE.replace("events.csv", "events.csv data/cases.csv")
    site = build_site(
        {"index.md": page, "data/events.csv": head + rows},
        hooks=("citations.py", "timeline.py"),
        config=CONFIG,
        files={"bib/a.bib": BIB},
    )
    assert "docs/index.md:5:1: data/cases.csv does not exist." in site.output
    assert site.output.count("WARNING") == 1, site.output


def test_an_id_that_no_event_has_is_reported_once() -> None:
    head = HEAD.replace("\n", ",after\n")
    rows = "".join(line + ",gone\n" for line in ROWS.splitlines())
    events, _ = timeline_events.read(head + rows, {"a", "b"})
    assert [words for _, words in timeline_events.order_problems(events)] == ["gone is not an event."]


def test_the_script_works_under_a_strict_policy() -> None:
    script = (ROOT / "docs" / "assets" / "timeline.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|\.style\b|eval|https?:|import|onclick|setAttribute\(\"on", script)
