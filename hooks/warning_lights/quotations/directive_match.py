"""Find the passages of a text that the text directives of an address describe.

The rules of matching are those of WICG, "URL Fragment Text Directives": letter case and the form of
quotation marks do not matter, and a match begins and ends at boundaries of words as Unicode Standard
Annex #29 defines them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from warning_lights.core.fragments import TextDirective

# A word by UAX #29, rules WB5 to WB13: in `campaign.b` and `2024.40` the full stop separates nothing.
_RUN = r"[\w\u0300-\u036f]+"
WORD = re.compile(rf"{_RUN}(?:(?:(?<=[^\W\d_])[.:·'](?=[^\W\d_])|(?<=\d)[.,;'](?=\d)){_RUN})*")
# Of one length, so that offsets stay those of the text.
QUOTES = str.maketrans({**dict.fromkeys("’‘‛", "'"), **dict.fromkeys("“”„‟", '"'), "\u00a0": " "})


@lru_cache(maxsize=8)
def fold_quotes(text: str) -> str:
    """`text` with its quotation marks and spaces in one form; offsets stay."""
    return text.translate(QUOTES)


@lru_cache(maxsize=8)
def word_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each word of `text`, in order."""
    return [m.span() for m in WORD.finditer(fold_quotes(text))]


def is_boundary(text: str, offset: int) -> bool:
    """Whether no word of `text` runs over `offset`."""
    spans = word_spans(text)
    i = bisect_right(spans, (offset, -1)) - 1
    return i < 0 or not spans[i][0] < offset < spans[i][1]


def find_words(text: str, words: str, *, whole: bool = True) -> list[tuple[int, int]]:
    """(start, end) of each match of `words` in `text`, at whole words unless `whole` is false."""
    parts = words.translate(QUOTES).split()
    if not parts:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, parts)), re.IGNORECASE)
    return [
        m.span()
        for m in pattern.finditer(fold_quotes(text))
        if not whole or (is_boundary(text, m.start()) and is_boundary(text, m.end()))
    ]


def find_passages(text: str, directive: TextDirective) -> list[tuple[int, int]]:
    """(start, end) of every passage of `text` that `directive` describes.

    A range ends where its end words (with the suffix after them) first follow its start words.
    """
    found = []
    suffix = "" if directive.end else directive.suffix
    for start, end in words_in_context(text, directive.start, directive.prefix, suffix):
        if directive.end:
            ends = [e for s, e in words_in_context(text, directive.end, "", directive.suffix) if s >= end]
            if not ends:
                continue
            end = ends[0]
        found.append((start, end))
    return found


def occurrences(text: str, directive: TextDirective) -> Iterator[list[tuple[int, int]]]:
    """The places of its start words, and where it has end words, of these."""
    yield words_in_context(text, directive.start, directive.prefix, "" if directive.end else directive.suffix)
    if directive.end:
        yield words_in_context(text, directive.end, "", directive.suffix)


def words_in_context(text: str, words: str, prefix: str, suffix: str) -> list[tuple[int, int]]:
    """The places of `words` directly after `prefix` and before `suffix`, where these are given."""
    before = {end for _, end in find_words(text, prefix)}
    after = {start for start, _ in find_words(text, suffix)}
    return [
        (start, end)
        for start, end in find_words(text, words)
        if (not prefix or len(text[:start].rstrip()) in before)
        and (not suffix or end + len(text[end:]) - len(text[end:].lstrip()) in after)
    ]
