"""A Markdown extension: notes and citations in one numbering, in reading order, linked both ways.

`[@key, para. 3]` (Pandoc's citations) and `[^label]` become numbered calls; their notes follow the
text as a list. Ids come from keys and labels, never from numbers: `fn:@key:para-3`, `fn:label`.
Needs nothing but Python-Markdown: `markdown.markdown(text, extensions=[NotesExtension(references)])`.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteBlockProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from warning_lights.bibliography.destinations import Destinations, Places
from warning_lights.bibliography.references import Reference
from warning_lights.core import markdown_source
from warning_lights.core.names import guess, nearest, squeezed
from warning_lights.notes import syntax
from warning_lights.notes.inline import (
    BARE,
    BareCitationProcessor,
    CitationProcessor,
    InlineNoteProcessor,
    LabelProcessor,
)
from warning_lights.notes.numbering import Call, Note, NoteList
from warning_lights.notes.printing import Printer, Verified
from warning_lights.notes.syntax import Cite


@dataclass(frozen=True)
class Problem:
    """What is wrong, and how it was written: `written` finds it again in the file."""

    written: re.Pattern[str]
    message: str
    last: bool = False  # Report the last place only: the first one is right.
    unless: re.Pattern[str] | None = None  # Not reported where the file has this: the cause is another one.


@dataclass
class PageNotes:
    """What one page holds, filled while it is converted."""

    definitions: dict[str, str] = field(default_factory=dict)  # label -> Markdown
    notes: dict[str, Note] = field(default_factory=dict)  # id -> note, in order of first mention
    calls: list[Call] = field(default_factory=list)  # in reading order, those inside notes last
    problems: list[Problem] = field(default_factory=list)
    openers: set[str] = field(default_factory=set)  # Labels that begin a paragraph, as a definition does.


class NotesExtension(Extension):
    """`references` knows every entry; `entry_hrefs` are the addresses of those that have one, for one page.

    `refused` are keys of entries that cannot be cited, which is reported where they are written.
    """

    def __init__(
        self,
        references: Mapping[str, Reference],
        destinations: Destinations | None = None,
        verified: Verified | None = None,
        refused: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.references = references
        self.destinations = destinations or Destinations(references, Places({}))
        self.verified = verified or {}
        self.refused = refused
        self.entry_hrefs: Mapping[str, str] = {}
        self.page = PageNotes()
        self.parser: Any = None  # What FootnoteBlockProcessor asks for.

    def reset(self) -> None:
        self.page = PageNotes()

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        self.parser = md.parser
        if "@" not in md.ESCAPED_CHARS:
            md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "@"]  # `\@key` is text, as in Pandoc.
        md.parser.blockprocessors.register(FootnoteBlockProcessor(self), "notes", 17)  # type: ignore[arg-type]
        # Before links (160), so that a bracket is not taken for one; after code and escapes (190, 180).
        md.inlinePatterns.register(InlineNoteProcessor(r"\^\[", md, self), "note-inline", 177)
        md.inlinePatterns.register(LabelProcessor(r"\[\^([^\]\s]+)\]", md, self), "note-label", 176)
        md.inlinePatterns.register(CitationProcessor(r"\[", md, self), "citation", 175)
        md.inlinePatterns.register(BareCitationProcessor(BARE, md, self), "citation-bare", 174)
        # After inline (20) has made the calls; before toc (5) and MkDocs' own (0) read the tree.
        md.treeprocessors.register(NotesTreeprocessor(md, self), "notes", 15)

    def setFootnote(self, label: str, text: str) -> None:
        """Called by FootnoteBlockProcessor for each definition."""
        if label in self.page.definitions:
            self.problem(
                rf"^[ ]{{0,3}}\[\^{re.escape(label)}\]:",
                f"[^{label}] is defined a second time. Give one of the two another label.",
                last=True,
            )
        self.page.definitions.setdefault(label, text)

    def problem(self, written: str, message: str, *, last: bool = False, unless: str = "") -> None:
        not_if = re.compile(unless) if unless else None
        self.page.problems.append(Problem(re.compile(written, re.MULTILINE), message, last, not_if))

    def call(self, note: Note) -> etree.Element:
        """A call of the note, still without its number."""
        self.page.notes.setdefault(note.id, note)
        return etree.Element("sup", {"class": "note-call", "data-note": note.id})

    def unfilled(self, text: str) -> etree.Element:
        mark = etree.Element("mark", {"class": "unfilled"})
        mark.text = AtomicString(text)
        return mark

    def cited(self, cites: tuple[Cite, ...]) -> etree.Element:
        unknown = [cite for cite in cites if cite.key not in self.references]
        for cite in unknown:
            if cite.key in self.refused:
                continue  # The fault of its entry is reported.
            message = f"[@{cite.key}] is not in the bibliography.{self.near(cite)}"
            self.problem(syntax.place_of_key(cite), message)
        faults = {cite.written: message for cite in cites if (message := self.fault(cite))}
        for written, message in faults.items():
            self.problem(syntax.place_of(written), message)
        if unknown or faults:
            return self.unfilled(", ".join(f"{each}?" for each in [*(cite.key for cite in unknown), *faults]))
        return self.call(Note(f"fn:{syntax.slug(cites)}", cites=cites))

    def near(self, cite: Cite) -> str:
        """What was probably meant by an unknown key, and by what stands behind it up to a comma."""
        for reference in self.references.values():
            if cite.key in re.split(r"[,\s]+", reference.fields.get("ids", "")):
                return f" It is a further key (ids) of another entry. Write {syntax.citation(reference.key)}."
        joined = cite.written.partition(",")[0].lstrip("-@")
        if sign := syntax.INVISIBLE.search(joined):
            fault = f" An invisible character (U+{ord(sign[0]):04X}) follows it."
            return f"{fault} Write {self.meant(joined) or 'the key anew'}."
        if joined != cite.key and (joint := self.meant(joined)):
            return f" Did you mean {joint}?"
        family = [f"[@{key}]" for key in self.references if re.match(rf"{re.escape(cite.key)}[\W_]", key)]
        if len(family) > 1:
            return f" Keys that begin with it: {', '.join(family[:3])}{', …' if len(family) > 3 else '.'}"
        meant = nearest(cite.key, self.references)
        return f" Did you mean {syntax.citation(meant)}?" if meant else ""

    def meant(self, words: str) -> str:
        """The citation of the key with the same letters and digits as `words`, if there is one."""
        return next((syntax.citation(key) for key in self.references if squeezed(key) == squeezed(words)), "")

    def fault(self, cite: Cite) -> str:
        return self.destinations.places.fault(cite.key, cite.locator, cite.suffix)


class NotesTreeprocessor(Treeprocessor):
    """Numbers the calls and writes the notes after the text."""

    def __init__(self, md: Markdown, notes: NotesExtension) -> None:
        super().__init__(md)
        self.notes = notes

    def run(self, root: etree.Element) -> None:
        notes, page = self.notes, self.notes.page
        printer = Printer(self.md, notes.references, notes.destinations, notes.entry_hrefs, notes.verified)
        writer = NoteList(self.md, page.definitions, printer)
        section = writer.write(root, page.notes)
        page.calls = writer.calls
        for label, times in writer.undefined.items():
            message = f"[^{label}] is not defined on this page.{self.near(label)}"
            begin = ""
            if label in page.openers and times > 1:
                message = f"[^{label}] has no colon behind it, so it defines nothing. Write [^{label}]:"
                begin = r"^[ \t>*+-]*"
            notes.problem(rf"{begin}\[\^{re.escape(label)}\](?!:)", message)
        # A call in another case is reported once, with the label that was meant.
        meant = {label.lower() for label in writer.undefined}
        for label in page.definitions:
            if label not in writer.called and label.lower() not in meant:
                notes.problem(
                    rf"^[ ]{{0,3}}\[\^{re.escape(label)}\]:",
                    f"[^{label}] is defined but never called. Call it, or take it out.",
                    unless=rf"(?<!\\)\[\^{re.escape(label)}\](?!:)",  # Written where notes are not read.
                )
        if section is not None:
            root.append(section)

    def near(self, label: str) -> str:
        return guess(label, self.notes.page.definitions, "[^{}]") or f" Define it: [^{label}]: …"


def located(problems: list[Problem], text: str) -> Iterator[tuple[int, int, str]]:
    """(line, column, message) for each problem at every place where `text` has it, else at its beginning."""
    for problem in problems:
        if problem.unless and any(markdown_source.find(text, problem.unless)):
            continue
        found = list(markdown_source.find(text, problem.written)) or [(1, 1)]
        for line, column in found[-1:] if problem.last else found:
            yield line, column, problem.message
