"""Find the fewest words that lead to each place of a source, in the source's own text.

The words must occur once, must not end on a word that the mark of a note touches (in the published page
the two are one word), and no more than LONGEST words in a row may be given away by all places together.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from warning_lights.bibliography.passages import NUMBERED_LOCATOR, Passage, Source
from warning_lights.core.fragments import TextDirective
from warning_lights.quotations.directive_match import find_passages, find_words, occurrences, word_spans
from warning_lights.quotations.note_markers import note_markers

RUN_LIMIT = 8  # Words in a row of a source that a file may hold.
LONGEST = RUN_LIMIT - 1  # Words of one field at most.
SHORTEST = 3  # Fewer might occur in what a published page has around the text: its menus, its captions.
FEW = 4  # Rather so many words up to AROUND words before the end of a place than more at its very end.
AROUND = 10
RUNNING_TEXT = 25  # Words from which on a line is a paragraph that must be registered.
# What separates two words: characters that every copy of the text has, else any on one line.
PLAIN = re.compile(r"[ \u00a0]|-|, ")
ROUGH = re.compile(r"[^\n]{1,4}")
# A line of running text ends as a sentence does, perhaps with the mark of a note after it.
SENTENCE = re.compile(r"[.!?…][”’\")\]]*\s*\w{0,4}\s*\Z")
Span = tuple[int, int]


class SourceText:
    """The text of a source with its lines, words and marks of notes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = word_spans(text)
        self.starts = [start for start, _ in self.words]
        self.lines = [m.span() for m in re.finditer(r"[^\n]+", text)]
        self.markers = note_markers(text)
        self.touched = {i for begin, _ in self.markers.values() for i in self.words_touching(begin)}

    def line_at(self, offset: int) -> Span:
        return self.lines[bisect_right(self.lines, (offset, len(self.text))) - 1]

    def words_touching(self, offset: int) -> list[int]:
        """The indexes of the words that hold `offset`, end there or begin there."""
        last = bisect_right(self.starts, offset) - 1
        return [i for i in (last - 1, last) if i >= 0 and self.words[i][1] >= offset]

    def line_number(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def words_in(self, span: Span) -> list[int]:
        """The indexes of the words that lie in `span` and that no mark touches."""
        first, last = bisect_left(self.starts, span[0]), bisect_left(self.starts, span[1])
        return [i for i in range(first, last) if i not in self.touched]

    def printed_note(self, label: str) -> Span | None:
        """The words of a note that is printed in the text itself, after `[a]` at the start of a line."""
        m = re.search(rf"^\[{label}\][^\S\n]*(?=\S)", self.text, re.MULTILINE)
        return (m.end(), self.line_at(m.end())[1]) if m else None

    def words_from_start(self, span: Span) -> str:
        """The fewest words from the start of `span` on that occur once in the text; "" where none do."""
        first = self.words_in(span)[:1]
        return self.unique_run(
            [[*range(i, i + n)] for i in first for n in range(SHORTEST, LONGEST + 1)], span
        )

    def words_to_end(self, span: Span) -> str:
        """The fewest words at the end of `span`, or a few before it; "" where none occur once."""
        last = self.words_in(span)[: -AROUND - 1 : -1]
        runs = ([[*range(i - n + 1, i + 1)] for n in range(SHORTEST, FEW + 1)] for i in last)
        few = (self.unique_run(each, span) for each in runs)
        many = self.unique_run(
            [[*range(i - n + 1, i + 1)] for i in last for n in range(FEW + 1, LONGEST + 1)], span
        )
        return next(filter(None, few), many)

    def can_delimit(self, begin: int, end: int) -> bool:
        """Whether words may begin and end at these offsets: not within `Afghanistan-Pakistan`."""
        joint = r"[-‑/’'\w]"
        return not re.match(joint, self.text[end : end + 1]) and not re.match(
            joint, self.text[max(0, begin - 1) : begin]
        )

    def unique_run(self, runs: list[list[int]], span: Span) -> str:
        """The first of `runs` of words that lies in `span` and occurs once, best without punctuation."""
        for gap in (PLAIN, ROUGH):
            for run in runs:
                begin, end = self.words[run[0]][0], self.words[min(run[-1], len(self.words) - 1)][1]
                if not (span[0] <= begin < end <= span[1] and self.can_delimit(begin, end)):
                    continue
                words = " ".join(self.text[begin:end].split())
                gaps = [self.text[self.words[a][1] : self.words[b][0]] for a, b in pairwise(run)]
                if self.touched.isdisjoint(run) and all(map(gap.fullmatch, gaps)) and self.occurs_once(words):
                    return words
        return ""

    def occurs_once(self, words: str) -> bool:
        # Within longer words neither: not every browser takes `group’s` for one word.
        return len(find_words(self.text, words, whole=False)) == 1


def make_passages(source: Source, text: str) -> tuple[Source, list[str]]:
    """The places of `source` with words made from `text`, and what is wrong with those left as they are."""
    prepared = SourceText(text)
    made: dict[str, Passage] = {}
    spans: dict[str, Span] = {}
    problems = []
    for locator, passage in source.passages.items():
        made[locator] = passage
        if not passage.start and source.passages_below(locator):
            continue
        try:
            span = spans[locator] = find_passage(passage, prepared)
        except NotFound as error:
            problems.append(f"{locator}: {error}")
            continue
        label = note_label(locator)
        at_mark = label in prepared.markers and not prepared.printed_note(label)
        made[locator] = renew_passage(passage, span, prepared, note=at_mark)
        if not made[locator].start:
            problems.append(
                f"{locator}: no {LONGEST} words occur once there; give a prefix or suffix by hand"
            )
            made[locator] = passage
    for locator in spans:
        if label := note_label(locator):
            paragraph = paragraph_at(prepared, label, spans)
            made[locator] = replace(made[locator], paragraph=paragraph or made[locator].paragraph)
    result = Source(source.key, made)
    return result, [*problems, *missing_places(result, prepared, spans), *overlong_runs(result, prepared)]


def initial_places(key: str, text: str) -> Source:
    """A place for each paragraph of a text, and for each mark of a note, for a source that has none yet."""
    prepared = SourceText(text)
    places = list[Passage]()
    for span in prepared.lines:
        line = text[slice(*span)]
        if len(prepared.words_in(span)) > SHORTEST and SENTENCE.search(line) and not line.startswith("["):
            places.append(Passage(f"para. {len(places) + 1}", start=prepared.words_from_start(span)))
    places += [Passage(f"n. {label}") for label in prepared.markers]
    return Source(key, {place.locator: place for place in places})


def note_label(locator: str) -> str:
    """`35` of `n. 35`; "" for a place that is no note."""
    m = NUMBERED_LOCATOR.fullmatch(locator)
    return m["number"] if m and m["label"] == "n." else ""


class NotFound(ValueError):
    """Why the words of a place do not lead to it."""


def find_passage(passage: Passage, prepared: SourceText) -> Span:
    """Where a place stands in the text; raises NotFound."""
    text, label = prepared.text, note_label(passage.locator)
    around = note_span(label, prepared)
    if not passage.start:
        if not around:
            raise NotFound("has no words; write its first words into the row")
        return around
    given = TextDirective(passage.start, passage.end, passage.prefix, passage.suffix)
    for words, spans in zip((passage.start, passage.end), occurrences(text, given), strict=False):
        if len(spans) != 1:
            fault = f"occur {len(spans)} times" if spans else "are no longer found"
            raise NotFound(f"the words “{words}” {fault} in the text")
    found = find_passages(text, given)
    if not found:
        raise NotFound(f"“{passage.end}” does not follow “{passage.start}”")
    start, end = found[0]
    if around and not prepared.printed_note(label):
        if not around[0] <= start <= end <= around[1]:
            raise NotFound(f"“{passage.start}” does not stand at the mark of the note")
        return around
    return start, end if passage.end else prepared.line_at(start)[1]


def note_span(label: str, prepared: SourceText) -> Span | None:
    """The note's own text; else what lies between the marks before and after its own, in its line."""
    if own := prepared.printed_note(label) if label else None:
        return own
    if label not in prepared.markers:
        return None
    begin, end = prepared.markers[label]
    line = prepared.line_at(begin)
    others = [span for span in prepared.markers.values() if span != (begin, end)]
    before = max([line[0], *(span[1] for span in others if span[1] <= begin)])
    after = min([line[1], *(span[0] for span in others if span[0] >= end)])
    return before, after


def renew_passage(passage: Passage, span: Span, prepared: SourceText, *, note: bool) -> Passage:
    if passage.prefix or passage.suffix:
        return passage  # Chosen by hand.
    if note:
        begin, end = prepared.markers[note_label(passage.locator)]
        words = prepared.words_to_end((span[0], begin)) or prepared.words_from_start((end, span[1]))
        return replace(passage, start=words, end="")
    start = prepared.words_from_start(span)
    rest = (find_words(prepared.text, start)[0][1] if start else span[0], span[1])
    return replace(passage, start=start, end=prepared.words_to_end(rest))


def paragraph_at(prepared: SourceText, label: str, spans: dict[str, Span]) -> str:
    """The number of the paragraph in which the mark of a note stands."""
    if label not in prepared.markers:
        return ""
    line = prepared.line_at(prepared.markers[label][0])
    inside = [
        name for name, span in spans.items() if name.startswith("para. ") and line[0] <= span[0] < line[1]
    ]
    return inside[0].removeprefix("para. ") if inside else ""


def missing_places(source: Source, prepared: SourceText, spans: dict[str, Span]) -> Iterator[str]:
    """Marks without a row, gaps in a row of numbers, and running text that belongs to no place."""
    registered = {note_label(locator) for locator in source.passages}
    for label, (start, _) in prepared.markers.items():
        if any(registered) and label not in registered:
            yield f"n. {label} stands in line {prepared.line_number(start)} and has no row"
    scopes = {locator.rpartition(", ")[0] for locator in source.passages}
    for scope in sorted(scopes):
        for label, numbers in source.numbers(scope).items():
            figures = [int(number) for number in numbers if number.isdigit()]
            if figures != list(range(1, len(figures) + 1)):
                yield f"{scope or source.key}: the numbers of {label} do not count up from 1"
    for start, end in prepared.lines:
        words = len(prepared.words_in((start, end)))
        if words >= RUNNING_TEXT and not any(a < end and start < b for a, b in spans.values()):
            begins = opening_words(prepared, start)
            yield f"line {prepared.line_number(start)} belongs to no place; it begins “{begins}”"


def opening_words(prepared: SourceText, start: int) -> str:
    i = bisect_left(prepared.starts, start)
    return prepared.text[start : prepared.words[min(i + 2, len(prepared.words) - 1)][1]]


def overlong_runs(source: Source, prepared: SourceText) -> Iterator[str]:
    """Runs of words of the source that the fields of all rows together give away."""
    given: set[int] = set()
    for passage in source.passages.values():
        for words in (passage.prefix, passage.start, passage.end, passage.suffix):
            for start, end in find_words(prepared.text, words):
                given.update(i for i, span in enumerate(prepared.words) if start <= span[0] < end)
    run = 0
    for i in range(len(prepared.words) + 1):
        run = run + 1 if i in given else 0
        if run == RUN_LIMIT + 1:
            line = prepared.line_number(prepared.words[i][0])
            yield f"line {line}: more than {RUN_LIMIT} words in a row are given away by the places there"
