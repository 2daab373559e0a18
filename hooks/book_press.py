"""The volumes of the book are printed, several at once, until they agree on the numbers of their pages.

Each is first tried, with a guess at the pages that it points to, to see how many pages it has itself, and
where on them stands what others point to; then it is printed, with the right numbers. Where something has
moved by that, it is printed again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from book_bind import ELSEWHERE, Part, bound
from book_pages import Chapter
from book_typeset import KINDS, NO_GLYPH, Fault, NoGlyphs, Report, missing, printed, tried
from book_volumes import Volume, guesses, inner_volumes, outer_volumes

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
        self.inner = inner_volumes(texts, chapters)
        self.front, self.back = outer_volumes(texts, data)
        self.all = [self.front, *self.inner, *self.back]
        for volume in self.all:
            (root / f"{volume.name}.typ").write_text(volume.text, encoding="utf-8")

    def printed(self, seconds: int) -> Printed:
        self.each([self.front, *self.inner], lambda volume: tried(self.root, volume.name, volume.chapters))
        for _ in range(ROUNDS):
            # The contents come last, for the headings of the index are known only when it is printed.
            stale = self.stale([*self.inner, *self.back]) or self.stale([self.front])
            if not stale:
                return self.bound()
            for volume in stale:
                volume.printed = self.data_of(volume)
            self.each(stale, lambda volume: printed(self.root, volume.name, seconds))
        raise Fault("The pages of the book do not settle.")

    def stale(self, volumes: Sequence[Volume]) -> list[Volume]:
        return [volume for volume in volumes if volume.printed != self.data_of(volume)]

    def each(self, volumes: Sequence[Volume], set: Callable[[Volume], Report]) -> None:
        """Set the volumes, the longest first, and note on which pages of the book all labels are now."""
        for volume in volumes:
            file = self.root / f"{volume.name}.json"
            file.write_text(json.dumps(self.data_of(volume)), encoding="utf-8")
        longest = sorted(volumes, key=lambda volume: len(volume.text), reverse=True)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for volume, report in zip(longest, pool.map(set, longest), strict=True):
                volume.report = report
        before = 0
        for volume in self.all:
            volume.first = before + 1
            self.pages |= {name: before + page for name, (page, _) in volume.places.items()}
            before += volume.report.pages if volume.report else 0

    def data_of(self, volume: Volume) -> dict[str, Any]:
        """What book.typ knows when it sets a volume."""
        points = volume.points
        index: list[tuple[str, list[str]]] = []
        if volume in self.back:
            marks: dict[int, list[str]] = {}
            for mark, term, _ in (mark for inner in self.inner for mark in inner.marks):
                marks.setdefault(term, []).append(mark)
            index = [(title, marks[n]) for n, title in enumerate(self.data["index"]) if n in marks]
            points = [mark for _, of_term in index for mark in of_term]
        elif volume is self.front:
            reports = [other.report for other in [*self.inner, *self.back] if other.report]
            points = [name for report in reports for name, _ in report.headings]
        return {
            **self.data,
            "front": volume is self.front,
            "index": index,
            "first": volume.first,
            "here": volume.here,
            "wanted": volume.wanted,
            "paces": volume.report.paces if volume.report else {},
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
