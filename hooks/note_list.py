"""The list of notes below a page: numbers, texts, and the ways back to each call."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from markdown import Markdown

from citation_syntax import Cite, fragment
from references import Reference, joined

BLOCKS = {"p", "li", "td", "th", "dd", "dt", "blockquote", "figcaption", "caption", "summary", "div", "root"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
STASHED = re.compile(r"\x02(?:(\d+)|[^\x03]*)\x03")
PUNCTUATION = re.compile(r"[.,;:!?…]+")
SENTENCE_END = re.compile(r"(?<![A-Z])[.!?…][”’\")\]]*\s+(?=[“‘(\[]*[A-Z0-9])")


@dataclass(frozen=True)
class Note:
    """A note before it has a number: either citations, or the label of a definition."""

    id: str
    cites: tuple[Cite, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Call:
    """One place that cites: what, from which anchor, under which heading, in which sentence."""

    keys: tuple[str, ...]
    anchor: str
    number: int
    heading: str
    sentence: str


class NoteList:
    """Made for one page. `write` fills `calls`, `called` and `undefined`."""

    def __init__(
        self,
        md: Markdown,
        definitions: Mapping[str, str],
        references: Mapping[str, Reference],
        entry_href: Callable[[str], str | None],
    ) -> None:
        self.md = md
        self.definitions = definitions
        self.references = references
        self.entry_href = entry_href
        self.calls: list[Call] = []
        self.called: dict[str, None] = {}
        self.undefined: dict[str, None] = {}
        self.places: dict[str, list[Call]] = {}  # id -> its calls
        self.order: list[Note] = []

    def write(self, root: etree.Element, notes: Mapping[str, Note]) -> etree.Element | None:
        """Number the calls below `root` and return the section of notes, or None where there are none."""
        self.notes = notes
        self.number(root, in_note="")
        items: list[tuple[Note, etree.Element]] = []
        # A note can call further notes: the list grows while it is walked.
        for note in self.order:
            items.append((note, self.item(note)))
        if not items:
            return None
        section = etree.Element("section", {"class": "notes", "role": "doc-endnotes"})
        heading = etree.SubElement(section, "h2", {"id": "page-notes"})
        heading.text = "Notes"
        section.set("aria-labelledby", "page-notes")
        listing = etree.SubElement(section, "ol")
        for note, item in items:
            self.add_backrefs(item, note)
            listing.append(item)
        return section

    def number(self, root: etree.Element, in_note: str) -> None:
        """Give each call below `root` its number, id and link; inside a note, print citations in place."""
        parents = {child: parent for parent in root.iter() for child in parent}
        for call, block, heading in list(calls_below(root)):
            note = self.notes[call.attrib.pop("data-note")]
            if note.label and note.label not in self.definitions:
                self.undefined[note.label] = None
                call.tag = "mark"
                call.set("class", "unfilled")
                call.text = f"^{note.label}?"
                continue
            if in_note and note.cites:
                self.print_in_place(call, note, in_note)
                continue
            if note.cites:
                set_behind_punctuation(call, parents[call])
            if note.id not in self.places:
                self.order.append(note)
                self.places[note.id] = []
            if note.label:
                self.called[note.label] = None
            times = len(self.places[note.id]) + 1
            anchor = f"fnref{times if times > 1 else ''}:{note.id.removeprefix('fn:')}"
            number = self.order.index(note) + 1
            record = Call(
                tuple(cite.key for cite in note.cites), anchor, number, heading, sentence_around(block, call)
            )
            self.places[note.id].append(record)
            self.calls.append(record)
            call.set("id", anchor)
            link = etree.SubElement(
                call,
                "a",
                {"href": f"#{fragment(note.id)}", "role": "doc-noteref", "aria-label": f"Note {number}"},
            )
            link.text = str(number)

    def print_in_place(self, call: etree.Element, note: Note, in_note: str) -> None:
        """Inside a note a citation is printed where it stands: no note on a note, one step less."""
        anchor = f"{in_note}/{note.id.removeprefix('fn:')}"
        times = sum(record.anchor.startswith(anchor) for record in self.calls)
        anchor += f"/{times + 1}" if times else ""
        self.calls.append(Call(tuple(c.key for c in note.cites), anchor, 0, "Notes", ""))
        call.tag = "span"
        call.attrib.clear()
        call.set("class", "citation")
        call.set("id", anchor)
        append(call, "(")
        self.print_cites(call, note.cites)
        append(call, ")")

    def item(self, note: Note) -> etree.Element:
        item = etree.Element("li", {"class": "note", "id": note.id})
        if note.cites:
            paragraph = etree.SubElement(item, "p")
            self.print_cites(paragraph, note.cites, sentence=True)
            self.inline(item)
        else:
            self.md.parser.parseChunk(item, self.definitions[note.label])
            self.inline(item)
            self.number(item, in_note=note.id)
        return item

    def inline(self, item: etree.Element) -> None:
        # Other extensions' tree processors have run already; only the words are left to do.
        self.md.treeprocessors["inline"].run(item)

    def print_cites(self, parent: etree.Element, cites: tuple[Cite, ...], *, sentence: bool = False) -> None:
        for i, cite in enumerate(cites):
            last = i == len(cites) - 1
            prefix = cite.prefix
            if prefix and sentence and not i:
                prefix = prefix[0].upper() + prefix[1:]
            if prefix:
                append(parent, prefix + " ")
            reference = self.references[cite.key]
            html = reference.without_author if cite.suppress_author else reference.html
            after = " ".join(filter(None, [cite.locator, cite.suffix]))
            # Prefix and locator are Markdown of the page; the reference is finished HTML.
            before, rest = joined(html, after, full_stop=sentence and last)
            append(parent, self.md.htmlStash.store(before))
            append(parent, rest)
            href = self.entry_href(cite.key)
            if href:
                append(parent, " ")
                link = etree.SubElement(
                    parent,
                    "a",
                    {
                        "class": "entry-link",
                        "href": href,
                        "aria-label": f"Entry {cite.key} in the bibliography",
                    },
                )
                link.text = "Entry"
            append(parent, "" if last else "; ")

    def add_backrefs(self, item: etree.Element, note: Note) -> None:
        places = self.places[note.id]
        target = item[-1] if len(item) and item[-1].tag == "p" else etree.SubElement(item, "p")
        append(target, "\N{NO-BREAK SPACE}")
        holder = etree.SubElement(target, "span", {"class": "backrefs"})
        append(holder, "↩" if len(places) == 1 else "↩\N{NO-BREAK SPACE}")
        if len(places) == 1:
            holder.text = ""
        for i, place in enumerate(places):
            where = f" in “{place.heading}”" if place.heading else ""
            letter = letters(i) if len(places) > 1 else ""
            name = f"Back to call {letter}{where}" if letter else f"Back to the text{where}"
            link = etree.SubElement(
                holder,
                "a",
                {
                    "class": "backref",
                    "href": f"#{fragment(place.anchor)}",
                    "role": "doc-backlink",
                    "aria-label": name,
                },
            )
            link.text = letter or "↩"
            if i < len(places) - 1:
                link.tail = " "


def append(parent: etree.Element, text: str) -> None:
    """Add text after all that `parent` holds."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def set_behind_punctuation(call: etree.Element, parent: etree.Element) -> None:
    """`a claim [@key].` is set as `a claim.¹`, as Pandoc does for styles with notes."""
    stop = PUNCTUATION.match(call.tail or "")
    moved = stop[0] if stop else ""
    call.tail = (call.tail or "")[len(moved) :]
    index = list(parent).index(call)
    before = (parent[index - 1].tail if index else parent.text) or ""
    # At the start of a block there is nothing to stand behind.
    text = before.rstrip(" \n") + moved if index or before.strip() else before + moved
    if index:
        parent[index - 1].tail = text
    else:
        parent.text = text


