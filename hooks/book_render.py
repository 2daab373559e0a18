"""Each page becomes a chapter: Pandoc's document, with calls of the functions in book.typ.

What HTML has is in book_elements.py; here is what our pages have beyond it.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from book_elements import Elements, Names, in_heading, names_of
from book_images import Images
from book_index import Terms
from book_labels import Labels, label
from book_pages import HEADINGS, Chapter, attribute, elements
from book_pandoc import (
    SPACE,
    Node,
    block,
    block_call,
    blocks,
    call,
    formed,
    inline,
    paragraphs,
    string,
    words,
)

# Between two chapters: from here on, pages and lines are those of the second.
BREAK = "#set page(margin: page-margin(pace({0})))\n#set par(..lines(pace({0})))"
ROLES = {1: "auto", 2: "subsection-role"}  # By the steps below the title of the chapter.
LISTED = 2  # Levels of each chapter that the contents show: its title and its sections.
SHORT = frozenset({".notes", ".bibliography", "thead", "figcaption", *HEADINGS})  # No room for a note.
IN_NOTE = frozenset({"section", ".notes", "ol", "li"})


class Renderer(Elements):
    """Renders one chapter after the other; what they have in common is gathered on the way."""

    def __init__(self, labels: Labels, images: Images, terms: Terms) -> None:
        super().__init__(labels, images, terms)
        self.abbreviations: dict[str, str] = {}
        self.parts: tuple[str, ...] = ()  # Those of the book that the last chapter stands in.

    def chapter(self, number: int, chapter: Chapter, body: LexborNode) -> list[Node]:
        """A chapter, opened by its title, below those parts of the book that begin with it."""
        old = [*self.parts, *[None] * len(chapter.parts)]
        first = next((n for n, part in enumerate(chapter.parts) if part != old[n]), len(chapter.parts))
        parts = "".join(f"({n + 1}, {string(chapter.parts[n])}), " for n in range(first, len(chapter.parts)))
        self.page, self.parts, self.top = chapter, chapter.parts, len(chapter.parts)
        # The call that opens the chapter, until its title is met; and the level of the last heading.
        self.opening = f"chapter({self.top + 1}, parts: ({parts}), running: {string(chapter.title)}"
        self.level = 0
        self.notes = {
            label(chapter.url, attribute(note, "id")): note for note in body.css("section.notes ol > li[id]")
        }
        self.called: dict[str, int] = {}  # The notes called so far, and their numbers.
        self.note = ""  # The note being rendered.
        self.first: dict[str, str] = {}  # Key of a work -> its first note.
        self.printed: set[str] = set()  # Addresses in notes and the like.
        self.addresses = 0  # Those in notes of their own.
        return [block(BREAK.format(number)), *blocks(self.content(body, frozenset()))]

    def element(self, node: LexborNode, above: Names) -> list[Node]:
        tag, classes = node.tag or "", attribute(node, "class").split()
        if tag in HEADINGS:
            return self.heading(node, above)
        if tag == "a" and "href" in node.attributes:
            return self.link(node, above)
        if tag == "abbr":
            self.abbreviations.setdefault(node.text(strip=True), attribute(node, "title"))
        if tag == "summary" or "admonition-title" in classes:
            return block_call("box-title", paragraphs(self.inside(node, above)))
        if tag == "details" or "admonition" in classes:
            return self.box((classes or ["note"])[-1], self.inside(node, above))
        if not classes:
            return super().element(node, above)
        if "event-head" in classes:
            return block_call("event-head", paragraphs(self.inside(node, above)))
        if tag == "sup" and "note-call" in classes:
            return self.note_call(node, above)
        if tag == "section" and "notes" in classes:  # Its notes stand where they are called.
            named = [node, *(child for child in node.iter() if child.tag in HEADINGS)]
            return [mark for part in named for mark in self.anchor(part, above)]
        if tag == "span" and "reference" in classes and ".notes" in above:
            return self.reference(node, above)
        if "entry" in classes and ".bibliography" in above:
            return self.entry(node, above)
        if "tabbed-set" in classes:
            return self.tabs(node, above)
        if tag == "ol" and "coverage" in classes:
            return self.cells(node, above)
        if tag == "span" and "sample" in classes and node.parent is not None:
            return [*self.cell(node.parent, words("12")), SPACE]
        return super().element(node, above)

    def heading(self, node: LexborNode, above: Names) -> list[Node]:
        """A heading: as deep as its page in the nav, and, as PDF/UA asks, never two steps down at once."""
        name = self.labels.place(self.page.url, attribute(node, "id"))
        text = self.content(node, above)
        if self.opening:
            before, after = f"#{self.opening}, <{name}>)[", "]"
            self.opening, self.level = "", self.top + 1
        else:
            self.level = max(self.top + 2, min(self.top + int((node.tag or "")[1]), self.level + 1))
            role = ROLES.get(self.level - self.top - 1, "deeper-role")
            listed = "true" if self.level - self.top <= LISTED else "false"
            shown = f"outlined: {listed}, bookmarked: true"
            before, after = f"#heading(level: {self.level}, supplement: {role}, {shown})[", f"]<{name}>"
        return paragraphs([inline(before), *text, inline(after)])

    def link(self, node: LexborNode, above: Names) -> list[Node]:
        target = self.labels.resolve(attribute(node, "href"), self.page.url)
        if target.label and "entry-link" in attribute(node, "class").split():
            return call(f"number-link(<{target.label}>)", self.anchor(node, above))
        text = self.inside(node, above)
        if target.label:
            kind = "page" if target.elsewhere and ".bibliography" not in above else "place"
            return linked(f"{kind}-link(<{target.label}>)", text)
        return linked(f"link({string(target.url)})", text) + self.address(node, target.url, above)

    def address(self, node: LexborNode, url: str, above: Names) -> list[Node]:
        """The address that paper needs beside the words of a link: in notes, only once in a chapter."""
        if not url.startswith(("http:", "https:")) or shows(node.text(), url):
            return []
        if not above & SHORT:
            self.addresses += 1
            return [inline(f"#address-note({self.addresses}, {string(url)});")]
        if url in self.printed:
            return []
        self.printed.add(url)
        return [inline(f"#address-inline({string(url)});")]

    def note_call(self, node: LexborNode, above: Names) -> list[Node]:
        """The note itself where it is called first, its number where it is called again."""
        href = next((attribute(link, "href") for link in node.css("a[href]")), "")
        name = self.labels.resolve(href, self.page.url).label
        comma = [{"t": "Superscript", "c": words(",")}] if follows(node) else []
        before = [*comma, *self.anchor(node, above)]
        if name in self.called:
            return [*before, inline(f"#footnote(<{name}>);")]
        if name not in self.notes:
            return before  # The page calls a note it does not have: hooks/links.py reports that.
        self.called[name] = len(self.called) + 1
        outer, self.note = self.note, name
        text = blocks(self.content(self.notes[name], IN_NOTE))
        self.note = outer
        note = [{"t": "Note", "c": text}, inline(f"<{name}>")]
        return [*before, *(call("not-in-contents", note) if in_heading(above) else note)]

    def reference(self, node: LexborNode, above: Names) -> list[Node]:
        """A work cited again, at another place in it, is named in short and points to its first note."""
        key, short = attribute(node, "data-key"), attribute(node, "data-short")
        first = self.first.setdefault(key, self.note)
        if not short or first == self.note:
            return self.inside(node, above)
        names = words(short)
        link = node.css_first("a[href]")
        if link is not None:
            target = self.labels.resolve(attribute(link, "href"), self.page.url)
            names = call(f"link({string(target.url)})", names)
        number = words(f"note {self.called[first]}")
        return [*names, *words(" ("), *call(f"place-link(<{first}>)", number), *words(")")]

    def entry(self, node: LexborNode, above: Names) -> list[Node]:
        """An entry of the bibliography; the list of places that cite it becomes one of page numbers."""
        content = self.anchor(node, above)
        for child in node.iter(include_text=True):
            links = [e for e in elements(child) if e.tag == "a"] if child.is_element_node else []
            targets = [self.labels.resolve(attribute(link, "href"), self.page.url) for link in links]
            calls = [t.label for t in targets if t.fragment.startswith(("fn:", "fnref"))]
            if not calls:
                content += self.node(child, above | names_of(node))
            elif cited := dict.fromkeys(filter(None, calls)):  # A page outside the nav has no number.
                places = "".join(f"<{name}>, " for name in cited)
                content += paragraphs([inline(f"#cited-at(({places}));")])
        return block_call("entry", blocks(content))

    def box(self, kind: str, content: list[Node]) -> list[Node]:
        return block_call(f"boxed({string(kind)})", blocks(content))

    def tabs(self, node: LexborNode, above: Names) -> list[Node]:
        """All tabs, one below the other, each under its name."""
        parts = {name: part for part in node.iter() for name in attribute(part, "class").split()}
        done = self.anchor(node, above)
        for name, tab in zip(parts["tabbed-labels"].iter(), parts["tabbed-content"].iter(), strict=True):
            title = block_call("box-title", paragraphs(self.inside(name, above)))
            done += self.box("tab", [*title, *self.inside(tab, above)])
        return done

    def cells(self, node: LexborNode, above: Names) -> list[Node]:
        """The coverage map."""
        cells = [[*self.cell(item, self.inside(item, above)), SPACE] for item in node.iter()]
        return block_call("cells", paragraphs(new for cell in cells for new in cell))

    def cell(self, item: LexborNode, content: list[Node]) -> list[Node]:
        return call(f"cell({string(attribute(item, 'class').split()[-1])})", content)


def linked(function: str, text: list[Node]) -> list[Node]:
    """`text` as the words of a link; where it has none, but perhaps a figure, the link stands before it."""
    done = formed(text, lambda run: call(function, run))
    return done if done != text else call(function, []) + text


def follows(call: LexborNode) -> bool:
    """Whether another call stands just before this one, so that 1 and 2 would be read as 12."""
    return call.prev is not None and "note-call" in attribute(call.prev, "class").split()


def shows(text: str, url: str) -> bool:
    """Whether the words of a link are its address, give or take the scheme and a final slash."""

    def bare(address: str) -> str:
        return re.sub(r"^(https?://)?(www\.)?(doi\.org/)?|/$", "", address.strip().casefold())

    return bare(text) == bare(url)
