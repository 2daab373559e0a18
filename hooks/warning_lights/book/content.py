"""What the book reads of the site: its pages in the order of the nav, and what cannot be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from warning_lights.core import markdown_source
from warning_lights.core.findings import Finding
from warning_lights.core.fragments import fragment
from warning_lights.core.html import HEADINGS

# fmt: off
KNOWN = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "body", "br", "caption",
    "cite", "code", "col", "colgroup", "data", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i",
    "img", "ins", "kbd", "label", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section",
    "small", "span", "strong", "sub", "summary", "sup", "svg", "table", "tbody", "td", "tfoot", "th",
    "thead", "time", "tr", "u", "ul", "var", "wbr",
})
# fmt: on
BY_SCRIPT = {"arithmatex": "A formula", "mermaid": "A diagram"}  # Drawn in the browser, so not in the HTML.
# For the screen: links to themselves, back-references, repeated calls, what a page hides or fills in later.
ON_SCREEN = (
    "a.headerlink, .backrefs, a.backref, .repeated, .entry .key, .web-only, .occurs, .tabbed-set > input,"
    " [hidden]"
)
NO_PLACE = frozenset({"col", "colgroup", "tbody", "tfoot", "thead", "tr"})  # Nothing can stand before them.
ADVICE = 'Say it in words, and put it in an element with class="web-only".'


@dataclass(frozen=True)
class Chapter:
    """One page of the nav: its finished HTML, and where it was written.

    `file` is relative to the folder of mkdocs.yml; `url` is relative to the site and percent-encoded ("" is
    the home page); `parts` are the sections of the nav that it stands in, from the top.
    """

    file: str
    url: str
    title: str
    parts: tuple[str, ...]
    html: str
    source: str

    def finding(self, pattern: str, message: str, *about: str) -> Finding:
        """`message`, at the first place where `pattern` stands in the source, else at its beginning."""
        places = markdown_source.find(self.source, re.compile(pattern, re.IGNORECASE))
        line, column = next(places, (1, 1))
        return Finding(self.file, line, column, message, about=about)


def parse(chapter: Chapter) -> LexborNode:
    """The page as a tree, without what only a screen needs; it has a title, and each heading an id."""
    tree = LexborHTMLParser(chapter.html)
    for node in tree.css(ON_SCREEN):
        node.decompose()
    called = {attribute(link, "href") for link in tree.css("sup.note-call a")}
    for node in tree.css("section.notes li.note[id]"):  # Called in what was taken out only.
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


def ids(body: LexborNode) -> set[str]:
    """The ids that a link can lead to. The title's is left out: to link to it is to link to the page."""
    found = {attribute(node, "id") for node in elements(body) if node.tag not in NO_PLACE}
    return found - {attribute(node, "id") for node in body.css("h1")[:1]} - {""}


def attribute(node: LexborNode, name: str) -> str:
    """The value of an attribute, empty where there is none."""
    return node.attributes.get(name) or ""


def classes(node: LexborNode) -> list[str]:
    return attribute(node, "class").split()


def unprintable(chapter: Chapter, body: LexborNode) -> Iterator[Finding]:
    """A finding for everything on a page that the book has no form for."""
    for node in elements(body):
        name = node.tag or ""
        if name in HEADINGS and not node.text(strip=True):
            yield chapter.finding(
                rf"<{name}\b|^#+[ \t]*$", "A heading has no words. Write some, or take it out."
            )
        elif name not in KNOWN:
            message = f"<{name}> cannot be printed in the book. {ADVICE}"
            yield chapter.finding(rf"<{re.escape(name)}(?!\w)", message, f"<{name}>")
        elif what := next((what for n, what in BY_SCRIPT.items() if n in classes(node)), ""):
            words = node.text().strip("\\()[]$ \n").split()[:3]
            pattern = r"\s+".join(map(re.escape, words))
            yield chapter.finding(
                pattern, f"{what} drawn by a script cannot be printed in the book. {ADVICE}"
            )


def elements(node: LexborNode) -> Iterator[LexborNode]:
    """`node` and the elements in it, in order; a drawing counts as one."""
    waiting = [node]
    while waiting:  # And no recursion: a writer may nest deeper than Python allows.
        each = waiting.pop()
        yield each
        if each.tag != "svg":
            waiting += reversed([child for child in each.iter() if child.is_element_node])  # No comment.
