"""The tables of docs/data/: what the pages count is what the tables hold, and time runs one way."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from conftest import ROOT
from warning_lights.core.table import Row, read
from warning_lights.data import tables, timeline

DOCS = ROOT / "docs"
COUNTS: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "tests" / "site" / "counts.yml").read_text(encoding="utf-8")
)
WORDS = """no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty""".split()  # noqa: SIM905


def rows(name: str) -> tuple[Row, ...]:
    return read((DOCS / "data" / name).read_text(encoding="utf-8")).rows


def count(query: dict[str, Any]) -> int:
    table = read((DOCS / "data" / query["table"]).read_text(encoding="utf-8"))
    selected = tables.select(table, tables.filters(query.get("where"), "count")).rows
    for column, pattern in query.get("match", {}).items():
        selected = tuple(row for row in selected if re.search(pattern, row[column].value))
    if "sum" in query:
        return sum(int(row[query["sum"]].value) for row in selected)
    return len({row[query["distinct"]].value for row in selected}) if "distinct" in query else len(selected)


@pytest.mark.parametrize("case", COUNTS, ids=lambda case: f"{case['file']}: {case['says'][:40]}")
def test_a_page_counts_what_the_tables_hold(case: dict[str, Any]) -> None:
    found = [count(query) for query in case["counts"]]
    for query, number in zip(case["counts"], found, strict=True):
        if "same_as" in query:
            assert number == found[query["same_as"]], query
    in_words = {f"w{i}": WORDS[number] for i, number in enumerate(found) if number < len(WORDS)}
    said = case["says"].format(*found, **in_words).casefold()
    text = " ".join((DOCS / case["file"]).read_text(encoding="utf-8").casefold().replace(":", ";").split())
    assert said.replace(":", ";") in text, f"docs/{case['file']} does not say “{said}”, as the tables do."


def events() -> list[timeline.Event]:
    texts = ((DOCS / "data" / name).read_text(encoding="utf-8") for name in ("events.csv", "cases.csv"))
    return timeline.in_order(event for text in texts for event in timeline.read(text, set())[0])


def test_no_event_stands_before_one_that_its_source_puts_earlier() -> None:
    assert [message for _, message in timeline.order_problems(events())] == []


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
