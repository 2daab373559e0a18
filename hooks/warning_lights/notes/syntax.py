"""Pandoc's citation syntax, `[see @key, para. 3; also @other]`, as values.

Follows the Pandoc User's Guide, "Citation syntax".
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from warning_lights.bibliography.passages import LABELS
from warning_lights.core import fragments
from warning_lights.core.markdown_source import blank_code

# A key starts with a letter, digit or `_`; inside, it may hold single punctuation marks, but not
# end with one. Between braces anything may stand: `@{https://example.org/a;b}`.
_PUNCTUATION = r"[:.#$%&\-+?<>~/]"
KEY = rf"(?:\{{(?P<braced>[^{{}}\s]+)\}}|(?P<plain>\w+(?:{_PUNCTUATION}\w+)*))"
# No citation inside a word: an address such as `a@b.org` is left alone.
CITED = re.compile(rf"(?<![\w@.+/\\])(?P<suppress>-)?@{KEY}")

LABEL_OF = {word: pair for pair, words in LABELS.items() for word in words.split()}
PLURALS = {
    word for word in LABEL_OF if re.search(r"(?:[a-z]{2}s|s\.|¶¶|§§|\b(?:ll|nn|pp|vv|opp|s\.vv)\.)\Z", word)
}
_LABEL = "|".join(sorted(map(re.escape, LABEL_OF), key=len, reverse=True))
_ROMAN = r"\(?(?:[ivxlcdm]+|[IVXLCDM]+)\b\)?"
_ARABIC = r"\(?\d+(?:[.:/]\d+)*(?:ff?\b\.?|[a-z]{1,2}\b|\b)\)?(?:\(\w{1,4}\))*"
_NUMBER = rf"(?:{_ARABIC}|{_ROMAN}|[a-zA-Z]\b|`[^`]+`)"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_TO = rf"\s*[{DASHES}]+\s*"
# A later number of a list, but not words such as “, i think”.
_MORE = rf"(?:{_ARABIC}|{_ROMAN}(?!\s+\w))"
_LIST = rf"(?:(?:,|\s*&)\s*{_MORE}(?:{_TO}{_MORE})?)*"
LABELLED = re.compile(
    rf"(?P<label>(?i:{_LABEL}))(?:\\?[\s\xa0])*"
    rf"(?P<value>{_NUMBER}(?:{_TO}(?:(?P=label)\s*)?{_NUMBER})?{_LIST})(?![\w])"
)
BARE_PAGE = re.compile(rf"(?P<value>{_ARABIC}(?:{_TO}{_ARABIC})?{_LIST})(?![\w])")
IN_BRACES = re.compile(rf"\{{\s*(?:(?P<label>(?i:{_LABEL}))\s+)?(?P<value>[^{{}}]*)\}}")
JOINT = re.compile(r"(?P<comma>\s*,)?\s*")
BRACKET = re.compile(r"[\[\]]")
DEEPEST = 20  # Brackets within brackets: more are not a citation, and would be counted again for each.
ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#\d+|#[xX][0-9a-fA-F]+);")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # Pasted with a text, inside a key.


@dataclass(frozen=True)
class Cite:
    """One work cited at one place: prefix `see`, key, locator `para. 3`, suffix `and passim`."""

    key: str
    prefix: str = ""
    locator: str = ""
    suffix: str = ""
    suppress_author: bool = False
    joint: str = field(default=", ", compare=False)  # What stands before the suffix.
    written: str = field(default="", compare=False)  # From its key on, as it stands on the page.

    @property
    def place(self) -> str:
        """The work and the locator, as the ledger of quotations has them: `@key, para. 3`."""
        return f"@{self.key}, {self.locator}" if self.locator else f"@{self.key}"


def citation(key: str) -> str:
    """How a work is cited: `[@key]`, or `[@{key}]` for a key that needs braces."""
    m = CITED.fullmatch(f"@{key}")
    return f"[@{key}]" if m and m["plain"] else f"[@{{{key}}}]"


class NotACitation(ValueError):
    """A part between semicolons names no key."""


def parse(text: str) -> tuple[Cite, ...]:
    """The citations in `text`, which is what stands between the brackets, over one line or more.

    Raises NotACitation when a part between semicolons has no key; its argument is that part.
    """
    return tuple(parse_part(part) for part in split_parts(" ".join(text.split())))


def split_parts(text: str) -> list[str]:
    """Split at semicolons, but not at those inside braces or at the end of an HTML entity."""
    parts, depth, start = [], 0, 0
    without_entities = ENTITY.sub(lambda m: "&" * len(m[0]) if entity_character(m[0]) else m[0], text)
    for i, sign in enumerate(without_entities):
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif sign == ";" and not depth:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def entity_character(entity: str) -> str:
    """What an HTML entity stands for; "" where no entity has this name, as in `@r&d; @b`."""
    text = html.unescape(entity)
    return "" if text.endswith(";") else text


def replace_entities(text: str) -> str:
    """`text` with its HTML entities as characters, except those of ASCII, which Markdown could misread."""
    return ENTITY.sub(lambda m: m[0] if entity_character(m[0]).isascii() else entity_character(m[0]), text)


def closing_bracket(text: str, start: int) -> int:
    """The offset of the bracket that closes the one at `start`; -1 for none, or one nested too deep."""
    depth = 0
    for m in BRACKET.finditer(text, start):
        depth += 1 if m[0] == "[" else -1
        if not depth:
            return m.start()
        if depth > DEEPEST:
            break
    return -1


def parse_part(part: str) -> Cite:
    """The one citation in a part; raises NotACitation."""
    text = replace_entities(part)
    m, written = CITED.search(text), CITED.search(part)
    if not m or not written:
        raise NotACitation(part.strip())
    locator, joint, suffix = split_locator(text[m.end() :])
    key, prefix = m["braced"] or m["plain"], text[: m.start()].strip()
    return Cite(key, prefix, locator, suffix, bool(m["suppress"]), joint, part[written.start() :].strip())


class AfterKey(NamedTuple):
    """What follows a key: of `, pp. 3-5 in A` the locator `pp. 3–5`, what joins the suffix, and `in A`."""

    locator: str
    joint: str
    suffix: str


def split_locator(text: str) -> AfterKey:
    start = JOINT.match(text)
    rest = text[start.end() :] if start else text
    if (m := IN_BRACES.match(rest)) or (m := LABELLED.match(rest)):
        label = m["label"]
    elif m := BARE_PAGE.match(rest):
        label = "p."
    else:
        return AfterKey("", *split_suffix(text))
    value, suffix = m["value"].strip(), rest[m.end() :]
    if not label:
        return AfterKey(tidy_range(value), *split_suffix(suffix))
    value, label = value.replace(label, ""), label.lower()
    several = is_several(value) or (label in PLURALS and bool(suffix.strip(" .,")))
    return AfterKey(f"{LABEL_OF[label][several]} {tidy_range(value)}", *split_suffix(suffix))


def split_suffix(text: str) -> tuple[str, str]:
    """What joins a suffix to what stands before it, and the suffix."""
    m = JOINT.match(text)
    suffix = text[m.end() if m else 0 :].strip().rstrip(" ,")
    if m and m["comma"]:
        return ", ", suffix
    return "" if re.match(r"[.:;!?،؛，。]", suffix) or text[:1] in [*DASHES] else " ", suffix


def is_several(value: str) -> bool:
    return re.search(rf"[{DASHES},&]|\band\b", value) is not None


def tidy_range(value: str) -> str:
    """A range with its en dash and no spaces around it."""
    return re.sub(rf"(?<=[\w)]){_TO}(?=[\w(])", "–", value)


def citation_slug(cites: tuple[Cite, ...]) -> str:
    """A stable name for what is cited, made of keys and locators: `@a:para-3+@b`."""
    return "+".join(
        "".join(
            [
                fragments.slug(cite.prefix) and fragments.slug(cite.prefix) + "-",
                "-" if cite.suppress_author else "",
                f"@{cite.key}",
                fragments.slug(cite.locator) and ":" + fragments.slug(cite.locator),
                fragments.slug(cite.suffix) and "-" + fragments.slug(cite.suffix),
            ]
        )
        for cite in cites
    )


def are_equivalent(one: tuple[Cite, ...], other: tuple[Cite, ...]) -> bool:
    """Whether two notes say the same: only the capitals of what stands before a key may differ."""
    first, second = ([replace(c, prefix=c.prefix.casefold()) for c in cites] for cites in (one, other))
    return first == second


def key_pattern(cite: Cite) -> str:
    """A pattern for the key of this citation, and for no longer key that begins as it does."""
    key = re.escape(cite.key)
    rest = cite.written.partition("@")[2].partition(",")[0].removeprefix(f"{{{cite.key}}}")
    rest = words_pattern(rest.removeprefix(cite.key))
    return rf"(?<![\w@.+/\\])@(?:\{{{key}\}}|{key})(?={rest}\s*\.?\s*[,;\]])"


def citation_pattern(written: str) -> str:
    """A pattern for a citation as `Cite.written` has it, up to the end of its part of the bracket."""
    return words_pattern(written) + ("" if written.endswith("]") else r"(?=\s*\.?\s*[;\]])")


def words_pattern(text: str) -> str:
    """A pattern for words over one line or more, in a file whose code is blanked."""
    return r"\s+".join(map(re.escape, re.split(r"\s+", blank_code(text))))
