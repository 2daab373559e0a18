"""Dated events: a row of docs/data/events.csv in, an event out, or what is wrong with the row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from warning_lights.core.findings import nearest
from warning_lights.core.table import Cell, Problem, Row
from warning_lights.core.table import read as read_table
from warning_lights.data import rows

COLUMNS = ("id", "date", "place", "country", "kind", "text", "citations")
KINDS = (
    "attack",
    "plot",
    "arrest",
    "warning",
    "statement",
    "claim",
    "propaganda",
    "politics",
    "publication",
    "operation",
)
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Event:
    """One event; `start` and `end` are as precise as known, `end` is empty where there is no range."""

    id: str
    start: str
    end: str
    place: str
    country: str
    kind: str
    text: str
    citations: str

    # Place and country are empty where the sources name none.
    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.country.split(";") if part.strip())


def read(text: str, known: Collection[str]) -> tuple[list[Event], list[Problem]]:
    """All events in order of time, and what is wrong; a faulty row is shown as far as it can be."""
    table = read_table(text, COLUMNS)
    problems = list(table.problems)
    events: list[Event] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        found = list(row_problems(row, known, lines))
        problems += found
        lines.setdefault(row["id"].value, row["id"].line)
        dated = not list(date_problems(row["date"]))
        if dated and ID.fullmatch(row["id"].value) and lines[row["id"].value] == row["id"].line:
            wrong = any(True for _ in rows.citation_problems(row["citations"], known))
            events.append(event(row, citations="" if wrong else row["citations"].value))
    # What is known to the year only comes before what has a month in it.
    events.sort(key=lambda e: (e.start, e.end, e.id))
    return events, problems


def event(row: Row, citations: str) -> Event:
    start, _, end = row["date"].value.partition("/")
    place, country, kind, text = (row[name].value for name in ("place", "country", "kind", "text"))
    return Event(row["id"].value, start, end, place, country, kind, text, citations)


def row_problems(row: Row, known: Collection[str], lines: dict[str, int]) -> Iterator[Problem]:
    identity, kind, text = row["id"], row["kind"], row["text"]
    if not ID.fullmatch(identity.value):
        yield at(identity, f"“{identity.value}” is no id. Use lower-case letters, digits and hyphens.")
    elif identity.value in lines:
        yield at(identity, f"{identity.value} is the id of line {lines[identity.value]} already.")
    yield from date_problems(row["date"])
    if kind.value not in KINDS:
        near = nearest(kind.value, KINDS)
        hint = f" Did you mean {near}?" if near else f" There are {', '.join(KINDS)}."
        yield at(kind, f"“{kind.value}” is no kind of event.{hint}")
    if not re.search(r"\w.*[.!?…][”’)]?\Z", text.value):
        yield at(text, "The text must be a sentence that ends with a full stop.")
    yield from rows.citation_problems(row["citations"], known)


def at(cell: Cell, message: str) -> Problem:
    return cell.line, cell.column, message


def date_problems(cell: Cell) -> Iterator[Problem]:
    """A date is 2024, 2024-03 or 2024-03-22; a range is two of them with `/`, the earlier first."""
    start, slash, end = cell.value.partition("/")
    for part in [start, end] if slash else [start]:
        m = DATE.fullmatch(part)
        if not m:
            yield at(cell, f"“{part}” is no date. Write 2024, 2024-03 or 2024-03-22, and a range with /.")
            return
        try:
            date(int(m["year"]), int(m["month"] or 1), int(m["day"] or 1))
        except ValueError:
            yield at(cell, f"There is no {part} in the calendar.")
            return
    if slash and not start < end:
        yield at(cell, f"The range {cell.value} ends before it begins.")


def in_words(start: str, end: str = "") -> str:
    """`22 March 2024`, `March 2024`, `2024`; a range says once what both ends share."""
    if not end:
        return one_date(start)
    first, last = one_date(start).split(), one_date(end).split()
    if len(first) == len(last) == 3 and first[1:] == last[1:]:
        return f"{first[0]}–{' '.join(last)}"
    if len(first) == len(last) == 2 and first[1] == last[1]:
        return f"{first[0]}–{' '.join(last)}"
    if len(first) == len(last) == 1:
        return f"{first[0]}–{last[0]}"
    return f"{' '.join(first)} to {' '.join(last)}"


def one_date(iso: str) -> str:
    m = DATE.fullmatch(iso)
    assert m is not None, "Checked before."
    parts = [str(int(m["day"])) if m["day"] else "", MONTHS[int(m["month"]) - 1] if m["month"] else ""]
    return " ".join([*filter(None, parts), str(int(m["year"]))])
