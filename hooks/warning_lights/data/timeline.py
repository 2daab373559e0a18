"""Dated events: a row of a CSV file in, an event out, or what is wrong with the row.

A table has the columns COLUMNS and may have those of OPTIONAL; others are for other uses of the table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from warning_lights.core import dates
from warning_lights.core.names import guess
from warning_lights.core.table import Problem, Row, parse_table, split_values
from warning_lights.data import rows
from warning_lights.data.rows import Values

COLUMNS = ("id", "date", "place", "country", "kind", "text", "citations")
OPTIONAL = ("sort", "basis", "after", "grade")
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SORT = re.compile(r"\d{4}(?:-\d\d){0,2}(?:-\d)?")


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
    sort: str = ""  # Where the event is listed, as a date, if its own date does not say so.
    basis: str = ""  # What its date rests on.
    after: str = ""  # Ids of the events that its source puts earlier, with `;` between them.
    grade: str = ""  # Of its evidence.
    after_position: tuple[int, int] = (0, 0)  # Line and column of the cell `after`.

    # Place and country are empty where the sources name none.
    @property
    def countries(self) -> tuple[str, ...]:
        return split_values(self.country)

    @property
    def sort_key(self) -> str:
        """What events are ordered by: what is known to the month or the year only is put at its end."""
        return self.sort or self.start + "-99" * (self.start.count("-") < 2)


def read(
    text: str, known: Collection[str], values: Values | None = None
) -> tuple[list[Event], list[Problem]]:
    """The dated events of a table, in the order of its rows, and what is wrong.

    A faulty row is shown as far as it can be. `values` lists the words that columns may have.
    """
    table = parse_table(text)
    if missing := [name for name in COLUMNS if name not in table.columns]:
        wanted = f"The columns are {','.join(table.columns)}; {', '.join(missing)} is missing."
        return [], [*table.problems] or [(1, 1, wanted)]
    problems = list(table.problems)
    events: list[Event] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        wrong = list(rows.citation_problems(row["citations"], known))
        problems += [*row_problems(row, values or {}, lines), *wrong]
        lines.setdefault(row["id"].value, row["id"].line)
        if date_fault(row["date"].value):
            # The year shows the event, so that its address is not reported as lost as well.
            year = re.match(r"\d{4}\b", row["date"].value)
            row["date"] = replace(row["date"], value=year[0] if year else "")
        dated = row["date"].value
        if dated and ID.fullmatch(row["id"].value) and lines[row["id"].value] == row["id"].line:
            events.append(event_of_row(row, citations="" if wrong else row["citations"].value))
    return events, problems


def sorted_events(events: Iterable[Event]) -> list[Event]:
    """Events in order of time; on one day, and without a day, they keep the order of their rows."""
    return sorted(events, key=lambda event: event.sort_key)


def order_problems(events: Iterable[Event], *, complete: bool = True) -> Iterator[tuple[Event, str]]:
    """The events that come before one which their source puts earlier, and what is wrong with them.

    An id that no event has is reported at its first place, unless some events are not known (`complete`).
    """
    unknown: set[str] = set()
    ordered = sorted_events(events)
    places = {event.id: place for place, event in enumerate(ordered)}
    for place, event in enumerate(ordered):
        for earlier in split_values(event.after):
            if earlier not in places:
                if complete and earlier not in unknown:
                    yield event, f"{earlier} is not an event.{guess(earlier, places)}"
                unknown.add(earlier)
            elif places[earlier] > place:
                yield (
                    event,
                    f"{event.id} stands before {earlier}, which its source puts earlier. Give it a sort.",
                )


def event_of_row(row: Row, citations: str) -> Event:
    start, _, end = row["date"].value.partition("/")
    own = {name: row[name].value for name in ("place", "country", "kind", "text")}
    own |= {name: row[name].value for name in OPTIONAL if name in row}
    cell = row.get("after", row["id"])
    return Event(
        row["id"].value, start, end, citations=citations, after_position=(cell.line, cell.column), **own
    )


def row_problems(row: Row, values: Values, lines: Mapping[str, int]) -> Iterator[Problem]:
    """What is wrong with a row, its citations apart; `lines` has the line of each id above it."""
    identity = row["id"]
    if not ID.fullmatch(identity.value):
        yield identity.problem(
            f"“{identity.value}” is not a valid id. Use lower-case letters, digits and hyphens."
        )
    elif identity.value in lines:
        yield identity.problem(f"{identity.value} is the id of line {lines[identity.value]} already.")
    # A case without a date is in tables, and in no timeline.
    needed = row["date"].value or "basis" not in row
    if needed and (fault := date_fault(row["date"].value)):
        yield row["date"].problem(fault)
    if "sort" in row and row["sort"].value and not SORT.fullmatch(row["sort"].value):
        message = f"“{row['sort'].value}” is not a valid sort date. Write 2024-03-22 or 2024-03-22-2."
        yield row["sort"].problem(message)
    yield from rows.sentence_problems(row["text"], "text")
    yield from rows.value_problems(row, values)


def date_fault(value: str) -> str:
    """What is wrong with a date such as 2024, 2024-03, 2024-03-22 or 2020/2024-05; else ""."""
    start, slash, end = value.partition("/")
    for part in [start, end] if slash else [start]:
        m = dates.PARTIAL.fullmatch(part)
        if not m:
            return f"“{part}” is not a valid date. Write 2024, 2024-03 or 2024-03-22, and a range with /."
        try:
            date(int(m["year"]), int(m["month"] or 1), int(m["day"] or 1))
        except ValueError:
            return f"There is no {part} in the calendar."
    return f"The range {value} ends before it begins." if slash and not start < end else ""


def date_in_words(value: str) -> str:
    """A date or a range as a table has it, in words; one that is not valid as it is written."""
    return value if date_fault(value) else range_in_words(*value.split("/"))


def range_in_words(start: str, end: str = "") -> str:
    """`22 March 2024`, `March 2024`, `2024`; a range says once what both ends share."""
    if not end:
        return dates.in_words(start)
    first, last = dates.in_words(start).split(), dates.in_words(end).split()
    if len(first) == len(last) and first[1:] == last[1:]:
        return f"{first[0]}–{' '.join(last)}"
    return f"{' '.join(first)} to {' '.join(last)}"
