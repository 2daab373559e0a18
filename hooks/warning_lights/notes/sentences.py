"""Where a call of a note stands in the tree of a page: its block, its heading, its sentence."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator
from functools import lru_cache

from warning_lights.core.html import HEADINGS

BLOCKS = {"p", "li", "td", "th", "dd", "dt", "blockquote", "figcaption", "caption", "summary", "div", "root"}
# Python-Markdown's own marks for an escaped sign, and for HTML set aside.
STASHED = re.compile(r"\x02(?:(\d+)|[^\x03]*)\x03")
PUNCTUATION = re.compile(r"[.,;:!?…]+")
ATTRIBUTES = re.compile(r"\s*\{:?[^{}]*\}\Z")  # Of attr_list, which takes them away only later.
STOP = re.compile(r"(?:[.!?…]+|[؟۔。！？]+)[”’\"')\]»）」]*(?P<gap>\s*)")
WIDE_STOPS = "。！？"  # No space follows them.
OPENERS = "“‘\"'(«[「（"
LAST_WORD = re.compile(r"(?P<word>[\w.]+)\Z")
LONG = 20  # Letters; no abbreviation has as many.
# Words that end in a full stop within a sentence: before a name, and before a number.
BEFORE_NAME = re.compile(
    r"(?:adm|amb|capt|cf|col|dr|e\.g|eds|fr|gen|gov|hon|i\.e|insp|lt|maj|messrs|mrs?|ms|prof|rep|rev|sen|sgt|st"
    r"|vs|г|им|проф|т\.е|pp?)",
    re.IGNORECASE,
)
BEFORE_NUMBER = re.compile(
    r"(?:app|apr|arts?|aug|bk|ca|ch|chaps?|cols?|dec|eq|feb|figs?|fol|jan|jul|jun|ll?|mar|nn?|nos?|nov|oct|op"
    r"|paras?|pts?|secs?|sept?|v|vols?|саҳ|стр|с)",
    re.IGNORECASE,
)
GAP_BEFORE_STOP = re.compile(r"\s+(?=[,.;:!?…،؛]+(?:\s|\Z))")

OPENING = 7  # Words of a sentence that tell it from its neighbours; a bibliography prints a thousand of them.


def calls_below(
    root: etree.Element, notes: Collection[str]
) -> Iterator[tuple[etree.Element, etree.Element, str]]:
    """(call, the block it stands in, the heading it stands under), in reading order."""
    heading = ""
    stack = [(root, root)]
    while stack:
        element, block = stack.pop()
        if element.tag in HEADINGS:
            heading = ATTRIBUTES.sub("", " ".join(text_of(element).split()))
        if element.get("data-note") in notes:
            yield element, block, heading
        if element.tag in BLOCKS or element.tag in HEADINGS:
            block = element
        stack.extend((child, block) for child in reversed(element))


def text_of(element: etree.Element, until: etree.Element | None = None) -> str:
    """The words of an element without its calls and citations, or those before `until`."""
    parts: list[str] = []

    def walk(node: etree.Element) -> bool:
        if node is until:
            return False
        if not {"note-call", "citation"} & set((node.get("class") or "").split()):
            parts.append(node.text or "")
            for child in node:
                if not walk(child):
                    return False
                parts.append(child.tail or "")
        return True

    walk(element)
    return STASHED.sub(lambda m: chr(int(m[1])) if m[1] else "", "".join(parts))


def sentence_around(block: etree.Element, call: etree.Element, row: etree.Element | None = None) -> str:
    """The opening words of the sentence that holds the call, or that the call closes.

    A cell of a table is no sentence: the head of its row stands before it, or the next cell behind the head.
    """
    whole, before = text_of(block), text_of(block, until=call).rstrip()
    # Just behind a full stop the call belongs to the sentence that the stop ends.
    start, end = 0, len(whole)
    for begin, stop in sentence_ends(whole):
        if begin < len(before):
            start = begin
        elif stop >= len(before):
            end = stop
            break
    sentence = opening(whole[start:end])
    if block.tag != "td" or row is None:
        return sentence
    head, beside = opening(text_of(row[0])), opening(text_of(row[1])) if len(row) > 1 else ""
    return ": ".join(filter(None, [head, beside if block is row[0] else sentence]))


def adjoin(earlier: etree.Element, later: etree.Element, block: etree.Element) -> bool:
    """Whether no sentence ends between two calls in a block, so that the later one speaks for both."""
    whole = text_of(block)
    start, end = (len(text_of(block, until=call).rstrip()) for call in (earlier, later))
    return not any(start < stop < end for _, stop in sentence_ends(whole))


def opening(text: str) -> str:
    words = GAP_BEFORE_STOP.sub("", text).split()
    first = " ".join(words[:OPENING])
    return f"{first.rstrip(',;:')}…" if len(words) > OPENING else first


@lru_cache(maxsize=1)  # Asked again for each call of a block.
def sentence_ends(text: str) -> list[tuple[int, int]]:
    """(beginning of the next sentence, end of this one), as Unicode Standard Annex 29 has them.

    A stop ends no sentence before a small letter, nor behind an abbreviation or an initial.
    """
    ends = []
    for m in STOP.finditer(text):
        following = text[m.end() :].lstrip(OPENERS)[:1]
        if not m["gap"] and m[0][0] not in WIDE_STOPS:
            continue
        if not following or following.islower() or not following.isalnum():
            continue
        word = LAST_WORD.search(text, max(0, m.start() - LONG), m.start()) if m[0][0] == "." else None
        if word and is_abbreviation(word["word"], following):
            continue
        ends.append((m.end(), m.start("gap")))
    return ends


def is_abbreviation(word: str, following: str) -> bool:
    last = word.rpartition(".")[2]
    if len(last) == 1 and last.isupper():
        return True
    if BEFORE_NAME.fullmatch(word):
        return True
    return following.isdigit() and BEFORE_NUMBER.fullmatch(word) is not None


def set_behind_punctuation(call: etree.Element, parent: etree.Element) -> None:
    """`a claim [@key].` is set as `a claim.¹`, as Pandoc does for styles with notes."""
    stop = PUNCTUATION.match(call.tail or "")
    moved = stop[0] if stop else ""
    call.tail = (call.tail or "")[len(moved) :]
    index = list(parent).index(call)
    before = (parent[index - 1].tail if index else parent.text) or ""
    # At the start of a block there is nothing to stand behind.
    text = before.rstrip(" \n") + moved if index or before.strip() else before + moved
    if index:
        parent[index - 1].tail = text
    else:
        parent.text = text
