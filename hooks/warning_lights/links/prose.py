"""The prose of a finished page: where Markdown was left as text, and whether it has quoted words."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from warning_lights.core.fragments import DELIMITER, directives_of
from warning_lights.core.names import alphanumeric, words

# Text here is shown as written, or not shown at all.
VERBATIM = words("code pre kbd samp script style template textarea math noscript tt var title option svg")
INLINE = words(
    "a abbr b bdi bdo cite code data del dfn em font i img ins kbd mark math q s samp small span strong sub"
    " sup time tt u var -text"
)
BOUNDARY = "\0"  # Between the texts of two nodes in a piece of prose.
# What Markdown leaves behind where a link, note or citation came to nothing. The first words of
# each are looked for in the bytes of the page, because hardly any page has one.
BRACKET = re.compile(
    r"\[@(?P<cite>[^\]\s][^\]]*)\]"
    r"|\[\^(?P<note>[^\]]+)\]"
    r"|\]\[(?P<label>[^\[\]^@]*)\]"
    r"|\]\s?\((?P<address>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"|\]\{(?P<braced>[^{}\s]+)\}"
    r"|\)\[(?P<swapped>[^\[\]\s]+)\]"
    r"|\^\[(?P<inline>[^\[\]]+)\]"
    r"|(?<![\w@.+/\\])@(?P<bare>\w(?:[\w:.#%+?~/-]*\w)?)"
)
# Searches for one literal character each: several times faster than one search for all.
BRACKET_STARTS = [
    re.compile(start)
    for start in (rb"\[(?:[@^]|(?<=[\])]\[))", rb"\](?:[({]|\s\()", rb"\^\[", rb"@\w(?<=[\s>(;-]..)")
]


def is_verbatim(node: LexborNode | None) -> bool:
    while node is not None:
        if node.tag in VERBATIM or "arithmatex" in (node.attributes.get("class") or ""):
            return True
        node = node.parent
    return False


def leftovers(html: bytes) -> list[str]:
    """Blocks of prose in which Markdown was left as text, without the brackets of code in them."""
    if not has_bracket(html):
        return []
    body = LexborHTMLParser(html).body
    nodes = body.traverse(include_text=True) if body is not None else ()
    texts = (node for node in nodes if node.tag == "-text" and has_bracket(node.text().encode()))
    blocks = {block.mem_id: block for node in texts if not is_verbatim(node) and (block := block_of(node))}
    return [prose_of(block) for block in blocks.values()]


def block_of(node: LexborNode) -> LexborNode:
    while node.tag in INLINE and node.parent is not None:
        node = node.parent
    return node


def prose_of(block: LexborNode) -> str:
    parts = []
    for node in block.traverse(include_text=True):
        if node.tag == "img":
            parts.append(node.attributes.get("alt") or "")
        elif node.tag == "-text":
            parts.append(alphanumeric(node.text()) if is_verbatim(node) else node.text())
    return BOUNDARY.join(parts)


def has_bracket(text: bytes) -> bool:
    return any(start.search(text) for start in BRACKET_STARTS)


def text_not_found(fragment: str, html: bytes) -> str:
    """The first words of a text directive that are not on the page, or "".

    Spaces and case are ignored, so that what a browser may find is never called lost. A malformed directive,
    with which no browser finds anything, is given back as it is written.
    """
    try:
        directives = directives_of(fragment)
    except ValueError:
        return fragment.partition(DELIMITER)[2]
    body = LexborHTMLParser(html).body
    text = alphanumeric(body.text() if body is not None else "")
    quoted = (words for d in directives for words in (d.prefix, d.start, d.end, d.suffix))
    return next((words for words in quoted if alphanumeric(words) not in text), "")
