"""Citations that the parser misses: `[ctc-46]`, `[@ctc-46` without its end, `[＠ctc-46]`, `[@a, @b]`, `[1]`.

And what was probably meant by one that names no entry.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache

from warning_lights.bibliography.references import Reference
from warning_lights.core.markdown_source import blank, blank_code
from warning_lights.core.names import alphanumeric, nearest_name
from warning_lights.notes.syntax import CITED, INVISIBLE, LABELLED, Cite, citation, closing_bracket

WIDE_SIGN = re.compile(r"[＠［］【】]")
WIDE_BRACKETS = re.compile(r"[\[［【][^\[\]［］【】\n]*[\]］】]")
WITHOUT_AT = re.compile(r"(?<![\]!\\\w])\[(?P<inner>[^\[\]@＠^\n]{2,80})\](?![\[(:{])")
PREFIX = re.compile(r"(?:see also|see|cf\.|also|compare)\s+", re.IGNORECASE)
TOKEN = re.compile(r"-?(?P<key>[^\s,;]+)")
# As Python-Markdown has it (ReferenceProcessor): up to the end of its line nothing else may follow.
DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?P<label>[^\[\]\n]*)\]:[ ]*(?:\n[ ]*)?\S+[ ]*(?:\n[ ]*)?"
    r"(?:([\"']).*\2[ ]*|\(.*\)[ ]*)?$",
    re.MULTILINE,
)
LABEL = re.compile(r"^[ ]{0,3}\[(?P<label>[^\]\n]+)\]:", re.MULTILINE)
DIGIT = re.compile(r"\d")
BRACKETS = re.compile(r"\[(?P<inner>[^\[\]\n]*)\](?P<link>\()?")
KEY_SIGN = re.compile(r"(?<![\w.])-?@\w")
# What was written between two keys where a semicolon belongs: a comma, a word, or spaces alone.
BETWEEN_KEYS = re.compile(r"(?P<key>@[\w:.-]*\w)\s+(?=-?@\w)|\s*(?:,\s*)?(?:,|\band\b|&)\s*(?=-?@\w)")
SPACE_AFTER_AT = re.compile(r"\A(?P<before>[^@]*@)[ \t\u00a0]+(?=[\w:.-]*\w)")
IN_BRACKETS = re.compile(r"\[[^\[\]]*\]")
LOCATOR_AFTER = re.compile(rf"[ ]?\[{LABELLED.pattern}")
CLOSED_ONLY = re.compile(r"[^\[\]\n]{0,60}\]")
OPENED_BRACKET = re.compile(r"(?<!\\)\[(?=[^\[\]\n]{0,60}?(?<![\w.])-?@\w)")
# The part of an unclosed citation that is certain.
UNCLOSED = re.compile(
    r"(?P<before>\[[^@\n]*@)(?P<key>[\w:.#$%&+?<>~/-]*\w)(?P<locator>(?:, (?:paras?|pp?|n)\. [\d–-]+)?)"
)
NUMBER = re.compile(r"(?<![\]!\\\w`^])\[\d{1,3}\](?![\[(:{])")
SIMILAR = 0.85  # Of a word with an @ before it and a key: more than two names have by chance.


def unparsed_citations(text: str, keys: Collection[str]) -> Iterator[tuple[int, str]]:
    """(offset, message) for each; `text` is the Markdown file, `keys` are those of the bibliography."""
    prose = blank_code(text)
    with_digit = [key for key in keys if DIGIT.search(key)]
    yield from full_width_brackets(prose)
    yield from keys_without_at(prose, with_digit)
    yield from link_definitions(prose)
    yield from malformed_brackets(prose, keys)
    yield from numeric_citations(prose)
    similar = cache(lambda word: similar_key(word, with_digit))
    yield from keys_without_brackets(prose, keys, similar)
    yield from unclosed_citations(prose, keys, similar)


def full_width_brackets(prose: str) -> Iterator[tuple[int, str]]:
    for m in WIDE_BRACKETS.finditer(prose):
        if WIDE_SIGN.search(m[0]) and ("@" in m[0] or "＠" in m[0]):
            meant = unicodedata.normalize("NFKC", m[0]).replace("【", "[").replace("】", "]")
            yield m.start(), f"{m[0]} is printed as text, for it has full-width characters. Write {meant}."


def keys_without_at(prose: str, with_digit: Collection[str]) -> Iterator[tuple[int, str]]:
    """A key in brackets without its @, only where it has a digit: `[Tajik]` may be added to a quotation."""
    by_alphanumeric = {alphanumeric(key): key for key in with_digit}
    labels = {m["label"].casefold() for m in LABEL.finditer(prose)}
    for m in WITHOUT_AT.finditer(prose):
        inner = m["inner"]
        prefix = PREFIX.match(inner)
        at = prefix.end() if prefix else 0
        token = TOKEN.match(inner, at)
        key = by_alphanumeric.get(alphanumeric(token["key"])) if token else None
        if token and key and inner.casefold() not in labels:
            meant = f"[{inner[:at]}@{key}{inner[token.end() :]}]"
            yield m.start(), f"{m[0]} is printed as text: a citation needs an @. Write {meant}."


def link_definitions(prose: str) -> Iterator[tuple[int, str]]:
    for m in DEFINITION.finditer(prose):
        if KEY_SIGN.search(m["label"]):
            what = "A bracket at the start of a line, with a colon and one word after it, defines a link"
            yield m.start("label") - 1, f"{what}. Write [{m['label']}] after the claim, without the colon."


def malformed_brackets(prose: str, keys: Collection[str]) -> Iterator[tuple[int, str]]:
    """Brackets with an @ in them that are a link, or in which a space or a comma is wrong."""
    for m in BRACKETS.finditer(prose):
        inner = m["inner"]
        if "@" not in inner:
            continue
        if (meant := with_semicolons(inner)) != inner:
            yield m.start(), f"A semicolon belongs between two citations. Write [{meant}]."
        if m["link"] and any((cited["braced"] or cited["plain"]) in keys for cited in CITED.finditer(inner)):
            yield m.start(), f"[{inner}] is a link, not a citation. Write the citation after the link."
        if (meant := SPACE_AFTER_AT.sub(r"\g<before>", inner)) != inner:
            yield m.start(), f"[{inner}] is printed as text: no space follows the @. Write [{meant}]."


def with_semicolons(inner: str) -> str:
    """The inside of a bracket with a semicolon between any two of its keys."""
    parts = inner.split(";")
    for i, part in enumerate(parts):
        if first := KEY_SIGN.search(part):
            start = first.start()
            parts[i] = part[:start] + BETWEEN_KEYS.sub(lambda m: f"{m['key'] or ''}; ", part[start:])
    return ";".join(parts)


def numeric_citations(prose: str) -> Iterator[tuple[int, str]]:
    for m in NUMBER.finditer(prose):
        yield m.start(), f"{m[0]} is printed as text: sources are cited by their keys. Write [@key, para. 3]."


def keys_without_brackets(
    prose: str, keys: Collection[str], similar: Callable[[str], str]
) -> Iterator[tuple[int, str]]:
    """`@key` of no entry that looks like a citation, and a key whose bracket only closes."""
    outside = IN_BRACKETS.sub(lambda m: blank(m[0]), prose)
    for m in CITED.finditer(outside):
        key = m["braced"] or m["plain"]
        if "[" in outside[outside.rfind("\n", 0, m.start()) + 1 : m.start()]:
            continue
        if key in keys:
            if CLOSED_ONLY.match(outside, m.end()):
                yield m.start(), "The bracket of this citation is never opened. Write [ before it."
        elif similar(key) or LOCATOR_AFTER.match(prose, m.end()):
            hint = f" Did you mean [@{similar(key)}]?" if similar(key) else ""
            unknown = f"@{key} is printed as text: it is not in the bibliography."
            yield m.start(), f"{unknown}{hint} If no citation is meant, write \\@{key}."


def unclosed_citations(
    prose: str, keys: Collection[str], similar: Callable[[str], str]
) -> Iterator[tuple[int, str]]:
    """`[@key` whose bracket no paragraph closes."""
    for m in OPENED_BRACKET.finditer(prose):
        end = prose.find("\n\n", m.start())
        if closing_bracket(prose[m.start() : end if end >= 0 else None], 0) < 0:
            meant = ""
            if start := UNCLOSED.match(prose, m.start()):
                key = start["key"]
                key = key if key in keys else similar(key) or key
                meant = f" Write {start['before']}{key}{start['locator']}]."
            yield m.start(), f"The bracket of this citation is never closed.{meant}"


def unknown_key_hint(cite: Cite, references: Mapping[str, Reference]) -> str:
    """What was meant by a key that no entry has, or by it and the words up to a comma, in a sentence."""
    for reference in references.values():
        if cite.key in re.split(r"[,\s]+", reference.fields.get("ids", "")):
            return f" It is a further key (ids) of another entry. Write {citation(reference.key)}."
    whole_key = cite.written.partition(",")[0].lstrip("-@")
    same = next((citation(key) for key in references if alphanumeric(key) == alphanumeric(whole_key)), "")
    if character := INVISIBLE.search(whole_key):
        fault = f" An invisible character (U+{ord(character[0]):04X}) follows it."
        return f"{fault} Write {same or 'the key anew'}."
    if whole_key != cite.key and same:
        return f" Did you mean {same}?"
    family = [f"[@{key}]" for key in references if re.match(rf"{re.escape(cite.key)}[\W_]", key)]
    if len(family) > 1:
        return f" Keys that begin with it: {', '.join(family[:3])}{', …' if len(family) > 3 else '.'}"
    meant = nearest_name(cite.key, references)
    return f" Did you mean {citation(meant)}?" if meant else ""


def similar_key(word: str, with_digit: Sequence[str]) -> str:
    """Which of the keys, all with a digit, a word is almost equal to, or ""."""
    return next(iter(difflib.get_close_matches(word, with_digit, n=1, cutoff=SIMILAR)), "")
