"""No chapter ends with a page of two lines: its pages are made a little longer or shorter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TOP, LITTLE = 30, 26  # Millimetres: the margin above the text, and five lines of text.
GAINS = {1: 3, 2: 7, 3: 16}  # Millimetres that a page gains by each pace (see book.typ).
SHORTER, LOSS = 4, 14  # The pace that makes pages shorter by so much, so that more comes to the last.
MOST = 190  # Millimetres of text on the last page: with more, it could overflow into another.
CONTENTS = -1  # The number of the contents, where chapters have 0, 1, 2 …


def better_paces(
    chapters: Sequence[int],
    firsts: Sequence[int],
    ends: Sequence[tuple[int, float]],
    pages: int,
    paces: Mapping[str, int],
) -> dict[str, int]:
    """For each chapter whose last page holds next to nothing, the next pace to try, by its number.

    `firsts` are the first pages of `chapters`, `ends` the page and the millimetres from its top where the
    text of each ends, `pages` is the last page of all. Where it surely helps, the other pages give some of
    their lines to the last; else what stands too much is shared out among them, which is closer to what
    the chapter was, but less certain.
    """
    better = {}
    lasts = [following - 1 for following in firsts[1:]] + [pages]
    for number, first, last, (page, height) in zip(chapters, firsts, lasts, ends, strict=True):
        others = last - first
        # After the end of the text, a page holds only what the notes had no room for.
        too_much = height - TOP if page == last else LITTLE / 2
        if others and too_much < LITTLE:
            fitting = next((pace for pace, gain in GAINS.items() if too_much < gain * others), SHORTER)
            sure = number != CONTENTS and 1.5 * LITTLE < too_much + LOSS * others < MOST
            choices = (SHORTER, fitting) if sure else (fitting, SHORTER)
            pace = choices[1] if paces.get(str(number)) == choices[0] else choices[0]
            if pace != paces.get(str(number)):
                better[str(number)] = pace
    return better
