"""Where `[@key, paras. 2–4, 27]` leads: a locator is resolved to places, whose words are in the address."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from warning_lights.bibliography.passages import LABELS, Passage, Source
from warning_lights.bibliography.references import Reference
from warning_lights.core.fragments import TextDirective, with_directives

SINGULARS = {word: one for (one, _), words in LABELS.items() for word in words.split()} | {"items": "item"}
LOCATOR_PART = re.compile(
    r"(?:(?:and|&)\s+)?(?:(?P<label>[^\s\d,]+)\s+)?(?P<first>\d+|[a-z])(?:\s*[-–—]+\s*(?P<last>\d+|[a-z]))?"
)
NBSP = "\N{NO-BREAK SPACE}"
SHORT_FORMS = {"para. ": f"¶{NBSP}", "n. ": f"n.{NBSP}", "fig. ": f"fig.{NBSP}"}
CUTOFF = 0.7  # Similarity from which on an unknown word is taken for a misspelling.


@dataclass(frozen=True)
class Target:
    """Where a citation leads: a source, its places as written for readers, and the words that find them."""

    source: str
    place: str = ""
    paragraph: str = ""
    directives: tuple[TextDirective, ...] = ()
    suffix: str = ""  # What of the citation is not a locator.


@dataclass(frozen=True)
class Destination:
    """`href` is empty where no address is known; `mark` is the short name of the source (`shorthand`).

    `source` is the key of the work that the address shows: of a note or an item, the work around it.
    `place` is the place with short labels; `suffix` is what of the citation is not a locator.
    """

    source: str
    href: str = ""
    mark: str = ""
    place: str = ""
    suffix: str = ""


class NoSuchPlace(ValueError):
    """A locator that the source does not have; the argument says why, and what there is."""


class Places:
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
    def naming_places(self) -> dict[str, tuple[str, str]]:
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
        spans, rest = LocatorReader(source, scope, key).read(locator, suffix)
        return build_target(source, scope, spans, rest)

    def locator_fault(self, key: str, locator: str, suffix: str) -> str:
        """What is wrong with a locator, as a message; "" where nothing is."""
        try:
            self.locate(key, locator, suffix)
        except NoSuchPlace as error:
            written = ", ".join(filter(None, [key, locator, suffix]))
            return f"[@{written}]: {error}{'' if str(error).endswith('?') else '.'}"
        return ""

    def naming_place(self, key: str) -> Target | None:
        """The place that names the work `key`, for a work without an address of its own."""
        if key not in self.naming_places:
            return None
        source, locator = self.naming_places[key]
        return build_target(self.sources[source], "", [(locator, locator)], "")


class Destinations:
    """Where every citation leads; `places` knows the sources whose places are registered."""

    def __init__(self, references: Mapping[str, Reference], places: Places) -> None:
        self.references = references
        self.places = places
        self.citing = {work: note.key for note in references.values() for work in note.related}

    def destination_of(self, key: str, locator: str = "", suffix: str = "") -> Destination:
        """Where `[@key, locator suffix]` leads; raises NoSuchPlace for a locator that the source lacks."""
        target = self.places.locate(key, locator, suffix)
        if target:
            return self.destination_at(target)
        reference = self.references[key]
        href, mark = reference.address, reference.fields.get("shorthand", "")
        if not href and (naming := self.naming_place(key)):
            href = naming.href
        return Destination(key, href, mark, locator, suffix)

    def naming_place(self, key: str) -> Destination | None:
        """The place that names a work, by its row or by the entry of the note that cites it."""
        target = self.places.naming_place(key) or (
            self.places.locate(self.citing[key]) if key in self.citing else None
        )
        return self.destination_at(target) if target else None

    def destination_at(self, target: Target) -> Destination:
        fields = self.references[target.source].fields if target.source in self.references else {}
        url = fields.get("url", "")
        href = with_directives(url, target.directives) if url else ""
        parts = [abbreviate(target.place), f"¶{NBSP}{target.paragraph}" if target.paragraph else ""]
        place = " · ".join(filter(None, parts))
        return Destination(target.source, href, fields.get("shorthand", ""), place, target.suffix)


def build_target(source: Source, scope: str, spans: list[tuple[str, str]], suffix: str) -> Target:
    spans = spans or ([(scope, scope)] if scope else [])
    ends = [(source.span(first)[0], source.span(last)[1]) for first, last in spans]
    directives = tuple(directive_between(*each) for each in ends)
    paragraphs = {source.passages[locator].paragraph for span in spans for locator in span}
    paragraph = paragraphs.pop() if len(paragraphs) == 1 else ""
    return Target(source.key, places_for_readers(spans), paragraph, directives, suffix)


def directive_between(first: Passage, last: Passage) -> TextDirective:
    """From the beginning of one place to the end of another, or of the same."""
    if first == last:
        return TextDirective(first.start, first.end, first.prefix, first.suffix)
    return TextDirective(first.start, last.end or last.start, first.prefix, last.suffix)


def places_for_readers(spans: list[tuple[str, str]]) -> str:
    """The places for readers, each label once: `para. 2–4, 27` and `n. 5`."""
    parts, before = [], ""
    for first, last in spans:
        label, _, number = first.rpartition(" ")
        text = number if label and label == before else first
        parts.append(f"{text}–{last.rpartition(' ')[2]}" if last != first else text)
        before = label
    return ", ".join(parts)


def abbreviate(place: str) -> str:
    for word, sign in SHORT_FORMS.items():
        place = place.replace(word, sign)
    return place


class LocatorReader:
    """Reads what follows a key in a citation, part by part, as places of a source."""

    def __init__(self, source: Source, scope: str, key: str) -> None:
        self.source, self.scope, self.key = source, scope, key
        self.label = ""
        self.spans: list[tuple[str, str]] = []

    def read(self, locator: str, suffix: str) -> tuple[list[tuple[str, str]], str]:
        """((first locator, last locator) of each place, what of the suffix is the writer's own text)."""
        for part in re.split(r",|&", locator) if locator else []:
            self.read_part(part.strip(), required=True)
        parts = [part.strip() for part in suffix.split(",")] if suffix else []
        for i, part in enumerate(parts):
            if not self.read_part(part):
                return self.spans, ", ".join(parts[i:])
        return self.spans, ""

    def read_part(self, part: str, *, required: bool = False) -> bool:
        """Read one part; False where it is not a locator, but text of the writer's own."""
        if self.read_name(part):
            return True
        m = LOCATOR_PART.fullmatch(part)
        numbers = self.source.numbers(self.scope)
        known = [*numbers, *self.source.names(self.scope)]
        if not m or not (m["label"] or self.label):
            return self.refuse_part(part, part, known, 0.75, always=required)
        label = SINGULARS.get(m["label"], m["label"]) if m["label"] else self.label
        if label not in numbers:
            known += [word for word, label in SINGULARS.items() if label in numbers]
            required = required or not self.spans
            return self.refuse_part(part, m["label"] or label, known, CUTOFF, always=required)
        self.label = label
        first, last = m["first"], m["last"] or m["first"]
        for number in (first, last):
            if number not in numbers[label]:
                raise NoSuchPlace(self.available_places(label))
        if numbers[label].index(last) < numbers[label].index(first):
            raise NoSuchPlace(f"the range runs backwards. Write {last}–{first}")
        self.add_span(self.full_locator(f"{label} {first}"), self.full_locator(f"{label} {last}"))
        if first == last and self.source.passages_below(self.full_locator(f"{label} {first}")):
            self.scope = self.full_locator(f"{label} {first}")
        return True

    def read_name(self, part: str) -> bool:
        known = next((name for name in self.source.names(self.scope) if name == part.lower()), None)
        if known:
            self.label = ""
            self.add_span(self.full_locator(known), self.full_locator(known))
        return known is not None

    def add_span(self, first: str, last: str) -> None:
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

    def full_locator(self, locator: str) -> str:
        return f"{self.scope}, {locator}" if self.scope else locator

    def available_places(self, label: str = "") -> str:
        return f"{self.scope or self.key} has {self.source.extent(self.scope, label)}"

    def refuse_part(self, part: str, word: str, known: list[str], cutoff: float, *, always: bool) -> bool:
        """False for text of the writer's own; raises NoSuchPlace for a misspelled place, or for any other."""
        near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=cutoff)
        if near or always:
            hint = f". Did you mean “{near[0]}”?" if near else ""
            raise NoSuchPlace(f"“{part}” is not a known place: {self.available_places()}{hint}")
        return False
