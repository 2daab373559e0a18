"""A table of HTML as a table of Pandoc."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import takewhile

from selectolax.lexbor import LexborNode

from book_pages import attribute
from book_pandoc import PLAIN_ATTRIBUTES, Node

LINE = 80  # Letters of a line of the book, in the size of a table.
SIDES = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
TEXT_ALIGN = re.compile(r"\btext-align:\s*(\w+)")
EMPTY = [PLAIN_ATTRIBUTES, {"t": "AlignDefault"}, 1, 1, []]

Row = list[LexborNode]  # Its cells.
Place = tuple[LexborNode, int, int]  # A cell, and how many rows and columns it takes.


def table(node: LexborNode, content: Callable[[LexborNode, str], list[Node]]) -> list[Node]:
    """A table with its caption; `content(element, part)` gives what is in a cell or in the caption.

    Its columns stand as the first row of the body does: on the left, if that says nothing.
    """
    caption = [new for part in node.iter() if part.tag == "caption" for new in content(part, "caption")]
    head, body, foot = (rows(node, part) for part in ("thead", "tbody", "tfoot"))
    if not head:
        head = list(takewhile(is_head, body))
        body = body[len(head) :]
    parts = {name: placed(part) for name, part in (("thead", head), ("tbody", body), ("tfoot", foot))}
    width = max((taken for part in parts.values() for _, taken in part), default=0)
    if not width:
        return caption

    def written(name: str) -> list[object]:
        done: list[object] = []
        for row, taken in parts[name]:
            cells = [cell(*place, content(place[0], name)) for place in row] + [EMPTY] * (width - taken)
            if cells:  # A row that others hang into and fill is none of its own.
                done.append([PLAIN_ATTRIBUTES, cells])
        return done

    sides = [align(td) for td in (body or head or foot)[0] for _ in range(span(td, "colspan"))]
    columns = [
        [{"t": "AlignLeft" if side == "AlignDefault" else side}, wide]
        for side, wide in zip(
            (sides + ["AlignDefault"] * width)[:width],
            widths([[td for td, *_ in row] for part in parts.values() for row, _ in part], width),
            strict=True,
        )
    ]
    top, middle, end = (written(name) for name in parts)
    bodies = [[PLAIN_ATTRIBUTES, 0, [], middle]]
    whole = [[None, caption], columns, [PLAIN_ATTRIBUTES, top], bodies, [PLAIN_ATTRIBUTES, end]]
    return [{"t": "Table", "c": [PLAIN_ATTRIBUTES, *whole]}]


def widths(lines: list[Row], width: int) -> list[Node]:
    """How wide each of `width` columns is: as wide as what is in it, or a share of the line.

    Where all together need more than a line, a column with four times the text has twice the width, which
    makes few lines in all; but each has room for its longest word.
    """
    texts = [[td.text().split() for td in line] for line in lines if len(line) == width]
    columns = list(zip(*texts, strict=True))
    letters = [[sum(map(len, words)) + len(words) for words in column] for column in columns]
    if sum(map(max, letters)) <= LINE:
        return [{"t": "ColWidthDefault"}] * width
    roots = [math.sqrt(sum(column)) for column in letters]
    words = [max((len(word) for words in column for word in words), default=0) for column in columns]
    shares = [max(root / sum(roots), (word + 3) / LINE) for root, word in zip(roots, words, strict=True)]
    return [{"t": "ColWidth", "c": round(share / sum(shares), 3)} for share in shares]


def rows(node: LexborNode, name: str) -> list[Row]:
    """The rows of all parts of a table that have this name."""
    lines = (line for part in node.iter() if part.tag == name for line in part.iter() if line.tag == "tr")
    return [[child for child in line.iter() if child.tag in {"td", "th"}] for line in lines]


def is_head(row: Row) -> bool:
    return bool(row) and all(td.tag == "th" for td in row)


def placed(part: list[Row]) -> list[tuple[list[Place], int]]:
    """The cells of each row, and how many columns are taken in it, also by cells that hang into it.

    Typst refuses a cell that leaves its part of the table, or meets one that hangs from above: such
    a cell takes no more than the room it has.
    """
    done = []
    hanging: dict[int, int] = {}  # Column -> how many rows more are taken in it.
    for left, row in zip(range(len(part), 0, -1), part, strict=True):
        places: list[Place] = []
        taken = dict(hanging)
        column = 0
        for td in row:
            while column in taken:
                column += 1
            down = min(left, span(td, "rowspan"))
            start = column
            while column < start + span(td, "colspan") and column not in taken:
                taken[column] = down
                column += 1
            places.append((td, down, column - start))
        done.append((places, len(taken)))
        hanging = {column: down - 1 for column, down in taken.items() if down > 1}
    return done


def cell(td: LexborNode, down: int, across: int, content: list[Node]) -> list[object]:
    return [PLAIN_ATTRIBUTES, {"t": align(td)}, down, across, content]


def align(td: LexborNode) -> str:
    style = TEXT_ALIGN.search(attribute(td, "style"))
    return SIDES.get(attribute(td, "align") or (style[1] if style else ""), "AlignDefault")


def span(td: LexborNode, name: str) -> int:
    """How many rows or columns a cell asks for."""
    given = attribute(td, name)
    return max(1, int(given)) if re.fullmatch(r"\d{1,3}", given, re.ASCII) else 1
