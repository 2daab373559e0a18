"""The elements of HTML, and what each becomes in Typst."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from selectolax.lexbor import LexborNode

from warning_lights.book import tables
from warning_lights.book.content import Chapter, alternative_text, attribute, classes, elements
from warning_lights.book.images import Images
from warning_lights.book.index import Terms
from warning_lights.book.labels import Labels, label
from warning_lights.book.language import in_language
from warning_lights.book.syntax import (
    WHITE_SPACE,
    Kind,
    Part,
    blocks,
    call,
    code,
    string,
    text_parts,
    trim_space,
    with_break_points,
    wrap_inlines,
)
from warning_lights.core.html import HEADINGS
from warning_lights.core.names import words as names_in

Names = frozenset[str]  # Of the elements around something, and ".name" for each of their classes.

# No text may be directly in these, so an anchor goes before them and not into them.
NO_TEXT = frozenset({"table", "ul", "ol", "dl", "pre", "svg", "img", "figure", "br", "hr"})
NOT_INDEXED = frozenset({*HEADINGS, "a", ".bibliography"})
CODE = frozenset({"code", "samp", "var"})
# fmt: off
CALLS = {
    "b": "strong", "cite": "emph", "del": "strike", "em": "emph", "i": "emph", "ins": "underline",
    "kbd": "kbd", "mark": "highlight", "q": "quote", "s": "strike", "small": "smaller", "strong": "strong",
    "sub": "sub", "sup": "super", "u": "underline",
}
# fmt: on
CONTAINERS = names_in(
    "address article aside caption dd details div dt figcaption footer header hgroup li main nav section"
    " summary"
)
SPANS = names_in("a abbr bdi bdo code data dfn label samp span time var")
TABLE_PARTS = names_in("col colgroup tbody td tfoot th thead tr")
LINES = frozenset({"del", "ins", "s", "u"})
HIDDEN = frozenset({"script", "style", "col", "colgroup"})
NUMBERS = frozenset("1aAiI")
NARROW = frozenset({"blockquote", "dd", "details", "li", "td", ".admonition", ".tabbed-set"})
LINE_LETTERS = 50  # Letters of a word that has a line for itself, also in a box or a list.


class Writer:
    """Writes the elements that HTML has as Typst, for the page at hand."""

    page: Chapter

    def __init__(self, labels: Labels, images: Images, terms: Terms) -> None:
        self.labels, self.images, self.terms = labels, images, terms
        self.width = LINE_LETTERS
        self.marked: set[str] = set()
        self.before_heading: list[Part] = []  # Marks in a heading, which the contents must not repeat.

    def node(self, node: LexborNode, above: Names) -> list[Part]:
        """What one node becomes: inlines, blocks, or both."""
        if node.is_text_node:
            return self.text(node.text_content or "", above)
        if not node.is_element_node or node.tag in HIDDEN:
            return []  # HIDDEN, or a comment.
        if node.tag in NO_TEXT:
            return [*self.anchor(node, above), *in_language(node, self.element(node, above))]
        return self.element(node, above)

    def element(self, node: LexborNode, above: Names) -> list[Part]:
        tag = node.tag or ""
        if form := FORMS.get(tag):
            return form(self, node, above)
        inside = self.inside(node, above)
        if tag in CONTAINERS:
            return blocks(inside)
        if tag in CALLS and not (tag in LINES and above & LINES):  # PDF/A allows one line by a word.
            return wrap_inlines(inside, lambda run: call(CALLS[tag], run))
        return inside  # A span, or what needs no more than a span does.

    def inside(self, node: LexborNode, above: Names) -> list[Part]:
        """The content of an element, beginning with a mark where a link leads to the element."""
        return [*self.anchor(node, above), *in_language(node, self.content(node, above))]

    def content(self, node: LexborNode, above: Names) -> list[Part]:
        names = above | element_names(node)
        return [part for child in node.iter(include_text=True) for part in self.node(child, names)]

    def text(self, text: str, above: Names) -> list[Part]:
        if above & CODE:
            return [Part(f"raw({string(with_break_points(WHITE_SPACE.sub(' ', text), self.width))})")]
        if above & NOT_INDEXED:
            return text_parts(text, self.width)
        done = []
        for piece in self.terms.split(text, self.page.url):
            done += (
                text_parts(piece, self.width) if isinstance(piece, str) else [self.index_entry(piece, above)]
            )
        return done

    def index_entry(self, number: int, above: Names) -> Part:
        """A mark for the index, which distinguishes a note from the text."""
        return Part(f"indexed({number}, note: {'true' if '.notes' in above else 'false'})")

    def anchor(self, node: LexborNode, above: Names) -> list[Part]:
        """A mark where a link of the book leads to the element."""
        name = label(self.page.url, attribute(node, "id"))
        if not node.id or name not in self.labels.wanted or name in self.marked:
            return []
        self.marked.add(name)  # Of two elements with one id a browser finds the first.
        marks = [Part(f"mark({string(name)})")]
        if above.isdisjoint(HEADINGS):
            return marks
        self.before_heading += marks
        return []

    def image(self, name: str, alt: str) -> list[Part]:
        shown = f"{string(name)}, alt: {string(alt)}" if alt else string(name)
        return [Part(f"picture(image({shown}))")] if name else []

    def quotation(self, node: LexborNode, above: Names) -> list[Part]:
        inside = blocks([*self.anchor(node, above), *self.content(node, above)])
        # Typst aligns the text by the direction around the quotation.
        return in_language(node, [Part(call("quote(block: true)", inside), Kind.BLOCK)])

    def items(self, node: LexborNode, above: Names) -> list[Part]:
        """A list; content outside its items becomes an item of its own."""
        names = above | element_names(node)
        items: list[list[Part]] = []
        for child in node.iter(include_text=True):
            if child.tag == "li":
                item = self.inside(child, names)
                items.append(blocks(item))
            elif content := blocks(self.node(child, names)):
                items.append(content)
        loose = any(child.tag == "p" for item in node.iter() for child in item.iter())
        options = ["tight: false"] if loose else []
        if node.tag == "ol":
            style, start = attribute(node, "type"), attribute(node, "start")
            options += [f'numbering: "{style}."'] if style in NUMBERS - {"1"} else []
            options += [f"start: {int(start)}"] if re.fullmatch(r"\d{1,9}", start, re.ASCII) else []
        return [typst_list("enum" if node.tag == "ol" else "list", options, [code(item) for item in items])]

    def definitions(self, node: LexborNode, above: Names) -> list[Part]:
        """Terms, each with what defines it; terms that share a definition come one above the other."""
        names = above | element_names(node)
        marks = [mark for child in node.iter() if child.tag == "div" for mark in self.anchor(child, names)]
        items: list[tuple[list[Part], list[list[Part]]]] = []
        for child in terms_and_definitions(node):
            content = self.inside(child, names)
            if child.tag == "dd":
                items = items or [([], [])]
                items[-1][1].append(blocks(content))
            elif items and not items[-1][1]:
                items[-1][0].extend([Part("linebreak()"), *trim_space(content)])
            else:
                items.append((trim_space(content), []))
        if any(not term or any(part.kind is not Kind.INLINE for part in term) for term, _ in items):
            # Typst has no form for a definition without a term, or for a term that is more than a line.
            return marks + [part for term, texts in items for part in [*blocks(term), *chain(*texts)]]
        written = [f"{code(term)}, {code(chain(*texts))}" for term, texts in items]
        return [*marks, typst_list("terms", [], written)]

    def code_block(self, node: LexborNode, above: Names) -> list[Part]:
        """Code as it is; what leads to a line of it leads to the block."""
        marks = [mark for child in node.iter() for e in elements(child) for mark in self.anchor(e, above)]
        text = with_break_points(code_text(node).removesuffix("\n"), self.width)
        return [*marks, Part(f"raw({string(text)}, block: true)", Kind.BLOCK)]

    def figure(self, node: LexborNode, above: Names) -> list[Part]:
        """A picture or a table with its caption."""
        names = above | element_names(node)
        caption = [
            part for child in node.iter() if child.tag == "figcaption" for part in self.node(child, names)
        ]
        others = [child for child in node.iter(include_text=True) if child.tag != "figcaption"]
        shown = [child for child in others if child.is_element_node]
        if [child.tag for child in shown] == ["table"]:
            return self.table(shown[0], names, blocks(caption))
        content = blocks(part for child in others for part in self.node(child, names))
        # Typst asks of each figure that it says what it shows.
        pictures = any(e.tag in {"img", "svg"} and alternative_text(e) for c in shown for e in elements(c))
        kind = "captioned" if pictures else "with-caption"
        return [Part(f"{kind}({code(blocks(caption))}, {code(content)})", Kind.BLOCK)]

    def table(self, node: LexborNode, above: Names, caption: list[Part] | None = None) -> list[Part]:
        names = above | element_names(node)
        own = [part for child in node.iter() if child.tag == "caption" for part in self.node(child, names)]

        def content(cell: LexborNode, part: str, width: int) -> list[Part]:
            before, self.width = self.width, min(width, self.width)
            done = blocks(self.inside(cell, names | {part}))
            self.width = before
            return done

        marks = self.anchor(node, above) if caption is not None else []
        line = tables.WIDE if above.isdisjoint(NARROW) else tables.LINE
        return [*marks, *tables.table_parts(node, content, caption or blocks(own), self.width, line)]


def typst_list(function: str, options: list[str], items: list[str]) -> Part:
    """A list of Typst, one item on each line."""
    lines = [*options, *(f"{function}.item({item})" for item in items)]
    return Part(f"{function}(" + ",\n  ".join(lines) + ")", Kind.BLOCK)


def element_names(node: LexborNode) -> Names:
    return frozenset({node.tag or "", *(f".{name}" for name in classes(node))})


def terms_and_definitions(node: LexborNode) -> Iterator[LexborNode]:
    """The terms and definitions of a list, which may be grouped."""
    for child in node.iter():
        if child.tag == "div":
            yield from terms_and_definitions(child)
        elif child.tag in {"dt", "dd"}:
            yield child


def code_text(node: LexborNode) -> str:
    """The text of a node with its white space; a break counts as the end of a line."""
    if node.is_text_node:
        return node.text_content or ""
    return "\n" if node.tag == "br" else "".join(map(code_text, node.iter(include_text=True)))


Form = Callable[[Writer, LexborNode, Names], list[Part]]
FORMS: Mapping[str, Form] = {
    "blockquote": Writer.quotation,
    "br": lambda *_: [Part("linebreak()")],
    "dl": Writer.definitions,
    "figure": Writer.figure,
    "hr": lambda *_: [Part("rule", Kind.BLOCK)],
    "img": lambda writer, node, _: writer.image(*writer.images.picture(writer.page, node)),
    "ol": Writer.items,
    "p": lambda writer, node, above: blocks(writer.inside(node, above)),
    "pre": Writer.code_block,
    "svg": lambda writer, node, _: writer.image(*writer.images.drawing(writer.page, node)),
    "table": Writer.table,
    "ul": Writer.items,
    "wbr": lambda *_: [Part("sym.zws")],
}
PRINTABLE = frozenset({"body", *HEADINGS, *FORMS, *CALLS, *CONTAINERS, *SPANS, *TABLE_PARTS})
