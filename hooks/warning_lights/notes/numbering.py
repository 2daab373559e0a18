"""The list of notes below a page: numbers, texts, and the ways back to each call."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown import Markdown
from markdown.util import AtomicString

from warning_lights.core.fragments import fragment
from warning_lights.notes.printing import CitationPrinter, append_text
from warning_lights.notes.sentences import CallPosition, call_positions, set_after_punctuation
from warning_lights.notes.syntax import Cite

TABLE_CELLS = {"td", "th"}
NO_MARKDOWN = re.compile(r"(?:[^\W_]|[\s.,:–-])*")  # A text without any Markdown.


@dataclass(frozen=True)
class Note:
    """A note before it has a number: either citations, or the label of a definition."""

    id: str
    cites: tuple[Cite, ...] = ()
    label: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(cite.key for cite in self.cites)


@dataclass(frozen=True)
class Call:
    """One place that cites: what, from which anchor, under which heading, in which sentence."""

    keys: tuple[str, ...]
    anchor: str
    number: int
    heading: str
    sentence: str


class NoteList:
    """Made for one page. `write` fills `calls`, `order` and `undefined`."""

    def __init__(self, md: Markdown, definitions: Mapping[str, str], printer: CitationPrinter) -> None:
        self.md = md
        self.definitions = definitions
        self.printer = printer
        self.calls: list[Call] = []  # In reading order, those inside notes last.
        self.order: list[Note] = []  # By their numbers.
        self.undefined: Counter[str] = Counter()  # label -> how often it was called
        self.calls_of: dict[str, list[Call]] = {}  # id of a note -> its calls
        self.anchor_counts: Counter[str] = Counter()  # anchor -> how often it was asked for inside notes

    def write(self, root: etree.Element, notes: Mapping[str, Note]) -> etree.Element | None:
        """Number the calls below `root` and return the section of notes, or None where there are none."""
        self.notes = notes
        self.number_calls(root)
        # A note can call further notes: the list grows while it is walked.
        items = [(note, self.make_item(note)) for note in self.order]
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

    def number_calls(self, root: etree.Element, in_note: str = "") -> None:
        """Give each call below `root` its number, id and link; inside a note, print citations in place."""
        numbered = []
        for position in call_positions(root, self.notes):
            note = self.notes[position.call.attrib.pop("data-note")]
            if note.label and note.label not in self.definitions:
                self.mark_undefined(position.call, note.label)
            elif note.cites and in_note:
                self.print_in_place(position, note, in_note)
            else:
                if note.cites:
                    set_after_punctuation(position.call, position.parent)
                fill_call(position.call, note, self.register_call(position, note))
                numbered.append((note, position))
        mark_repeated(numbered)

    def mark_undefined(self, call: etree.Element, label: str) -> None:
        self.undefined[label] += 1
        call.tag = "mark"
        call.set("class", "unfilled")
        call.text = f"^{label}?"

    def print_in_place(self, position: CallPosition, note: Note, in_note: str) -> None:
        """Inside a note a citation is printed where it stands: no note on a note, one step less."""
        call, parent = position.call, position.parent
        if parent.get("class") == "citation-in-text":
            parent.text = AtomicString(f"{parent.text} ")
        anchor = f"{in_note}/{note.id.removeprefix('fn:')}"
        self.anchor_counts[anchor] += 1
        if self.anchor_counts[anchor] > 1:
            anchor += f"/{self.anchor_counts[anchor]}"
        number = self.calls_of[in_note][0].number
        self.calls.append(Call(note.keys, anchor, number, f"note {number}", position.sentence))
        call.tag = "span"
        call.attrib.clear()
        call.set("class", "citation")
        call.set("id", anchor)
        append_text(call, "(")
        self.printer.write_citations(call, note.cites)
        append_text(call, ")")

    def register_call(self, position: CallPosition, note: Note) -> Call:
        """Record a call of a note, which with its first call gets the next number."""
        places = self.calls_of.setdefault(note.id, [])
        if not places:
            self.order.append(note)
        number = places[0].number if places else len(self.order)
        anchor = f"fnref{len(places) + 1 if places else ''}:{note.id.removeprefix('fn:')}"
        call = Call(note.keys, anchor, number, position.heading, position.sentence)
        places.append(call)
        self.calls.append(call)
        return call

    def make_item(self, note: Note) -> etree.Element:
        # A note with words of its own looks other than one that only points.
        item = etree.Element("li", {"class": "note" if note.cites else "note own", "id": note.id})
        if note.cites:
            paragraph = etree.SubElement(item, "p")
            self.printer.write_citations(paragraph, note.cites, sentence=True)
            texts = (cite.prefix + cite.locator + cite.suffix for cite in note.cites)
            if not all(map(NO_MARKDOWN.fullmatch, texts)):
                self.parse_inline(item, note)
        else:
            self.md.parser.parseChunk(item, self.definitions[note.label])
            self.parse_inline(item, note)
        return item

    def parse_inline(self, item: etree.Element, note: Note) -> None:
        """Read the Markdown in the words of a note; other extensions' tree processors have run already."""
        self.md.treeprocessors["inline"].run(item)
        self.number_calls(item, in_note=note.id)

    def add_backrefs(self, item: etree.Element, note: Note) -> None:
        """One arrow back to the only call, or a letter for each of several."""
        places = self.calls_of[note.id]
        several = len(places) > 1
        target = item[-1] if len(item) and item[-1].tag == "p" else etree.SubElement(item, "p")
        append_text(target, "\N{NO-BREAK SPACE}")
        holder = etree.SubElement(target, "span", {"class": "backrefs"})
        holder.text = "↩\N{NO-BREAK SPACE}" if several else ""
        for i, place in enumerate(places):
            to = f"call {letter_label(i)}" if several else "the text"
            where = f" in “{place.heading}”" if place.heading else ""
            href = f"#{fragment(place.anchor)}"
            link = etree.SubElement(holder, "a", {"class": "backref", "href": href, "role": "doc-backlink"})
            link.set("aria-label", f"Back to {to}{where}")
            link.text = letter_label(i) if several else "↩"
            link.tail = " " if place is not places[-1] else ""


def fill_call(call: etree.Element, note: Note, record: Call) -> None:
    """Write the number of the note into its call, as a link to it."""
    call.set("id", record.anchor)
    if note.label:
        call.set("class", "note-call own")
    name = f"Note {record.number}{', with text' if note.label else ''}"
    attributes = {"href": f"#{fragment(note.id)}", "role": "doc-noteref", "aria-label": name}
    etree.SubElement(call, "a", attributes).text = str(record.number)


def mark_repeated(numbered: Sequence[tuple[Note, CallPosition]]) -> None:
    """Of a run of sentences with the same citation, only the last call is seen."""
    for (note, earlier), (next_note, later) in pairwise(numbered):
        if not note.cites or note != next_note or earlier.block is not later.block:
            continue
        if later.block.tag not in TABLE_CELLS and later.text.in_same_sentence(earlier.call, later.call):
            earlier.call.set("class", "note-call repeated")


def letter_label(index: int) -> str:
    """a, b, … z, aa, ab, …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
