"""Where in a .bib file each entry and field was written, and what keeps the file from being read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from warning_lights.bibliography.latex import MATH, escaped
from warning_lights.core.markdown_source import position

ENTRY = re.compile(r"@\s*(?P<type>\w+)\s*(?P<open>[{(])")
KEY = re.compile(r"\s*(?P<key>[^\s,{}=\"#%]+)\s*(?P<comma>,?)")
# What Pandoc refuses in a key; it takes letters of any script and most ASCII signs.
REFUSED = re.compile(r"[<>^|~\\]|[^\w\x21-\x7e]")
FIELD = re.compile(r"\s*(?P<name>[A-Za-z][\w-]*(?:\+\w+(?::\w+)?)?)\s*=\s*")
NEXT = re.compile(r"^@", re.MULTILINE)
# Most values: one pair of braces, one line, nothing joined to it.
SIMPLE = re.compile(r"\{[^{}\\\n]*\}(?=\s*[,}])")
# BibTeX counts a brace with a backslash before it like any other (btxdoc, 4).
SIGNS = {"{": re.compile(r"[{}]"), "(": re.compile(r"[()]")}
# Commands that pybtex leaves in a text, and what some of them print.
COMMAND = re.compile(r"\\(?:(?P<name>[A-Za-z]+) ?|(?P<sign>.))")
SYMBOLS = {"textasciicircum": "^", "textendash": "–", "textemdash": "—", "dots": "…", "textbackslash": "\\"}
SYMBOLS |= {"textquoteright": "’", "textquoteleft": "‘"}
BARE = re.compile(r"[^\s,{}()\"#]+")


@dataclass(frozen=True)
class Field:
    """A field's value as written, braces included, and where its name stands."""

    name: str
    value: str
    line: int
    column: int


@dataclass
class Entry:
    type: str
    key: str
    line: int
    column: int
    start: int = 0  # Where its text begins and ends in the file.
    end: int = 0
    fields: dict[str, Field] = field(default_factory=dict)


