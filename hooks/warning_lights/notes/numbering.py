"""The list of notes below a page: numbers, texts, and the ways back to each call."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from markdown import Markdown
from markdown.util import AtomicString

from warning_lights.core.fragments import fragment
from warning_lights.notes.printing import Printer, append
from warning_lights.notes.sentences import BlockText, calls_below, sentence_of, set_behind_punctuation
from warning_lights.notes.syntax import Cite

CELLS = {"td", "th"}
PLAIN = re.compile(r"(?:[^\W_]|[\s.,:–-])*")  # In it nothing is Markdown.


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
        printer: Printer,
    ) -> None:
        self.md = md
        self.definitions = definitions
        self.printer = printer
        self.calls: list[Call] = []
        self.called: dict[str, None] = {}
        self.undefined: Counter[str] = Counter()
        self.places: dict[str, list[Call]] = {}  # id -> its calls
        self.order: list[Note] = []
        self.numbers: dict[str, int] = {}
        self.printed: Counter[str] = Counter()  # anchor -> how often it was asked for inside notes

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
        last: tuple[Note, etree.Element, etree.Element] | None = None
        read = cache(BlockText)
        # All sentences first, while the text of each block is as it was written.
        places = [
            (call, block, heading, sentence_of(call, block, parents, read))
            for call, block, heading in calls_below(root, self.notes)
        ]
        for call, block, heading, sentence in places:
            note = self.notes[call.attrib.pop("data-note")]
            if note.label and note.label not in self.definitions:
                self.undefined[note.label] += 1
                call.tag = "mark"
                call.set("class", "unfilled")
                call.text = f"^{note.label}?"
                continue
            if in_note and note.cites:
                if parents[call].get("class") == "citation-in-text":
                    parents[call].text = AtomicString(f"{parents[call].text} ")
                self.print_in_place(call, note, in_note, sentence)
                continue
            if note.cites:
                set_behind_punctuation(call, parents[call])
                # One number is seen at the end of a run of sentences with the same citation.
                if last and (last[0], last[1]) == (note, block) and read(block).adjoin(last[2], call):
                    last[2].set("class", "note-call repeated")
            last = (note, block, call) if note.cites and block.tag not in CELLS else None
            if note.id not in self.places:
                self.order.append(note)
                self.numbers[note.id] = len(self.order)
                self.places[note.id] = []
            if note.label:
                self.called[note.label] = None
            times = len(self.places[note.id]) + 1
            anchor = f"fnref{times if times > 1 else ''}:{note.id.removeprefix('fn:')}"
            number = self.numbers[note.id]
            record = Call(tuple(cite.key for cite in note.cites), anchor, number, heading, sentence)
            self.places[note.id].append(record)
            self.calls.append(record)
            call.set("id", anchor)
            if note.label:
                call.set("class", "note-call own")
            name = f"Note {number}{', with text' if note.label else ''}"
            link = etree.SubElement(
                call,
                "a",
                {"href": f"#{fragment(note.id)}", "role": "doc-noteref", "aria-label": name},
            )
            link.text = str(number)

    def print_in_place(self, call: etree.Element, note: Note, in_note: str, sentence: str) -> None:
        """Inside a note a citation is printed where it stands: no note on a note, one step less."""
        anchor = f"{in_note}/{note.id.removeprefix('fn:')}"
        self.printed[anchor] += 1
        if self.printed[anchor] > 1:
            anchor += f"/{self.printed[anchor]}"
        number = self.numbers[in_note]
        self.calls.append(Call(tuple(c.key for c in note.cites), anchor, number, f"note {number}", sentence))
        call.tag = "span"
        call.attrib.clear()
        call.set("class", "citation")
        call.set("id", anchor)
        append(call, "(")
        self.printer.write(call, note.cites)
        append(call, ")")

    def item(self, note: Note) -> etree.Element:
        # A note with words of its own looks other than one that only points.
        item = etree.Element("li", {"class": "note" if note.cites else "note own", "id": note.id})
        if note.cites:
            paragraph = etree.SubElement(item, "p")
            self.printer.write(paragraph, note.cites, sentence=True)
            if not all(PLAIN.fullmatch(cite.prefix + cite.locator + cite.suffix) for cite in note.cites):
                self.inline(item)
        else:
            self.md.parser.parseChunk(item, self.definitions[note.label])
            self.inline(item)
            self.number(item, in_note=note.id)
        return item

    def inline(self, item: etree.Element) -> None:
        # Other extensions' tree processors have run already; only the words are left to do.
        self.md.treeprocessors["inline"].run(item)

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


def letters(index: int) -> str:
    """a, b, … z, aa, ab, …"""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
