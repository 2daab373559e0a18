"""Which of the known names was probably meant by one that does not exist."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

NEAR_ENOUGH = 0.6
MOST_COMPARED = 3000
# So many words are compared letter by letter with the same names: a site with more has lost a whole part.
MOST_GUESSES = 300
# Cyrillic letters that look like Latin ones.
LOOKS_LATIN = str.maketrans("аеорсухіјѕАВЕКМНОРСТХ", "aeopcyxijsABEKMHOPCTX")


class Names:
    """The keys of `known`, indexed so that the one most like another word is found quickly."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known
        self.guesses: dict[str, str | None] = {}
        self.lower: dict[str, list[str]] = {}
        self.base: dict[str, list[str]] = {}
        self.folder: dict[str, list[str]] = {}
        for key in known:
            lower = comparable(key)
            self.lower.setdefault(lower, []).append(key)
            self.base.setdefault(lower.rpartition("/")[2], []).append(key)
            self.folder.setdefault(key.rpartition("/")[0], []).append(key)

    def closest(self, wanted: str) -> str | None:
        """The value whose key is most like `wanted`: other case, other folder, then other letters."""
        if wanted in self.known:
            return self.known[wanted]
        lower = comparable(wanted)
        name = lower.rpartition("/")[2]
        same = self.lower.get(lower) or (self.base.get(name, []) if name else [])
        if len(same) == 1 or len(self.guesses) >= MOST_GUESSES:
            return self.known[same[0]] if same else None
        if wanted not in self.guesses:
            candidates = same or list(self.known)
            if len(candidates) > MOST_COMPARED:
                candidates = self.folder.get(wanted.rpartition("/")[0], [])[:MOST_COMPARED]
            cutoff = 0 if same else NEAR_ENOUGH
            near = difflib.get_close_matches(wanted, candidates, n=1, cutoff=cutoff)
            self.guesses[wanted] = self.known[near[0]] if near else None
        return self.guesses[wanted]


def comparable(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """What was probably meant: the same letters and digits, else the word most like it.

    Of words that are almost as much like it, one that is as long is preferred.
    """
    known = list(known)
    for other in known:
        if alphanumeric(other) == alphanumeric(word) and other != word:
            return other
    close = difflib.get_close_matches(word, known, n=5, cutoff=0.6)
    if not close:
        return None
    almost = difflib.SequenceMatcher(None, close[0], word).ratio() - 0.1
    as_long = [other for other in close if len(other) == len(word) and len(word) > 4]
    return next(iter([*difflib.get_close_matches(word, as_long, n=1, cutoff=max(almost, 0)), *close]))


def alphanumeric(word: str) -> str:
    """The letters and digits of a text alone, in one case."""
    return re.sub(r"[\W_]+", "", word).casefold()


def guess(word: str, known: Iterable[str], form: str = "{}") -> str:
    """The sentence that names which of `known` was probably meant; "" where none is near."""
    return did_you_mean(word, nearest_name(word, known), form)


def did_you_mean(written: str, meant: str | None, form: str = "{}") -> str:
    """A sentence that names what was probably meant; where it looks the same, how the two differ."""
    if not meant or meant == written:
        return ""
    if appearance(meant) != appearance(written):
        return f" Did you mean {form.format(meant)}?"
    composed = unicodedata.normalize("NFC", meant)
    if composed == unicodedata.normalize("NFC", written):
        letter = next(c for c in composed if not unicodedata.is_normalized("NFD", c))
        how = f"its {letter} is made of other characters (composed or decomposed)"
    else:
        odd = next(c for c in written + meant if (c in written) != (c in meant))
        how = f"one of the two has {unicodedata.name(odd, 'a control character')} (U+{ord(odd):04X})"
    return f" {form.format(meant)} looks the same, but {how}. Copy that name, or rename it."


def appearance(text: str) -> str:
    """`text` without invisible differences: composition of letters, kinds of space, format characters."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(seen.split()).translate(LOOKS_LATIN)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
