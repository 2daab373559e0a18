"""Pieces of Typst code, and how they are put together.

Texts are string literals and elements are calls, so that nothing that a page says can be taken for code.
Lists of parts may mix inlines and blocks until `blocks` sorts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum, auto
from itertools import groupby
from typing import NamedTuple


class Kind(Enum):
    INLINE = auto()
    TEXT = auto()  # All inlines of a paragraph.
    BLOCK = auto()


class Part(NamedTuple):
    """A Typst expression."""

    code: str
    kind: Kind = Kind.INLINE


SPACE = Part('" "')  # Dropped beside another one and after a line break.
INVISIBLE = ("indexed(", "mark(")
WHITE_SPACE = re.compile(r"[ \t\n\f\r]+")  # What HTML takes for space; others, such as U+00A0, are letters.
APOSTROPHE = re.compile(r"(?<=\w)'")
LONG_WORD = 24
NOT_HYPHENATED = re.compile(r"[\d_/]")
# Typst breaks it itself, between letters, digits and punctuation.
ADDRESS = re.compile(r"(?:[a-z]+:/|www\.)\S+")


def string(text: str) -> str:
    """`text` as a string literal of Typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'


def text_parts(text: str, width: int) -> list[Part]:
    """A text, with space at its ends as parts of its own; a word of more than `width` letters can break."""
    spaced = WHITE_SPACE.sub(" ", text)
    inner = APOSTROPHE.sub("’", spaced.strip(" "))
    parts = [Part(string(with_break_points(inner, width, LONG_WORD)))] if inner else []
    return [SPACE] * spaced.startswith(" ") + parts + [SPACE] * spaced.endswith(" ")


def with_break_points(text: str, width: int, hyphenated: int = 0) -> str:
    """`text` with places to break in words of more than `width` letters.

    Typst hyphenates words of up to `hyphenated` letters itself.
    """

    unbroken = re.compile(rf"[^\W\d_]{{{width + 1},}}|\d{{{width + 1},}}")

    def break_word(m: re.Match[str]) -> str:
        word = m[0]
        if NOT_HYPHENATED.search(word) or not hyphenated:
            breaks_itself = ADDRESS.fullmatch(word) and not unbroken.search(word)
            return word if breaks_itself else "\u200b".join(word)
        return word if len(word) <= hyphenated else re.sub(r"(?<=\w{3})(?=\w{3})", "\u00ad", word)

    return re.sub(rf"[^\s\u00a0-]{{{width + 1},}}", break_word, text)


def call(function: str, content: Iterable[Part]) -> str:
    """A call of `function`, which may have some arguments already: `call("f(1)", …)` is `f(1, …)`."""
    head = f"{function[:-1]}, " if function.endswith(")") else f"{function}("
    return f"{head}{code(content)})"


def block(function: str, content: Iterable[Part]) -> Part:
    return Part(call(function, content), Kind.BLOCK)


def code(content: Iterable[Part]) -> str:
    """One expression for all parts: strings that touch are one, and texts are paragraphs of their own."""
    pieces: list[str] = []
    before = SPACE
    for part in content:
        if part == SPACE and before in (SPACE, Part("linebreak()")):
            continue
        if part.kind is before.kind is Kind.TEXT:
            pieces.append("parbreak()")
        if part.code.startswith('"') and pieces and pieces[-1].startswith('"'):
            pieces[-1] = pieces[-1][:-1] + part.code[1:]
        else:
            pieces.append(part.code)
        before = before if part.code.startswith(INVISIBLE) else part
    return pieces[0] if len(pieces) == 1 else "{" + "; ".join(pieces) + "}" if pieces else "[]"


def wrap_inlines(parts: Iterable[Part], form: Callable[[list[Part]], str]) -> list[Part]:
    """`parts` with what `form` makes of each run of inlines, also of those in a text."""
    done: list[Part] = []
    for is_inline, group in groupby(parts, key=lambda part: part.kind is Kind.INLINE):
        run = list(group)
        if not is_inline:
            done += [Part(form([Part(p.code)]), p.kind) if p.kind is Kind.TEXT else p for p in run]
        elif inner := trim_space(run):
            done += [*run[: run[0] == SPACE], Part(form(inner)), *run[len(run) - (run[-1] == SPACE) :]]
        else:
            done += run
    return done


def blocks(parts: Iterable[Part]) -> list[Part]:
    """`parts` as texts and blocks."""
    done: list[Part] = []
    for is_inline, group in groupby(parts, key=lambda part: part.kind is Kind.INLINE):
        run = list(group)
        text = trim_space(run)
        done += ([Part(code(text), Kind.TEXT)] if text else []) if is_inline else run
    return done


def trim_space(run: list[Part]) -> list[Part]:
    """`run` without space at its ends."""
    while run[:1] == [SPACE]:
        run = run[1:]
    while run[-1:] == [SPACE]:
        run = run[:-1]
    return run


def link_parts(function: str, text: list[Part]) -> list[Part]:
    """`text` as the words of a link; where it has none, but perhaps a figure, the link is put before it."""
    done = wrap_inlines(text, lambda run: call(function, run))
    return done if done != text else [Part(call(function, [])), *text]
