"""What is read inside a paragraph: `[@key]`, `@key [p. 3]`, `[^label]` and `^[a note]` become calls of notes.

Follows the Pandoc User's Guide, "Citation syntax" and "Inline notes".
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import AtomicString

from warning_lights.bibliography.destinations import Places
from warning_lights.bibliography.references import Reference
from warning_lights.core.fragments import slug
from warning_lights.notes import syntax
from warning_lights.notes.numbering import Call, Note
from warning_lights.notes.syntax import Cite, NotACitation
from warning_lights.notes.unparsed import unknown_key_hint

# What a bracket can be part of that is not text of the page, from its first character on.
NOT_TEXT = {
    "<": re.compile(r"<[a-zA-Z/!][^<>]*\Z"),  # A tag.
    "](": re.compile(r"\]\(<?[^\s()]*\Z"),  # The address of a link.
    "![": re.compile(r"!\[[^\]]*\Z"),  # The words of an image, from their second bracket on.
    "!": re.compile(r"!\Z"),  # The words of an image.
}
BARE_CITATION = (
    rf"(?<![\w@.+/\[\x02\x03-])(?P<suppress>-)?@{syntax.KEY}"
    r"(?P<bracket>[ ]?\[(?P<locator>[^\[\]]*)\](?![(\[]))?"
)
# To such a key the bracket after it belongs.
KEY_BEFORE = re.compile(rf"(?<![\w@.+/\[])@{syntax.KEY}\Z")
# What Python-Markdown has stashed before: an element such as code, or an escaped character.
STASHED = re.compile(r"\x02(?:klzzwxh:(?P<element>\d+)|(?P<sign>\d+))\x03")
# What handleMatch returns: an element, and from where up to where it replaces the text.
Replacement = tuple[etree.Element, int, int] | tuple[None, None, None]
NO_MATCH = (None, None, None)  # Nothing is replaced: this pattern goes on after the match, others may match.


@dataclass(frozen=True)
class Problem:
    """What is wrong, and how it was written: `written` finds it again in the file."""

    written: re.Pattern[str]
    message: str
    last: bool = False  # Report the last place only: the first one is right.
    unless: re.Pattern[str] | None = None  # Not reported where the file has this: the cause is another one.


@dataclass
class PageNotes:
    """What one page holds, filled while it is converted; `uncitable` are keys whose entry has a fault."""

    references: Mapping[str, Reference]
    places: Places
    uncitable: Collection[str] = ()
    definitions: dict[str, str] = field(default_factory=dict)  # label -> Markdown
    inline_labels: set[str] = field(default_factory=set)  # Of notes written as `^[words]`.
    notes: dict[str, Note] = field(default_factory=dict)  # id -> note, in order of first mention
    calls: list[Call] = field(default_factory=list)  # in reading order, those inside notes last
    problems: list[Problem] = field(default_factory=list)
    openers: set[str] = field(default_factory=set)  # Labels that begin a paragraph, as a definition does.

    def add_problem(self, written: str, message: str, *, last: bool = False, unless: str = "") -> None:
        not_if = re.compile(unless) if unless else None
        self.problems.append(Problem(re.compile(written, re.MULTILINE), message, last, not_if))

    def note_call(self, note: Note) -> etree.Element:
        """A call of the note, still without its number."""
        self.notes.setdefault(note.id, note)
        return etree.Element("sup", {"class": "note-call", "data-note": note.id})

    def citation_call(self, cites: tuple[Cite, ...]) -> etree.Element:
        """A call of the note with these citations; what was written, where one of them is faulty."""
        unknown = [cite for cite in cites if cite.key not in self.references]
        for cite in unknown:
            if cite.key not in self.uncitable:  # Else the fault of its entry is reported.
                hint = unknown_key_hint(cite, self.references)
                self.add_problem(syntax.key_pattern(cite), f"[@{cite.key}] is not in the bibliography.{hint}")
        wrong_places = ((c.written, self.places.locator_fault(c.key, c.locator, c.suffix)) for c in cites)
        faults = {written: message for written, message in wrong_places if message}
        for written, message in faults.items():
            self.add_problem(syntax.citation_pattern(written), message)
        if wrong := [*(cite.key for cite in unknown), *faults]:
            return unfilled_mark(", ".join(f"{each}?" for each in wrong))
        return self.note_call(self.note_of(cites))

    def note_of(self, cites: tuple[Cite, ...]) -> Note:
        """The note with these citations, a new one where no call had them before."""
        # A second one of the same name where punctuation alone differs, as in `6-8` and `6, 8`.
        names = numbered_names(f"fn:{syntax.citation_slug(cites)}", "~")
        notes = (self.notes.setdefault(name, Note(name, cites=cites)) for name in names)
        return next(note for note in notes if syntax.are_equivalent(note.cites, cites))


class HasPageNotes(Protocol):
    """Holds the notes of the page that is being converted, as NotesExtension does."""

    page: PageNotes


class NoteProcessor(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, notes: HasPageNotes) -> None:
        super().__init__(pattern, md)
        self.notes = notes

    def source_text(self, text: str) -> str:
        """A part of the page as it was written, with what Python-Markdown has stashed put back."""
        stash = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]

        def written(m: re.Match[str]) -> str:
            if m["sign"]:
                return f"\\{chr(int(m['sign']))}"
            node = stash.get(m["element"], "")
            if isinstance(node, str):
                return self.source_text(node) if node else m[0]
            if node.tag == "code":
                return f"`{html.unescape(node.text or '')}`"
            page = self.notes.page
            note = page.notes.get(node.get("data-note", ""))
            if note and note.label in page.inline_labels:
                return f"^[{page.definitions[note.label]}]"
            return f"[^{note.label}]" if note and note.label else ""

        return STASHED.sub(written, text)

    def report_missing_key(self, bracket: str, part: str) -> etree.Element:
        """Report a bracket of which one part names no key."""
        self.notes.page.add_problem(
            rf"\[\s*{syntax.words_pattern(bracket.strip())}\s*\]",
            f"[{bracket}]: “{part}” names no key. Each part between semicolons needs one."
            if part
            else f"[{bracket}]: there is nothing on one side of a semicolon. Remove it, or add a citation.",
        )
        return unfilled_mark(f"{bracket}?")


class InlineNoteProcessor(NoteProcessor):
    """`^[Words of a note.]`: its label is made of its words."""

    def handleMatch(self, m: re.Match[str], data: str) -> Replacement:  # type: ignore[override]
        end = syntax.closing_bracket(data, m.end() - 1)
        if end < 0 or not is_text(data, m.start()):
            return NO_MATCH
        text, definitions = self.source_text(data[m.end() : end]).strip(), self.notes.page.definitions
        if cites := only_citations(text):
            return self.notes.page.citation_call(cites), m.start(), end + 1
        name = "-".join(slug(text).split("-")[:6]) or "note"
        label = next(each for each in numbered_names(name, "-") if definitions.setdefault(each, text) == text)
        self.notes.page.inline_labels.add(label)
        return self.notes.page.note_call(Note(f"fn:{label}", label=label)), m.start(), end + 1


class LabelProcessor(NoteProcessor):
    """`[^label]`: whether it is defined is known only when the whole page has been read."""

    def handleMatch(self, m: re.Match[str], data: str) -> Replacement:  # type: ignore[override]
        if not is_text(data, m.start()):
            return NO_MATCH
        if not m.start():
            self.notes.page.openers.add(m[1])
        return self.notes.page.note_call(Note(f"fn:{m[1]}", label=m[1])), m.start(), m.end()


class CitationProcessor(NoteProcessor):
    """`[see @key, para. 3; also @other]`."""

    def handleMatch(self, m: re.Match[str], data: str) -> Replacement:  # type: ignore[override]
        end = syntax.closing_bracket(data, m.start())
        # `[words](address)` is a link, whatever the words.
        if end < 0 or data[end + 1 : end + 2] == "(" or not is_text(data, m.start()):
            return NO_MATCH
        text = self.source_text(data[m.start() + 1 : end])
        if not syntax.CITED.search(text):
            return NO_MATCH
        if follows_key(data[: m.start()]) and not syntax.CITED.search(syntax.split_parts(text)[0]):
            return NO_MATCH  # The bracket belongs to the key before it.
        if data[end + 1 : end + 2] == "[" and self.is_reference_link(data, end + 1):
            return NO_MATCH
        try:
            cites = syntax.parse(text)
        except NotACitation as error:
            return self.report_missing_key(text, str(error)), m.start(), end + 1
        return self.notes.page.citation_call(cites), m.start(), end + 1

    def is_reference_link(self, data: str, start: int) -> bool:
        """Whether `[words][name]` names an address that the page defines."""
        end = syntax.closing_bracket(data, start)
        return end > 0 and data[start + 1 : end].lower() in self.md.references


class BareCitationProcessor(NoteProcessor):
    """`@key` in a sentence, and `@key [para. 3]`: the author's name, then the call."""

    def handleMatch(self, m: re.Match[str], data: str) -> Replacement:  # type: ignore[override]
        key, end = m["braced"] or m["plain"], m.end()
        # A name with an @ before it is mostly not a citation: only a known key is taken for one.
        if key not in self.notes.page.references or not is_text(data, m.start()):
            return NO_MATCH
        bracket = self.source_text(m["locator"] or "")
        first, *others = syntax.split_parts(bracket)
        if syntax.CITED.search(first):  # The bracket is a citation of its own.
            first, others, end = "", [], m.start("bracket")
        locator, joint, suffix = syntax.split_locator(syntax.replace_entities(first))
        suppressed = bool(m["suppress"])
        cites = [Cite(key, "", locator, suffix, suppressed, joint, self.source_text(data[m.start() : end]))]
        try:
            cites += map(syntax.parse_part, others)
        except NotACitation as error:
            return self.report_missing_key(bracket, str(error)), m.start("bracket"), end
        call = self.notes.page.citation_call(tuple(cites))
        if suppressed:
            return call, m.start(), end
        span = etree.Element("span", {"class": "citation-in-text"})
        span.text = AtomicString(self.notes.page.references[key].names)  # A field of a .bib file is text.
        span.append(call)
        return span, m.start(), end


