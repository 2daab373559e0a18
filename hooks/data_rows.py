"""A table of docs/data/ as rows whose every cell knows its line and column.

Python's csv module reads the same form (RFC 4180), but forgets where a cell stood.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import citation_syntax
from citation_syntax import CITED, NotACitation
from warning_lights.core.findings import nearest

CELL = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^,"\r\n][^,\r\n]*|)')
BRACKETS = re.compile(r"\[(?P<inner>[^\[\]]*)\]")


@dataclass(frozen=True)
class Cell:
    """A value, and where it begins; the quotation marks around it are not part of it."""

    value: str
    line: int
    column: int


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
    lines = list(records(text.removeprefix("\ufeff")))
    if not lines:
        return Table((), (), ((1, 1, "The file is empty; its first line names the columns."),))
    head = [cell.value.strip() for cell in lines[0]]
    if wanted and head != list(wanted):
        message = f"The columns are {','.join(head)}; they must be {','.join(wanted)}."
        return Table(tuple(head), (), ((1, 1, message),))
    rows, problems = [], []
    for cells in lines[1:]:
        if len(cells) != len(head):
            message = f"This row has {len(cells)} cells, and there are {len(head)} columns."
            problems.append((cells[0].line, 1, message + " Put a text with a comma in straight quotes."))
        else:
            rows.append(dict(zip(head, cells, strict=True)))
    return Table(tuple(head), tuple(rows), tuple(problems))


def records(text: str) -> Iterator[list[Cell]]:
    """Each line that is not empty as its cells; a quoted cell may run over several lines."""
    offset, line, start = 0, 1, 0
    cells: list[Cell] = []
    while offset < len(text):
        m = CELL.match(text, offset)
        assert m is not None, "The second form matches nothing as well."
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


def citation_problems(cell: Cell, known: Collection[str]) -> Iterator[Problem]:
    """What is wrong with a cell that must hold `[@key, locator]`, one or several of them."""
    found = list(BRACKETS.finditer(cell.value))
    if not found:
        yield cell.line, cell.column, "No citation. Write one as on a page: [@key, para. 3]."
    elif rest := BRACKETS.sub("", cell.value).strip(" ,;"):
        yield cell.line, cell.column, f"“{rest}” stands beside the citations. Put it inside the brackets."
    for m in found:
        place = cell.line, cell.column + m.start()
        try:
            keys = [cite.key for cite in citation_syntax.parse(m["inner"])]
        except NotACitation as error:
            yield *place, f"{m[0]}: “{error}” names no key."
            continue
        for key in keys:
            if known and key not in known:
                near = nearest(key, sorted(known))
                hint = f" Did you mean [@{near}]?" if near else ""
                yield *place, f"[@{key}] is not in the bibliography.{hint}"


def with_citations(sentence: str, citations: str) -> str:
    """The sentence with its citations before the full stop, as on a page."""
    if not citations:
        return sentence
    m = re.search(r"[.!?…]\Z", sentence)
    return f"{sentence[: m.start()]} {citations}{m[0]}" if m else f"{sentence} {citations}"


def plain(markdown: str) -> str:
    """A sentence of Markdown without its signs: for a tooltip, a label, an attribute."""
    text = BRACKETS.sub(lambda m: "" if CITED.search(m["inner"]) else m[0], markdown)
    text = re.sub(r"\[([^\[\]]*)\]\([^()\s]*\)", r"\1", text)
    text = re.sub(r"(?<!\w)([*_]{1,2})(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return " ".join(re.sub(r"\\([^\w\s])", r"\1", text).replace(" .", ".").split())
