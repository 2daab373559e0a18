"""A table of HTML as a table of Typst."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import takewhile

from selectolax.lexbor import LexborNode

from warning_lights.book.content import attribute
from warning_lights.book.syntax import Kind, Part, code

LINE, WIDE = 84, 104  # Letters of a line of a table, and of one that reaches into the margins.
CODE_WIDTH = 1.25  # A letter of code, in letters of text.
SIDE = re.compile(r"\balign-(left|right|center)\b|\btext-align:\s*(left|right|center)\b")
TALL = 25  # Lines of a cell from which on its row may break over two pages.
SPACING = 3  # Letters between two columns.
SYLLABLES = 8  # Letters of a word that is not hyphenated even where columns are narrow.

Row = list[LexborNode]  # Its cells.
Place = tuple[LexborNode, int, int, int]  # A cell, its column, and how many rows and columns it takes.
Content = Callable[[LexborNode, str, int], list[Part]]


def table_parts(
    node: LexborNode, content: Content, caption: list[Part], width: int, line: int = WIDE
) -> list[Part]:
    """A table, with its caption; no line of it has more than `line` letters.

    `content(cell, part, width)` gives what is in a cell of a part ("thead", for example) whose words may have
    `width` letters. Columns are aligned as the first row of the body: on the left, if that says nothing.
    """
    head, body, foot = (rows(node, part) for part in ("thead", "tbody", "tfoot"))
    if not head:
        head = list(takewhile(is_head, body))
        body = body[len(head) :]
    parts = {name: place_cells(part) for name, part in (("thead", head), ("tbody", body), ("tfoot", foot))}
    count = max((taken for part in parts.values() for _, taken in part), default=0)
    if not count:
        return caption
    texts = [[word_lengths(td) for td, *_ in row] for part in parts.values() for row, _ in part]
    full = [row for row in texts if len(row) == count]
    columns = [[row[n] for row in full] for n in range(count)]
    line = min(line, LINE if len(columns) * SPACING + sum(map(longest_word, columns)) <= LINE else WIDE)
    widths = column_shares(columns, line)

    def row_lines(name: str) -> list[str]:
        lines = []
        for row, taken in parts[name]:
            cells = [typst_cell(place, content(place[0], name, cell_width(place))) for place in row]
            if row or taken < count:  # A row that others hang into and fill is none of its own.
                lines.append(", ".join(cells + ["[]"] * (count - taken)))
        return lines

    def cell_width(place: Place) -> int:
        _, column, _, across = place
        return int(sum(widths[column : column + across]) * line) - SPACING if widths else width

    cells = [(words, share) for column, share in zip(columns, widths, strict=False) for words in column]
    tall = any(sum(words) + len(words) > TALL * share * line for words, share in cells)
    breaks = tall or bool(widths and len(full) < len(texts))
    sides = [alignment(td) for td in (body or head or foot)[0] for _ in range(span(td, "colspan"))]
    tracks = ", ".join(f"{100 * share:.1f}%" for share in widths) or ", ".join(["auto"] * count)
    lines = [
        f"data-table(head: {len(head)}, rows: {len(body)}, columns: ({tracks},)",
        *(["wide: true"] if line > LINE else []),
        *(["breaks: true"] if breaks else []),
        f"align: ({', '.join(side or 'start' for side in (sides + [''] * count)[:count])},)",
        *([f"caption: {code(caption)}"] if caption else []),
        *([f"table.header({', '.join(row_lines('thead'))})", "table.hline()"] if head else []),
        *row_lines("tbody"),
        *(["table.hline()", f"table.footer({', '.join(row_lines('tfoot'))})"] if foot else []),
    ]
    return [Part(",\n  ".join(lines) + ")", Kind.BLOCK)]


def column_shares(columns: Sequence[Sequence[list[float]]], line: int) -> list[float]:
    """The share of the line that each column has; empty, if each can be as wide as its text.

    `columns` are the lengths of the words of each of their cells. Each is as wide as its longest word or,
    where that is too much, as some syllables. Of the rest, a column with four times the text gets
    twice as much, which makes few lines in all.
    """
    count = len(columns)
    letters = [[sum(words) + len(words) for words in column] for column in columns]
    if sum(max(column, default=0) for column in letters) <= line:
        return []
    least = [(longest_word(column) + SPACING) / line for column in columns]
    if sum(least) > 1:
        least = [min(share, (SYLLABLES + SPACING) / line, 1 / count) for share in least]
    roots = [math.sqrt(sum(column)) for column in letters]

    def remaining(free: set[int]) -> float:
        """What is left of the line when all columns but those in `free` have the least that they need."""
        return 1 - sum(share for n, share in enumerate(least) if n not in free)

    free = set(range(count))
    while narrow := {n for n in free if roots[n] * remaining(free) < least[n] * sum(roots[k] for k in free)}:
        free -= narrow
    unit = remaining(free) / (sum(roots[n] for n in free) or 1)
    return [round(roots[n] * unit if n in free else least[n], 3) for n in range(count)]


def longest_word(column: Sequence[list[float]]) -> float:
    return max((word for words in column for word in words), default=0)


def word_lengths(td: LexborNode) -> list[float]:
    """The length of each word in a cell."""
    factor = CODE_WIDTH if td.css_first("code") is not None else 1
    return [len(word) * factor for word in td.text().split()]


def rows(node: LexborNode, name: str) -> list[Row]:
    """The rows of all parts of a table that have this name."""
    lines = (line for part in node.iter() if part.tag == name for line in part.iter() if line.tag == "tr")
    return [[child for child in line.iter() if child.tag in {"td", "th"}] for line in lines]


def is_head(row: Row) -> bool:
    return bool(row) and all(td.tag == "th" for td in row)


def place_cells(part: list[Row]) -> list[tuple[list[Place], int]]:
    """The cells of each row, and how many columns are taken in it, also by cells that hang into it.

    Typst refuses a cell that leaves its part of the table, or meets one that hangs from above: such
    a cell is cut to the columns and rows that are free.
    """
    done = []
    hanging: dict[int, int] = {}  # Column -> how many rows more are taken in it.
    for below, row in zip(range(len(part), 0, -1), part, strict=True):
        places: list[Place] = []
        taken = dict(hanging)
        column = 0
        for td in row:
            while column in taken:
                column += 1
            down = min(below, span(td, "rowspan"))
            start = column
            while column < start + span(td, "colspan") and column not in taken:
                taken[column] = down
                column += 1
            places.append((td, start, down, column - start))
        done.append((places, len(taken)))
        hanging = {column: down - 1 for column, down in taken.items() if down > 1}
    return done


def typst_cell(place: Place, content: list[Part]) -> str:
    td, _, down, across = place
    side = alignment(td)
    given = {"rowspan": down > 1 and down, "colspan": across > 1 and across, "align": side}
    options = "".join(f"{name}: {value}, " for name, value in given.items() if value)
    return f"table.cell({options}{code(content)})" if options else code(content)


def alignment(td: LexborNode) -> str:
    """`left`, `right`, `center`, or nothing."""
    given = attribute(td, "align")
    m = SIDE.search(f"{attribute(td, 'class')} {attribute(td, 'style')} text-align:{given}")
    return (m[1] or m[2]) if m else ""


def span(td: LexborNode, name: str) -> int:
    """How many rows or columns a cell asks for."""
    given = attribute(td, name)
    return max(1, int(given)) if re.fullmatch(r"\d{1,3}", given, re.ASCII) else 1
