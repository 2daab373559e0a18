"""What the search finds: pages, sections, events, rows, terms, entries and notes, each at its address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from warning_lights.core.html import HEADINGS

# Separate results, which are not part of the text of their section.
SEPARATE_RESULTS = {
    "li.note[id]": "note",
    "div.entry[id]": "entry",
    "li.event[id]": "event",
    "tbody tr[id]": "row",
    "dt[id]": "term",
}
KINDS = {"person", "place"}  # Of terms, named by `data-kind`; others are of the kind "term".
NOT_TEXT = (
    "script, style, svg, .headerlink, .backrefs, .entry-link, .cited-at, .key, .exports,"
    " .reports.web-only a, .invitation, .letter, .letters, .cite-page, .coverage-map, .note-call, .cite,"
    " section.notes > h2"
)
# Between whose words there is a space.
BLOCKS = "p, li, tr, td, th, dt, dd, div, details, summary, br"


def page_entries(html: str, url: str, title: str) -> Iterator[dict[str, str]]:
    """What can be found on a page, in its order: the page, its sections, then the smaller results.

    Each word is in one of them only: a section does not repeat its events, rows, terms and entries.
    A note without words of its own is left out, because its entry and its sentence are found anyway.
    """
    tree = LexborHTMLParser(f"<body>{html}</body>")
    for node in tree.css(NOT_TEXT):
        node.decompose()
    for node in tree.css(BLOCKS):
        node.insert_before(" ")
        node.insert_after(" ")
    base = "" if url in {".", "./"} else url
    small = []
    for selector, kind in SEPARATE_RESULTS.items():
        for node in tree.css(selector):
            if kind != "note" or "own" in (node.attributes.get("class") or "").split():
                small.append(result_entry(node, kind, base, title))
            if kind == "term":
                for definition in definitions(node):
                    definition.decompose()
            node.decompose()
    yield from section_entries(tree, base, title)
    yield from small


def result_entry(node: LexborNode, kind: str, base: str, page: str) -> dict[str, str]:
    """An event is named by its head, a row by its first cell, a term by itself; others have no name."""
    nodes = [node, *definitions(node)] if kind == "term" else node.iter()
    parts = [words for words in map(normalized_text, nodes) if words] or [""]
    named = kind in {"event", "row", "term"}
    named_kind = node.attributes.get("data-kind")
    return {
        "location": f"{base}#{node.attributes.get('id') or ''}",
        "title": parts[0] if named else "",
        "text": (" · " if kind == "row" else " ").join(parts[1:]) if named else normalized_text(node),
        "kind": named_kind if named_kind in KINDS else kind,
        "page": page,
    }


def definitions(term: LexborNode) -> list[LexborNode]:
    """The elements between a term and the next."""
    found, following = [], term.next
    while following is not None and following.tag != "dt":
        found.append(following)
        following = following.next
    return found


def section_entries(tree: LexborHTMLParser, base: str, title: str) -> Iterator[dict[str, str]]:
    found = {"location": base, "title": title, "text": "", "kind": "page", "page": title}
    assert tree.body is not None
    named = {
        part.mem_id for node in tree.css(", ".join(HEADINGS)) for part in node.traverse(include_text=True)
    }
    for node in tree.body.traverse(include_text=True):
        anchor = node.attributes.get("id") if node.tag in HEADINGS else None
        if anchor and node.tag != "h1":
            yield {**found, "text": " ".join(found["text"].split())}
            heading = {"location": f"{base}#{anchor}", "title": normalized_text(node)}
            found = {**heading, "text": "", "kind": "section", "page": title}
        elif node.tag == "-text" and node.mem_id not in named:
            found["text"] += node.text_content or ""
    yield {**found, "text": " ".join(found["text"].split())}


def normalized_text(node: LexborNode) -> str:
    return re.sub(r"\s+", " ", node.text()).strip()
