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


class WrittenAddress(NamedTuple):
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
    def addresses(self) -> list[WrittenAddress]:
        return sorted(set(written_addresses(self.visible))) if self.is_markdown else []

    def place(self, offset: int) -> tuple[str, int, int]:
        """(file, line, column); 0 for the file as a whole, where it is no text."""
        return (self.file, *markdown_source.position(self.text, offset)) if self.text else (self.file, 0, 0)


def written_addresses(text: str) -> Iterator[WrittenAddress]:
    """Every address in Markdown `text` whose code has been blanked: links, images, definitions, HTML."""
    for m in re.finditer(r"\]\(", text):
        end = markdown_source.closing_parenthesis(text, m.end())
        if end < 0:
            continue
        inner = text[m.end() : end]
        start = markdown_source.opening_bracket(text, m.start())
        words = text[start + 1 : m.start()] if start >= 0 else ""
        offset = m.end() + len(inner) - len(inner.lstrip())
        stripped = inner.strip()
        if stripped.startswith("<") and ">" in stripped:
            yield WrittenAddress(offset + 1, unescaped(stripped[1 : stripped.index(">")]), words)
        else:
            title = TITLE.fullmatch(stripped)
            url = unescaped(title["url"] if title else stripped)
            yield WrittenAddress(offset if url else max(start, 0), url, words)
    for m in DEFINITION.finditer(text):
        name = "angle" if m["angle"] is not None else "bare"
        yield WrittenAddress(m.start(name), unescaped(m[name]), "")
    for m in AUTOLINK.finditer(text):
        url = f"mailto:{m['mail']}" if m["mail"] else html.unescape(m["url"])
        yield WrittenAddress(m.start("url"), url, m["url"])
    yield from attribute_addresses(text)


def attribute_addresses(text: str) -> Iterator[WrittenAddress]:
    for m in ATTRIBUTE.finditer(text):
        name = next(n for n in ("double", "single", "bare") if m[n] is not None)
        yield WrittenAddress(m.start(name), html.unescape(m[name]), "", rewritten=False)


def unescaped(target: str) -> str:
    return html.unescape(ESCAPE.sub(r"\1", target))
