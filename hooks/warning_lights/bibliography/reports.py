"""Independent reports: pages outside the sources that report the same fact as a note, from a CSV file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from warning_lights.core.findings import Finding
from warning_lights.core.names import guess
from warning_lights.core.table import Cell, Row, parse_table

COLUMNS = ("note", "report", "agreement", "confirms", "difference", "remark")
AGREEMENTS = ("confirms", "partly", "differs")


@dataclass(frozen=True)
class Report:
    """One row: what an entry of the bibliography reports of the statement at a note."""

    note: str  # Key of the note's entry.
    entry: str  # Key of the report's entry.
    agreement: str  # One of AGREEMENTS.
    confirms: str
    difference: str  # How it differs; empty if it confirms.
    remark: str


def parse(text: str, file: str, keys: Collection[str]) -> tuple[dict[str, list[Report]], list[Finding]]:
    """The rows of a CSV file by the key of their note, in the file's order, and its findings.

    `keys` are those of the bibliography. A row with a fault is left out, so that every key that comes
    out is one of them.
    """
    table = parse_table(text, COLUMNS)
    findings = [Finding(file, *problem) for problem in table.problems]
    by_note: dict[str, list[Report]] = {}
    first: dict[tuple[str, str], int] = {}
    for row in table.rows:
        faults = [Finding(file, cell.line, cell.column, message) for cell, message in check(row, keys)]
        report = Report(*(row[name].value for name in COLUMNS))
        place = row["report"]
        if (line := first.setdefault((report.note, report.entry), place.line)) != place.line:
            message = f"{report.entry} is listed twice under {report.note}; first in line {line}."
            faults.append(Finding(file, place.line, place.column, f"{message} Keep one row."))
        findings += faults
        if not faults:
            by_note.setdefault(report.note, []).append(report)
    return by_note, findings


def check(row: Row, keys: Collection[str]) -> Iterator[tuple[Cell, str]]:
    """What is wrong with a row by itself, each with the cell where it is."""
    for name in ("note", "report"):
        if (key := row[name].value) not in keys:
            hint = guess(key, sorted(keys))
            yield row[name], f"“{key}” is not in any .bib file.{hint}"
    agreement = row["agreement"].value
    if agreement not in AGREEMENTS:
        yield (
            row["agreement"],
            f"“{agreement}” is not a grade: write {', '.join(AGREEMENTS[:-1])} or differs.",
        )
    if not row["confirms"].value:
        yield row["confirms"], "Say in one sentence what the report confirms."
    if agreement in AGREEMENTS[1:] and not row["difference"].value:
        yield row["difference"], f"The grade is {agreement}: say in one sentence how the report differs."
    if agreement == "confirms" and row["difference"].value:
        yield row["difference"], "The grade is confirms: leave the difference empty, or write partly."
