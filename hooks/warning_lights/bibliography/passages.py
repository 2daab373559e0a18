"""The citable places of a source: `para. 3`, `nn. 4–6`, `item 2, para. 3`, `abstract`; and the words of each.

`bibliography/passages/<key>.csv` holds one place a row. A row without words stands for all rows below its
locator: `item 2` begins with `item 2, para. 1` and ends with the last paragraph of that item.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import StringIO

from warning_lights.bibliography.text_fragment import TextDirective

COLUMNS = ("locator", "paragraph", "entry", "names", "prefix", "start", "end", "suffix")
SINGULAR = {
    "paras.": "para.", "paragraph": "para.", "paragraphs": "para.", "¶": "para.", "¶¶": "para.",
    "nn.": "n.", "note": "n.", "notes": "n.", "figs.": "fig.", "figure": "fig.", "figures": "fig.",
    "pp.": "p.", "secs.": "sec.", "items": "item",
}  # fmt: skip
NOUNS = {"para.": "paragraph", "n.": "note", "fig.": "figure", "p.": "page", "sec.": "section"}
PART = re.compile(r"(?:(?P<label>[^\s\d,]+)\s+)?(?P<first>\d+|[a-z])(?:\s*[-–—]+\s*(?P<last>\d+|[a-z]))?")
NUMBERED = re.compile(r"(?P<label>.*?[^\s\d,]+) (?P<number>\d+|[a-z])")
NEAR = 0.7  # Share of letters from which on an unknown word is taken for a misspelling.


@dataclass(frozen=True)
class Passage:
    """A row: the place, the paragraph around it (of a note), what is found there, and the words that find it.

    `entry` is the bibliography's entry for the place itself, as of a note or an item; `names` are works
    that the place names and that can be looked up nowhere else.
    """

    locator: str
    paragraph: str = ""
    entry: str = ""
    names: str = ""
    prefix: str = ""
    start: str = ""
    end: str = ""
    suffix: str = ""
    line: int = 0


@dataclass(frozen=True)
class Target:
    """Where a citation leads: a source, its places as written for readers, and the words that find them."""

    source: str
    place: str = ""
    paragraph: str = ""
    directives: tuple[TextDirective, ...] = ()
    suffix: str = ""  # What of the citation is no locator.


class NoSuchPlace(ValueError):
    """A locator that the source does not have; the argument says why, and what there is."""


@dataclass(frozen=True)
class Source:
    """All places of one source, by locator, in the order of the source."""

    key: str
    passages: Mapping[str, Passage] = field(default_factory=dict)

    def below(self, scope: str) -> list[Passage]:
        return [p for locator, p in self.passages.items() if locator.startswith(f"{scope}, ")]

    def span(self, locator: str) -> tuple[Passage, Passage]:
        """The first and the last row that a locator stands for."""
        passage = self.passages[locator]
        parts = [] if passage.start else self.below(locator)
        return (parts[0], parts[-1]) if parts else (passage, passage)

    def numbers(self, scope: str) -> dict[str, list[str]]:
        """label -> numbers of the places directly below `scope`: `{"para.": ["1", "2"]}`."""
        found: dict[str, list[str]] = {}
        for locator in self.passages:
            rest = locator.removeprefix(f"{scope}, ") if scope else locator
            if (not scope or rest != locator) and (m := NUMBERED.fullmatch(rest)) and ", " not in rest:
                found.setdefault(m["label"], []).append(m["number"])
        return found

    def names(self, scope: str) -> list[str]:
        """The places directly below `scope` that have a name and no number, such as `abstract`."""
        rests = [p.locator.removeprefix(f"{scope}, ") for p in self.below(scope)] if scope else self.passages
        return [rest for rest in rests if not NUMBERED.fullmatch(rest) and ", " not in rest]

    def extent(self, scope: str, label: str = "") -> str:
        """What can be cited: `11 paragraphs and caption`; of one kind, `notes 1–110 and a–k`."""
        numbers = self.numbers(scope)
        kinds = [counted(each, numbers[each]) for each in numbers if label in {"", each}]
        return listed(kinds if label else kinds + self.names(scope)) or "no places to cite"


def counted(label: str, numbers: list[str]) -> str:
    noun = NOUNS.get(label, label)
    letters = [number for number in numbers if number.isalpha()]
    figures = len(numbers) - len(letters)
    if letters:
        ranges = [f"1–{figures}"] * bool(figures) + [f"{letters[0]}–{letters[-1]}"]
        return f"{noun}s {listed(ranges)}"
    return f"{figures} {noun}{'' if figures == 1 else 's'}"


def listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


class Passages:
    """The places of all sources that have a file."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources

    @cached_property
    def entries(self) -> dict[str, tuple[str, str]]:
        """Entry -> (source, locator), for each entry that is a place of a source, and each source itself."""
        places = {p.entry: (s.key, p.locator) for s in self.sources.values() for p in s.passages.values()}
        places.pop("", None)
        return {**places, **{key: (key, "") for key in self.sources}}

    @cached_property
    def named(self) -> dict[str, tuple[str, str]]:
        """Work -> (source, locator) of the place that names it."""
        return {
            work: (source.key, passage.locator)
            for source in self.sources.values()
            for passage in source.passages.values()
            for work in passage.names.split()
        }

    def locate(self, key: str, locator: str = "", suffix: str = "") -> Target | None:
        """Where `[@key, locator suffix]` leads; None where the source of `key` has no registered places.

        Raises NoSuchPlace for a locator that the source does not have.
        """
        if key not in self.entries:
            return None
        source_key, scope = self.entries[key]
        source = self.sources[source_key]
        text = ", ".join(filter(None, [locator, suffix]))
        spans, rest = Reader(source, scope, key).read(text)
        return target(source, scope, spans, rest)

    def naming(self, key: str) -> Target | None:
        """The place that names the work `key`, for a work without an address of its own."""
        if key not in self.named:
            return None
        source, locator = self.named[key]
        return target(self.sources[source], "", [(locator, locator)], "")


