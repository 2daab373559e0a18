"""Where a page quotes: every quotation with its position, and the works cited for it.

A quotation is what stands in “…” or "…", four words or more, or a block quote of any length. Its
citation stands in the same sentence, directly after it, or in the block quote. The title of a work
is not a quotation: pages set titles in italics, and what is word for word a title of the bibliography
may stand in quotation marks too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from warning_lights.bibliography.bibtex import valid_entries
from warning_lights.core.markdown_source import blank, blank_code, line_starts, paragraphs, position
from warning_lights.notes import syntax
from warning_lights.notes.sentences import sentence_ends
from warning_lights.notes.syntax import CITED, Cite, NotACitation

FEWEST_WORDS = 4  # Words; fewer are a name or a turn of speech.
CLOSING = {"“": "”", "&ldquo;": "&rdquo;", "<q>": "</q>", '"': '"', "&quot;": "&quot;", "„": "“", "«": "»"}
OPENING = re.compile("|".join(map(re.escape, CLOSING)))
WORD = re.compile(r"\w+(?:[-'’.]\w+)*")
INSERTED = re.compile(r"\[[^\[\]]*\]|…|\.\.\.")
# What is in a page's source but not among its words: tags, attribute lists, addresses, keys.
TAG = re.compile(r"<(?!/?q>)[a-zA-Z/!][^<>]*>")
ATTRIBUTES = re.compile(r"\{[:#.][^{}\n]*\}")
LINK = re.compile(
    r"!?\[(?P<words>[^\[\]]*)\]\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"\n]*\")?\)"
)
LINK_DEFINITION = re.compile(r"^[ ]{0,3}\[(?!\^)[^\]\n]+\]:[ \t]*<?\S+:\S*.*$", re.MULTILINE)
CITATION = re.compile(r"\[(?P<inner>[^\[\]]*@[^\[\]]*)\]")
NOTE_CALL = re.compile(r"\[\^[^\]\s]+\]")

QUOTED_LINE = re.compile(r"^[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?>(?!>{6})[ \t]?")  # No merge conflict.
HTML_QUOTE = re.compile(r"<blockquote\b[^>]*>(?P<text>.*?)</blockquote>", re.DOTALL | re.IGNORECASE)
ATTRIBUTION = re.compile(r"^(?:—|–|--)\s.*\Z", re.DOTALL | re.MULTILINE)
# A paragraph ends at an empty line, and before a heading, an item, a definition or a row.
NEW_BLOCK = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|\d+[.)][ \t]|:[ \t]{2,}|\||\[\^[^\]]+\]:|///|!!!|\?\?\?)"
)


@dataclass(frozen=True)
class Quotation:
    """A quotation as our page has it: spaces collapsed, citations and calls of notes removed.

    `start` and `end` are offsets into the file, marks included; `cites` begins with the citation
    that follows it first. `problem` says what is wrong where the marks cannot be read.
    """

    text: str
    line: int
    column: int
    start: int
    end: int
    cites: tuple[Cite, ...] = ()
    problem: str = ""


def page_quotations(text: str, titles: Collection[str] = ()) -> list[Quotation]:
    """All quotations of a Markdown file, in order, the shorter ones left out."""
    blanked = blank_code(text)
    markup = blank_markup(blanked)
    found = [q for m in HTML_QUOTE.finditer(blanked) for q in html_block_quote(markup, *m.span("text"))]
    blanked = blank_markup(HTML_QUOTE.sub(lambda m: blank(m[0]), blanked))
    found += [q for start, end in blocks(blanked) for q in block_quotations(blanked, start, end)]
    return select_quotations(text, found, titles)


def table_quotations(text: str, titles: Collection[str] = ()) -> list[Quotation]:
    """All quotations of a CSV file; each line is a sentence, for its citations have a column."""
    # The marks around a cell are no quotation; two within a cell stand for one.
    blanked = re.sub(r'(?<=,)""(?=[,\r\n])', "  ", text)
    blanked = re.sub(r'""|"', lambda m: '" ' if len(m[0]) == 2 else " ", blanked)
    found: list[Quotation] = []
    for m in re.finditer(r"[^\n]+", blanked):
        found += block_quotations(blanked, m.start(), m.end(), whole=True)
    return select_quotations(text, found, titles)


def bibliography_quotations(text: str, titles: Collection[str] = ()) -> list[Quotation]:
    """All quotations of the annotations in a .bib file; each belongs to its entry."""
    found: list[Quotation] = []
    for key, start, end in annotation_fields(text):
        found += (replace(quotation, cites=(Cite(key),)) for quotation in block_quotations(text, start, end))
    return select_quotations(text, found, titles)


def annotation_fields(text: str) -> Iterator[tuple[str, int, int]]:
    """(key, start, end) of each annotation in a .bib file: the only text in it that is our own."""
    starts = line_starts(text)
    for entry in valid_entries(text):
        if remark := entry.fields.get("annotation"):
            start = text.index(remark.value, starts[remark.line - 1] + remark.column - 1)
            yield entry.key, start, start + len(remark.value)


def count_words(text: str) -> int:
    """How many words are quoted: without what stands in brackets, and without the dots."""
    return len(WORD.findall(INSERTED.sub(" ", text)))


def blank_markup(text: str) -> str:
    """Overwrite with spaces what is not text of the page, except citations and calls; offsets stay."""
    for pattern in (LINK_DEFINITION, ATTRIBUTES, TAG):
        text = pattern.sub(lambda m: blank(m[0]), text)
    return LINK.sub(link_words, text)


def link_words(m: re.Match[str]) -> str:
    """A link as its words, of the same length."""
    before = m.start("words") - m.start()
    return " " * before + m["words"] + blank(m[0][before + len(m["words"]) :])


def html_block_quote(text: str, start: int, end: int) -> Iterator[Quotation]:
    """An HTML block quote: all of it is one quotation."""
    at = start + len(text[start:end]) - len(text[start:end].lstrip())
    if words := quotation_words(text[start:end]):
        yield Quotation(words, *position(text, at), at, end, cites_in(text, start, end))


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each paragraph, item, row or block quote."""
    start = offset = 0
    quoted = False
    for line in text.splitlines(keepends=True):
        inside = bool(QUOTED_LINE.match(line))
        empty = not line.strip()
        if empty or inside != quoted or (not inside and NEW_BLOCK.match(line)):
            if text[start:offset].strip():
                yield start, offset
            start = offset
        quoted = inside
        offset += len(line)
    if text[start:].strip():
        yield start, len(text)


