"""Where the numbers and letters of notes stand in a text that was copied from a page.

There they are glued to the word or the punctuation before them: `networks.1`, `plots12`, `20238`.
"""

from __future__ import annotations

import re

FEWEST_MARKERS = 5  # Fewer numbers are no row of notes, but names such as G7 or Covid-19.


def note_markers(text: str) -> dict[str, tuple[int, int]]:
    """(start, end) of each marker by its number or letter: 1, 2, … and a, b, … in rising order."""
    return {**number_markers(text), **letter_markers(text)}


def number_markers(text: str) -> dict[str, tuple[int, int]]:
    """Numbers glued to a word or to its punctuation, when they count up from 1 through the text."""
    found: dict[str, tuple[int, int]] = {}
    offset, number, missed = 0, 1, 0
    while missed < 3:
        glued = re.compile(
            rf"(?:(?<=[^\W\d])|(?<=[^\w\s$€£#(\[-])|(?<=\b(?:1[6-9]|20)\d\d)){number}(?!\d|[.,]\d|\w)"
        )
        m = glued.search(text, offset)
        missed = 0 if m else missed + 1
        if m:
            offset = m.end()
            found[str(number)] = m.span()
        number += 1
    return found if len(found) >= FEWEST_MARKERS else {}


def letter_markers(text: str) -> dict[str, tuple[int, int]]:
    """Letters after punctuation, and those glued to a word that fill the gaps of their row."""
    found: dict[str, tuple[int, int]] = {}
    offset = missed = 0
    for letter in map(chr, range(ord("a"), ord("z") + 1)):
        m = re.compile(rf"(?<=[.,;:!?”)]){letter}(?=\s|\Z)").search(text, offset)
        missed = 0 if m else missed + 1
        if m:
            offset = m.end()
            found[letter] = m.span()
        elif missed == 3:
            break
    printed = set(re.findall(r"^\[([a-z])\]", text, re.MULTILINE))  # Notes whose text stands below.
    if "a" not in found or len(found | dict.fromkeys(printed)) < 3:
        return {}
    for letter in map(chr, range(ord("a"), ord(max(*found, *printed, "a")) + 1)):
        if letter in found:
            continue
        begin = max(end for other, (_, end) in found.items() if other < letter)
        stop = min((start for other, (start, _) in found.items() if other > letter), default=len(text))
        for m in re.compile(rf"\b(\w{{3,}}){letter}\b").finditer(text, begin, stop):
            # A word that stands nowhere else, while without its last letter it does.
            elsewhere = len(re.findall(rf"\b{re.escape(m[1])}\b", text))
            if elsewhere and len(re.findall(rf"\b{re.escape(m[0])}\b", text)) == 1:
                found[letter] = (m.end() - 1, m.end())
                break
    return dict(sorted(found.items()))


def without_markers(text: str) -> str:
    """The text without the numbers and letters of its notes."""
    text = re.sub(r"\[\d{1,3}\]", "", text)
    for row in (number_markers, letter_markers):
        for start, end in reversed(row(text).values()):
            text = text[:start] + text[end:]
    return text
