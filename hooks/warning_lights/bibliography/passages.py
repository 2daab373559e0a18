"""The citable places of a source: `para. 3`, `nn. 4–6`, `item 2, para. 3`, `abstract`; and the words of each.

`bibliography/passages/<key>.csv` holds one place a row. A row without words stands for all rows below its
locator: `item 2` begins with `item 2, para. 1` and ends with the last paragraph of that item.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from io import StringIO

from warning_lights.core.table import Problem, parse_table

COLUMNS = ("locator", "paragraph", "entry", "names", "prefix", "start", "end", "suffix")
NOUNS = {"para.": "paragraph", "n.": "note", "fig.": "figure", "p.": "page", "sec.": "section"}
# The spelling of each locator for one and for several, and the words that Pandoc takes for it (CSL terms).
LABELS = {
    ("bk.", "bks."): "book books bk. bks.",
    ("chap.", "chaps."): "chapter chapters chap. chaps. ch. chs.",
    ("col.", "cols."): "column columns col. cols.",
    ("fig.", "figs."): "figure figures fig. figs.",
    ("fol.", "fols."): "folio folios fol. fols.",
    ("l.", "ll."): "line lines l. ll.",
    ("n.", "nn."): "note notes n. nn.",
    ("no.", "nos."): "number numbers no. nos.",
    ("op.", "opp."): "opus op. opp.",
    ("p.", "pp."): "page pages p. pp.",
    ("para.", "paras."): "paragraph paragraphs para. paras. ¶ ¶¶",
    ("pt.", "pts."): "part parts pt. pts.",
    ("sec.", "secs."): "section sections sec. secs. § §§",
    ("s.v.", "s.vv."): "s.v. s.vv.",
    ("v.", "vv."): "verse verses v. vv.",
    ("vol.", "vols."): "volume volumes vol. vols.",
}
NUMBERED_LOCATOR = re.compile(r"(?P<label>.*?[^\s\d,]+) (?P<number>\d+|[a-z])")


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
class Source:
    """All places of one source, by locator, in the order of the source."""

    key: str
    passages: Mapping[str, Passage] = field(default_factory=dict)

    def passages_below(self, scope: str) -> list[Passage]:
        return [p for locator, p in self.passages.items() if locator.startswith(f"{scope}, ")]

    def span(self, locator: str) -> tuple[Passage, Passage]:
        """The first and the last row that a locator stands for."""
        passage = self.passages[locator]
        parts = [] if passage.start else self.passages_below(locator)
        return (parts[0], parts[-1]) if parts else (passage, passage)

    @cached_property
    def parts(self) -> dict[str, dict[str, list[str]]]:
        """Scope -> label -> numbers of the places directly below; under "" those with a name and no number.

        The whole source is the scope "": `{"": {"para.": ["1", "2"], "": ["abstract"]}}`.
        """
        found: dict[str, dict[str, list[str]]] = {}
        for locator in self.passages:
            scope, _, part = locator.rpartition(", ")
            label, _, number = part.rpartition(" ") if NUMBERED_LOCATOR.fullmatch(part) else ("", "", part)
            found.setdefault(scope, {}).setdefault(label, []).append(number)
        return found

    def numbers(self, scope: str) -> dict[str, list[str]]:
        """label -> numbers of the places directly below `scope`: `{"para.": ["1", "2"]}`."""
        return {label: numbers for label, numbers in self.parts.get(scope, {}).items() if label}

    def names(self, scope: str) -> list[str]:
        """The places directly below `scope` that have a name and no number, such as `abstract`."""
        return self.parts.get(scope, {}).get("", [])

    def extent(self, scope: str, label: str = "") -> str:
        """What can be cited: `11 paragraphs and caption`; of one kind, `notes 1–110 and a–k`."""
        numbers = self.numbers(scope)
        kinds = [extent_of_kind(each, numbers[each]) for each in numbers if label in {"", each}]
        return join_words(kinds if label else kinds + self.names(scope)) or "no places to cite"


def extent_of_kind(label: str, numbers: list[str]) -> str:
    """`11 paragraphs`, or with letters `notes 1–110 and a–k`."""
    noun = NOUNS.get(label, label)
    letters = [number for number in numbers if number.isalpha()]
    figures = len(numbers) - len(letters)
    if letters:
        ranges = [f"1–{figures}"] * bool(figures) + [f"{letters[0]}–{letters[-1]}"]
        return f"{noun}s {join_words(ranges)}"
    return f"{figures} {noun}{'' if figures == 1 else 's'}"


def join_words(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


@lru_cache(maxsize=32)  # One build asks for the same files several times.
def parse(key: str, text: str) -> tuple[Source, list[Problem]]:
    """The places in the file of the source `key`, and what is wrong in it as (line, column, message)."""
    table = parse_table(text, COLUMNS)
    problems = list(table.problems)
    passages: dict[str, Passage] = {}
    for row in table.rows:
        cell = row["locator"]
        if first := passages.get(cell.value):
            message = f"{cell.value} has a second row; first in line {first.line}."
            problems.append((cell.line, cell.column, message))
        else:
            passages[cell.value] = Passage(**{name: row[name].value for name in COLUMNS}, line=cell.line)
    source = Source(key, passages)
    for passage in passages.values():
        if not passage.start and not source.passages_below(passage.locator):
            problems.append((passage.line, 1, f"{passage.locator} has no words; see `make sources`."))
    return source, problems


def dump(source: Source) -> str:
    """The file of a source, as `parse` reads it."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(passage, name) for name in COLUMNS] for passage in source.passages.values())
    return out.getvalue()
