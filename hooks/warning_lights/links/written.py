"""The files that people write, and every address in them, as written."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from warning_lights.core import markdown_source

DEFINITION = re.compile(
    r"^[ \t>]*\[(?P<label>[^\]\[^][^\]\[]*)\]:[ \t]*\n?[ \t]*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>\S+))",
    re.MULTILINE,
)
NOTE_DEFINITION = re.compile(r"^[ \t>]*\[\^(?P<label>[^\]\n]+)\]:", re.MULTILINE)
AUTOLINK = re.compile(r"<(?P<url>[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*|(?P<mail>[^<>\s@:/]+@[^<>\s@]+))>")
ATTRIBUTE = re.compile(
    r"(?<![\w-])(?P<name>[A-Za-z][\w:-]*)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>}]+))"
)
TITLE = re.compile(r"(?P<url>.*?)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*", re.DOTALL)
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
PARENTHESIS = re.compile(r"\\.|\n\n|[()]", re.DOTALL)
LONGEST_LINK = 2000


class Written(NamedTuple):
    """One address as a writer wrote it: `offset` into the file, and the words of the link."""

    offset: int
    target: str
    text: str
    rewritten: bool = True  # By MkDocs, which leaves addresses in HTML as they are.


@dataclass
class Source:
    """A file that people write. `file` is what a finding calls it; `uri` and `page` are set for pages.

    `uri` is relative to docs/, `page` is the file of the site that it becomes. `load` reads it, once
    and only when something is looked for in it.
    """

    file: str
    load: Callable[[], str]
    uri: str = ""
    page: str = ""

    @property
    def is_markdown(self) -> bool:
        return self.file.endswith((".md", ".markdown"))

    @cached_property
    def text(self) -> str:
        return self.load()

    @cached_property
    def visible(self) -> str:
        """The text without code and comments; offsets stay."""
        return markdown_source.blank_code(self.text) if self.is_markdown else self.text

    @cached_property
    def written(self) -> list[Written]:
        return sorted(set(links(self.visible))) if self.is_markdown else []

    def place(self, offset: int) -> tuple[str, int, int]:
        """(file, line, column); 0 for the file as a whole, where it is no text."""
        return (self.file, *markdown_source.position(self.text, offset)) if self.text else (self.file, 0, 0)


def links(text: str) -> Iterator[Written]:
    """Every address in Markdown `text` whose code has been blanked: links, images, definitions, HTML."""
    for m in re.finditer(r"\]\(", text):
        end = closing(text, m.end())
        if end < 0:
            continue
        inner = text[m.end() : end]
        start = opening(text, m.start())
        words = text[start + 1 : m.start()] if start >= 0 else ""
        offset = m.end() + len(inner) - len(inner.lstrip())
        stripped = inner.strip()
        if stripped.startswith("<") and ">" in stripped:
            yield Written(offset + 1, plain(stripped[1 : stripped.index(">")]), words)
        else:
            title = TITLE.fullmatch(stripped)
            url = plain(title["url"] if title else stripped)
            yield Written(offset if url else max(start, 0), url, words)
    for m in DEFINITION.finditer(text):
        name = "angle" if m["angle"] is not None else "bare"
        yield Written(m.start(name), plain(m[name]), "")
    for m in AUTOLINK.finditer(text):
        url = f"mailto:{m['mail']}" if m["mail"] else html.unescape(m["url"])
        yield Written(m.start("url"), url, m["url"])
    yield from attributes(text)


def attributes(text: str) -> Iterator[Written]:
    for m in ATTRIBUTE.finditer(text):
        name = next(n for n in ("double", "single", "bare") if m[n] is not None)
        yield Written(m.start(name), html.unescape(m[name]), "", rewritten=False)


def plain(target: str) -> str:
    return html.unescape(ESCAPE.sub(r"\1", target))


def closing(text: str, start: int) -> int:
    """The offset of the parenthesis that closes the one before `start`, or -1 at the end of the paragraph."""
    depth = 1
    for m in PARENTHESIS.finditer(text, start, start + LONGEST_LINK):
        depth += {"(": 1, ")": -1}.get(m[0], 0)
        if not depth or m[0] == "\n\n":
            return m.start() if not depth else -1
    return -1


def opening(text: str, end: int) -> int:
    """The offset of the `[` that the `]` at `end` closes, or -1."""
    depth = 0
    for position in range(end, max(-1, end - LONGEST_LINK), -1):
        sign = text[position]
        if sign in "[]" and text[position - 1 : position] != "\\":
            depth += 1 if sign == "]" else -1
            if not depth:
                return position
    return -1
