"""What the book reads of the site: its pages in the order of the nav, each as a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from warning_lights.core import markdown_source
from warning_lights.core.findings import Finding
from warning_lights.core.fragments import fragment
from warning_lights.core.html import HEADINGS

# For the screen: links to themselves, back-references, repeated calls, what a page hides or fills in later.
SCREEN_ONLY = (
    "a.headerlink, .backrefs, a.backref, .repeated, .entry .key, .web-only, .occurs, .tabbed-set > input,"
    " [hidden]"
)
NO_ANCHOR = frozenset({"col", "colgroup", "tbody", "tfoot", "thead", "tr"})  # Nothing can precede them.


@dataclass(frozen=True)
class Chapter:
    """One page of the nav: its finished HTML, and where it was written.

    `file` is relative to the folder of mkdocs.yml; `url` is relative to the site and percent-encoded ("" is
    the home page); `parts` are the sections of the nav that contain it, from the top.
    """

    file: str
    url: str
    title: str
    parts: tuple[str, ...]
    html: str
    source: str

    def finding(self, pattern: str, message: str, *about: str) -> Finding:
        """`message`, at the first place where the source has `pattern`, else at its beginning."""
        places = markdown_source.find_positions(self.source, re.compile(pattern, re.IGNORECASE))
        line, column = next(places, (1, 1))
        return Finding(self.file, line, column, message, about=about)


def parse(chapter: Chapter) -> LexborNode:
    """The page as a tree, without what only a screen needs; it has a title, and each heading an id."""
    tree = LexborHTMLParser(chapter.html)
    for node in tree.css(SCREEN_ONLY):
        node.decompose()
    called = {attribute(link, "href") for link in tree.css("sup.note-call a")}
    for node in tree.css("section.notes li.note[id]"):  # Called only in what was removed.
        if f"#{fragment(attribute(node, 'id'))}" not in called:
            node.decompose()
    for node in tree.css("a.term"):  # A link to the glossary, which the index replaces.
        node.unwrap()
    body = tree.body
    assert body is not None, "The parser gives every document a body."
    first = next(iter(body.css(",".join(HEADINGS))), None)
    if first is None or first.tag != "h1":
        title = tree.create_node("h1")
        title.insert_child(chapter.title)
        if body.child is None:
            body.insert_child(title)
        else:
            body.child.insert_before(title)
    for number, node in enumerate(body.css(",".join(HEADINGS)), start=1):
        node.attrs["id"] = node.attributes.get("id") or f"heading-{number}"
    return body


def link_targets(body: LexborNode) -> set[str]:
    """The ids that a link can lead to. The title's is left out: to link to it is to link to the page."""
    found = {attribute(node, "id") for node in elements(body) if node.tag not in NO_ANCHOR}
    return found - {attribute(node, "id") for node in body.css("h1")[:1]} - {""}


def attribute(node: LexborNode, name: str) -> str:
    """The value of an attribute, empty where there is none."""
    return node.attributes.get(name) or ""


def alternative_text(node: LexborNode) -> str:
    """The alternative text of an image or a drawing; empty where there is none."""
    titles = [child.text(strip=True) for child in node.iter() if child.tag == "title"]
    return attribute(node, "alt") or attribute(node, "aria-label") or next(iter(titles), "")


def classes(node: LexborNode) -> list[str]:
    return attribute(node, "class").split()


def elements(node: LexborNode) -> Iterator[LexborNode]:
    """`node` and the elements in it, in order; a drawing counts as one."""
    waiting = [node]
    while waiting:  # And no recursion: a writer may nest deeper than Python allows.
        each = waiting.pop()
        yield each
        if each.tag != "svg":
            waiting += reversed([child for child in each.iter() if child.is_element_node])  # No comment.