def letters(index: int) -> str:
    """a, b, … z, aa, ab, …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def calls_below(root: etree.Element) -> Iterator[tuple[etree.Element, etree.Element, str]]:
    """(call, the block it stands in, the heading it stands under), in reading order."""
    heading = ""
    stack = [(root, root)]
    while stack:
        element, block = stack.pop()
        if element.tag in HEADINGS:
            heading = " ".join(text_of(element).split())
        if element.get("data-note") is not None:
            yield element, block, heading
        if element.tag in BLOCKS or element.tag in HEADINGS:
            block = element
        stack.extend((child, block) for child in reversed(element))


def text_of(element: etree.Element, until: etree.Element | None = None) -> str:
    """The words of an element without its calls, or those before `until`."""
    parts: list[str] = []

    def walk(node: etree.Element) -> bool:
        if node is until:
            return False
        if "note-call" not in (node.get("class") or ""):
            parts.append(node.text or "")
            for child in node:
                if not walk(child):
                    return False
                parts.append(child.tail or "")
        return True

    walk(element)
    return STASHED.sub(lambda m: chr(int(m[1])) if m[1] else "", "".join(parts))


def sentence_around(block: etree.Element, call: etree.Element) -> str:
    """The opening words of the sentence that holds the call, or that the call closes."""
    whole, before = text_of(block), text_of(block, until=call)
    # Just behind a full stop the call belongs to the sentence that the stop ends.
    start = 0
    for end in SENTENCE_END.finditer(before.rstrip() + " "):
        if end.end() < len(before.rstrip()):
            start = end.end()
    opening = whole[start:].split()
    return " ".join(opening[:9]) + ("…" if len(opening) > 9 else "")
