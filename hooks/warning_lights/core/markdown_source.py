"""Positions in a Markdown file, without its code and front matter."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FENCE = re.compile(r"^(?P<indent>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
INLINE_CODE = re.compile(r"(?<![`\\])(?P<ticks>`+)(?!`)(?P<code>.*?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# In one pass: `<!--` inside code opens no comment, and backticks inside a comment mean nothing.
CODE_OR_COMMENT = re.compile(rf"(?P<comment>{COMMENT.pattern})|{INLINE_CODE.pattern}", re.DOTALL)
PARENTHESIS = re.compile(r"\\.|\n\n|[()]", re.DOTALL)
LONGEST_LINK = 2000
PARAGRAPH_END = re.compile(r"\n[ \t]*\n")


def blank_code(text: str, *, comments: bool = True) -> str:
    """`text` with front matter, code and (unless `comments` is False) comments overwritten by spaces.

    Length and line ends stay, so that an offset in the result is an offset in the file.
    """

    def blank_match(m: re.Match[str]) -> str:
        if m["comment"]:
            return blank(m[0]) if comments else m[0]
        # A run of backticks that nothing closes before the paragraph ends is only text.
        return m[0] if PARAGRAPH_END.search(m["code"]) else blank(m[0])

    text = FRONT_MATTER.sub(lambda m: blank(m[0]), text)
    return CODE_OR_COMMENT.sub(blank_match, blank_fences(text))


def blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def blank_fences(text: str) -> str:
    lines = text.split("\n")
    for first, end, _ in fences(lines):
        lines[first:end] = map(blank, lines[first:end])
    return "\n".join(lines)


def fences(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(first line, line after the last, marker) of each block of fenced code, counted from 0.

    A fence closes with the same marker, at least as long, and nothing after it. One that is never closed ends
    after the last line.
    """
    first, marker = 0, ""
    for number, line in enumerate(lines):
        if marker:
            closing = line.strip(" \t>")
            if closing.startswith(marker) and not closing.strip(marker[0]):
                yield first, number + 1, marker
                marker = ""
        elif (m := FENCE.match(line)) and not (m["fence"][0] == "`" and "`" in m["info"]):
            first, marker = number, m["fence"]
    if marker:
        yield first, len(lines) + 1, marker


def position(text: str, offset: int) -> tuple[int, int]:
    """(line, column), both from 1, of an offset into `text`."""
    starts = line_starts(text)
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


@lru_cache(maxsize=8)  # The same file is asked for many positions.
def line_starts(text: str) -> list[int]:
    return [0, *(m.end() for m in re.finditer("\n", text))]


def find_positions(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """(line, column) of each match of `pattern` outside code."""
    for m in pattern.finditer(blank_code(text)):
        yield position(text, m.start())


def closing_parenthesis(text: str, start: int) -> int:
    """The offset of the parenthesis that closes the one before `start`, or -1 at the end of the paragraph."""
    depth = 1
    for m in PARENTHESIS.finditer(text, start, start + LONGEST_LINK):
        depth += {"(": 1, ")": -1}.get(m[0], 0)
        if not depth or m[0] == "\n\n":
            return m.start() if not depth else -1
    return -1


def opening_bracket(text: str, end: int) -> int:
    """The offset of the `[` that the `]` at `end` closes, or -1."""
    depth = 0
    for offset in range(end, max(-1, end - LONGEST_LINK), -1):
        bracket = text[offset]
        if bracket in "[]" and text[offset - 1 : offset] != "\\":
            depth += 1 if bracket == "]" else -1
            if not depth:
                return offset
    return -1


def paragraphs(lines: list[str]) -> Iterator[tuple[int, int]]:
    """(first, last) of each run of lines that are not empty."""
    first = None
    for i, line in enumerate([*lines, ""]):
        if line.strip():
            first = i if first is None else first
        elif first is not None:
            yield first, i - 1
            first = None
