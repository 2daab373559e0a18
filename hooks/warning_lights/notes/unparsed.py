"""Citations that no reader finds: `[ctc-46]`, `[@ctc-46` without its end, `[＠ctc-46]`, `[@a, @b]`, `[1]`.

And what was probably meant by one that names no entry.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from warning_lights.bibliography.references import Reference
from warning_lights.core.markdown_source import blank, blank_code
from warning_lights.core.names import alphanumeric, nearest
from warning_lights.notes.syntax import CITED, INVISIBLE, LABELLED, Cite, citation, closing_bracket

WIDE_SIGN = re.compile(r"[＠［］【】]")
WIDE_BRACKETS = re.compile(r"[\[［【](?P<inner>[^\[\]［］【】\n]*[@＠][^\[\]［］【】\n]*)[\]］】]")
BRACKETS = re.compile(r"(?<![\]!\\\w])\[(?P<inner>[^\[\]@＠^\n]{2,80})\](?![\[(:{])")
PREFIX = re.compile(r"(?:see also|see|cf\.|also|compare)\s+", re.IGNORECASE)
TOKEN = re.compile(r"-?(?P<key>[^\s,;]+)")
SPACED = re.compile(r"\[(?P<before>[^\[\]@\n]*)@[ \t\u00a0]+(?P<key>[\w:.-]*\w)(?P<after>[^\[\]\n]*)\]")
OPENED = re.compile(r"(?<!\\)\[(?=[^\[\]\n]{0,60}?(?<![\w.])-?@\w)")
LABEL = re.compile(r"^[ ]{0,3}\[(?P<label>[^\]\n]+)\]:", re.MULTILINE)
DIGIT = re.compile(r"\d")
DEFINED = re.compile(r"^[ ]{0,3}(?P<bracket>\[[^\[\]\n]*(?<![\w.])@\w[^\[\]\n]*\]):", re.MULTILINE)
COMMA = re.compile(
    r"\[(?P<inner>[^\[\]\n]*(?<![\w.])@\w(?:[^\[\];\n]*(?:,|\band|&)\s*|[\w:.-]*\s+)-?@\w[^\[\]\n]*)\]"
)
BETWEEN = re.compile(r"(?P<key>@[\w:.-]*\w)\s+(?=-?@)|\s*(?:,|\band|&)\s*(?=-?@)")  # Of two keys.
IN_BRACKETS = re.compile(r"\[[^\[\]]*\]")
LOCATOR_BEHIND = re.compile(rf"[ ]?\[{LABELLED.pattern}")
UNOPENED = re.compile(r"[^\[\]\n]{0,60}\]")
LINKED = re.compile(r"\[[^\[\]\n]*(?<![\w.])@(?P<key>[\w:.-]*\w)[^\[\]\n]*\](?=\()")
ALIKE = 0.85  # Of a word with an @ before it and a key: more than two names have by chance.
NUMBER = re.compile(r"(?<![\]!\\\w`])\[\d{1,3}\](?![\[(:{])")


def unparsed_citations(text: str, keys: Collection[str]) -> Iterator[tuple[int, str]]:
    """(offset, message) for each; `text` is the Markdown file, `keys` are those of the bibliography.

    A word in brackets without @ counts only where it is a key with a digit in it, so that an insertion
    in a quotation, `[Tajik]`, never does.
    """
    prose = blank_code(text)
    by_alphanumeric = {alphanumeric(key): key for key in keys if DIGIT.search(key)}
    labels = {m["label"].casefold() for m in LABEL.finditer(prose)}
    for m in WIDE_BRACKETS.finditer(prose):
        if WIDE_SIGN.search(m[0]):
            meant = unicodedata.normalize("NFKC", m[0]).replace("【", "[").replace("】", "]")
            yield m.start(), f"{m[0]} is printed as text, for it has full-width characters. Write {meant}."
    for m in BRACKETS.finditer(prose):
        inner = m["inner"]
        prefix = PREFIX.match(inner)
        at = prefix.end() if prefix else 0
        token = TOKEN.match(inner, at)
        key = by_alphanumeric.get(alphanumeric(token["key"])) if token else None
        if token and key and inner.casefold() not in labels:
            meant = f"[{inner[:at]}@{key}{inner[token.end() :]}]"
            yield m.start(), f"{m[0]} is printed as text: a citation needs an @. Write {meant}."
    for m in DEFINED.finditer(prose):
        what = "A bracket at the start of a line with a colon behind it is the address of a link"
        yield m.start("bracket"), f"{what}. Write {m['bracket']} behind the claim, without the colon."
    for m in COMMA.finditer(prose):
        meant = BETWEEN.sub(lambda m: f"{m['key'] or ''}; ", m["inner"])
        yield m.start(), f"A semicolon stands between two citations. Write [{meant}]."
    for m in NUMBER.finditer(prose):
        yield m.start(), f"{m[0]} is printed as text: sources are cited by their keys. Write [@key, para. 3]."
    for m in LINKED.finditer(prose):
        if m["key"] in keys:
            yield m.start(), f"{m[0]} is a link, and no citation. Write the citation behind the link."
    for m in SPACED.finditer(prose):
        meant = f"[{m['before']}@{m['key']}{m['after']}]"
        yield m.start(), f"{m[0]} is printed as text: no space follows the @. Write {meant}."
    yield from without_brackets(prose, keys)
    yield from unclosed(prose, keys)


def without_brackets(prose: str, keys: Collection[str]) -> Iterator[tuple[int, str]]:
    """`@key` of no entry that looks like a citation, and a key whose bracket only closes."""
    outside = IN_BRACKETS.sub(lambda m: blank(m[0]), prose)
    for m in CITED.finditer(outside):
        key, before = m["braced"] or m["plain"], outside[: m.start()].rpartition("\n")[2]
        if "[" in before:
            continue
        if key in keys and UNOPENED.match(outside, m.end()):
            yield m.start(), "The bracket of this citation is never opened. Write [ before it."
        meant = likely(key, keys)
        if key not in keys and (meant or LOCATOR_BEHIND.match(prose, m.end())):
            hint = f" Did you mean [@{meant}]?" if meant else ""
            unknown = f"@{key} is printed as text: it is not in the bibliography."
            yield m.start(), f"{unknown}{hint} If no citation is meant, write \\@{key}."


def unclosed(prose: str, keys: Collection[str]) -> Iterator[tuple[int, str]]:
    """`[@key` whose bracket no paragraph closes."""
    for m in OPENED.finditer(prose):
        end = prose.find("\n\n", m.start())
        if closing_bracket(prose[m.start() : end if end >= 0 else None], 0) < 0:
            line = prose[m.start() : prose.find("\n", m.start())].strip()
            start = re.match(r"(\[[^@]*@)([\w:.#$%&+?<>~/-]*\w)((?:, (?:paras?|pp?|n)\. [\d–-]+)?)", line)
            meant = ""
            if start:
                key = start[2] if start[2] in keys else likely(start[2], keys) or start[2]
                meant = f" Write {start[1]}{key}{start[3]}]."
            yield m.start(), f"The bracket of this citation is never closed.{meant}"


def probably_meant(cite: Cite, references: Mapping[str, Reference]) -> str:
    """What was meant by a key that no entry has, and by what stands behind it up to a comma; a sentence."""
    for reference in references.values():
        if cite.key in re.split(r"[,\s]+", reference.fields.get("ids", "")):
            return f" It is a further key (ids) of another entry. Write {citation(reference.key)}."
    joined = cite.written.partition(",")[0].lstrip("-@")
    same = next((citation(key) for key in references if alphanumeric(key) == alphanumeric(joined)), "")
    if sign := INVISIBLE.search(joined):
        fault = f" An invisible character (U+{ord(sign[0]):04X}) follows it."
        return f"{fault} Write {same or 'the key anew'}."
    if joined != cite.key and same:
        return f" Did you mean {same}?"
    family = [f"[@{key}]" for key in references if re.match(rf"{re.escape(cite.key)}[\W_]", key)]
    if len(family) > 1:
        return f" Keys that begin with it: {', '.join(family[:3])}{', …' if len(family) > 3 else '.'}"
    meant = nearest(cite.key, references)
    return f" Did you mean {citation(meant)}?" if meant else ""


def likely(word: str, keys: Collection[str]) -> str:
    """The key with a digit in it that a word is almost equal to, or ""."""
    with_digit = [key for key in keys if DIGIT.search(key)]
    return next(iter(difflib.get_close_matches(word, with_digit, n=1, cutoff=ALIKE)), "")
