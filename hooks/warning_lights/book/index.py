"""The index: the terms of the glossary, and where the book mentions them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from warning_lights.book.content import attribute
from warning_lights.core.html import invert_name

BRACKETS = re.compile(r"\s*\(([^()]*)\)")


class Terms:
    """Terms by their number in the index; `home` is the address of the glossary, which is not indexed.

    `names` are the other names of each term, by its title.
    """

    def __init__(self, home: str = "", names: dict[str, list[str]] | None = None) -> None:
        self.home = home
        self.titles = [invert_name(title, also) for title, also in (names or {}).items()]
        self.numbers = {
            normalized(name): number
            for number, (title, also) in enumerate((names or {}).items())
            for name in [title, *also]
        }
        # The longest first, so that "Islamic State Khorasan" is not found as "Islamic State".
        longest = sorted(self.numbers, key=lambda name: (-len(name), name))
        words = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest)
        self.pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])") if words else None

    def split(self, text: str, url: str) -> Iterator[str | int]:
        """`text` in pieces, and before the first mention of each term the number of that term."""
        if self.pattern is None or url == self.home:
            yield text
            return
        seen: set[int] = set()
        start = 0
        for m in self.pattern.finditer(text):
            number = self.numbers[normalized(m[0])]
            if number not in seen:
                seen.add(number)
                yield text[start : m.start()]
                yield number
                start = m.start()
        yield text[start:]


def normalized(name: str) -> str:
    return " ".join(name.split())


def read_terms(url: str, body: LexborNode) -> Terms:
    """The terms of a glossary: what its definition lists define.

    Other names of a term are in brackets after it, "Islamic State Khorasan (ISK, IS-K)", or in
    `data-also="ISK; IS-K"`.
    """
    names: dict[str, list[str]] = {}
    for node in body.css("dt"):
        text = normalized(node.text())
        title = normalized(BRACKETS.sub("", text))
        also = [name for m in BRACKETS.finditer(text) for name in re.split(r"[,;]", m[1])]
        also += attribute(node, "data-also").split(";")
        names[title] = [normalized(name) for name in also if len(normalized(name)) > 1]
    return Terms(url, {name: also for name, also in names.items() if name})
