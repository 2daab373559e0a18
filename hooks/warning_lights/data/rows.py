"""Citations in the cells of a table of docs/data/: checked where they stand, and joined to a sentence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from warning_lights.bibliography.files import Keys
from warning_lights.bibliography.locators import Places
from warning_lights.core.findings import nearest
from warning_lights.core.table import Cell, Problem
from warning_lights.notes import syntax
from warning_lights.notes.syntax import CITED, NotACitation

BRACKETS = re.compile(r"\[(?P<inner>[^\[\]]*)\]")


def citation_problems(cell: Cell, known: Collection[str]) -> Iterator[Problem]:
    """What is wrong with a cell that must hold `[@key, locator]`, one or several of them."""
    found = list(BRACKETS.finditer(cell.value))
    if not found:
        yield cell.line, cell.column, "No citation. Write one as on a page: [@key, para. 3]."
    elif rest := BRACKETS.sub("", cell.value).strip(" ,;"):
        yield cell.line, cell.column, f"“{rest}” stands beside the citations. Put it inside the brackets."
    for m in found:
        place = cell.line, cell.column + m.start()
        try:
            cites = syntax.parse(m["inner"])
        except NotACitation as error:
            yield *place, f"{m[0]}: “{error}” names no key."
            continue
        places = known.places if isinstance(known, Keys) else Places({})
        for cite in cites:
            if known and cite.key not in known:
                near = nearest(cite.key, sorted(known))
                hint = f" Did you mean [@{near}]?" if near else ""
                yield *place, f"[@{cite.key}] is not in the bibliography.{hint}"
            if message := places.fault(cite.key, cite.locator, cite.suffix):
                yield cell.line, cell.column + cell.value.find(cite.written, m.start()), message


def with_citations(sentence: str, citations: str) -> str:
    """The sentence with its citations before the full stop, as on a page."""
    if not citations:
        return sentence
    m = re.search(r"[.!?…]\Z", sentence)
    return f"{sentence[: m.start()]} {citations}{m[0]}" if m else f"{sentence} {citations}"


def plain(markdown: str) -> str:
    """A sentence of Markdown without its signs: for a tooltip, a label, an attribute."""
    text = BRACKETS.sub(lambda m: "" if CITED.search(m["inner"]) else m[0], markdown)
    text = re.sub(r"\[([^\[\]]*)\]\([^()\s]*\)", r"\1", text)
    text = re.sub(r"(?<!\w)([*_]{1,2})(?=\S)(.+?)(?<=\S)\1(?!\w)", r"\2", text)
    return " ".join(re.sub(r"\\([^\w\s])", r"\1", text).replace(" .", ".").split())
