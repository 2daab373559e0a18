"""Where a call of a note is in the tree of a page: its block, its heading, its sentence."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from warning_lights.core.html import HEADINGS

BLOCKS = {"p", "li", "td", "th", "dd", "dt", "blockquote", "figcaption", "caption", "summary", "div", "root"}
# Python-Markdown's placeholders for an escaped character, and for stashed HTML.
STASHED = re.compile(r"\x02(?:(\d+)|[^\x03]*)\x03")
PUNCTUATION = re.compile(r"[.,;:!?…]+")
ATTRIBUTES = re.compile(r"\s*\{:?[^{}]*\}\Z")  # Of attr_list, which takes them away only later.
STOP = re.compile(r"(?:[.!?…]+|[؟۔。！？।॥]+)[”’\"')\]»）」]*(?P<gap>\s*)")
WIDE_STOPS = "。！？"  # No space follows them.
FOLLOWING = re.compile(r"[“‘\"'(«\[「（]*(?P<letter>[^\W_])")  # The first letter of the next sentence.
LAST_WORD = re.compile(r"(?P<word>[\w.]+)\Z")
LONGEST_ABBREVIATION = 20  # Letters; no abbreviation has as many.
# Words that end in a full stop within a sentence: before a name, and before a number.
BEFORE_NAME = re.compile(
    r"(?:adm|amb|approx|capt|cf|co|col|dr|e\.g|eds|fr|gen|gov|hon|i\.e|insp|lt|maj|messrs|mrs?|ms|mt|prof|rep"
    r"|rev|sen|sgt|st|vs|г|им|проф|т\.е|pp?)",
    re.IGNORECASE,
)
BEFORE_NUMBER = re.compile(
    r"(?:app|apr|arts?|aug|bk|ca|ch|chaps?|cols?|dec|eq|feb|figs?|fol|jan|jul|jun|ll?|mar|nn?|nos?|nov|oct|op"
    r"|paras?|pts?|secs?|sept?|v|vols?|саҳ|стр|с)",
    re.IGNORECASE,
)
# A space that was written before a call, and that now precedes a closing mark.
GAP_LEFT = re.compile(r"\s+(?=[)\]”।॥؟۔]|’(?!\w)|[—–]\S|[,.;:!?…،؛]+(?:[\s)\]”’]|\Z))")

OPENING_WORDS = 7  # As many words of a sentence tell it from its neighbours.


class BlockText:
    """The words of a block without its calls and citations, and in which sentence each call stands."""

    def __init__(self, block: etree.Element) -> None:
        parts: list[str] = []
        self.offsets: dict[etree.Element, int] = {}  # Of calls, after the punctuation that will precede them.
        length = 0
        for element, text in text_pieces(block):
            if element is not None:
                self.offsets[element] = length + len(leading_punctuation(text))
            parts.append(printed_text(text))
            length += len(parts[-1])
        self.text = "".join(parts)
        ends = list(sentence_ends(self.text))
        self.starts = [0, *(start for start, _ in ends)]
        self.stops = [*(stop for _, stop in ends), length]

    def sentence_at(self, call: etree.Element) -> int:
        """The index of the sentence that holds a call, or that it closes."""
        return bisect_left(self.starts, self.offsets[call], lo=1) - 1

    def sentence_opening(self, call: etree.Element) -> str:
        """The opening words of that sentence."""
        i = self.sentence_at(call)
        return opening_words(self.text[self.starts[i] : self.stops[i]])

    def in_same_sentence(self, earlier: etree.Element, later: etree.Element) -> bool:
        """Whether no sentence ends between two calls, so that the later one is enough for both."""
        i = self.sentence_at(later)
        return i == 0 or self.stops[i - 1] <= self.offsets[earlier]


def text_pieces(element: etree.Element) -> Iterator[tuple[etree.Element | None, str]]:
    """The texts of an element in reading order, each with the child that it follows, if it follows one."""
    if {"note-call", "citation"}.isdisjoint((element.get("class") or "").split()):
        yield None, element.text or ""
        for child in element:
            yield from text_pieces(child)
            yield child, child.tail or ""


def printed_text(text: str) -> str:
    """A text of the tree as it is printed, without stashed HTML."""
    return STASHED.sub(lambda m: chr(int(m[1])) if m[1] else "", text)


@dataclass(frozen=True)
class CallPosition:
    """Where a call stands in a tree; `sentence` has the opening words of its sentence."""

    call: etree.Element
    parent: etree.Element
    block: etree.Element
    text: BlockText
    heading: str
    sentence: str


def call_positions(root: etree.Element, notes: Collection[str]) -> list[CallPosition]:
    """The position of each call below `root`, in reading order, as long as none has been moved."""
    parents = {child: parent for parent in root.iter() for child in parent}
    read = cache(BlockText)

    def sentence_of(call: etree.Element, block: etree.Element) -> str:
        sentence = read(block).sentence_opening(call)
        if block.tag != "td":
            return sentence
        # A cell is not a sentence: the head of its row precedes it, or the next cell follows the head.
        row = parents[block]
        head, *beside = (opening_words(read(cell).text) for cell in row[:2])
        return ": ".join(filter(None, [head, *(beside if block is row[0] else [sentence])]))

    return [
        CallPosition(call, parents[call], block, read(block), heading, sentence_of(call, block))
        for call, block, heading in calls_below(root, notes)
    ]


def calls_below(
    root: etree.Element, notes: Collection[str]
) -> Iterator[tuple[etree.Element, etree.Element, str]]:
    """(call, the block it stands in, the heading it stands under), in reading order."""
    heading = ""
    stack = [(root, root)]
    while stack:
        element, block = stack.pop()
        if element.tag in HEADINGS:
            heading = ATTRIBUTES.sub("", " ".join(BlockText(element).text.split()))
        if element.get("data-note") in notes:
            yield element, block, heading
        if element.tag in BLOCKS or element.tag in HEADINGS:
            block = element
        stack.extend((child, block) for child in reversed(element))


def opening_words(text: str) -> str:
    words = GAP_LEFT.sub("", text).split()
    first = " ".join(words[:OPENING_WORDS])
    return f"{first.rstrip(',;:')}…" if len(words) > OPENING_WORDS else first


def sentence_ends(text: str) -> Iterator[tuple[int, int]]:
    """(beginning of the next sentence, end of this one), as Unicode Standard Annex 29 has them.

    A stop ends no sentence before a small letter, nor after an abbreviation or an initial.
    """
    for m in STOP.finditer(text):
        following = FOLLOWING.match(text, m.end())
        if not following or following["letter"].islower() or not (m["gap"] or m[0][0] in WIDE_STOPS):
            continue
        start = max(0, m.start() - LONGEST_ABBREVIATION)
        word = LAST_WORD.search(text, start, m.start()) if m[0][0] == "." else None
        if not word or not is_abbreviation(word["word"], following["letter"]):
            yield m.end(), m.start("gap")


def is_abbreviation(word: str, following: str) -> bool:
    last = word.rpartition(".")[2]
    if len(last) == 1 and last.isupper():
        return True
    if BEFORE_NAME.fullmatch(word):
        return True
    return following.isdigit() and BEFORE_NUMBER.fullmatch(word) is not None


def leading_punctuation(text: str) -> str:
    m = PUNCTUATION.match(text)
    return m[0] if m else ""


def set_after_punctuation(call: etree.Element, parent: etree.Element) -> None:
    """`a claim [@key].` is set as `a claim.¹`, as Pandoc does for styles with notes."""
    moved = leading_punctuation(call.tail or "")
    call.tail = (call.tail or "")[len(moved) :]
    index = list(parent).index(call)
    before = (parent[index - 1].tail if index else parent.text) or ""
    # At the start of a block there is nothing to follow.
    text = before.rstrip(" \n") + moved if index or before.strip() else before + moved
    if index:
        parent[index - 1].tail = text
    else:
        parent.text = text
