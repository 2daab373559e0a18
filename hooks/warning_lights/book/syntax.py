"""Pieces of Typst code, and how they are put together.

Texts are string literals and elements are calls, so that nothing that a page says can be taken for code.
Lists of parts may mix inlines and blocks until `blocks` sorts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum, auto
from itertools import groupby, pairwise
from typing import NamedTuple


class Kind(Enum):
    INLINE = auto()
    PLAIN = auto()  # A text that is no paragraph, as in an item of a list without gaps.
    PARAGRAPH = auto()
    BLOCK = auto()
    QUOTE = auto()  # A block beside which a text is a paragraph: a quotation, or code.


class Part(NamedTuple):
    """A Typst expression; that of a text or paragraph is what is in it."""

    code: str
    kind: Kind = Kind.INLINE


TEXTS = (Kind.PLAIN, Kind.PARAGRAPH)
SPACE = Part('" "')  # Dropped beside another one and after a line break.
INVISIBLE = ("indexed(", "mark(")
WHITE = re.compile(r"[ \t\n\f\r]+")  # What HTML takes for space; others, such as U+00A0, are letters.
APOSTROPHE = re.compile(r"(?<=\w)'")
ADDRESS = re.compile(r"(?:[a-z]+:/|www\.)\S+")  # Typst breaks it itself.


def string(text: str) -> str:
    """`text` as a string literal of Typst."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'


def words(text: str, room: int) -> list[Part]:
    """A text, with space at its ends as parts of its own; a word of more than `room` letters can break."""
    spaced = WHITE.sub(" ", text)
    inner = spaced.strip(" ")
    if not inner:
        return [SPACE] if spaced else []
    before = [SPACE] if spaced[0] == " " else []
    after = [SPACE] if spaced[-1] == " " else []
    return [*before, Part(string(breakable(APOSTROPHE.sub("’", inner), room))), *after]


def breakable(text: str, room: int) -> str:
    """`text` with places to break in each word of more than `room` letters.

    Among letters they are soft hyphens, three letters from the ends; elsewhere they leave no trace.
    """

    def soft(m: re.Match[str]) -> str:
        word = m[0]
        if ADDRESS.fullmatch(word):
            return word
        done = word[0]
        for at, (one, two) in enumerate(pairwise(word), start=1):
            if not (one.isalpha() and two.isalpha()):
                done += "\u200b"
            elif 3 <= at <= len(word) - 3:
                done += "\u00ad"
            done += two
        return done

    return re.sub(rf"[^\s\u00a0-]{{{room + 1},}}", soft, text)


def call(function: str, content: Iterable[Part]) -> str:
    """A call of `function`, which may have some arguments already: `call("f(1)", …)` is `f(1, …)`."""
    head = f"{function[:-1]}, " if function.endswith(")") else f"{function}("
    return f"{head}{code(content)})"


def code(content: Iterable[Part]) -> str:
    """One expression for all parts, in which texts that touch are one and paragraphs are set apart."""
    pieces: list[str] = []
    spaced = False
    for part in content:
        if part is SPACE and spaced:
            continue
        if not part.code.startswith(INVISIBLE):
            spaced = part is SPACE or part.code == "linebreak()"
        if part.code.startswith('"') and pieces and pieces[-1].startswith('"'):
            pieces[-1] = pieces[-1][:-1] + part.code[1:]
        else:
            pieces.append(part.code)
        if part.kind is Kind.PARAGRAPH:
            pieces.append("parbreak()")
    if pieces[-1:] == ["parbreak()"]:
        pieces.pop()
    return pieces[0] if len(pieces) == 1 else "{" + "; ".join(pieces) + "}" if pieces else "[]"


def formed(parts: Iterable[Part], form: Callable[[list[Part]], list[Part]]) -> list[Part]:
    """`parts` with what `form` makes of each run of inlines, also of those in a paragraph."""
    done: list[Part] = []
    for is_inline, group in groupby(parts, key=lambda part: part.kind is Kind.INLINE):
        run = list(group)
        if is_inline:
            inner = trimmed(run)
            before, after = run[: run[0] is SPACE], run[len(run) - (run[-1] is SPACE) :]
            done += [*before, *form(inner), *after] if inner else run
        else:
            done += [Part(code(form([Part(p.code)])), p.kind) if p.kind in TEXTS else p for p in run]
    return done


def blocks(parts: Iterable[Part]) -> list[Part]:
    """`parts` as texts and blocks; texts that stand alone or among lists and boxes become no paragraphs."""
    done: list[Part] = []
    for is_inline, group in groupby(parts, key=lambda part: part.kind is Kind.INLINE):
        run = list(group)
        if not is_inline:
            done += run
        elif text := trimmed(run):
            done.append(Part(code(text), Kind.PLAIN))
    # Two texts in a row must be paragraphs as well, or Typst would take them for one.
    loose = any(part.kind in (Kind.QUOTE, Kind.PARAGRAPH) for part in done) or any(
        one.kind is two.kind is Kind.PLAIN for one, two in pairwise(done)
    )
    return [p._replace(kind=Kind.PARAGRAPH) if loose and p.kind is Kind.PLAIN else p for p in done]


def paragraphs(parts: Iterable[Part]) -> list[Part]:
    """`parts` as blocks, each text a paragraph."""
    return [p._replace(kind=Kind.PARAGRAPH) if p.kind is Kind.PLAIN else p for p in blocks(parts)]


def trimmed(run: list[Part]) -> list[Part]:
    """`run` without space at its ends."""
    start, end = 0, len(run)
    while start < end and run[start] is SPACE:
        start += 1
    while end > start and run[end - 1] is SPACE:
        end -= 1
    return run[start:end]
