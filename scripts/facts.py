"""Facts that the finished pages no longer state: for a table of facts, the sentence and its citation.

Each row of the table names a page below docs/, an anchor on it, the key that the sentence must cite, and
words by which the sentence is recognised. `tests/site/` uses the same functions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from site_sentences import Sentence, sentences_at
from warning_lights.core.findings import Finding

TABLE = "tests/site/facts.csv"


def read_rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def built_path(page: str) -> str:
    """The file that a page of docs/ becomes."""
    stem = page.removesuffix(".md")
    return f"{stem}.html" if stem == "index" or stem.endswith("/index") else f"{stem}/index.html"


def fault_of(row: Mapping[str, str], site: Path) -> str:
    """Why a fact is not stated in the built `site`, as the end of a sentence; "" where it is."""
    path = site / built_path(row["page"])
    if not path.is_file():
        return "whose page is missing"
    sentences = sentences_at(LexborHTMLParser(read(path)), row["anchor"])
    said: list[Sentence] = [one for one in sentences if one.says(row.get("words") or "")]
    if not sentences:
        return f"whose section #{row['anchor']} is missing"
    if not said:
        return f"which no sentence of #{row['anchor']} states any more in these words: {row['words']}"
    return (
        "" if any(one.cites(row["citation"]) for one in said) else f"which no longer cites {row['citation']}"
    )


def findings(root: Path, site: Path, removed: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """A notice for each fact on a page with removed lines (path -> lines) that the site has lost."""
    table = root / TABLE
    if not table.is_file():
        return
    for number, row in enumerate(read_rows(table), start=2):
        file = f"docs/{row['page']}"
        if file in removed and (why := fault_of(row, site)):
            place = f"{TABLE}, line {number}"
            message = (
                f"This page stated fact {row['fact']} ({place}), {why}. If the new sentence says the same, "
                "you need not do anything: a maintainer updates the table."
            )
            yield Finding(file, line_of(root / file, row["anchor"]), 0, message, "warning")


def line_of(page: Path, anchor: str) -> int:
    """The line of the heading with this anchor, or 1."""
    lines = page.read_text(encoding="utf-8", errors="replace").splitlines() if page.is_file() else []
    wanted = anchor.replace("-", "")
    for number, line in enumerate(lines, start=1):
        if line.startswith("#") and "".join(filter(str.isalnum, line.lower())) == wanted:
            return number
    return 1
