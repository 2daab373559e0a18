"""The terms of the glossary: rows of docs/data/glossary.csv in, terms out, or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape

from warning_lights.core.findings import nearest
from warning_lights.core.table import Cell, Problem, Row
from warning_lights.core.table import read as read_table
from warning_lights.data import rows

COLUMNS = ("term", "kind", "definition", "aliases", "citations")
# In the order of the page; a name is written as it is, a term of the language also with a capital.
HEADINGS = {
    "person": "People",
    "organisation": "Organisations",
    "media": "Media outlets",
    "place": "Places",
    "term": "Terms",
}


@dataclass(frozen=True)
class Term:
    name: str
    kind: str
    definition: str
    aliases: tuple[str, ...]
    citations: str
    line: int

    @property
    def slug(self) -> str:
        return "-".join(re.findall(r"\w+", self.name.lower()))

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


def read(text: str, known: Collection[str]) -> tuple[list[Term], list[Problem]]:
    """All terms by kind and alphabet, and what is wrong; a row without kind or definition is left out."""
    table = read_table(text, COLUMNS)
    problems = list(table.problems)
    terms: list[Term] = []
    names: dict[str, int] = {}
    slugs: set[str] = set()
    for row in table.rows:
        faults = list(row_problems(row, known, names))
        problems += faults
        term = made(row, cited=not list(rows.citation_problems(row["citations"], known)))
        for name in term.names:
            names.setdefault(name, term.line)
        if term.slug and term.slug not in slugs and term.kind in HEADINGS and term.definition:
            slugs.add(term.slug)
            terms.append(term)
    order = list(HEADINGS)
    terms.sort(key=lambda t: (order.index(t.kind), re.sub(r"^(al|el)-", "", t.name.casefold()), t.name))
    return terms, problems


def made(row: Row, *, cited: bool) -> Term:
    aliases = tuple(name for part in row["aliases"].value.split(";") if (name := part.strip()))
    citations = row["citations"].value if cited else ""
    name, kind, definition = (row[column].value for column in ("term", "kind", "definition"))
    return Term(name, kind, definition, aliases, citations, row["term"].line)


def row_problems(row: Row, known: Collection[str], names: dict[str, int]) -> Iterator[Problem]:
    term, kind, definition, aliases = (row[column] for column in COLUMNS[:4])
    if not re.search(r"\w", term.value):
        yield at(term, "The row has no term.")
    if kind.value not in HEADINGS:
        near = nearest(kind.value, HEADINGS)
        hint = f"Did you mean {near}?" if near else f"There are {', '.join(HEADINGS)}."
        yield at(kind, f"“{kind.value}” is no kind of term. {hint}")
    if not re.search(r"\w.*[.!?…][”’)]?\Z", definition.value):
        yield at(definition, "The definition must be a sentence that ends with a full stop.")
    own: set[str] = set()
    for cell, name in [(term, term.value), *((aliases, name.strip()) for name in aliases.value.split(";"))]:
        if name and name in names:
            yield at(cell, f"{name} is a name of the term in line {names[name]} already.")
        if name and name in own:
            yield at(cell, f"{name} is named twice.")
        own.add(name)
    yield from rows.citation_problems(row["citations"], known)


def at(cell: Cell, message: str) -> Problem:
    return cell.line, cell.column, message


def listing(terms: Iterable[Term]) -> Iterator[str]:
    """Markdown: for each kind a heading and a list of definitions; `data-occurs` is filled in later."""
    terms = list(terms)
    for kind, heading in HEADINGS.items():
        chosen = [term for term in terms if term.kind == kind]
        if not chosen:
            continue
        yield f"## {heading}\n"
        yield '<dl class="glossary" markdown="block">'
        for term in chosen:
            also = f' data-also="{escape("; ".join(term.aliases))}"' if term.aliases else ""
            shown = f' <span class="also">({", ".join(map(escape, term.aliases))})</span>' if also else ""
            yield f'<dt id="term-{term.slug}"{also}>{escape(term.name)}{shown}</dt>'
            yield '<dd markdown="block">\n'
            yield f"{rows.with_citations(term.definition, term.citations)}\n"
            yield f'<p class="occurs" data-occurs="{term.slug}"></p>\n'
            yield "</dd>"
        yield "</dl>\n"
