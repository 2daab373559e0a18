"""The volumes of the book are printed, several at once, until they agree on the numbers of their pages.

Each chapter is first tried, with a guess at the pages that it points to, to see how many pages it has itself,
and where on them stands what others point to. Then the volumes are printed, with the right numbers; where
something has moved by that, they are printed again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from book_bind import ELSEWHERE, Part, bound
from book_pages import Chapter
from book_typeset import KINDS, NO_GLYPH, Fault, NoGlyphs, missing, printed, tried
from book_volumes import Volume, cut, guesses, outer_volumes, shares, volumes

TEMPLATE = Path(__file__).with_name("book.typ")
ROUNDS = 6  # Of printing, of which the contents are the last; more than two are seldom needed.


@dataclass(frozen=True)
class Printed:
    """The finished book, and by kind (a key of KINDS) what stands in it, in order."""

    pdf: bytes
    content: Mapping[str, list[str]]


def press(
    texts: Sequence[str],
    chapters: Sequence[Chapter],
    data: Mapping[str, Any],
    files: Mapping[str, bytes],
    seconds: int,
) -> Printed:
    """Print `texts`, one for each of `chapters`, which call functions of book.typ.

    `data` is what book.typ prints around them; `files` are pictures and attachments by the names that the
    texts and the data give them. Raises NoGlyphs or Fault.
    """
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        root = Path(folder)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        (root / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        try:
            return Press(root, texts, chapters, data).printed(seconds)
        except Fault as fault:
            if NO_GLYPH not in str(fault):
                raise
            raise NoGlyphs(missing(root, "".join(texts) + json.dumps(data, ensure_ascii=False))) from fault


class Press:
    """The volumes of one book, in the folder `root`, and on which page of it stands each label."""

    def __init__(
        self, root: Path, texts: Sequence[str], chapters: Sequence[Chapter], data: Mapping[str, Any]
    ) -> None:
        self.root, self.data = root, data
        self.pages = guesses(texts, chapters)
        self.marks: dict[int, list[str]] = {}  # Labels made up for the marks of the index, by their term.
        self.single = volumes(texts, chapters, [[number] for number in range(len(chapters))])
        self.inner = volumes(texts, chapters, cut(texts, chapters))
        self.front, self.back = outer_volumes(texts, data)
        self.all = [self.front, *self.inner, *self.back]
        for volume in [*self.all, *self.single]:
            (root / f"{volume.name}.typ").write_text(volume.text, encoding="utf-8")

    def printed(self, seconds: int) -> Printed:
        self.try_all()
        for _ in range(ROUNDS):
            # The contents come last, for the headings of the index are known only when it is printed.
            stale = self.stale([*self.inner, *self.back]) or self.stale([self.front])
            if not stale:
                return self.bound()
            for volume in stale:
                volume.printed = self.write(volume)
            stale.sort(key=lambda volume: len(volume.text), reverse=True)  # The longest first.
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                reports = pool.map(lambda volume: printed(self.root, volume.name, seconds), stale)
                for volume, report in zip(stale, reports, strict=True):
                    volume.report = report
            self.number(self.all)
        raise Fault("The pages of the book do not settle.")

    def try_all(self) -> None:
        """Find the paces of all chapters and of the contents, and about which pages they will have."""
        units = [self.front, *self.single]
        for volume in units:
            self.write(volume)
        batches = shares(units)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            tries = pool.map(lambda batch: tried(self.root, [volume.name for volume in batch]), batches)
            for batch, reports in zip(batches, tries, strict=True):
                for volume, report in zip(batch, reports, strict=True):
                    volume.report, volume.paces = report, report.paces
        self.number([*units, *self.back])
        for volume in self.inner:
            within = [self.single[number] for number in volume.chapters]
            volume.first = within[0].first
            volume.paces = {number: pace for single in within for number, pace in single.paces.items()}

    def stale(self, volumes: Sequence[Volume]) -> list[Volume]:
        return [volume for volume in volumes if volume.printed != self.data_of(volume)]

    def write(self, volume: Volume) -> dict[str, Any]:
        data = self.data_of(volume)
        (self.root / f"{volume.name}.json").write_text(json.dumps(data), encoding="utf-8")
        return data

    def number(self, volumes: Sequence[Volume]) -> None:
        """Note on which pages of the book everything is, if it consists of these volumes, as they are set."""
        before = count = 0
        self.marks = {}
        for volume in volumes:
            volume.first = before + 1
            if volume.report:
                volume.marks = {}
                for term, place in volume.report.index:
                    volume.marks[f"_index:{count}"] = place
                    self.marks.setdefault(term, []).append(f"_index:{count}")
                    count += 1
                self.pages |= {name: before + page for name, (page, _) in volume.places.items()}
                before += volume.report.pages

    def data_of(self, volume: Volume) -> dict[str, Any]:
        """What book.typ knows when it sets a volume."""
        points = volume.points
        index: list[tuple[str, list[str]]] = []
        if volume in self.back:
            titles = enumerate(self.data["index"])
            index = [(title, self.marks[term]) for term, title in titles if term in self.marks]
            points = [mark for _, marks in index for mark in marks]
        elif volume is self.front:
            reports = [other.report for other in [*self.inner, *self.back] if other.report]
            points = [name for report in reports for name, _ in report.headings]
        return {
            **self.data,
            "front": volume is self.front,
            "chapters": volume.chapters,
            "index": index,
            "first": volume.first,
            "here": volume.here,
            "wanted": volume.wanted,
            "paces": volume.paces,
            "pages": {name: self.pages[name] for name in points if name in self.pages},
            "elsewhere": ELSEWHERE,
        }

    def bound(self) -> Printed:
        parts = []
        for volume in self.all:
            known = volume.printed["pages"]
            away = {n: page for n, page in known.items() if n.partition(":")[0] not in volume.here}
            places = {} if volume is self.front else volume.places
            parts.append(Part(self.root / f"{volume.name}.pdf", places, away))
        content: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for volume in self.inner:
            for kind, found in (volume.report.content if volume.report else {}).items():
                content[kind] += [name.removeprefix(ELSEWHERE) for name in found]
        return Printed(bound(parts), content)
