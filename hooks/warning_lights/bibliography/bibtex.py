"""Where each entry and field of a .bib file was written, and what keeps the file from being read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from warning_lights.bibliography.latex import MATH, escape_special, with_symbols
from warning_lights.core.markdown_source import position

ENTRY = re.compile(r"@\s*(?P<type>\w+)\s*(?P<open>[{(])|^@", re.MULTILINE)
# A key may hold `=`, which after the name of a field says that there is no key.
_KEY_PART = r"[^\s,{}=\"#%]+"
KEY = re.compile(
    rf"\s*(?P<key>(?!(?:author|date|editor|title|url|year)=){_KEY_PART}(?:={_KEY_PART})*)(?P<space>\s*)(?P<comma>,?)"
)
NO_COMMA = re.compile(r"[\w\"#%]")  # After a key, no field follows.
# What follows a closed entry and was meant to be in it.
AFTER_ENTRY = re.compile(r"\s*\}|[\s,]*[A-Za-z][\w-]*\s*=\s*[{\"]")
# What Pandoc refuses in a key; it takes letters of any script and most ASCII characters.
REFUSED_BY_PANDOC = re.compile(r"[<>^|~\\]|[^\w\x21-\x7e]")
FIELD = re.compile(r"\s*(?P<name>[A-Za-z_][\w-]*(?:\+\w+(?::\w+)?)?)\s*=\s*")
NEXT_ENTRY = re.compile(r"^@", re.MULTILINE)
# Most values: one pair of braces, one line, nothing joined to it.
SIMPLE_VALUE = re.compile(r"\{[^{}\\\n]*\}(?=\s*[,}])")
# BibTeX counts a brace with a backslash before it like any other (btxdoc, 4).
BRACKETS = {"{": re.compile(r"[{}]"), "(": re.compile(r"[()]")}
# Commands that pybtex leaves in a text, and what some of them print.
COMMAND = re.compile(r"\\(?:(?P<name>[A-Za-z]+) ?|(?P<sign>.))")
SYMBOLS = {"textasciicircum": "^", "dots": "…", "textbackslash": "\\"}
SYMBOLS |= {"textquoteright": "’", "textquoteleft": "‘"}
BETWEEN_FIELDS = re.compile(r"(?:[ \t\r\n,]|%.*)*+")  # Including comments, which run to the line end.
BARE_WORD = re.compile(r"[^\s,{}()\"#]+")


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


class BrokenEntry(ValueError):
    """An entry that cannot be read; `key` is empty where it has none."""

    def __init__(self, message: str, line: int, column: int, key: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.key = message, line, column, key


@lru_cache(maxsize=32)  # One build asks for the same files several times.
def scan(text: str) -> tuple[Entry | BrokenEntry, ...]:
    """Each entry of a BibTeX or BibLaTeX file, in order; after a broken one, goes on with the next."""
    return tuple(read_entries(text))


def valid_entries(text: str) -> list[Entry]:
    """The entries of a file that can be read."""
    return [entry for entry in scan(text) if isinstance(entry, Entry)]


def read_entries(text: str) -> Iterator[Entry | BrokenEntry]:
    offset = 0
    while m := ENTRY.search(text, offset):
        kind = (m["type"] or "").lower()
        following = NEXT_ENTRY.search(text, m.end())
        if "%" in text[text.rfind("\n", 0, m.start()) + 1 : m.start()]:  # A comment, by custom of most tools.
            offset = m.end()
        elif not kind:
            yield broken_entry(text, m.start(), "No entry begins at this @: write @online{key, for example")
            offset = m.end()
        elif kind in {"comment", "preamble", "string"}:
            end = closing_brace(text, m.end() - 1) + 1
            # Of a comment BibTeX passes over the word alone: an entry that starts a line ends it.
            runs_on = not end or (following is not None and end > following.start())
            if runs_on and kind != "comment":
                yield broken_entry(text, m.start(), f"@{kind} is never closed: a }} is missing")
            offset = (following.start() if following else len(text)) if runs_on else end
        else:
            try:
                entry, offset = read_entry(text, m)
                if AFTER_ENTRY.match(text, offset):
                    message = ": the entry ends at this brace, but more follows it"
                    raise broken_entry(text, offset - 1, message, entry.key)
                yield entry
            except BrokenEntry as fault:
                yield fault
                # The next entry that starts a line is where reading can go on.
                offset = following.start() if following else len(text)


def read_strings(text: str) -> Iterator[Field]:
    """The abbreviations that a file defines, each with its value as written."""
    for m in ENTRY.finditer(text):
        name = FIELD.match(text, m.end()) if (m["type"] or "").lower() == "string" else None
        if name:
            with suppress(BrokenEntry):
                end = end_of_value(text, name.end(), "", name)
                yield Field(name["name"].lower(), text[name.end() : end], *position(text, name.start("name")))


def read_entry(text: str, start: re.Match[str]) -> tuple[Entry, int]:
    """The entry that opens at `start`, and the offset after it; raises BrokenEntry."""
    key_match = KEY.match(text, start.end())
    if not key_match or (not key_match["comma"] and text[key_match.end() : key_match.end() + 1] == "="):
        raise broken_entry(text, start.start(), f"@{start['type']} has no key")
    key, at = key_match["key"], key_match.start("key")
    if not key_match["comma"]:
        if FIELD.match(text, key_match.end()):
            raise broken_entry(text, key_match.end("key"), ": a comma is missing after the key", key)
        if following := NO_COMMA.match(text, key_match.end()):
            character = "a space" if key_match["space"] else repr(following[0])
            raise broken_entry(text, at, f": a key cannot hold {character}", key)
    if not re.fullmatch(r"[A-Za-z]+", start["type"]):
        raise broken_entry(text, start.start(), f": @{start['type']} is not an entry type", key)
    if refused := REFUSED_BY_PANDOC.search(key):
        raise broken_entry(text, at, f": a key cannot hold {refused[0]!r}, which Pandoc refuses", key)
    entry = Entry(start["type"].lower(), key, *position(text, at), start=start.start())
    offset, comma = key_match.end(), True
    while True:
        if between := BETWEEN_FIELDS.match(text, offset):
            comma, offset = comma or "," in between[0], between.end()
        if text[offset : offset + 1] == ("}" if start["open"] == "{" else ")"):
            entry.end = offset + 1
            return entry, offset + 1
        m = FIELD.match(text, offset)
        if not m:
            if offset >= len(text) or re.match(r"@\w+\s*\{", text[offset:]):
                raise unclosed_entry(text, start, entry)
            raise broken_entry(text, offset, ": expected `field = {value}` here", key)
        name, written = m["name"].lower(), m["name"]
        if not comma:
            raise broken_entry(text, offset, f": a comma is missing before {written}", key)
        comma, offset = False, end_of_value(text, m.end(), key, m)
        if name in entry.fields:
            raise broken_entry(text, m.start("name"), f" has two fields {written}", key)
        entry.fields[name] = Field(name, text[m.end() : offset], *position(text, m.start("name")))


def unclosed_entry(text: str, start: re.Match[str], entry: Entry) -> BrokenEntry:
    """The entry runs into the next one: by its own fault, or because a field swallowed its end."""
    for item in entry.fields.values():
        if re.search(r"^\s*[\w-]+\s*=\s*[{\"]", item.value.partition("\n")[2], re.MULTILINE):
            message = f"{entry.key}: the brace of {item.name} is never closed"
            return BrokenEntry(message, item.line, item.column, entry.key)
    return broken_entry(text, start.start(), " is never closed: a } is missing", entry.key)


def end_of_value(text: str, offset: int, key: str, name: re.Match[str]) -> int:
    """The offset after a value: braces, quotation marks or a bare word, joined by #."""
    while True:
        if simple := SIMPLE_VALUE.match(text, offset):
            return simple.end()
        opening = text[offset : offset + 1]
        if opening in {"{", '"'}:
            end = (closing_brace if opening == "{" else closing_quote)(text, offset)
            # What closes only in a later entry was forgotten in this one.
            if end < 0 or re.search(r"^@\w+\s*[{(]", text[offset:end], re.MULTILINE):
                mark = "brace" if opening == "{" else "quotation mark"
                message = f": the {mark} of {name['name']} is never closed"
                raise broken_entry(text, name.start("name"), message, key)
        elif word := BARE_WORD.match(text, offset):
            end = word.end() - 1
        else:
            raise broken_entry(text, name.start("name"), f": {name['name']} has no value", key)
        joint = re.compile(r"\s*#\s*").match(text, end + 1)
        if not joint:
            return end + 1
        offset = joint.end()


def closing_brace(text: str, start: int) -> int:
    """The offset of the brace or parenthesis that closes the one at `start`, or -1."""
    opening = text[start]
    depth = 0
    for m in BRACKETS[opening].finditer(text, start):
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


def keys_of(item: Field | None) -> list[str]:
    """The keys of other entries that a field names."""
    return [key for key in re.split(r"[,\s{}\"]+", item.value if item else "") if key]


def broken_entry(text: str, offset: int, message: str, key: str = "") -> BrokenEntry:
    return BrokenEntry(f"{key}{message}", *position(text, offset), key)


def latex_to_text(latex: str) -> str:
    """A field without LaTeX's braces, commands and escapes; characters that were not escaped stay."""
    if not re.search(r"[\\{}~$^]|--|``|''", latex):
        return latex
    from pybtex.richtext import Text

    text = str(Text.from_latex(escape_special(MATH.sub(lambda m: m[0][1:-1], with_symbols(latex)))))
    return COMMAND.sub(lambda m: SYMBOLS.get(m["name"], "") if m["name"] else m["sign"], text)
