"""The start tags of a text as HTML has them, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from warning_lights.core.markdown_source import line_starts


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
        self.lines = line_starts(text)
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        start = self.lines[line - 1] + column
        attributes = {name: value or "" for name, value in reversed(attrs)}  # Of two, the first counts.
        self.found.append(Tag(tag, attributes, start, start + len(self.get_starttag_text() or "")))


@lru_cache(maxsize=2)
def tags(text: str) -> list[Tag]:
    return Reader(text).found
