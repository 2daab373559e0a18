"""The elements of HTML, and what each becomes in Pandoc's document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from selectolax.lexbor import LexborNode

import book_tables
from book_images import Images
from book_index import Terms
from book_labels import Labels, label
from book_losses import alternative
from book_pages import HEADINGS, Chapter, attribute, elements
from book_pandoc import (
    BLOCKS,
    PLAIN_ATTRIBUTES,
    WHITE,
    Node,
    block,
    blocks,
    call,
    formed,
    inline,
    joined,
    paragraphs,
    string,
    trimmed,
    words,
)

Names = frozenset[str]  # Of the elements that something stands in, and ".name" for each of their classes.

# No text may stand directly in these, so an anchor goes before them and not into them.
NO_TEXT = frozenset({"table", "ul", "ol", "dl", "pre", "svg", "img", "figure", "br", "hr"})
NOT_INDEXED = frozenset({*HEADINGS, "a", ".bibliography"})
CODE = frozenset({"code", "samp", "var"})
# fmt: off
STYLES = {
    "b": "Strong", "cite": "Emph", "del": "Strikeout", "em": "Emph", "i": "Emph", "ins": "Underline",
    "s": "Strikeout", "strong": "Strong", "sub": "Subscript", "sup": "Superscript", "u": "Underline",
}
CONTAINERS = frozenset({
    "address", "article", "aside", "caption", "dd", "details", "div", "dt", "figcaption", "footer", "header",
    "hgroup", "li", "main", "nav", "section", "summary",
})
# fmt: on
LINE_BREAK = inline("#linebreak();")  # The one of Pandoc ends a line, which in Typst would end a term.
LINES = frozenset({"del", "ins", "s", "u"})
FUNCTIONS = {"kbd": "kbd", "mark": "highlight", "small": "smaller"}  # Of book.typ or of Typst.
HIDDEN = frozenset({"script", "style", "col", "colgroup"})
NUMBERS = {"1": "Decimal", "a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman"}


class Elements:
    """Renders the elements that HTML has, for the page at hand."""

    page: Chapter

    def __init__(self, labels: Labels, images: Images, terms: Terms) -> None:
        self.labels, self.images, self.terms = labels, images, terms
        self.forms = {
            "blockquote": self.quotation,
            "br": lambda *_: [LINE_BREAK],
            "dl": self.definitions,
            "figure": self.figure,
            "hr": lambda *_: [block("#rule")],
            "img": lambda node, _: self.image(*self.images.picture(self.page, node)),
            "ol": self.items,
            "p": lambda node, above: paragraphs(self.inside(node, above)),
            "pre": self.code_block,
            "q": self.quoted,
            "svg": lambda node, _: self.image(*self.images.drawing(self.page, node)),
            "table": self.table,
            "ul": self.items,
            "wbr": lambda *_: [inline("#sym.zws;")],
        }

    def node(self, node: LexborNode, above: Names) -> list[Node]:
        """What one node becomes: inlines, blocks, or both."""
        if node.is_text_node:
            return self.text(node.text_content or "", above)
        if not node.is_element_node or node.tag in HIDDEN:
            return []  # HIDDEN, or a comment.
        return [*(self.anchor(node, above) if node.tag in NO_TEXT else []), *self.element(node, above)]

    def element(self, node: LexborNode, above: Names) -> list[Node]:
        tag = node.tag or ""
        if form := self.forms.get(tag):
            return form(node, above)
        inside = self.inside(node, above)
        if tag in CONTAINERS:
            return blocks(inside)
        if tag in LINES and above & LINES:  # An archive allows one line by a word.
            return inside
        if tag in STYLES:
            return formed(inside, lambda run: [{"t": STYLES[tag], "c": run}])
        if tag in FUNCTIONS:
            return formed(inside, lambda run: call(FUNCTIONS[tag], run))
        return inside  # A span, or what needs no more than a span does.

    def inside(self, node: LexborNode, above: Names) -> list[Node]:
        """The content of an element, beginning with a mark where a link leads to the element."""
        marks = [] if node.tag in NO_TEXT else self.anchor(node, above)
        return marks + self.content(node, above)

    def content(self, node: LexborNode, above: Names) -> list[Node]:
        names = above | names_of(node)
        return joined(self.node(child, names) for child in node.iter(include_text=True))

    def text(self, text: str, above: Names) -> list[Node]:
        if above & CODE:
            return [{"t": "Code", "c": [PLAIN_ATTRIBUTES, WHITE.sub(" ", text)]}]
        if above & NOT_INDEXED:
            return words(text)
        return joined(
            words(piece) if isinstance(piece, str) else [self.mark(f"#metadata({piece})<index>", above)]
            for piece in self.terms.split(text, self.page.url)
        )

    def anchor(self, node: LexborNode, above: Names) -> list[Node]:
        """A mark where a link of the book leads to the element."""
        name = label(self.page.url, attribute(node, "id"))
        wanted = node.id and name in self.labels.wanted
        return [self.mark(f"#metadata(none)<{name}>", above)] if wanted else []

    def mark(self, typst: str, above: Names) -> Node:
        """A mark that the contents do not repeat when they show the heading in which it stands."""
        return inline(f"#not-in-contents[{typst}];" if in_heading(above) else typst)

    def image(self, name: str, alt: str) -> list[Node]:
        return [inline(f"#picture({string(name)}, {string(alt)});")] if name else []

    def quotation(self, node: LexborNode, above: Names) -> list[Node]:
        return [{"t": "BlockQuote", "c": blocks(self.inside(node, above))}]

    def quoted(self, node: LexborNode, above: Names) -> list[Node]:
        kind = {"t": "SingleQuote" if "q" in above else "DoubleQuote"}
        return formed(self.inside(node, above), lambda run: [{"t": "Quoted", "c": [kind, run]}])

    def items(self, node: LexborNode, above: Names) -> list[Node]:
        """A list; what stands in it and in none of its items is an item of its own."""
        names = above | names_of(node)
        items: list[list[Node]] = []
        for child in node.iter(include_text=True):
            if child.tag == "li":
                items.append(blocks(self.inside(child, names)))
            elif content := blocks(self.node(child, names)):
                items.append(content)
        if node.tag == "ul":
            return [{"t": "BulletList", "c": items}]
        start = re.fullmatch(r"-?\d{1,9}", attribute(node, "start"), re.ASCII)
        style = NUMBERS.get(attribute(node, "type"), "DefaultStyle")
        numbering = [int(start[0]) if start else 1, {"t": style}, {"t": "DefaultDelim"}]
        return [{"t": "OrderedList", "c": [numbering, items]}]

    def definitions(self, node: LexborNode, above: Names) -> list[Node]:
        """Terms, each with what defines it; terms that share a definition stand above each other."""
        names = above | names_of(node)
        marks = [mark for child in node.iter() if child.tag == "div" for mark in self.anchor(child, names)]
        items: list[tuple[list[Node], list[list[Node]]]] = []
        for child in defined(node):
            content = self.inside(child, names)
            if child.tag == "dd":
                items = items or [([], [])]
                items[-1][1].append(blocks(content))
            elif items and not items[-1][1]:
                items[-1][0].extend([LINE_BREAK, *trimmed(content)])
            else:
                items.append((trimmed(content), []))
        if any(not term or any(part["t"] in BLOCKS for part in term) for term, _ in items):
            # Typst has no form for a definition without a term, or for a term that is more than a line.
            return marks + [part for term, told in items for part in [*blocks(term), *chain(*told)]]
        return [*marks, {"t": "DefinitionList", "c": items}]

    def code_block(self, node: LexborNode, above: Names) -> list[Node]:
        """Code as it stands; what leads to a line of it leads to the block."""
        marks = [mark for child in node.iter() for e in elements(child) for mark in self.anchor(e, above)]
        text = code_text(node).removesuffix("\n")
        return [*marks, {"t": "CodeBlock", "c": [PLAIN_ATTRIBUTES, text]}]

    def figure(self, node: LexborNode, above: Names) -> list[Node]:
        """A picture or a table with what is said of it; a table carries its caption itself."""
        names = above | names_of(node)
        said: list[Node] = []
        shown: list[Node] = []
        pictures = False  # Typst asks of each figure that it says what it shows.
        for part in node.iter(include_text=True):
            if part.tag == "figcaption":
                said += self.node(part, names)
            else:
                shown += self.node(part, names)
                pictures |= any(e.tag in {"img", "svg"} and alternative(e) != "" for e in elements(part))
        caption, content = blocks(said), blocks(shown)
        if [part["t"] for part in content] == ["Table"]:
            if caption:
                content[0]["c"][1] = [None, caption]
            return content
        kind = "captioned" if pictures else "with-caption"
        return [block(f"#{kind}(["), *caption, block("], ["), *content, block("])")]

    def table(self, node: LexborNode, above: Names) -> list[Node]:
        names = above | names_of(node)
        return book_tables.table(node, lambda cell, part: blocks(self.inside(cell, names | {part})))


def names_of(node: LexborNode) -> Names:
    return frozenset({node.tag or "", *(f".{name}" for name in attribute(node, "class").split())})


def in_heading(above: Names) -> bool:
    return not above.isdisjoint(HEADINGS)


def defined(node: LexborNode) -> Iterator[LexborNode]:
    """The terms and definitions of a list, which may stand in groups."""
    for child in node.iter():
        if child.tag == "div":
            yield from defined(child)
        elif child.tag in {"dt", "dd"}:
            yield child


def code_text(node: LexborNode) -> str:
    """The text of a node with its white space; a break counts as the end of a line."""
    if node.is_text_node:
        return node.text_content or ""
    return "\n" if node.tag == "br" else "".join(map(code_text, node.iter(include_text=True)))
