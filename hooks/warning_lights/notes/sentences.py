"""Where a call of a note stands in the tree of a page: its block, its heading, its sentence."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator

BLOCKS = {"p", "li", "td", "th", "dd", "dt", "blockquote", "figcaption", "caption", "summary", "div", "root"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# Python-Markdown's own marks for an escaped sign, and for HTML set aside.
STASHED = re.compile(r"\x02(?:(\d+)|[^\x03]*)\x03")
PUNCTUATION = re.compile(r"[.,;:!?…]+")
ATTRIBUTES = re.compile(r"\s*\{:?[^{}]*\}\Z")  # Of attr_list, which takes them away only later.
SENTENCE_END = re.compile(r"(?<!\b[A-Z])[.!?…][”’\")\]]*\s+(?=[“‘(\[]*[A-Z0-9])")

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
    """The words of an element without its calls, or those before `until`."""
    parts: list[str] = []

    def walk(node: etree.Element) -> bool:
        if node is until:
            return False
        if "note-call" not in (node.get("class") or ""):
            parts.append(node.text or "")
            for child in node:
                if not walk(child):
                    return False
                parts.append(child.tail or "")
        return True

    walk(element)
    return STASHED.sub(lambda m: chr(int(m[1])) if m[1] else "", "".join(parts))


def sentence_around(block: etree.Element, call: etree.Element) -> str:
    """The opening words of the sentence that holds the call, or that the call closes."""
    whole, before = text_of(block), text_of(block, until=call)
    # Just behind a full stop the call belongs to the sentence that the stop ends.
    start = 0
    for end in SENTENCE_END.finditer(before.rstrip() + " "):
        if end.end() < len(before.rstrip()):
            start = end.end()
    words = whole[start:].split()
    opening = " ".join(words[:OPENING])
    return f"{opening.rstrip(',;:')}…" if len(words) > OPENING else opening


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