def is_text(data: str, start: int) -> bool:
    """Whether what begins at `start` is text of the page, and not part of a tag, an address or an image."""
    before = data[:start]
    last = {sign: before.rfind(sign) for sign in NOT_TEXT}
    return not any(at >= 0 and NOT_TEXT[sign].match(before, at) for sign, at in last.items())


def follows_key(before: str) -> bool:
    """Whether this text ends in a key, as in `@key [p. 3]`."""
    before = before.removesuffix(" ")
    return KEY_BEFORE.search(before, before.rfind(" ") + 1) is not None


def numbered_names(name: str, separator: str) -> Iterator[str]:
    """`name`, then with the separator `-` also `name-2`, `name-3` and so on, without end."""
    return (f"{name}{separator}{n}" if n > 1 else name for n in count(1))


def unfilled_mark(text: str) -> etree.Element:
    mark = etree.Element("mark", {"class": "unfilled"})
    mark.text = AtomicString(text)
    return mark


def only_citations(text: str) -> tuple[Cite, ...]:
    """The citations of a note such as `See @key, p. 2.`; none where it has words of its own."""
    if "[" in text:
        return ()
    try:
        cites = syntax.parse(text.removesuffix("."))
    except NotACitation:
        return ()
    return () if any(cite.suffix or len(cite.prefix.split()) > 3 for cite in cites) else cites
