"""The tables of docs/data/: what the pages count is what the tables hold, and time runs one way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from warning_lights.core.table import Row, parse_table, split_values
from warning_lights.data import tables, timeline

DOCS = ROOT / "docs"
COUNTS, ORDER = (
    yaml.safe_load((ROOT / "tests" / "site" / f"{name}.yml").read_text(encoding="utf-8"))
    for name in ("counts", "order")
)
WORDS = """no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty""".split()  # noqa: SIM905
# A number and what it counts, or “six are foiled plots”, “four each”.
NOUNS = "cases|attacks|plots|arrests|marks|lines|columns|rows|judgements|events|terms|officials|notes|items"
COUNTED = rf"(?:are |of (?:the|its) |u\.s\. |\w+ )?(?:[\w-]+ )?(?:{NOUNS})"
STATED = re.compile(rf"(?<!figure )\b(?:\d{{1,3}}|{'|'.join(WORDS[2:])}) (?:{COUNTED}|each)\b")


def rows(name: str) -> tuple[Row, ...]:
    return parse_table((DOCS / "data" / name).read_text(encoding="utf-8")).rows


def count(query: dict[str, Any]) -> int:
    table = parse_table((DOCS / "data" / query["table"]).read_text(encoding="utf-8"))
    selected = tables.select_rows(
        table, tables.read_filters(query.get("where"), "count"), query["table"]
    ).rows
    for column, pattern in query.get("match", {}).items():
        selected = tuple(row for row in selected if re.search(pattern, row[column].value))
    if "sum" in query:
        return sum(int(row[query["sum"]].value) for row in selected)
    return len({row[query["distinct"]].value for row in selected}) if "distinct" in query else len(selected)


def said(case: dict[str, Any]) -> str:
    found = [count(query) for query in case.get("counts", ())]
    for query, number in zip(case.get("counts", ()), found, strict=True):
        if "same_as" in query:
            assert number == found[query["same_as"]], query
    in_words = {f"w{i}": WORDS[number] for i, number in enumerate(found) if number < len(WORDS)}
    return str(case["says"].format(*found, **in_words)).casefold().replace(":", ";")


def text_of(file: str) -> str:
    """A file of docs/ in one line, without its citations."""
    text = re.sub(r"\s*\[[^\[\]]*@[^\[\]]*\]", "", (DOCS / file).read_text(encoding="utf-8"))
    return " ".join(text.casefold().replace(":", ";").split())


@pytest.mark.parametrize("case", COUNTS, ids=lambda case: f"{case['file']}: {case['says'][:40]}")
def test_a_page_counts_what_the_tables_hold(case: dict[str, Any]) -> None:
    assert bool(case.get("counts")) != bool(case.get("given"))
    assert said(case) in text_of(case["file"]), f"docs/{case['file']} does not say “{said(case)}”."


@pytest.mark.parametrize(
    "file",
    sorted(
        path.relative_to(DOCS).as_posix()
        for path in [
            *DOCS.rglob("*.md"),
            *(DOCS / "data" / f"{name}.csv" for name in ("judgements", "events")),
        ]
        if path.stem != "your-own-subject"  # Counts the samples of another site.
    ),
)
def test_no_page_states_a_count_that_no_table_gives(file: str) -> None:
    """A number before what the tables can count is held by a case of counts.yml, or is a source's own."""
    text = text_of(file)
    held = [
        m.span() for case in COUNTS if case["file"] == file for m in re.finditer(re.escape(said(case)), text)
    ]
    stated = [m for m in STATED.finditer(text) if not any(a <= m.start() and m.end() <= z for a, z in held)]
    assert [m[0] for m in stated] == [], (
        "Add the sentence to tests/site/counts.yml, with the rows that it counts."
    )


def events() -> list[timeline.Event]:
    texts = ((DOCS / "data" / name).read_text(encoding="utf-8") for name in ("events.csv", "cases.csv"))
    return timeline.sorted_events(event for text in texts for event in timeline.read(text, set())[0])


def test_no_event_stands_before_one_that_its_source_puts_earlier() -> None:
    assert [message for _, message in timeline.order_problems(events())] == []


@pytest.mark.parametrize("case", ORDER, ids=lambda case: case["from"])
def test_the_timeline_has_the_order_of_the_sources(case: dict[str, Any]) -> None:
    places = {event.id: place for place, event in enumerate(events())}
    assert set(case["order"]) <= set(places)
    assert sorted(case["order"], key=places.__getitem__) == case["order"]


def test_the_order_of_the_sources_has_every_event_that_follows_another() -> None:
    pairs = {(a, z) for case in ORDER for i, a in enumerate(case["order"]) for z in case["order"][i + 1 :]}
    for event in events():
        for earlier in split_values(event.after):
            assert event.kind == "publication" or (earlier, event.id) in pairs, (earlier, event.id)


def test_days_run_one_way() -> None:
    days = [event.start for event in events() if event.start.count("-") == 2]
    assert days == sorted(days)
    assert len(events()) >= 80


def test_what_followed_moscow_says_so() -> None:
    """An event that its text puts after the attack, or that has no day of its own, names what it follows."""
    for event in events():
        if "after the moscow attack" in event.text.casefold() or event.basis == "not given":
            assert event.after, event.id


@pytest.mark.parametrize("name", ["cases.csv", "events.csv"])
def test_every_row_says_what_its_date_and_its_evidence_rest_on(name: str) -> None:
    assert [row["id"].value for row in rows(name) if not (row["basis"].value and row["grade"].value)] == []


def test_every_case_says_who_attributes_it_and_how() -> None:
    needed = ("nationality", "casualties", "attributed", "by", "words", "target", "outcome")
    for row in rows("cases.csv"):
        assert [name for name in needed if not row[name].value] == [], row["id"].value


def test_a_sentence_leads_to_each_row_of_the_disagreements() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    sides = {"brief", "question"}  # Each of their rows has one side only.
    ids = [row["id"].value for row in rows("judgements.csv") if row["list"].value not in sides]
    assert len(ids) > 30
    assert [each for each in ids if f"disagreements.md#differ-{each})" not in pages] == []


@pytest.mark.parametrize(
    "page", [p for p in sorted(DOCS.rglob("*.md")) if p.parent.name != "about"], ids=lambda p: p.name
)
def test_every_page_says_what_it_knows_and_when_it_was_checked(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.search(r"^(?:State of knowledge: |Coverage ends )\S", text, re.MULTILINE)
    assert re.search(r"^Checked .*\bon \d{1,2} \w+ 20\d\d\b", text, re.MULTILINE)


def test_each_side_of_a_question_cites_the_source_of_its_column() -> None:
    keys = {
        "CTC": r"@(ctc-|jadoon2024tajikistan)",
        "HSNW": "@allison2024warning",
        "NYT": "@macfarquhar2024reasons",
    }
    found = [row for row in rows("judgements.csv") if row["list"].value == "question"]
    assert len({row["id"].value for row in found}) >= 5
    for row in found:
        cited = re.findall(r"@[\w-]+", row["reading"].value)
        assert cited
        assert all(re.match(keys[row["who"].value], key) for key in cited), row["topic"].value
        assert row["grade"].value
