"""The cells of a table of docs/data/: their citations and their words, checked where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from warning_lights.bibliography.destinations import Places
from warning_lights.bibliography.files import KnownKeys
from warning_lights.core.names import guess
from warning_lights.core.table import Cell, Problem, Row, split_values
from warning_lights.notes import syntax
from warning_lights.notes.syntax import CITED, NotACitation

# Column -> value -> how it is shown; such a column may have no other value.
Values = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Options:
    values: dict[str, list[str] | dict[str, str]] = field(default_factory=dict)  # As `vocabulary` takes them.


BRACKETS = re.compile(r"\[(?P<inner>[^\[\]]*)\]")


def citation_problems(cell: Cell, known: Collection[str]) -> Iterator[Problem]:
    """What is wrong with a cell that must hold `[@key, locator]`, one or several of them."""
    found = list(BRACKETS.finditer(cell.value))
    if not found:
        yield cell.problem("No citation. Write one as on a page: [@key, para. 3].")
    elif rest := BRACKETS.sub("", cell.value).strip(" ,;"):
        yield cell.problem(f"“{rest}” stands beside the citations. Put it inside the brackets.")
    for m in found:
        yield from bracket_problems(cell, m, known)


def has_citation(cell: Cell) -> bool:
    """Whether a cell of running text has a citation."""
    return any(CITED.search(m["inner"]) for m in BRACKETS.finditer(cell.value))


def citation_problems_in_text(cell: Cell, known: Collection[str]) -> Iterator[Problem]:
    """What is wrong with the citations in a cell of running text, where other brackets may stand."""
    for m in BRACKETS.finditer(cell.value):
        if CITED.search(m["inner"]):
            yield from bracket_problems(cell, m, known)


def bracket_problems(cell: Cell, bracket: re.Match[str], known: Collection[str]) -> Iterator[Problem]:
    place = cell.line, cell.column + bracket.start()
    try:
        found = syntax.parse(bracket["inner"])
    except NotACitation as error:
        yield *place, f"{bracket[0]}: “{error}” names no key."
        return
    places = known.places if isinstance(known, KnownKeys) else Places({})
    for cite in found:
        if known and cite.key not in known:
            hint = guess(cite.key, sorted(known), "[@{}]")
            yield *place, f"[@{cite.key}] is not in the bibliography.{hint}"
        if message := places.locator_fault(cite.key, cite.locator, cite.suffix):
            yield cell.line, cell.column + cell.value.find(cite.written, bracket.start()), message


def vocabulary(option: Mapping[str, Any]) -> Values:
    """The site's option as Values; a list of words stands for words that are shown as they are."""
    return {
        column: {str(word): str(words[word] if isinstance(words, Mapping) else word) for word in words}
        for column, words in option.items()
    }


def value_problems(row: Row, values: Values) -> Iterator[Problem]:
    """The values that their columns may not have; a cell may hold several, with `;` between them."""
    for column, allowed in values.items():
        for value in split_values(row[column].value) if column in row else ():
            if value not in allowed:
                hint = guess(value, allowed) or f" There are {', '.join(allowed)}."
                yield row[column].problem(f"“{value}” is not a known {column}.{hint}")


def sentence_problems(cell: Cell, name: str) -> Iterator[Problem]:
    if not re.search(r"\w.*[.!?…][”’)]?\Z", cell.value):
        yield cell.problem(f"The {name} must be a sentence that ends with a full stop.")


def with_citations(sentence: str, citations: str) -> str:
    """The sentence with its citations before the full stop, as on a page."""
    if not citations:
        return sentence
    m = re.search(r"[.!?…]\Z", sentence)
    return f"{sentence[: m.start()]} {citations}{m[0]}" if m else f"{sentence} {citations}"


def without_citations(text: str) -> str:
    return BRACKETS.sub(lambda m: "" if CITED.search(m["inner"]) else m[0], text)


def plain_text(markdown: str) -> str:
    """A sentence of Markdown without its markup: for a tooltip, a label, an attribute."""
    text = re.sub(r"\[([^\[\]]*)\]\([^()\s]*\)", r"\1", without_citations(markdown))
    text = re.sub(r"(?<!\w)([*_]{1,2})(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return " ".join(re.sub(r"\\([^\w\s])", r"\1", text).replace(" .", ".").split())
