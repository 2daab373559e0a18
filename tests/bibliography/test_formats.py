"""Files as BibLaTeX, Better BibTeX, Zotero and JabRef write them are read without a false finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from pybtex.database import parse_string

from conftest import STYLE
from warning_lights.bibliography import lint, references
from warning_lights.bibliography.bibtex import BrokenEntry, scan
from warning_lights.bibliography.clean import clean_entries

FILES = sorted((Path(__file__).parent / "formats").glob("*.bib"))
# Each was read by hand, and is true: a set is no work of its own on this site.
TRUE = {
    "biblatex.bib:49:6: stdmodel is a set, not a work. Cite its members: [@glashow; @weinberg].",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_finding_is_false(path: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8")}
    clean, findings = clean_entries(texts)
    made, faults = references.load(parse_string(clean, "bibtex").entries, clean, texts, STYLE)
    assert {str(finding) for finding in [*lint.lint(texts), *findings]} <= TRUE
    assert faults == {}
    works = [
        e.key
        for e in scan(texts[path.name])
        if not isinstance(e, BrokenEntry) and e.type not in {"set", "xdata"}
    ]
    assert sorted(made) == sorted(works)


def test_there_are_entries_enough() -> None:
    assert sum(len(scan(path.read_text(encoding="utf-8"))) for path in FILES) >= 60