def target(source: Source, scope: str, spans: list[tuple[str, str]], suffix: str) -> Target:
    spans = spans or ([(scope, scope)] if scope else [])
    directives = tuple(directive(source.span(first)[0], source.span(last)[1]) for first, last in spans)
    paragraphs = list(dict.fromkeys(source.passages[first].paragraph for first, _ in spans))
    paragraph = paragraphs[0] if len(paragraphs) == 1 else ""
    return Target(source.key, written(spans), paragraph, directives, suffix)


def directive(first: Passage, last: Passage) -> TextDirective:
    """From the beginning of one place to the end of another, or of the same."""
    if first == last:
        return TextDirective(first.start, first.end, first.prefix, first.suffix)
    return TextDirective(first.start, last.end or last.start, first.prefix, last.suffix)


def written(spans: list[tuple[str, str]]) -> str:
    """The places for readers, each label once: `para. 2–4, 27` and `n. 5`."""
    parts, before = [], ""
    for first, last in spans:
        label, _, number = first.rpartition(" ")
        text = number if label and label == before else first
        parts.append(f"{text}–{last.rpartition(' ')[2]}" if last != first else text)
        before = label
    return ", ".join(parts)


class Reader:
    """Reads what follows a key in a citation, part by part, as places of a source."""

    def __init__(self, source: Source, scope: str, key: str) -> None:
        self.source, self.scope, self.key = source, scope, key
        self.label = ""
        self.spans: list[tuple[str, str]] = []

    def read(self, text: str) -> tuple[list[tuple[str, str]], str]:
        """((first locator, last locator) of each place, the text behind them)."""
        parts = [part.strip() for part in text.split(",")] if text else []
        for i, part in enumerate(parts):
            if not self.take(part):
                return self.spans, ", ".join(parts[i:])
        return self.spans, ""

    def take(self, part: str) -> bool:
        """Read one part; False where it is no locator, but text of the writer's own."""
        if self.name(part):
            return True
        m = PART.fullmatch(part)
        numbers = self.source.numbers(self.scope)
        if not m or not (m["label"] or self.label):
            return self.refuse_misspelling(part, [*numbers, *self.source.names(self.scope)])
        label = SINGULAR.get(m["label"], m["label"]) if m["label"] else self.label
        if label not in numbers:
            self.unknown_label(m["label"] or label, part)
            return False
        self.label = label
        first, last = m["first"], m["last"] or m["first"]
        for number in (first, last):
            if number not in numbers[label]:
                raise NoSuchPlace(f"there is no {label} {number}: {self.has(label)}")
        if numbers[label].index(last) < numbers[label].index(first):
            raise NoSuchPlace(f"the range runs backwards. Write {last}–{first}")
        self.add(self.full(f"{label} {first}"), self.full(f"{label} {last}"))
        if first == last and self.source.below(self.full(f"{label} {first}")):
            self.scope = self.full(f"{label} {first}")
        return True

    def name(self, part: str) -> bool:
        known = next((name for name in self.source.names(self.scope) if name == part.lower()), None)
        if known:
            self.label = ""
            self.add(self.full(known), self.full(known))
        return known is not None

    def add(self, first: str, last: str) -> None:
        """Another place: a part of the one before takes its place, the next of its kind makes a range."""
        if self.spans:
            begun, ended = self.spans[-1]
            if begun == ended == self.scope:
                self.spans.pop()
            elif self.follows(ended, first):
                self.spans[-1] = (begun, last)
                return
        self.spans.append((first, last))

    def follows(self, before: str, after: str) -> bool:
        (label, _, a), (same, _, b) = before.rpartition(" "), after.rpartition(" ")
        return bool(label) and label == same and a.isdigit() and b.isdigit() and int(b) == int(a) + 1

    def full(self, locator: str) -> str:
        return f"{self.scope}, {locator}" if self.scope else locator

    def has(self, label: str = "") -> str:
        return f"{self.scope or self.key} has {self.source.extent(self.scope, label)}"

    def unknown_label(self, label: str, part: str) -> None:
        numbers = self.source.numbers(self.scope)
        known = [
            *numbers,
            *self.source.names(self.scope),
            *(w for w, label in SINGULAR.items() if label in numbers),
        ]
        near = difflib.get_close_matches(label.lower(), known, n=1, cutoff=NEAR)
        if near or not self.spans:
            hint = f" Did you mean “{near[0]}”?" if near else ""
            raise NoSuchPlace(f"“{part}” is no place: {self.has()}.{hint}".removesuffix("."))

    def refuse_misspelling(self, part: str, known: list[str]) -> bool:
        near = difflib.get_close_matches(part.lower(), known, n=1, cutoff=0.75)
        if near:
            raise NoSuchPlace(f"“{part}” is no place: {self.has()}. Did you mean “{near[0]}”?")
        return False


