"""Every page becomes HTML that Pandoc reads without loss.

What Pandoc has no word for travels as `<span>` or `<div>` with a class that begins with "book-";
book_typst.py turns those into calls of functions in book.typ.
"""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborNode

from book_html import VOID, div, element, span
from book_images import Images
from book_index import Terms
from book_labels import Labels, label
from book_pages import HEADINGS, Chapter, attribute, elements

# No text may stand directly in these, so an anchor goes before them and not into them.
NO_TEXT = frozenset({"table", "ul", "ol", "dl", "pre", "svg", "img", "figure", *VOID})
KEPT = ("class", "style", "colspan", "rowspan", "start", "type", "scope", "align")
NOT_INDEXED = frozenset({*HEADINGS, "pre", "code", "bibliography", "a", "book-cited"})
SHORT = frozenset({"notes", "bibliography", "thead", "figcaption", *HEADINGS})  # No room for a note.


class Renderer:
    """Renders one chapter after the other; what they have in common is gathered on the way."""

    def __init__(self, labels: Labels, images: Images, terms: Terms) -> None:
        self.labels, self.images, self.terms = labels, images, terms
        self.abbreviations: dict[str, str] = {}

    def chapter(self, number: int, chapter: Chapter, body: LexborNode) -> str:
        self.page = chapter
        self.printed: set[str] = set()  # Addresses in the notes of this chapter.
        self.first: dict[str, tuple[str, int]] = {}  # Key -> label and number of its first note.
        self.note = ("", 0)  # The note being rendered, likewise.
        content = "".join(self.node(child, frozenset()) for child in body.iter(include_text=True))
        return f'<div class="book-chapter" data-number="{number}">{content}</div>\n'

    def node(self, node: LexborNode, above: frozenset[str]) -> str:
        """The HTML of one node; `above` names the elements and the classes that it stands in."""
        if node.is_text_node:
            text = escape(node.text_content or "", quote=False)
            return text if above & NOT_INDEXED else self.terms.mark(text, self.page.url)
        if not node.is_element_node:
            return ""  # A comment.
        before = self.anchor(node) if node.tag in NO_TEXT else ""
        return before + self.element(node, attribute(node, "class").split(), above)

    def element(self, node: LexborNode, classes: list[str], above: frozenset[str]) -> str:
        tag = node.tag or ""
        if tag in HEADINGS:
            return element(
                tag, self.content(node, above), id=self.labels.place(self.page.url, attribute(node, "id"))
            )
        if tag == "svg":
            return self.image(*self.images.drawing(self.page, node))
        if tag == "img":
            return self.image(*self.images.picture(self.page, node))
        if tag == "a" and "href" in node.attributes:
            return self.link(node, above)
        if tag == "sup" and "note-call" in classes:
            return self.call(node)
        if tag == "abbr":
            self.abbreviations.setdefault(node.text(strip=True), attribute(node, "title"))
            return self.inside(node, above)
        if tag == "cite":
            return element("em", self.inside(node, above))
        if tag == "details" or "admonition" in classes:
            return div("book-box", self.inside(node, above), kind=(classes or ["note"])[-1])
        if tag == "summary" or "admonition-title" in classes:
            return div("book-title", element("p", self.inside(node, above)))
        if "tabbed-set" in classes:
            return self.tabs(node, above)
        if tag == "li" and above >= {"notes", "ol"} and "id" in node.attributes:
            name = label(self.page.url, attribute(node, "id"))
            self.note = (name, self.note[1] + 1)
            return div("book-note", self.content(node, above), label=name)
        if tag == "section" and "notes" in classes:
            return "".join(self.node(c, above | {"notes"}) for c in node.iter() if c.tag not in HEADINGS)
        if tag == "ol" and "notes" in above:
            return self.inside(node, above)
        if tag == "span" and "reference" in classes and "notes" in above:
            return self.reference(node, above)
        if "entry" in classes and "bibliography" in above:
            return self.entry(node, above)
        if tag == "ol" and "coverage" in classes:
            cells = [span("book-cell", self.content(li, above), kind=last_class(li)) for li in node.iter()]
            return div("book-cells", element("p", " ".join(cells)))
        if tag == "span" and "sample" in classes and node.parent is not None:
            return span("book-cell", "12", kind=last_class(node.parent)) + " "
        kept = {name: attribute(node, name) for name in KEPT if name in node.attributes}
        return element(tag, self.inside(node, above), **kept)

    def inside(self, node: LexborNode, above: frozenset[str]) -> str:
        """The content of an element, beginning with a mark where a link leads to the element."""
        return ("" if node.tag in NO_TEXT else self.anchor(node)) + self.content(node, above)

    def content(self, node: LexborNode, above: frozenset[str]) -> str:
        names = above | {node.tag or "", *attribute(node, "class").split()}
        return "".join(self.node(child, names) for child in node.iter(include_text=True))

    def anchor(self, node: LexborNode) -> str:
        name = label(self.page.url, attribute(node, "id"))
        return span("book-anchor", label=name) if node.id and name in self.labels.wanted else ""

    def image(self, name: str, alt: str) -> str:
        return span("book-image", name=name, alt=alt)

    def link(self, node: LexborNode, above: frozenset[str]) -> str:
        target = self.labels.resolve(attribute(node, "href"), self.page.url)
        text = self.anchor(node) + self.inside(node, above)
        if target.label:
            if "entry-link" in attribute(node, "class").split():
                return span("book-link", label=target.label, kind="number")
            kind = "page" if target.elsewhere and "bibliography" not in above else "place"
            return span("book-link", text, label=target.label, kind=kind)
        return span("book-out", text, url=target.url) + self.address(node, target.url, above)

    def address(self, node: LexborNode, url: str, above: frozenset[str]) -> str:
        """The address that paper needs beside the words of a link: in notes, only once in a chapter."""
        if not url.startswith(("http:", "https:")) or shows(node.text(), url):
            return ""
        if above & SHORT:
            if url in self.printed:
                return ""
            self.printed.add(url)
        return span("book-address", url=url, place="inline" if above & SHORT else "note")

    def call(self, node: LexborNode) -> str:
        """The call of a note; book_typst.py puts the note itself in its place."""
        href = next((attribute(link, "href") for link in node.css("a[href]")), "")
        target = self.labels.resolve(href, self.page.url)
        between = "<sup>,</sup>" if follows(node) else ""
        return between + self.anchor(node) + span("book-call", label=target.label)

    def reference(self, node: LexborNode, above: frozenset[str]) -> str:
        """A work cited again, at another place in it, is named in short and points to its first note."""
        key, short = attribute(node, "data-key"), attribute(node, "data-short")
        first, number = self.first.setdefault(key, self.note)
        if not short or first == self.note[0]:
            return self.inside(node, above)
        names = escape(short, quote=False)
        link = node.css_first("a[href]")
        if link is not None:
            target = self.labels.resolve(attribute(link, "href"), self.page.url)
            names = span("book-out", names, url=target.url)
        return f"{names} ({span('book-link', f'note {number}', label=first, kind='place')})"

    def tabs(self, node: LexborNode, above: frozenset[str]) -> str:
        """All tabs, one below the other, each under its name."""
        parts = {name: part for part in node.iter() for name in attribute(part, "class").split()}
        names = [self.inside(name, above) for name in parts["tabbed-labels"].iter()]
        tabs = [self.inside(tab, above) for tab in parts["tabbed-content"].iter()]
        return "".join(
            div("book-box", div("book-title", element("p", name)) + tab, kind="tab")
            for name, tab in zip(names, tabs, strict=True)
        )

    def entry(self, node: LexborNode, above: frozenset[str]) -> str:
        """An entry of the bibliography; the list of places that cite it becomes one of page numbers."""
        content = self.anchor(node)
        for child in node.iter(include_text=True):
            links = [e for e in elements(child) if e.tag == "a"] if child.is_element_node else []
            targets = [self.labels.resolve(attribute(link, "href"), self.page.url) for link in links]
            calls = [t.label for t in targets if t.fragment.startswith(("fn:", "fnref"))]
            if not calls:
                content += self.node(child, above | {"entry"})
            elif cited := list(dict.fromkeys(filter(None, calls))):  # A page outside the nav has no number.
                content += element("p", span("book-cited", labels=" ".join(cited)))
        return div("book-entry", content)


def follows(call: LexborNode) -> bool:
    """Whether another call stands just before this one, so that 1 and 2 would be read as 12."""
    return call.prev is not None and "note-call" in attribute(call.prev, "class").split()


def last_class(node: LexborNode) -> str:
    return next(reversed(attribute(node, "class").split()), "")


def shows(text: str, url: str) -> bool:
    """Whether the words of a link are its address, give or take the scheme and a final slash."""

    def bare(address: str) -> str:
        return re.sub(r"^(https?://)?(www\.)?(doi\.org/)?|/$", "", address.strip().casefold())

    return bare(text) == bare(url)
