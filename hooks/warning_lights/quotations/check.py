"""The quotations of pages, tables and bibliographies, compared with the ledger of verified ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from warning_lights.bibliography.bibtex import valid_entries
from warning_lights.core.findings import Finding
from warning_lights.quotations import extract
from warning_lights.quotations import ledger as quote_ledger
from warning_lights.quotations.extract import Quotation
from warning_lights.quotations.ledger import BrokenLedger, Entry

READERS = {
    ".md": extract.page_quotations,
    ".csv": extract.table_quotations,
    ".bib": extract.bibliography_quotations,
}


@dataclass(frozen=True)
class Options:
    ledger: str = "bibliography/quotations.yml"
    copied_words: int = 8  # In a row, the same as in a source, outside quotation marks.


def collect_quotations(texts: Mapping[str, str]) -> dict[str, list[Quotation]]:
    """All quotations by file; titles of the .bib files among `texts` are not quotations."""
    known = work_titles(text for path, text in texts.items() if path.endswith(".bib"))
    return {path: READERS[Path(path).suffix](text, known) for path, text in texts.items()}


def work_titles(bibliographies: Iterable[str]) -> set[str]:
    """Every title and subtitle, braces included, alone and joined."""
    found = set()
    for text in bibliographies:
        for entry in valid_entries(text):
            if "title" not in entry.fields:
                continue
            parts = [entry.fields[n].value for n in ("title", "subtitle") if n in entry.fields]
            found |= {*parts, ": ".join(parts), *parts[0].split(" | ")}
    return found


def check(found: Mapping[str, list[Quotation]], path: Path, ledger_file: str) -> Iterator[Finding]:
    """What is wrong with the quotations, and which entries of the ledger at `path` nothing uses any more.

    `ledger_file` is how a writer knows the ledger.
    """
    try:
        ledger = quote_ledger.read(path)
    except BrokenLedger as error:
        yield error.finding(ledger_file)
        return
    used: set[Entry] = set()
    for file, quotations in found.items():
        for quotation in quotations:
            entry, message = quote_ledger.compare(quotation, ledger)
            if entry:
                used.add(entry)
            else:
                yield Finding(file, quotation.line, quotation.column, message)
    for source in ledger:
        for entry in source.quotations:
            if entry not in used:
                message = f"No page quotes “{entry.text}” any more. Remove the entry."
                yield Finding(ledger_file, entry.line, 1, message, severity="warning")