def parse(key: str, text: str) -> tuple[Source, list[tuple[int, str]]]:
    """The places in the file of the source `key`, and what is wrong in it as (line, message)."""
    rows = csv.reader(StringIO(text))
    if tuple(next(rows, ())) != COLUMNS:
        return Source(key), [(1, f"The first line must be {','.join(COLUMNS)}.")]
    passages: dict[str, Passage] = {}
    problems = []
    for cells in rows:
        if len(cells) != len(COLUMNS):
            problems.append(
                (rows.line_num, f"This row has {len(cells)} cells; there are {len(COLUMNS)} columns.")
            )
        elif cells[0] in passages:
            problems.append(
                (rows.line_num, f"{cells[0]} has a second row; first in line {passages[cells[0]].line}.")
            )
        else:
            passages[cells[0]] = Passage(*cells, rows.line_num)  # type: ignore[arg-type]
    source = Source(key, passages)
    for passage in passages.values():
        if not passage.start and not source.below(passage.locator):
            problems.append(
                (passage.line, f"{passage.locator} has no words. Run make sources SOURCES=folder.")
            )
    return source, problems


def dump(source: Source) -> str:
    """The file of a source, as `parse` reads it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(passage, name) for name in COLUMNS] for passage in source.passages.values())
    return out.getvalue()
