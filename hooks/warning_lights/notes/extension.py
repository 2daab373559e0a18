"""A Markdown extension: notes and citations in one numbering, in reading order, linked both ways.

`[@key, para. 3]` (Pandoc's citations) and `[^label]` become numbered calls; their notes follow the
text as a list. Ids come from keys and labels, never from numbers: `fn:@key:para-3`, `fn:label`.
Needs nothing but Python-Markdown: `markdown.markdown(text, extensions=[NotesExtension(references)])`.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteBlockProcessor
from markdown.treeprocessors import Treeprocessor

from warning_lights.bibliography.destinations import Destinations, Places
from warning_lights.bibliography.references import Reference
from warning_lights.core.markdown_source import blank_code, position
from warning_lights.core.names import guess
from warning_lights.notes.inline import (
    BARE_CITATION,
    BareCitationProcessor,
    CitationProcessor,
    InlineNoteProcessor,
    LabelProcessor,
    PageNotes,
    Problem,
)
from warning_lights.notes.numbering import NoteList
from warning_lights.notes.printing import CitationPrinter, Verified


class NotesExtension(Extension):
    """`references` knows every entry; `entry_hrefs` are the addresses of those that have one, for one page.

    `uncitable` are keys of entries that cannot be cited, which is reported where they are written.
    """

    def __init__(
        self,
        references: Mapping[str, Reference],
        destinations: Destinations | None = None,
        verified: Verified | None = None,
        uncitable: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.references = references
        self.destinations = destinations or Destinations(references, Places({}))
        self.verified = verified or {}
        self.uncitable = uncitable
        self.entry_hrefs: Mapping[str, str] = {}
        self.reset()
        self.parser: Any = None  # What FootnoteBlockProcessor asks for.

    def reset(self) -> None:
        self.page = PageNotes(self.references, self.destinations.places, self.uncitable)

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        self.parser = md.parser
        md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "@", "^"]  # `\@key` and `\^[words]` are text, as in Pandoc.
        md.parser.blockprocessors.register(FootnoteBlockProcessor(self), "notes", 17)  # type: ignore[arg-type]
        # Before links (160), so that a bracket is not taken for one; after code and escapes (190, 180).
        md.inlinePatterns.register(InlineNoteProcessor(r"\^\[", md, self), "note-inline", 177)
        md.inlinePatterns.register(LabelProcessor(r"\[\^([^\]\s]+)\]", md, self), "note-label", 176)
        md.inlinePatterns.register(CitationProcessor(r"\[", md, self), "citation", 175)
        md.inlinePatterns.register(BareCitationProcessor(BARE_CITATION, md, self), "citation-bare", 174)
        # After inline (20) has made the calls; before toc (5) and MkDocs' own (0) read the tree.
        md.treeprocessors.register(NotesTreeprocessor(md, self), "notes", 15)

    def setFootnote(self, label: str, text: str) -> None:
        """Called by FootnoteBlockProcessor for each definition."""
        if label in self.page.definitions:
            self.page.add_problem(
                definition_pattern(label),
                f"[^{label}] is defined a second time. Give one of the two another label.",
                last=True,
            )
        self.page.definitions.setdefault(label, text)


class NotesTreeprocessor(Treeprocessor):
    """Numbers the calls and writes the notes after the text."""

    def __init__(self, md: Markdown, notes: NotesExtension) -> None:
        super().__init__(md)
        self.notes = notes

    def run(self, root: etree.Element) -> None:
        notes, page = self.notes, self.notes.page
        known = notes.references, notes.destinations, notes.entry_hrefs, notes.verified
        printer = CitationPrinter(self.md, *known)
        writer = NoteList(self.md, page.definitions, printer)
        section = writer.write(root, page.notes)
        page.calls = writer.calls
        self.report_undefined(writer.undefined)
        self.report_uncalled({note.label for note in writer.order} | page.inline_labels, writer.undefined)
        if section is not None:
            root.append(section)

    def report_undefined(self, undefined: Mapping[str, int]) -> None:
        page = self.notes.page
        for label, times in undefined.items():
            written = rf"\[\^{re.escape(label)}\](?!:)"
            if label in page.openers and times > 1:
                message = f"[^{label}] has no colon after it, so it defines nothing. Write [^{label}]:"
                page.add_problem(rf"^[ \t>*+-]*{written}", message)
            else:
                page.add_problem(written, f"[^{label}] is not defined on this page.{self.label_hint(label)}")

    def report_uncalled(self, called: Collection[str], undefined: Collection[str]) -> None:
        """A call in another case is reported once, as undefined, with the label that was meant."""
        page = self.notes.page
        meant = {label.lower() for label in undefined}
        for label in page.definitions:
            if label not in called and label.lower() not in meant:
                page.add_problem(
                    definition_pattern(label),
                    f"[^{label}] is defined but never called. Call it, or remove it.",
                    unless=rf"(?<!\\)\[\^{re.escape(label)}\](?!:)",  # Written where notes are not read.
                )

    def label_hint(self, label: str) -> str:
        return guess(label, self.notes.page.definitions, "[^{}]") or f" Define it: [^{label}]: …"


def definition_pattern(label: str) -> str:
    """A pattern for the beginning of a definition."""
    return rf"^[ ]{{0,3}}\[\^{re.escape(label)}\]:"


def locate_problems(problems: list[Problem], text: str) -> Iterator[tuple[int, int, str]]:
    """(line, column, message) for each problem at every place where `text` has it, else at its beginning.

    In code it is sought last: a citation may be an option of a fence, as of a chart.
    """
    prose = blank_code(text)
    for problem in dict.fromkeys(problems):
        if problem.unless and problem.unless.search(prose):
            continue
        found = list(problem.written.finditer(prose)) or list(problem.written.finditer(text))
        offsets = [m.start() for m in found] or [0]
        for offset in offsets[-1:] if problem.last else offsets:
            yield *position(text, offset), problem.message
