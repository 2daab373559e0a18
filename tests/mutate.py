"""Texts as they are after a slip: cut, doubled, swapped, unbalanced."""

from __future__ import annotations

import random

SIGNS = [*'{}"\\,=#%@()$~&^_\n\x00\ufeff', "@book{", " and ", "\\{", "date = ", "\r\n", "\udcff"]


def mutated(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(text) + 1), chance.choice([1, 1, 2, 10, 80])
        piece = text[at : at + length]
        match chance.randrange(5):
            case 0:
                text = text[:at] + text[at + length :]
            case 1:
                text = text[:at] + piece + text[at:]
            case 2:
                text = text[:at] + piece[::-1] + text[at + length :]
            case 3:
                text = text[:at] + chance.choice(SIGNS) + text[at:]
            case 4:
                text = (
                    text[:at] if chance.random() < 0.2 else text[:at] + chance.choice(SIGNS) + text[at + 1 :]
                )
    # As `project.read` reads a file.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