def block_quotations(text: str, start: int, end: int, *, whole: bool = False) -> Iterator[Quotation]:
    """The quotations of one block; with `whole`, all citations in it belong to each of them."""
    if QUOTED_LINE.match(text[start:end]):
        yield from quoted_paragraphs(text, start, end)
        return
    spans = list(quoted_spans(text, start, end))
    if not spans:
        return
    # A full stop in a quotation ends no sentence, its last character excepted; nor does one in a citation.
    hidden = NOTE_CALL.sub(lambda m: blank(m[0]), CITATION.sub(lambda m: blank(m[0]), text[start:end]))
    for opened, closed, _ in spans:
        first, last = opened + 1 - start, max(opened + 1, closed - 2) - start
        hidden = hidden[:first] + "x" * (last - first) + hidden[last:]
    sentences = [(start, end)] if whole else list(sentence_spans(hidden, start))
    for opened, closed, mark in spans:
        if closed < 0:
            line, column = position(text, opened)
            message = f"The quotation mark {mark} is never closed in its paragraph."
            yield Quotation("", line, column, opened, end, problem=message)
            continue
        around = next(s for s in sentences if s[0] <= opened < s[1])
        if "|" in text[start:end] and not whole:
            around = cell_around(text, start, end, opened)
        inner = text[opened + len(mark) : closed - len(CLOSING[mark])]
        cites = (
            cites_in(text, closed, around[1])
            + cites_in(text, around[0], opened)
            + cites_in(text, opened, closed)
        )
        yield Quotation(quotation_words(inner), *position(text, opened), opened, closed, cites)


