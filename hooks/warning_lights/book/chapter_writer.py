"""Each page becomes a chapter: what our pages have beyond HTML calls functions of book.typ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from warning_lights.book.content import Chapter, attribute, classes, elements
from warning_lights.book.images import Images
from warning_lights.book.index import Terms
from warning_lights.book.labels import Labels, label, shows_address
from warning_lights.book.language import in_language
from warning_lights.book.missing_content import note_names
from warning_lights.book.syntax import (
    SPACE,
    Kind,
    Part,
    block,
    blocks,
    call,
    code,
    link_parts,
    string,
    text_parts,
    trim_space,
)
from warning_lights.book.writer import LINE_LETTERS, Names, Writer, element_names
from warning_lights.core.html import HEADINGS

ROLES = {1: "auto", 2: "subsection-role"}  # By the steps below the title of the chapter.
LISTED = 2  # Levels of each chapter that the contents show: its title and its sections.
MANY = 12  # Sections: with more, as a timeline has, only the title is shown.
# Too narrow for a note with an address, which is put at the end of one of ENDS instead.
WITHOUT_NOTES = frozenset({".notes", ".bibliography", "thead", "figcaption", *HEADINGS})
ENDS = frozenset({"caption", "dd", "figcaption", "li", "p", "td", "th", *HEADINGS})
OWN_WORDS = "● "
IN_NOTE = frozenset({"section", ".notes", "ol", "li"})


@dataclass
class Progress:
    """What the part of a chapter that has been written leaves to the rest of it."""

    opening: str = ""  # The call that opens the chapter, up to its title; empty when that is written.
    notes: Mapping[str, LexborNode] = field(default_factory=dict)  # By their labels.
    listed: int = LISTED
    level: int = 0  # Of the last heading.
    called: dict[str, int] = field(default_factory=dict)  # The notes called so far, and their numbers.
    first_note: dict[str, str] = field(default_factory=dict)  # By the key of a work.
    printed: set[str] = field(default_factory=set)  # Addresses in notes and the like.
    addresses: int = 0  # Those in notes of their own.
    note: str = ""  # The note being written.
    due: list[str] = field(default_factory=list)  # Addresses for the end of the text at hand.


class ChapterWriter(Writer):
    """Writes one chapter after the other; what they have in common is gathered on the way."""

    def __init__(self, labels: Labels, images: Images, terms: Terms) -> None:
        super().__init__(labels, images, terms)
        self.abbreviations: dict[str, str] = {}
        self.parts: tuple[str, ...] | None = None  # Those that contain the last chapter.

    def chapter(self, chapter: Chapter, body: LexborNode) -> str:
        """The Typst of a chapter, opened by its title, below those parts of the book that begin with it."""
        before = self.parts or ()
        opens = self.parts is None or chapter.parts[:1] != before[:1]
        self.parts = chapter.parts
        begun = [(n, part) for n, part in enumerate(self.parts, 1) if self.parts[:n] != before[:n]]
        parts = "".join(f"({depth}, {string(title)}), " for depth, title in begun)
        opening = (
            f"chapter({len(self.parts) + 1}, {string(label(chapter.url))}, "
            f"opens: {'true' if opens else 'false'}, parts: ({parts}), running: {string(chapter.title)}"
        )
        notes = {name: note for note, name in note_names(chapter, body)}
        listed = LISTED if len(body.css("h2")) <= MANY else 1
        self.page, self.progress = chapter, Progress(opening, notes, listed)
        return "\n\n".join(f"#{part.code}" for part in blocks(self.content(body, frozenset())))

    def source_reference(self, chapter: Chapter, entry: LexborNode) -> str:
        """The reference of an entry of the bibliography, as the imprint has it."""
        self.page, self.progress = chapter, Progress()
        return code(part for p in entry.css(".reference") for part in self.content(p, frozenset({".notes"})))

    @contextmanager
    def inside_note(self, name: str) -> Iterator[None]:
        """For the content of a note, which may be called in a narrow column or in another note."""
        progress = self.progress
        note, due, width = progress.note, progress.due, self.width
        progress.note, progress.due, self.width = name, [], LINE_LETTERS
        yield
        progress.note, progress.due, self.width = note, due, width

    def element(self, node: LexborNode, above: Names) -> list[Part]:
        tag, names = node.tag or "", classes(node)
        if tag in HEADINGS:
            return self.heading(node, above)
        if tag == "a" and "href" in node.attributes:
            return self.link(node, above)
        if tag == "abbr":
            self.abbreviations.setdefault(node.text(strip=True), attribute(node, "title"))
        if tag == "summary" or "admonition-title" in names:
            return [block("box-title", blocks(self.inside(node, above)))]
        if tag == "details" or "admonition" in names:
            return [block("boxed", blocks(self.inside(node, above)))]
        return self.classed_element(node, above, names) if names else super().element(node, above)

    def classed_element(self, node: LexborNode, above: Names, names: list[str]) -> list[Part]:
        """Elements that are recognised by their class."""
        tag = node.tag or ""
        if "event-head" in names:
            return [block("event-head", blocks(self.inside(node, above)))]
        if tag == "sup" and "note-call" in names:
            return self.note_call(node, above)
        if tag == "section" and "notes" in names:  # Its notes are printed where they are called.
            named = [node, *(child for child in node.iter() if child.tag in HEADINGS)]
            return [mark for part in named for mark in self.anchor(part, above)]
        if tag == "span" and "reference" in names and ".notes" in above:
            return self.reference(node, above)
        if "entry" in names and ".bibliography" in above:
            return self.entry(node, above)
        if "tabbed-set" in names:
            return self.tabs(node, above)
        if tag == "ol" and "coverage" in names and all(map(classes, node.iter())):
            return [block("cells", [new for item in node.iter() for new in self.cell(item, item, above)])]
        if tag == "span" and "sample" in names and node.parent is not None and classes(node.parent):
            return self.cell(node.parent, node, above)
        return super().element(node, above)

    def content(self, node: LexborNode, above: Names) -> list[Part]:
        parts = super().content(node, above)
        return trim_space(parts) + self.take_addresses() if self.progress.due and node.tag in ENDS else parts

    def heading(self, node: LexborNode, above: Names) -> list[Part]:
        """A heading: as deep as its page in the nav, and, as PDF/UA asks, never two steps down at once."""
        progress, top = self.progress, len(self.page.parts)
        name = self.labels.label_at(self.page.url, attribute(node, "id"))
        text = code(self.content(node, above))
        marks, self.before_heading = self.before_heading, []
        if progress.opening:
            call, progress.opening, progress.level = f"{progress.opening}, {text})", "", top + 1
        else:
            progress.level = max(top + 2, min(top + int((node.tag or "")[1]), progress.level + 1))
            role = ROLES.get(progress.level - top - 1, "deeper-role")
            listed = "true" if progress.level - top <= progress.listed else "false"
            call = f"section({progress.level}, {string(name)}, {role}, {listed}, {text})"
        return [*marks, *in_language(node, [Part(call, Kind.BLOCK)])]

    def link(self, node: LexborNode, above: Names) -> list[Part]:
        target = self.labels.resolve(attribute(node, "href"), self.page.url)
        if target.label and "entry-link" in classes(node):
            return [Part(f"number-link({string(target.label)})"), *self.anchor(node, above)]
        text = self.inside(node, above)
        if target.label:
            kind = "page-link" if target.elsewhere and ".bibliography" not in above else "place-link"
            return link_parts(f"{kind}({string(target.label)})", text)
        if not target.url:
            return text
        # Paper has no use for the words that find a passage (WICG text fragments).
        printed = target.url.partition(":~:")[0].removesuffix("#")
        return link_parts(f"link({string(target.url)})", text) + self.address(node, printed, above)

    def address(self, node: LexborNode, url: str, above: Names) -> list[Part]:
        """The address that paper needs beside the words of a link: in notes, only once in a chapter."""
        if not url.startswith(("http:", "https:")) or shows_address(node.text(), url):
            return []
        if not above & WITHOUT_NOTES:
            self.progress.addresses += 1
            return [Part(f"address-note({self.progress.addresses}, {string(url)})")]
        shown = url.partition("#:~:")[0]  # Of two places in a text, paper needs only one address.
        if shown not in self.progress.printed:
            self.progress.printed.add(shown)
            self.progress.due.append(url)
        return []

    def take_addresses(self) -> list[Part]:
        """The addresses that are due, which are so no more."""
        due, self.progress.due = self.progress.due, []
        return [Part(f"address-inline({string(url)})") for url in due]

    def note_call(self, node: LexborNode, above: Names) -> list[Part]:
        """The note itself where it is called first, its number where it is called again."""
        href = next((attribute(link, "href") for link in node.css("a[href]")), "")
        name = self.labels.resolve(href, self.page.url).label
        follows = node.prev is not None and "note-call" in classes(node.prev)
        comma = [Part('super(",")')] if follows else []  # Or 1 and 2 would be read as 12.
        before = [*comma, *self.anchor(node, above)]
        called, notes = self.progress.called, self.progress.notes
        if name in called:
            return [*before, Part(f"note-again({string(name)})")]
        if name not in notes:
            return before  # The page calls a note it does not have: the link check reports that.
        called[name] = len(called) + 1
        with self.inside_note(name):
            content = self.content(notes[name], IN_NOTE)
            if "own" in classes(notes[name]) and (content := blocks(content)):
                # A note with words of its own looks other than a reference.
                marked = [*text_parts(OWN_WORDS, self.width), content[0]._replace(kind=Kind.INLINE)]
                content[0] = Part(code(marked), content[0].kind)
        text = blocks(in_language(notes[name], content))
        note = f"note({string(name)}, {code(text)})"
        return [*before, Part(note if above.isdisjoint(HEADINGS) else f"not-in-contents({note})")]

    def reference(self, node: LexborNode, above: Names) -> list[Part]:
        """A work cited again, at another place in it, is named in short and points to its first note."""
        key, short = attribute(node, "data-key"), attribute(node, "data-short")
        first = self.progress.first_note.setdefault(key, self.progress.note)
        names = above | element_names(node)
        if not short or first == self.progress.note:
            parts = self.anchor(node, above)
            for child in node.iter(include_text=True):
                if child.is_element_node and "to-entry" in classes(child):
                    parts += self.take_addresses()
                parts += self.node(child, names)
            return parts + self.take_addresses()
        parts = text_parts(short, self.width)
        link = node.css_first("a[href]")
        if link is not None:
            target = self.labels.resolve(attribute(link, "href"), self.page.url)
            parts = [Part(call(f"link({string(target.url)})", parts))]
        number = string(f"note {self.progress.called[first]}")
        return [*parts, Part('" ("'), Part(f"place-link({string(first)}, {number})"), Part('")"')]

    def entry(self, node: LexborNode, above: Names) -> list[Part]:
        """An entry of the bibliography; the list of places that cite it becomes one of page numbers."""
        parts, cited = self.anchor(node, above), list[str]()
        for child in node.iter(include_text=True):
            links = [e for e in elements(child) if e.tag == "a"] if child.is_element_node else []
            targets = [self.labels.resolve(attribute(link, "href"), self.page.url) for link in links]
            calls = [t.label for t in targets if t.fragment.startswith(("fn:", "fnref"))]
            if not calls:
                parts += self.node(child, above | element_names(node))
            else:  # A page outside the nav has no number.
                cited += filter(None, calls)
        done = blocks(parts)
        if cited:
            places = Part(f"cited-at(({', '.join(map(string, dict.fromkeys(cited)))},))")
            last = [Part(done.pop().code), SPACE] if done and done[-1].kind is Kind.TEXT else []
            done.append(Part(code([*last, places]), Kind.TEXT))
        return [block("entry", done)]

    def tabs(self, node: LexborNode, above: Names) -> list[Part]:
        """All tabs, one below the other, each under its name."""
        parts = {name: list(part.iter()) for part in node.iter() for name in classes(part)}
        titles, tabs = (parts.get(name, []) for name in ("tabbed-labels", "tabbed-content"))
        if len(titles) != len(tabs):  # HTML of a writer that looks like ours.
            return blocks(self.inside(node, above))
        done = self.anchor(node, above)
        for name, tab in zip(titles, tabs, strict=True):
            title = block("box-title", blocks(self.inside(name, above)))
            done.append(block("boxed", blocks([title, *self.inside(tab, above)])))
        return done

    def cell(self, item: LexborNode, node: LexborNode, above: Names) -> list[Part]:
        """A cell of the coverage map, or a sample of one; the last class of `item` says of which sort."""
        content = code(self.inside(node, above))
        return [Part(f"cell({string(classes(item)[-1])}, {content})"), SPACE]
