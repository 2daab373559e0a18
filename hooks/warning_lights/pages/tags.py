"""The tags of a text as HTML has them, where each stands, and which of them have no partner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from warning_lights.core.html import VOID
from warning_lights.core.markdown_source import line_starts

# What follows closes them.
IMPLIED = re.compile(r"body|caption|colgroup|d[dt]|head|html|li|option|p|r[pt]|tbody|t[dhr]|tfoot|thead")


@dataclass(frozen=True)
class Tag:
    name: str
    attributes: dict[str, str]
    start: int
    end: int


class Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Tag] = []
        self.open: list[Tag] = []
        self.unclosed: list[Tag] = []
        self.unopened: list[str] = []
        self.lines = line_starts(text)
        self.feed(text)
        self.close()
        self.leave(0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        start = self.lines[line - 1] + column
        attributes = {name: value or "" for name, value in reversed(attrs)}  # Of two, the first counts.
        self.found.append(Tag(tag, attributes, start, start + len(self.get_starttag_text() or "")))
        self.open += [] if tag in VOID else self.found[-1:]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        drawn = any(each.name == "svg" for each in self.open) or tag == "svg"
        self.handle_starttag(tag, attrs)
        if drawn:  # Elsewhere the slash means nothing.
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        begun = [number for number, each in enumerate(self.open) if each.name == tag]
        if begun:
            del self.open[begun[-1]]
            self.leave(begun[-1])
        elif tag not in VOID and not IMPLIED.fullmatch(tag):
            self.unopened.append(tag)

    def leave(self, number: int) -> None:
        self.unclosed += [each for each in self.open[number:] if not IMPLIED.fullmatch(each.name)]
        del self.open[number:]


@lru_cache(maxsize=2)
def read(text: str) -> Reader:
    return Reader(text)


def tags(text: str) -> list[Tag]:
    return read(text).found
