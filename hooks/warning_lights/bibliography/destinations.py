"""Where a citation leads outside: an address, with the words that find the passage, and how it is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from warning_lights.bibliography.locators import Places, Target
from warning_lights.bibliography.references import Reference
from warning_lights.core.fragments import with_directives

SIGNS = {"para. ": "¶\N{NO-BREAK SPACE}", "n. ": "n.\N{NO-BREAK SPACE}", "fig. ": "fig.\N{NO-BREAK SPACE}"}


@dataclass(frozen=True)
class Destination:
    """`href` is empty where no address is known; `mark` is the short name of the source (`shorthand`).

    `source` is the key of the work that the address shows: of a note or an item, the work around it.
    `place` is the place in short signs; `suffix` is what of the citation is no locator.
    """

    source: str
    href: str = ""
    mark: str = ""
    place: str = ""
    suffix: str = ""


class Destinations:
    """The way out of every citation; `places` knows the sources whose places are registered."""

    def __init__(self, references: Mapping[str, Reference], places: Places) -> None:
        self.references = references
        self.places = places
        self.citing = {work: note.key for note in references.values() for work in note.related}

    def of(self, key: str, locator: str = "", suffix: str = "") -> Destination:
        """Where `[@key, locator suffix]` leads; raises NoSuchPlace for a locator that the source lacks."""
        target = self.places.locate(key, locator, suffix)
        if target:
            return self.at(target)
        reference = self.references[key]
        href, mark = reference.address, reference.fields.get("shorthand", "")
        if not href and (naming := self.naming(key)):
            href = self.at(naming).href
        return Destination(key, href, mark, locator, suffix)

    def naming(self, key: str) -> Target | None:
        """The place that names a work, by its row or by the entry of the note that cites it."""
        if key in self.places.named:
            return self.places.naming(key)
        return self.places.locate(self.citing[key]) if key in self.citing else None

    def at(self, target: Target) -> Destination:
        fields = self.references[target.source].fields if target.source in self.references else {}
        url = fields.get("url", "")
        href = with_directives(url, target.directives) if url else ""
        parts = [short(target.place), f"¶\N{NO-BREAK SPACE}{target.paragraph}" if target.paragraph else ""]
        place = " · ".join(filter(None, parts))
        return Destination(target.source, href, fields.get("shorthand", ""), place, target.suffix)


def short(place: str) -> str:
    for word, sign in SIGNS.items():
        place = place.replace(word, sign)
    return place
