"""The language and the direction in which an element is set."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from warning_lights.book.content import attribute
from warning_lights.book.syntax import Kind, Part, call, string, wrap_inlines

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
# Letters between these characters are set in this direction, whatever they are (Unicode, UAX 9).
OVERRIDES = {"ltr": Part(r'"\u{202d}"'), "rtl": Part(r'"\u{202e}"')}
END_OF_OVERRIDE = Part(r'"\u{202c}"')


def in_language(node: LexborNode, parts: list[Part]) -> list[Part]:
    """`parts`, set in the language and the direction that an element names (HTML, 3.2.6)."""
    language = LANGUAGE.match(attribute(node, "lang"))
    direction = attribute(node, "dir").lower()
    named = [f"lang: {string(language[0].lower())}"] if language else []
    if direction in OVERRIDES:
        named.append(f"dir: {direction}")
        parts = [OVERRIDES[direction], *parts, END_OF_OVERRIDE] if node.tag == "bdo" else parts
    if not named:
        return parts
    function = f"in-language({', '.join(named)})"
    texts = wrap_inlines(parts, lambda run: call(function, run))
    return [Part(call(function, [p]), p.kind) if p.kind is Kind.BLOCK else p for p in texts]