class BrokenBib(ValueError):
    """The file cannot be read from here on."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@lru_cache(maxsize=32)  # One build asks for the same files several times.
def scan(text: str) -> tuple[Entry | BrokenBib, ...]:
    """Each entry of a BibTeX or BibLaTeX file, in order; after a broken one, goes on with the next."""
    return tuple(read_entries(text))


def read_entries(text: str) -> Iterator[Entry | BrokenBib]:
    offset = 0
    while m := ENTRY.search(text, offset):
        line_start = text.rfind("\n", 0, m.start()) + 1
        if "%" in text[line_start : m.start()]:  # A comment, by the custom of most tools.
            offset = m.end()
            continue
        if m["type"].lower() in {"comment", "preamble", "string"}:
            end = closing_brace(text, m.end() - 1) + 1 or len(text)
            # Of a comment BibTeX passes over the word alone: an entry that starts a line ends it.
            following = NEXT.search(text, m.end()) if m["type"].lower() == "comment" else None
            offset = min(end, following.start()) if following else end
            continue
        try:
            entry, offset = read_entry(text, m)
            yield entry
        except BrokenBib as broken:
            yield broken
            # The next entry that starts a line is where reading can go on.
            following = NEXT.search(text, m.end())
            offset = following.start() if following else len(text)


def read_entry(text: str, start: re.Match[str]) -> tuple[Entry, int]:
    """The entry that opens at `start`, and the offset behind it; raises BrokenBib."""
    key = KEY.match(text, start.end())
    if not key or (not key["comma"] and text[key.end() : key.end() + 1] == "="):
        raise broken(text, start.start(), f"@{start['type']} has no key")
    if not key["comma"] and FIELD.match(text, key.end()):
        raise broken(text, key.end("key"), f"{key['key']}: a comma is missing behind the key")
    if not re.fullmatch(r"[A-Za-z]+", start["type"]):
        raise broken(text, start.start(), f"{key['key']}: @{start['type']} is no type of entry")
    if refused := REFUSED.search(key["key"]):
        raise broken(
            text, key.start("key"), f"{key['key']}: a key cannot hold {refused[0]!r}, which Pandoc refuses"
        )
    entry = Entry(start["type"].lower(), key["key"], *position(text, key.start("key")))
    offset = key.end()
    closing = "}" if start["open"] == "{" else ")"
    comma = True
    while True:
        before, offset = offset, skip(text, offset, " \t\r\n,")
        comma = comma or "," in text[before:offset]
        if text[offset : offset + 1] == closing:
            entry.start, entry.end = start.start(), offset + 1
            return entry, offset + 1
        name = FIELD.match(text, offset)
        if not name:
            if offset >= len(text) or re.match(r"@\w+\s*\{", text[offset:]):
                raise unclosed(text, start, entry)
            raise broken(text, offset, f"{entry.key}: expected `field = {{value}}` here")
        if not comma:
            raise broken(text, offset, f"{entry.key}: a comma is missing before {name['name']}")
        comma = False
        begin = name.end()
        offset = end_of_value(text, begin, entry.key, name)
        place = position(text, name.start("name"))
        if name["name"].lower() in entry.fields:
            raise broken(text, name.start("name"), f"{entry.key} has two fields {name['name']}")
        entry.fields[name["name"].lower()] = Field(name["name"].lower(), text[begin:offset], *place)


def unclosed(text: str, start: re.Match[str], entry: Entry) -> BrokenBib:
    """The entry runs into the next one: by its own fault, or because a field swallowed its end."""
    for item in entry.fields.values():
        if re.search(r"^\s*[\w-]+\s*=\s*[{\"]", item.value.partition("\n")[2], re.MULTILINE):
            return BrokenBib(f"{entry.key}: the brace of {item.name} is never closed", item.line, item.column)
    return broken(text, start.start(), f"{entry.key} is never closed: a }} is missing")


def end_of_value(text: str, offset: int, key: str, name: re.Match[str]) -> int:
    """The offset behind a value: braces, quotation marks or a bare word, joined by #."""
    while True:
        if simple := SIMPLE.match(text, offset):
            return simple.end()
        if text[offset : offset + 1] == "{":
            end = closing_brace(text, offset)
            # A brace that closes only in a later entry was forgotten in this one.
            if end < 0 or re.search(r"^@\w+\s*[{(]", text[offset:end], re.MULTILINE):
                raise broken(text, name.start("name"), f"{key}: the brace of {name['name']} is never closed")
        elif text[offset : offset + 1] == '"':
            end = closing_quote(text, offset)
            if end < 0 or re.search(r"^@\w+\s*[{(]", text[offset:end], re.MULTILINE):
                raise broken(
                    text, name.start("name"), f"{key}: the quotation mark of {name['name']} is never closed"
                )
        else:
            word = BARE.match(text, offset)
            if not word:
                raise broken(text, name.start("name"), f"{key}: {name['name']} has no value")
            end = word.end() - 1
        offset = end + 1
        joint = re.match(r"\s*#\s*", text[offset:])
        if not joint:
            return offset
        offset += joint.end()


def closing_brace(text: str, start: int) -> int:
    """The offset of the brace or parenthesis that closes the one at `start`, or -1."""
    opening = text[start]
    depth = 0
    for m in SIGNS[opening].finditer(text, start):
        if m[0] == opening:
            depth += 1
        elif m[0] in "})":
            depth -= 1
            if not depth:
                return m.start()
    return -1


def closing_quote(text: str, start: int) -> int:
    depth = 0
    for m in re.compile(r'\\.|[{}"]', re.DOTALL).finditer(text, start + 1):
        if m[0] == "{":
            depth += 1
        elif m[0] == "}":
            depth -= 1
        elif m[0] == '"' and not depth:
            return m.start()
    return -1


def skip(text: str, offset: int, signs: str) -> int:
    while offset < len(text) and (text[offset] in signs or text[offset] == "%"):
        # A comment runs to the end of its line.
        offset = text.find("\n", offset) if text[offset] == "%" else offset + 1
        if offset < 0:
            return len(text)
    return offset


def broken(text: str, offset: int, message: str) -> BrokenBib:
    return BrokenBib(message, *position(text, offset))


def plain(latex: str) -> str:
    """A field without LaTeX's braces, commands and escapes; signs that were not escaped stay."""
    if not re.search(r"[\\{}~$^]|--|``|''", latex):
        return latex
    from pybtex.richtext import Text

    text = str(Text.from_latex(escaped(MATH.sub(lambda m: m[0][1:-1], latex))))
    return COMMAND.sub(lambda m: SYMBOLS.get(m["name"], "") if m["name"] else m["sign"], text)