def quoted_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, opening mark) of each quotation in a block; end is -1 where nothing closes it."""
    offset = start
    while m := OPENING.search(text, offset, end):
        mark, closing = m[0], CLOSING[m[0]]
        depth, offset = 1, m.end()
        while depth:
            following = re.compile(f"{re.escape(closing)}|{re.escape(mark)}").search(text, offset, end)
            if following is None:
                if mark not in {'"', "&quot;"}:  # A straight one alone stands for inches or seconds.
                    yield m.start(), -1, mark
                return
            depth += 1 if following[0] == mark and mark != closing else -1
            offset = following.end()
        yield m.start(), offset, mark


def quoted_paragraphs(text: str, start: int, end: int) -> Iterator[Quotation]:
    """Each paragraph of a block quote; the citation may follow in a later one."""
    lines = text[start:end].splitlines(keepends=True)
    ends = [start + length for length in accumulate(map(len, lines))]
    contents = [QUOTED_LINE.sub("", line) for line in lines]
    for first, last in paragraphs(contents):
        words = "".join(contents[first : last + 1])
        words = quotation_words(ATTRIBUTION.sub("", words))
        if (m := re.fullmatch(r"[“\"](.*)[”\"]", words)) and "“" not in m[1]:
            words = m[1]
        at = ends[first] - len(contents[first].lstrip())
        if words:
            cites = cites_in(text, at, end) + cites_in(text, start, at)
            yield Quotation(words, *position(text, at), at, ends[last], cites)


def sentence_spans(hidden: str, start: int) -> Iterator[tuple[int, int]]:
    begin = 0
    for following, _ in sentence_ends(hidden):
        yield start + begin, start + following
        begin = following
    yield start + begin, start + len(hidden)


def cell_around(text: str, start: int, end: int, offset: int) -> tuple[int, int]:
    """The table cell at `offset`, or the whole row where the cell cites nothing."""
    left, right = text.rfind("|", start, offset), text.find("|", offset, end)
    left, right = max(left, start), right if right > 0 else end
    return (left, right) if CITED.search(text[left:right]) else (start, end)


def cites_in(text: str, start: int, end: int) -> tuple[Cite, ...]:
    """The works cited between two offsets, in order."""
    found: list[Cite] = []
    part = text[start:end]
    for m in CITATION.finditer(part):
        try:
            found += syntax.parse(m["inner"])
        except NotACitation:
            continue  # hooks/citations.py reports it.
    return (*found, *(Cite(m["braced"] or m["plain"]) for m in CITED.finditer(CITATION.sub("", part))))


def quotation_words(inner: str) -> str:
    """The words of a quotation: without citations, calls, tags and the stars of emphasis."""
    text = NOTE_CALL.sub("", CITATION.sub("", inner))
    text = re.sub(r"(?<!\w)([*_]{1,2})(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text, flags=re.DOTALL)
    return " ".join(re.sub(r"\\([^\w\s])", r"\1", text).split())


def select_quotations(text: str, found: list[Quotation], titles: Collection[str]) -> list[Quotation]:
    """Those that the ledger must know: long enough or set as a block, and not the title of a work."""
    known = {normalized_title(title) for title in titles}

    def counts(quotation: Quotation) -> bool:
        if quotation.problem:
            return True
        in_marks = OPENING.match(text, quotation.start)
        long_enough = not in_marks or count_words(quotation.text) >= FEWEST_WORDS
        return long_enough and normalized_title(quotation.text) not in known

    return sorted(filter(counts, found), key=lambda quotation: quotation.start)


def normalized_title(text: str) -> str:
    """A title without what may differ in how it is set: marks, capitals, the comma before the mark."""
    return " ".join(WORD.findall(text.replace("{", "").replace("}", "").casefold()))
