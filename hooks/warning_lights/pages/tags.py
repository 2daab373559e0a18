"""The tags of a text as HTML has them, the position of each, and which of them have no partner."""

from __future__ import annotations

import re
from collections import Counter
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
    """Reads a text at once; `unclosed` and `unopened` are its tags without a partner."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[Tag] = []
        self.open: list[Tag] = []
        self.open_names = Counter[str]()
        self.unclosed: list[Tag] = []
        self.unopened: list[str] = []
        self.lines = line_starts(text)
        self.feed(text)
        self.close()
        self.close_from(0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        start = self.lines[line - 1] + column
        attributes = {name: value or "" for name, value in reversed(attrs)}  # Of two, the first counts.
        self.found.append(Tag(tag, attributes, start, start + len(self.get_starttag_text() or "")))
        if tag not in VOID:
            self.open.append(self.found[-1])
            self.open_names[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        drawn = tag == "svg" or self.open_names["svg"]
        self.handle_starttag(tag, attrs)
        if drawn:  # Elsewhere the slash means nothing.
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open_names[tag]:
            begun = next(n for n in reversed(range(len(self.open))) if self.open[n].name == tag)
            del self.open[begun]
            self.open_names[tag] -= 1
            self.close_from(begun)
        elif tag not in VOID and not IMPLIED.fullmatch(tag):
            self.unopened.append(tag)

    def close_from(self, number: int) -> None:
        """Close the open tags from this number on; they count as unclosed."""
        self.unclosed += [each for each in self.open[number:] if not IMPLIED.fullmatch(each.name)]
        self.open_names.subtract(each.name for each in self.open[number:])
        del self.open[number:]


@lru_cache(maxsize=2)
def read_tags(text: str) -> Reader:
    return Reader(text)


def tags(text: str) -> list[Tag]:
    return read_tags(text).found
