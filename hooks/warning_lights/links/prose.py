"""The prose of a finished page: where Markdown was left as text, and whether quoted words stand there."""

from __future__ import annotations

import re
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from warning_lights.links.page import words

# Text here is shown as written, or not shown at all.
VERBATIM = words("code pre kbd samp script style template textarea math noscript tt var title option svg")
# What Markdown leaves behind where a link, note or citation came to nothing. The first words of
# each are looked for in the bytes of the page, because hardly any page has one.
CLUE = re.compile(
    r"\[@(?P<cite>[^\]\s][^\]]*)\]"
    r"|\[\^(?P<note>[^\]]+)\]"
    r"|(?<![\w\]])\[(?P<words>[^\[\]]*)\]\[(?P<label>[^\[\]^@]*)\]"
    r"|\]\s?\((?P<address>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"|\]\{(?P<braced>[^{}\s]+)\}"
    r"|\)\[(?P<swapped>[^\[\]\s]+)\]"
)
# Two searches, each for one literal sign first: several times faster than one search for all.
OPENING_SIGN = re.compile(rb"\[(?:[@^]|(?<=[\])]\[))")
CLOSING_SIGN = re.compile(rb"\](?:[({]|\s\()")


def is_verbatim(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in VERBATIM or "arithmatex" in (parent.attributes.get("class") or ""):
            return True
        parent = parent.parent
    return False


def leftovers(html: bytes) -> list[str]:
    """Pieces of prose in which Markdown was left as text; what is code or script is no prose."""
    if not has_sign(html):
        return []
    body = LexborHTMLParser(html).body
    nodes = body.traverse(include_text=True) if body is not None else ()
    texts = ((node, node.text()) for node in nodes if node.tag == "-text")
    return [text for node, text in texts if has_sign(text.encode()) and not is_verbatim(node)]


def has_sign(text: bytes) -> bool:
    return bool(OPENING_SIGN.search(text) or CLOSING_SIGN.search(text))


def text_not_found(fragment: str, html: bytes) -> str:
    """The first words of a text directive that are not on the page, or "".

    Standard: https://wicg.github.io/scroll-to-text-fragment/. Spaces and case are passed over, so
    that what a browser may find is never called lost.
    """
    body = LexborHTMLParser(html).body
    text = squeezed(body.text() if body is not None else "")
    for directive in fragment.partition(":~:")[2].split("&"):
        name, _, value = directive.partition("=")
        for part in value.split(",") if name == "text" else ():
            plain = unquote(part.removesuffix("-") if part.endswith("-") else part.removeprefix("-"))
            if squeezed(plain) not in text:
                return plain
    return ""


def squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
