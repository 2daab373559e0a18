"""The prose of a finished page: where Markdown was left as text, and whether quoted words stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from link_page import words

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
CLUE_SIGNS = (b"[@", b"[^", b"][", b")[", b"](", b"] (", b"]\n(", b"]{")


def prose(html: str | bytes) -> Iterator[str]:
    """The text of a page that its writer meant to be read as prose, node by node: no code, no scripts."""
    body = LexborHTMLParser(html).body
    for node in body.traverse(include_text=True) if body is not None else ():
        if node.tag == "-text" and not is_verbatim(node):
            yield node.text()


def is_verbatim(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in VERBATIM or "arithmatex" in (parent.attributes.get("class") or ""):
            return True
        parent = parent.parent
    return False


def clues(html: bytes) -> list[str]:
    """Pieces of prose in which Markdown was left as text, each with what stands around it."""
    if not any(sign in html for sign in CLUE_SIGNS):
        return []
    signs = [sign.decode() for sign in CLUE_SIGNS]
    return [text for text in prose(html) if any(sign in text for sign in signs)]


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
