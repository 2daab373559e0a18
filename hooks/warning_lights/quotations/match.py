"""Does a text contain a quotation, word for word?

Words, capitals and the punctuation between them must agree. Not looked at: the form of quotation
marks, apostrophes and dashes, punctuation at the ends, line breaks and hyphens at them, and the
numbers or letters of notes, which a text copied from a page has glued to its words.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator

from warning_lights.quotations.note_markers import without_markers

SOFT_HYPHEN = "\u00ad"  # Where a line of the source ended in a hyphen: it may belong to the word, or not.
ELLIPSIS_WORDS = 100  # As many words an ellipsis may stand for.
INSERTION_WORDS = 8  # As many words of the source an insertion in brackets may replace.

APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼʿʾ′", "'"))
DASH = re.compile(r"\s*(?:[–—―−]|(?<=\s)--?(?=\s)|--)\s*")
DOTS = re.compile(r"\[?(?:…|\.\s?\.\s?\.(?:\s?\.)?)\]?")
TOKEN = re.compile(
    rf"(?:[\w{SOFT_HYPHEN}]|\[\w+\](?=\w)|(?<=\w)\[\w+\])+(?:['.,/:-](?:[\w{SOFT_HYPHEN}]|\[\w+\])+)*|\[[^\[\]]*\]|[^\w\s]"
)


class SearchableText:
    """A text indexed for many searches."""

    def __init__(self, text: str) -> None:
        self.tokens = tokenize(without_markers(unicodedata.normalize("NFKC", join_lines(text))))
        self.offsets_of: dict[str, list[int]] = {}
        for i, token in enumerate(self.tokens):
            for form in spellings(token):
                self.offsets_of.setdefault(form, []).append(i)

    def contains(self, quotation: str) -> bool:
        tokenized = (tokenize(normalize(text)) for text in DOTS.split(quotation))
        parts = [part for words in tokenized if (part := trim_punctuation(words))]
        return bool(parts) and any(True for _ in self.ends_of_parts(parts, 0, len(self.tokens)))

    def ends_of_parts(self, parts: list[list[str]], start: int, stop: int) -> Iterator[int]:
        """Where the last of `parts` can end when they follow each other from `start` on."""
        first, rest = parts[0], parts[1:]
        plain = not first[0].startswith("[") and "[" not in first[0]
        places = self.offsets_of.get(first[0], []) if plain else range(start, min(stop, len(self.tokens)))
        for i in places:
            if start <= i < stop:
                for end in self.run_ends(first, i):
                    if rest:
                        yield from self.ends_of_parts(rest, end, end + ELLIPSIS_WORDS)
                    else:
                        yield end

    def run_ends(self, part: list[str], i: int) -> Iterator[int]:
        """Where `part` can end when it begins at token `i`."""
        if not part:
            yield i
            return
        token = part[0]
        if token.startswith("[") and token.endswith("]"):
            inner = tokenize(token[1:-1])
            if self.tokens[i : i + 1] == [token] or self.tokens[i : i + len(inner)] == inner:
                yield from self.run_ends(
                    part[1:], i + (1 if self.tokens[i : i + 1] == [token] else len(inner))
                )
            for skipped in range(INSERTION_WORDS + 1):
                yield from self.run_ends(part[1:], i + skipped)
        elif i < len(self.tokens) and is_same_word(token, self.tokens[i]):
            yield from self.run_ends(part[1:], i + 1)

    def nearest_diff(self, quotation: str) -> str:
        """The passage most like it as a word diff: [-only in the quotation-] {+only in the source+}."""
        ours = trim_punctuation(tokenize(normalize(DOTS.sub(" ", quotation))))
        words = {token.casefold() for token in ours}
        size = len(ours) + 2
        hits = [token.casefold() in words for token in self.tokens]
        count = sum(hits[:size])
        best, place = count, 0
        for i in range(1, max(1, len(hits) - size + 1)):
            count += hits[i + size - 1] - hits[i - 1]
            if count > best:
                best, place = count, i
        begin = max(0, place - size // 2)
        around = self.tokens[begin : place + size + size // 2]
        matcher = difflib.SequenceMatcher(None, ours, around, autojunk=False)
        shared = [block for block in matcher.get_matching_blocks() if block.size]
        if not shared:
            return f"[-{join_tokens(ours)}-]"
        # Only what lies between the first and the last shared word belongs to the passage.
        first, last = shared[0], shared[-1]
        low = max(0, first.b - first.a)
        high = min(len(around), last.b + last.size + len(ours) - last.a - last.size)
        return word_diff(ours, around[low:high])


def word_diff(ours: list[str], theirs: list[str]) -> str:
    parts = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(join_tokens(ours[a:b]))
            continue
        if a < b:
            parts.append(f"[-{join_tokens(ours[a:b])}-]")
        if c < d:
            parts.append(f"{{+{join_tokens(theirs[c:d])}+}}")
    return " ".join(parts)


def join_tokens(words: list[str]) -> str:
    return re.sub(r" (?=[.,;:!?)])", "", " ".join(words)).replace(SOFT_HYPHEN, "-")


def tokenize(text: str) -> list[str]:
    """Words and punctuation marks, in one spelling; quotation marks are left out."""
    text = DASH.sub(" — ", text.translate(APOSTROPHES))
    text = re.sub(r"[“”„«»\"]|(?<!\w)'|'(?!\w)", " ", text)
    return TOKEN.findall(text)


def trim_punctuation(words: list[str]) -> list[str]:
    """Without the punctuation at both ends, where it follows our sentence and not the source's."""
    first, last = 0, len(words)
    while first < last and not re.search(r"\w", words[first]):
        first += 1
    while last > first and not re.search(r"\w", words[last - 1]):
        last -= 1
    return words[first:last]


def normalize(text: str) -> str:
    # NFKC would make three dots of an ellipsis: it is looked for before.
    return unicodedata.normalize("NFKC", text)


def spellings(token: str) -> set[str]:
    return {token.replace(SOFT_HYPHEN, ""), token.replace(SOFT_HYPHEN, "-")}


def is_same_word(ours: str, theirs: str) -> bool:
    """One word of the quotation against one of the source; `[t]he` is any `the`."""
    if "[" not in ours:
        return ours in spellings(theirs)
    if re.fullmatch(r"\[\w\]\w+", ours):
        return any(
            form.casefold() == ours.replace("[", "").replace("]", "").casefold() for form in spellings(theirs)
        )
    outside = re.split(r"\[\w+\]", ours)
    pattern = r"\w{0,4}".join(map(re.escape, outside))
    return any(re.fullmatch(pattern, form) for form in spellings(theirs))


def join_lines(text: str) -> str:
    """The text with words that a line end divided joined, and without superscript numbers."""
    text = re.sub(r"(?<=\w)[-\u2010\u2011][ \t]*\n[ \t]*(?=\w)", SOFT_HYPHEN, text)
    return re.sub(r"[\u200b\u200c\u200d\ufeff⁰¹²³⁴-⁹]", "", text)
