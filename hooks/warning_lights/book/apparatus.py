"""Each page becomes a chapter: what our pages have beyond HTML calls functions of book.typ."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from warning_lights.book.content import Chapter, attribute, classes, elements
from warning_lights.book.images import Images
from warning_lights.book.index import Terms
from warning_lights.book.labels import Labels, label
from warning_lights.book.language import in_language
from warning_lights.book.syntax import SPACE, Kind, Part, blocks, call, code, formed, string, trimmed, words
from warning_lights.book.writer import ROOM, Names, Writer, names_of
from warning_lights.core.html import HEADINGS

ROLES = {1: "auto", 2: "subsection-role"}  # By the steps below the title of the chapter.
LISTED = 2  # Levels of each chapter that the contents show: its title and its sections.
MANY = 12  # Sections: with more, as a timeline has, only the title is shown.
# No room for a note with an address, which stands at the end of one of these instead.
SHORT = frozenset({".notes", ".bibliography", "thead", "figcaption", *HEADINGS})
ENDS = frozenset({"caption", "dd", "figcaption", "li", "p", "td", "th", *HEADINGS})
OWN = "● "
IN_NOTE = frozenset({"section", ".notes", "ol", "li"})


class Apparatus(Writer):
    """Writes one chapter after the other; what they have in common is gathered on the way."""

    def __init__(self, labels: Labels, images: Images, terms: Terms) -> None:
        super().__init__(labels, images, terms)
        self.abbreviations: dict[str, str] = {}
        self.parts: tuple[str, ...] = ()  # Those of the book that the last chapter stands in.
        self.begun = False  # Whether there is one.

    def chapter(self, chapter: Chapter, body: LexborNode) -> str:
        """The Typst of a chapter, opened by its title, below those parts of the book that begin with it."""
        self.begin(chapter)
        old = [*self.parts, *[None] * len(chapter.parts)]
        first = next((n for n, part in enumerate(chapter.parts) if part != old[n]), len(chapter.parts))
        parts = "".join(f"({n + 1}, {string(chapter.parts[n])}), " for n in range(first, len(chapter.parts)))
        opens = not self.begun or chapter.parts[:1] != self.parts[:1]
        self.begun = True
        self.parts, self.top = chapter.parts, len(chapter.parts)
        # The call that opens the chapter, until its title is met; and the level of the last heading.
        self.opening = (
            f"chapter({self.top + 1}, {string(label(chapter.url))}, opens: {'true' if opens else 'false'}, "
            f"parts: ({parts}), running: {string(chapter.title)})"
        )
        self.level = 0
        self.listed = LISTED if len(body.css("h2")) <= MANY else 1
        self.notes = {
            label(chapter.url, attribute(note, "id")): note for note in body.css("section.notes ol > li[id]")
        }
        return "\n\n".join(f"#{part.code}" for part in blocks(self.content(body, frozenset())))

    def begin(self, chapter: Chapter) -> None:
        self.page = chapter
        self.called: dict[str, int] = {}  # The notes called so far, and their numbers.
        self.note = ""  # The note being written.
        self.first: dict[str, str] = {}  # Key of a work -> its first note.
        self.printed: set[str] = set()  # Addresses in notes and the like.
        self.due: list[str] = []  # Those still to be printed, at the end of the text at hand.
        self.addresses = 0  # Those in notes of their own.

    def work(self, chapter: Chapter, entry: LexborNode) -> str:
        """The reference of an entry of the bibliography, as the imprint has it."""
        self.begin(chapter)
        return code(part for p in entry.css(".reference") for part in self.content(p, frozenset({".notes"})))

    def element(self, node: LexborNode, above: Names) -> list[Part]:
        tag, names = node.tag or "", classes(node)
        if tag in HEADINGS:
            return self.heading(node, above)
        if tag == "a" and "href" in node.attributes:
            return self.link(node, above)
        if tag == "abbr":
            self.abbreviations.setdefault(node.text(strip=True), attribute(node, "title"))
        if tag == "summary" or "admonition-title" in names:
            return [boxed("box-title", blocks(self.inside(node, above)))]
        if tag == "details" or "admonition" in names:
            return [boxed("boxed", blocks(self.inside(node, above)))]
        return self.classed(node, above, names) if names else super().element(node, above)

    def classed(self, node: LexborNode, above: Names, names: list[str]) -> list[Part]:
        """Elements that are recognised by their class."""
        tag = node.tag or ""
        if "event-head" in names:
            return [boxed("event-head", blocks(self.inside(node, above)))]
        if tag == "sup" and "note-call" in names:
            return self.note_call(node, above)
        if tag == "section" and "notes" in names:  # Its notes stand where they are called.
            named = [node, *(child for child in node.iter() if child.tag in HEADINGS)]
            return [mark for part in named for mark in self.anchor(part, above)]
        if tag == "span" and "reference" in names and ".notes" in above:
            return self.reference(node, above)
        if "entry" in names and ".bibliography" in above:
            return self.entry(node, above)
        if "tabbed-set" in names:
            return self.tabs(node, above)
        if tag == "ol" and "coverage" in names and all(map(classes, node.iter())):
            return [boxed("cells", [new for item in node.iter() for new in self.cell(item, item, above)])]
        if tag == "span" and "sample" in names and node.parent is not None and classes(node.parent):
            return self.cell(node.parent, node, above)
        return super().element(node, above)

    def content(self, node: LexborNode, above: Names) -> list[Part]:
        parts = super().content(node, above)
        return trimmed(parts) + self.flushed() if self.due and node.tag in ENDS else parts

    def heading(self, node: LexborNode, above: Names) -> list[Part]:
        """A heading: as deep as its page in the nav, and, as PDF/UA asks, never two steps down at once."""
        name = self.labels.place(self.page.url, attribute(node, "id"))
        text = code(self.content(node, above))
        marks, self.before_heading = self.before_heading, []
        if self.opening:
            call, self.opening, self.level = f"{self.opening[:-1]}, {text})", "", self.top + 1
            return [*marks, *in_language(node, [Part(call, Kind.BLOCK)])]
        self.level = max(self.top + 2, min(self.top + int((node.tag or "")[1]), self.level + 1))
        role = ROLES.get(self.level - self.top - 1, "deeper-role")
        listed = "true" if self.level - self.top <= self.listed else "false"
        call = f"section({self.level}, {string(name)}, {role}, {listed}, {text})"
        return [*marks, *in_language(node, [Part(call, Kind.BLOCK)])]

    def link(self, node: LexborNode, above: Names) -> list[Part]:
        target = self.labels.resolve(attribute(node, "href"), self.page.url)
        if target.label and "entry-link" in classes(node):
            return [Part(f"number-link({string(target.label)})"), *self.anchor(node, above)]
        text = self.inside(node, above)
        if target.label:
            kind = "page-link" if target.elsewhere and ".bibliography" not in above else "place-link"
            return linked(f"{kind}({string(target.label)})", text)
        if not target.url:
            return text
        # Paper has no use for the words that find a passage (WICG text fragments).
        printed = target.url.partition(":~:")[0].removesuffix("#")
        return linked(f"link({string(target.url)})", text) + self.address(node, printed, above)

    def address(self, node: LexborNode, url: str, above: Names) -> list[Part]:
        """The address that paper needs beside the words of a link: in notes, only once in a chapter."""
        if not url.startswith(("http:", "https:")) or shows(node.text(), url):
            return []
        if not above & SHORT:
            self.addresses += 1
            return [Part(f"address-note({self.addresses}, {string(url)})")]
        shown = url.partition("#:~:")[0]  # Of two places in a text, paper needs only one address.
        if shown not in self.printed:
            self.printed.add(shown)
            self.due.append(url)
        return []

    def flushed(self) -> list[Part]:
        """The addresses that are due, which are so no more."""
        due, self.due = self.due, []
        return [Part(f"address-inline({string(url)})") for url in due]

    def note_call(self, node: LexborNode, above: Names) -> list[Part]:
        """The note itself where it is called first, its number where it is called again."""
        href = next((attribute(link, "href") for link in node.css("a[href]")), "")
        name = self.labels.resolve(href, self.page.url).label
        before = [*([Part('super(",")')] if follows(node) else []), *self.anchor(node, above)]
        if name in self.called:
            return [*before, Part(f"note-again({string(name)})")]
        if name not in self.notes:
            return before  # The page calls a note it does not have: the link check reports that.
        self.called[name] = len(self.called) + 1
        outer, self.note, due, self.due = self.note, name, self.due, []
        room, self.room = self.room, ROOM
        content = self.content(self.notes[name], IN_NOTE)
        if "own" in classes(self.notes[name]) and (content := blocks(content)):
            # A note with words of its own looks other than a reference.
            marked = [*words(OWN, self.room), content[0]._replace(kind=Kind.INLINE)]
            content[0] = Part(code(marked), content[0].kind)
        text = blocks(in_language(self.notes[name], content))
        self.note, self.due, self.room = outer, due, room
        note = f"note({string(name)}, {code(text)})"
        return [*before, Part(note if above.isdisjoint(HEADINGS) else f"not-in-contents({note})")]

    def reference(self, node: LexborNode, above: Names) -> list[Part]:
        """A work cited again, at another place in it, is named in short and points to its first note."""
        key, short = attribute(node, "data-key"), attribute(node, "data-short")
        first = self.first.setdefault(key, self.note)
        names = above | names_of(node)
        if not short or first == self.note:
            parts = self.anchor(node, above)
            for child in node.iter(include_text=True):
                if child.is_element_node and "to-entry" in classes(child):
                    parts += self.flushed()
                parts += self.node(child, names)
            return parts + self.flushed()
        parts = words(short, self.room)
        link = node.css_first("a[href]")
        if link is not None:
            target = self.labels.resolve(attribute(link, "href"), self.page.url)
            parts = [Part(call(f"link({string(target.url)})", parts))]
        number = string(f"note {self.called[first]}")
        return [*parts, Part('" ("'), Part(f"place-link({string(first)}, {number})"), Part('")"')]

    def entry(self, node: LexborNode, above: Names) -> list[Part]:
        """An entry of the bibliography; the list of places that cite it becomes one of page numbers."""
        parts, cited = self.anchor(node, above), list[str]()
        for child in node.iter(include_text=True):
            links = [e for e in elements(child) if e.tag == "a"] if child.is_element_node else []
            targets = [self.labels.resolve(attribute(link, "href"), self.page.url) for link in links]
            calls = [t.label for t in targets if t.fragment.startswith(("fn:", "fnref"))]
            if not calls:
                parts += self.node(child, above | names_of(node))
            else:  # A page outside the nav has no number.
                cited += filter(None, calls)
        done = blocks(parts)
        if cited:
            places = Part(f"cited-at(({', '.join(map(string, dict.fromkeys(cited)))},))")
            last = [Part(done.pop().code), SPACE] if done and done[-1].kind is Kind.TEXT else []
            done.append(Part(code([*last, places]), Kind.TEXT))
        return [boxed("entry", done)]

    def tabs(self, node: LexborNode, above: Names) -> list[Part]:
        """All tabs, one below the other, each under its name."""
        parts = {name: list(part.iter()) for part in node.iter() for name in classes(part)}
        titles, tabs = (parts.get(name, []) for name in ("tabbed-labels", "tabbed-content"))
        if len(titles) != len(tabs):  # HTML of a writer that looks like ours.
            return blocks(self.inside(node, above))
        done = self.anchor(node, above)
        for name, tab in zip(titles, tabs, strict=True):
            title = boxed("box-title", blocks(self.inside(name, above)))
            done.append(boxed("boxed", blocks([title, *self.inside(tab, above)])))
        return done

    def cell(self, item: LexborNode, node: LexborNode, above: Names) -> list[Part]:
        """A cell of the coverage map, or a sample of one; the last class of `item` says of which sort."""
        content = code(self.inside(node, above))
        return [Part(f"cell({string(classes(item)[-1])}, {content})"), SPACE]


def boxed(function: str, content: list[Part]) -> Part:
    return Part(call(function, content), Kind.BLOCK)


def linked(function: str, text: list[Part]) -> list[Part]:
    """`text` as the words of a link; where it has none, but perhaps a figure, the link stands before it."""
    done = formed(text, lambda run: call(function, run))
    return done if done != text else [Part(call(function, [])), *text]


def follows(call: LexborNode) -> bool:
    """Whether another call stands just before this one, so that 1 and 2 would be read as 12."""
    return call.prev is not None and "note-call" in classes(call.prev)


def shows(text: str, url: str) -> bool:
    """Whether the words of a link are its address, give or take the scheme and a final slash."""

    def bare(address: str) -> str:
        return re.sub(r"^(https?://)?(www\.)?(doi\.org/)?|/$", "", address.strip().casefold())

    return bare(text) == bare(url)
