"""The book is cut into volumes, each set by itself.

Set in one piece, a book takes time and memory that grow faster than it does. A cut is made only where a
heading of the first level begins, so that each volume has a whole branch of the contents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from book_labels import label
from book_paces import CONTENTS
from book_pages import Chapter
from book_typeset import Place, Report

ENOUGH = 80_000  # Letters of Typst in a volume: to one with more, no chapter is added.
PAGE = 7_200  # Letters of Typst on a page, roughly.
OPENING = 4  # Pages before the first chapter, roughly.

START = '#import "book.typ": *\n#show: book\n\n'
END_OF_CHAPTER = "\n\n#end-of-chapter\n"
LABEL = re.compile(r"<([\w.:-]+)>")
LABELLED = re.compile(r"[\])]<([\w.:-]+)>")
POINTER = re.compile(r"#(?:page|number|place)-link\(<[\w.:-]+>\)|#cited-at\(\((?:<[\w.:-]+>, )+\)\)")
HEADING = re.compile(r"^#(?:chapter|heading)\(.*", re.MULTILINE)
CODE = re.compile(r"^(```+).*?^\1", re.MULTILINE | re.DOTALL)
INDEXED = re.compile(r"#metadata\(\d+\)<index>")


@dataclass
class Volume:
    """Chapters, by their numbers, or what stands before or after all of them.

    `here` are the names of its chapters, with which all labels in it begin; `wanted` are the labels in it
    that are pointed to, and `points` those that it points to itself. The rest is known when it is set:
    `first` is the number of its first page in the book, `printed` the data that it was printed with.
    """

    name: str
    text: str
    chapters: Sequence[int] = ()
    here: Sequence[str] = ()
    wanted: Sequence[str] = ()
    points: Sequence[str] = ()
    first: int = 1
    report: Report | None = None
    printed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, Place]:
        """Where in it stands what others point to, by label."""
        if self.report is None:
            return {}
        wanted = dict(zip(self.wanted, self.report.places, strict=True))
        return wanted | dict(self.report.headings) | {mark: place for mark, _, place in self.marks}

    @property
    def marks(self) -> list[tuple[str, int, Place]]:
        """A label made up for each mark of the index in it, the number of its term, and its place."""
        index = self.report.index if self.report else ()
        return [(f"index-{self.name}:{n}", term, place) for n, (term, place) in enumerate(index)]


def inner_volumes(texts: Sequence[str], chapters: Sequence[Chapter]) -> list[Volume]:
    """The chapters, whose `texts` call functions of book.typ, in order."""
    groups: list[list[int]] = []
    for number, chapter in enumerate(chapters):
        part = chapters[number - 1].parts[:1] if number else ()
        begins = not chapter.parts or chapter.parts[:1] != part
        if not groups or (begins and sum(len(texts[n]) for n in groups[-1]) > ENOUGH):
            groups.append([])
        groups[-1].append(number)
    volumes: list[Volume] = []
    for group in groups:
        text = "".join(texts[number] + END_OF_CHAPTER for number in group)
        points = sorted({name for call in POINTER.findall(text) for name in LABEL.findall(call)})
        here = [label(chapters[number].url) for number in group]
        volumes.append(Volume(f"volume-{len(volumes)}", START + text, group, here, points=points))
    pointed = sorted({name for volume in volumes for name in volume.points})
    for volume in volumes:
        volume.wanted = [name for name in pointed if name.partition(":")[0] in volume.here]
    return volumes


def outer_volumes(texts: Sequence[str], data: Mapping[str, Any]) -> tuple[Volume, list[Volume]]:
    """Cover and contents, and abbreviations and index, if there are any.

    For the contents, the first repeats the calls that make the headings of all the others.
    """
    closing = ["#abbreviations-heading"] if data["abbreviations"] else []
    closing += ["#index-heading"] if any(map(INDEXED.search, texts)) else []
    headings = [call for text in texts for call in HEADING.findall(CODE.sub("", text))] + closing
    front = Volume("front", START + "#cover\n#contents[\n" + "\n\n".join(headings) + "\n]\n", [CONTENTS])
    return front, [Volume("back", START + "#closing\n", here=["closing"])] if closing else []


def guesses(texts: Sequence[str], chapters: Sequence[Chapter]) -> dict[str, int]:
    """On which page of the book each label may stand: good enough for the number of its digits."""
    pages = {}
    first = OPENING
    for text, chapter in zip(texts, chapters, strict=True):
        pages[label(chapter.url)] = first
        for m in LABELLED.finditer(text):
            pages[m[1]] = first + m.start() // PAGE
        first += 1 + len(text) // PAGE
    return pages
