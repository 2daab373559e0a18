"""The terms of the glossary: rows of docs/data/glossary.csv in, terms out, or what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from warning_lights.core.fragments import slug
from warning_lights.core.html import invert_name
from warning_lights.core.names import guess
from warning_lights.core.table import Problem, Row, parse_table, split_values
from warning_lights.data import rows

COLUMNS = ("term", "kind", "definition", "aliases", "citations")
# A name is written as it is, a term of the language also with a capital.
KINDS = ("person", "organisation", "media", "place", "term")


@dataclass(frozen=True)
class Options:
    kinds: list[str] = field(default_factory=lambda: [*KINDS])  # Of terms that pages link to.
    skip: list[str] = field(default_factory=list)  # Pages without such links.


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
        return slug(self.name)

    @property
    def listed_name(self) -> str:
        """The name in the list: that of a person by the last part, if this is a name of its own."""
        return invert_name(self.name, self.aliases)

    @property
    def sort_key(self) -> tuple[str, str]:
        """Its place in the alphabet, for which an article and an accent do not count."""
        plain = unicodedata.normalize("NFKD", self.listed_name).casefold()
        return re.sub(r"^(?:al|el)[- ]|[^\w ]", "", plain), self.name

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


def read(text: str, known: Collection[str]) -> tuple[list[Term], list[Problem]]:
    """All terms by alphabet, and what is wrong; a row without kind or definition is left out."""
    table = parse_table(text, COLUMNS)
    problems = list(table.problems)
    terms: list[Term] = []
    names: dict[str, int] = {}
    slugs: set[str] = set()
    for row in table.rows:
        wrong = list(rows.citation_problems(row["citations"], known))
        problems += [*row_problems(row, names), *wrong]
        term = term_of_row(row, cited=not wrong)
        for name in term.names:
            names.setdefault(name, term.line)
        if term.slug and term.slug not in slugs and term.kind in KINDS and term.definition:
            slugs.add(term.slug)
            terms.append(term)
    return sorted(terms, key=lambda term: term.sort_key), problems


def term_of_row(row: Row, *, cited: bool) -> Term:
    citations = row["citations"].value if cited else ""
    name, kind, definition = (row[column].value for column in ("term", "kind", "definition"))
    return Term(name, kind, definition, split_values(row["aliases"].value), citations, row["term"].line)


def row_problems(row: Row, names: dict[str, int]) -> Iterator[Problem]:
    """What is wrong with a row, its citations apart; `names` has the line of each name above it."""
    term, kind, definition, aliases = (row[column] for column in COLUMNS[:4])
    if not re.search(r"\w", term.value):
        yield term.problem("The row has no term.")
    if kind.value not in KINDS:
        hint = guess(kind.value, KINDS) or f" There are {', '.join(KINDS)}."
        yield kind.problem(f"“{kind.value}” is not a kind of term.{hint}")
    yield from rows.sentence_problems(definition, "definition")
    own: set[str] = set()
    for cell, name in [(term, term.value), *((aliases, name) for name in split_values(aliases.value))]:
        if name in names:
            yield cell.problem(f"{name} is a name of the term in line {names[name]} already.")
        if name in own:
            yield cell.problem(f"{name} is named twice.")
        own.add(name)


def glossary_markdown(terms: Iterable[Term]) -> Iterator[str]:
    """Markdown: the letters, then a list of definitions for each; `data-occurs` is filled in later."""
    groups = groupby(terms, lambda term: term.sort_key[0][:1])
    letters = [(letter.upper(), list(group)) for letter, group in groups]
    links = " ".join(f'<a href="#letter-{letter.lower()}">{letter}</a>' for letter, _ in letters)
    yield f'<p class="letters web-only">{links}</p>\n'
    for letter, listed in letters:
        yield f'<p class="letter" id="letter-{letter.lower()}">{letter}</p>\n'
        yield '<dl class="glossary" markdown="block">'
        for term in listed:
            other = [name for name in term.aliases if not term.listed_name.startswith(f"{name}, ")]
            also = "; ".join(name for name in term.names if name != term.listed_name)
            named = f' data-also="{escape(also)}"' if also else ""
            shown = f' <span class="also">({", ".join(map(escape, other))})</span>' if other else ""
            name = escape(term.listed_name)
            yield f'<dt id="term-{term.slug}" data-kind="{term.kind}"{named}>{name}{shown}</dt>'
            yield '<dd markdown="block">\n'
            yield f"{rows.with_citations(term.definition, term.citations)}\n"
            yield f'<p class="occurs" data-occurs="{term.slug}"></p>\n'
            yield "</dd>"
        yield "</dl>\n"
