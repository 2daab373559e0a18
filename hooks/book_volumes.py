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
SHARE = 100_000  # Letters of Typst that are tried in one process, or as much more as its last chapter has.
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
    `first` is the number of its first page in the book, `paces` are those of its chapters (see
    book_paces.py), `marks` are those of the index in it with labels made up for them, and `printed` is the
    data that it was printed with.
    """

    name: str
    text: str
    chapters: Sequence[int] = ()
    here: Sequence[str] = ()
    wanted: Sequence[str] = ()
    points: Sequence[str] = ()
    first: int = 1
    paces: Mapping[str, int] = field(default_factory=dict)
    report: Report | None = None
    marks: dict[str, Place] = field(default_factory=dict)
    printed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def places(self) -> dict[str, Place]:
        """Where in it stands what others point to, by label."""
        if self.report is None:
            return {}
        wanted = zip(self.wanted, self.report.places, strict=True)
        return dict(wanted) | dict(self.report.headings) | self.marks


def volumes(
    texts: Sequence[str], chapters: Sequence[Chapter], groups: Sequence[Sequence[int]]
) -> list[Volume]:
    """A volume for each group of chapters, which are given by their numbers.

    `texts` are those of all chapters, and call functions of book.typ.
    """
    names = [label(chapter.url) for chapter in chapters]
    points = [[name for call in POINTER.findall(text) for name in LABEL.findall(call)] for text in texts]
    wanted: dict[str, list[str]] = {name: [] for name in names}
    for pointed in sorted({name for of_chapter in points for name in of_chapter}):
        wanted[pointed.partition(":")[0]].append(pointed)
    return [
        Volume(
            name=f"chapters-{group[0]}-{group[-1]}",
            text=START + "".join(texts[number] + END_OF_CHAPTER for number in group),
            chapters=group,
            here=[names[number] for number in group],
            wanted=[pointed for number in group for pointed in wanted[names[number]]],
            points=sorted({name for number in group for name in points[number]}),
        )
        for group in groups
    ]


def cut(texts: Sequence[str], chapters: Sequence[Chapter]) -> list[list[int]]:
    """The numbers of the chapters, as they go into volumes to be printed."""
    groups: list[list[int]] = []
    for number, chapter in enumerate(chapters):
        part = chapters[number - 1].parts[:1] if number else ()
        begins = not chapter.parts or chapter.parts[:1] != part
        if not groups or (begins and sum(len(texts[n]) for n in groups[-1]) > ENOUGH):
            groups.append([])
        groups[-1].append(number)
    return groups


def outer_volumes(texts: Sequence[str], data: Mapping[str, Any]) -> tuple[Volume, list[Volume]]:
    """Cover and contents, and abbreviations and index, if there are any.

    For the contents, the first repeats the calls that make the headings of all the others.
    """
    closing = ["#abbreviations-heading"] if data["abbreviations"] else []
    closing += ["#index-heading"] if any(map(INDEXED.search, texts)) else []
    headings = [call for text in texts for call in HEADING.findall(CODE.sub("", text))] + closing
    front = Volume("front", START + "#cover\n#contents[\n" + "\n\n".join(headings) + "\n]\n", [CONTENTS])
    return front, [Volume("back", START + "#closing\n", here=["_closing"])] if closing else []


def shares(units: Sequence[Volume]) -> list[list[Volume]]:
    """Units in batches of which each has about as much text as a volume, the largest first."""
    batches: list[list[Volume]] = []
    for unit in units:
        if not batches or sum(len(other.text) for other in batches[-1]) > SHARE:
            batches.append([])
        batches[-1].append(unit)
    return sorted(batches, key=lambda batch: sum(len(unit.text) for unit in batch), reverse=True)


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
