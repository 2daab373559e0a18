"""A CSV file as rows whose every cell knows its line and column.

Python's csv module reads the same form (RFC 4180), but forgets where a cell stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CELL = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"(?=[,\r\n]|\Z)|(?P<plain>[^,\r\n]*)')
UNQUOTED = 'A cell that begins with " ends with one, and inside it each is written twice: "".'


@dataclass(frozen=True)
class Cell:
    """A value, and where it begins; the quotation marks around it are not part of it."""

    value: str
    line: int
    column: int

    def problem(self, message: str) -> Problem:
        return self.line, self.column, message


def parts(value: str) -> tuple[str, ...]:
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


def read(text: str, wanted: Sequence[str] = ()) -> Table:
    """The table in `text`; with `wanted`, its columns must be these and no others."""
    problems: list[Problem] = []
    lines = list(records(text.removeprefix("\ufeff"), problems))
    if not lines:
        return Table((), (), ((1, 1, "The file is empty; its first line names the columns."),))
    head = [cell.value.strip() for cell in lines[0]]
    if len(head) == 1 and (sign := next((each for each in ";\t" if each in head[0]), "")):
        name = {";": "semicolons", "\t": "tabs"}[sign]
        message = f"The cells of this table are separated by {name}. Save it with commas (CSV, UTF-8)."
        return Table((), (), ((1, 1, message),))
    if wanted and head != list(wanted):
        message = f"The columns are {','.join(head)}; they must be {','.join(wanted)}."
        return Table(tuple(head), (), ((1, 1, message),))
    if again := next((name for name in head if head.count(name) > 1), None):
        problems.append((1, 1, f"Two columns are called {again}. Give each a name of its own."))
    rows = []
    for cells in lines[1:]:
        if len(cells) != len(head):
            message = f"This row has {len(cells)} cells, and there are {len(head)} columns."
            problems.append((cells[0].line, 1, message + " Put a text with a comma in straight quotes."))
        else:
            rows.append(dict(zip(head, cells, strict=True)))
    return Table(tuple(head), tuple(rows), tuple(problems))


def records(text: str, problems: list[Problem]) -> Iterator[list[Cell]]:
    """Each line that is not empty as its cells; a quoted cell may run over several lines."""
    offset, line, start = 0, 1, 0
    cells: list[Cell] = []
    while offset < len(text):
        m = CELL.match(text, offset)
        assert m is not None, "The second form matches nothing as well."
        if (m["plain"] or "").startswith('"'):
            problems.append((line, offset - start + 1, UNQUOTED))
        quoted = m["quoted"]
        value = quoted.replace('""', '"') if quoted is not None else m["plain"]
        cells.append(Cell(value.strip(), line, offset - start + 1 + (quoted is not None)))
        if quoted is not None and "\n" in quoted:
            line += quoted.count("\n")
            start = offset + 1 + quoted.rfind("\n") + 1
        offset = m.end()
        if text[offset : offset + 1] == ",":
            offset += 1
            if offset == len(text) or text[offset] in "\r\n":
                cells.append(Cell("", line, offset - start + 1))
            else:
                continue
        end = text.find("\n", offset)
        offset = len(text) if end < 0 else end + 1
        if len(cells) > 1 or cells[0].value:
            yield cells
        line, start, cells = line + 1, offset, []
