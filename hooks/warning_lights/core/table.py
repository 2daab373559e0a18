"""A CSV file as rows of cells with their lines and columns.

Python's csv module reads the same format (RFC 4180), but without positions.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LINE_END = re.compile(r"\r\n?|\n")
# A cell and what separates it from the next: a comma, the end of a line, or nothing at the end of the file.
CELL = re.compile(
    rf'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^,\r\n]*))(?P<separator>,|{LINE_END.pattern}|\Z)'
)
UNQUOTED = 'A cell that begins with " ends with one, and inside it each is written twice: "".'


@dataclass(frozen=True)
class Cell:
    """A value, and where it begins; the quotation marks around it are not part of it."""

    value: str
    line: int
    column: int

    def problem(self, message: str) -> Problem:
        return self.line, self.column, message


def split_values(value: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, with `;` between them."""
    return tuple(part.strip() for part in value.split(";") if part.strip())


Row = dict[str, Cell]
Problem = tuple[int, int, str]  # line, column, message


@dataclass(frozen=True)
class Table:
    """What a file holds, and what is wrong with its form; rows of another length are left out."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def parse_table(text: str, expected_columns: Sequence[str] = ()) -> Table:
    """The table in `text`; with `wanted`, its columns must be these and no others."""
    problems: list[Problem] = []
    rows_of_cells = list(records(text.removeprefix("\ufeff"), problems))
    if not rows_of_cells:
        return Table((), (), ((1, 1, "The file is empty; its first line names the columns."),))
    head = [cell.value.strip() for cell in rows_of_cells[0]]
    if len(head) == 1 and (separator := next((each for each in ";\t" if each in head[0]), "")):
        name = {";": "semicolons", "\t": "tabs"}[separator]
        message = f"The cells of this table are separated by {name}. Save it with commas (CSV, UTF-8)."
        return Table((), (), ((1, 1, message),))
    if expected_columns and head != list(expected_columns):
        message = f"The columns are {','.join(head)}; they must be {','.join(expected_columns)}."
        return Table(tuple(head), (), ((1, 1, message),))
    if repeated := next((name for name in head if head.count(name) > 1), None):
        problems.append((1, 1, f"Two columns are called {repeated}. Give each a name of its own."))
    rows = []
    for cells in rows_of_cells[1:]:
        if len(cells) != len(head):
            message = f"This row has {len(cells)} cells, and there are {len(head)} columns."
            problems.append((cells[0].line, 1, message + " Put a text with a comma in straight quotes."))
        else:
            rows.append(dict(zip(head, cells, strict=True)))
    return Table(tuple(head), tuple(rows), tuple(problems))


def with_commas(text: str) -> str:
    """The table with commas where a spreadsheet, which saved it as “Unicode text”, has written tabs."""
    if "\t" not in text.partition("\n")[0]:
        return text
    lines = io.StringIO()
    try:
        csv.writer(lines, lineterminator="\n").writerows(csv.reader(io.StringIO(text), delimiter="\t"))
    except csv.Error:  # A cell that is longer than Python reads.
        return text
    return lines.getvalue()


def records(text: str, problems: list[Problem]) -> Iterator[list[Cell]]:
    """Each line that is not empty as its cells; a quoted cell may run over several lines."""
    line, start = 1, 0  # Of the line where the next cell begins: its number, and its offset in the text.
    cells: list[Cell] = []
    for m in CELL.finditer(text):
        column = m.start() - start + 1
        if m["quoted"] is not None:
            cells.append(Cell(m["quoted"].replace('""', '"').strip(), line, column + 1))
        else:
            cells.append(Cell(m["plain"].strip(), line, column))
            if m["plain"].startswith('"'):
                problems.append((line, column, UNQUOTED))
        for end in LINE_END.finditer(m[0]):
            line, start = line + 1, m.start() + end.end()
        if m["separator"] != ",":
            if any(cell.value for cell in cells):  # Spreadsheets write an empty row as commas.
                yield cells
            cells = []
