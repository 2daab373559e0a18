"""What the search finds: pages, sections, terms, notes and bibliography entries, each at its address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# A thing that is found by itself, and is no part of the text of its section.
OWN = {
    "li.note[id]": "note",
    "div.entry[id]": "entry",
    "dt[id]": "term",
}
NOT_TEXT = (
    "script, style, svg, .headerlink, .backrefs, .entry-link, .cited-at, .key, .exports, .invitation,"
    " .cite-page, .coverage-map, .note-call, section.notes > h2"
)


def entries(html: str, url: str, title: str) -> Iterator[dict[str, str]]:
    """What can be found on a page, in its order: the page, its sections, then its smaller things."""
    tree = LexborHTMLParser(f"<body>{html}</body>")
    for node in tree.css(NOT_TEXT):
        node.decompose()
    base = "" if url in {".", "./"} else url
    small = []
    for selector, kind in OWN.items():
        for node in tree.css(selector):
            small.append(thing(node, kind, base, title))
    for selector in OWN:
        for node in tree.css(selector):
            if node.tag != "dt":  # A term is part of its section too; its words belong together.
                node.decompose()
    yield from sections(tree, base, title)
    yield from small


def thing(node: LexborNode, kind: str, base: str, page: str) -> dict[str, str]:
    words = squeezed(node)
    text = ""
    if kind == "term":
        following, text = node.next, ""
        while following is not None and following.tag != "dt":
            text = f"{text} {squeezed(following)}".strip()
            following = following.next
    anchor = node.attributes.get("id") or ""
    return {
        "location": f"{base}#{anchor}",
        "title": words if kind == "term" else "",
        "text": text if kind == "term" else words,
        "kind": kind,
        "page": page,
    }


def sections(tree: LexborHTMLParser, base: str, title: str) -> Iterator[dict[str, str]]:
    found = {"location": base, "title": title, "text": "", "kind": "page", "page": title}
    assert tree.body is not None
    for node in tree.body.traverse(include_text=True):
        anchor = node.attributes.get("id") if node.tag in HEADINGS else None
        if anchor and node.tag != "h1":
            yield {**found, "text": " ".join(found["text"].split())}
            heading = {"location": f"{base}#{anchor}", "title": squeezed(node)}
            found = {**heading, "text": "", "kind": "section", "page": title}
        elif node.tag == "-text" and not in_heading(node):
            found["text"] += node.text_content or ""
        elif node.tag in {"p", "li", "td", "th", "tr", "br", "dd", "dt", "div"}:
            found["text"] += " "
    yield {**found, "text": " ".join(found["text"].split())}


def in_heading(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in HEADINGS:
            return True
        parent = parent.parent
    return False


def squeezed(node: LexborNode) -> str:
    return re.sub(r"\s+", " ", node.text()).strip()
