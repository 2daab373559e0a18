"""Cut, doubled, swapped and unbalanced .bib and CSV files: nothing raises, and each finding names a line.

By hand, for more: MUTATIONS=2000 python -m pytest tests/bibliography/test_mutations.py
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

from pybtex.database import parse_string
from pybtex.exceptions import PybtexError

from conftest import ROOT
from mutate import mutated
from warning_lights.bibliography import exports, lint, passages, reports
from warning_lights.bibliography.bibtex import latex_to_text, scan
from warning_lights.bibliography.clean import clean_entries
from warning_lights.bibliography.pandoc import run_pandoc

TIMES = int(os.environ.get("MUTATIONS", "60"))
BIBLIOGRAPHY = ROOT / "bibliography"
# The forms that exports of reference managers have.
EXPORTED = r"""
@string{jour = "Journal of {\"O}ther Things"}
@comment{jabref-meta: databaseType:biblatex;}
@article{doe_things_2020,
	title = {On {F}-16s, 31\% of \$4 and {\"o}thers: {A} ``quoted'' Title},
	author = {family=Reed, given=Ida, prefix=van der, useprefix=true and {Outlet, Inc.} and M{\"u}ller, J.},
	journal = jour # " (Supplement)", month = jan, year = 2020,
	doi = {10.1000/a_b(c)}, url = {https://example.org/a%20b_c}, file = {:C\:\\Users\\me\\a.pdf:PDF},
	abstract = {With 50% & {braces}
  over = {lines}}, keywords = {a, b}
}
@xdata{shared, publisher = {Press}, location = {Oslo}}
@book(Agency(2022), editor = {Doe, A. and others}, title = "A {"}Book{"}", date = {1999/..}, xdata = {shared})
@incollection{chapter, crossref = {Agency2022}, title = {Тоҷикистон 中国 داعش}, pages = {9--20},}
@set{both, entryset = {chapter, doe_things_2020}}
"""


def samples(pattern: str) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(BIBLIOGRAPHY).rglob(pattern))]
    return ["\n".join(text.split("\n")[:60]) for text in texts]


def test_no_bib_file_makes_a_reader_raise() -> None:
    chance, texts = random.Random(1), [EXPORTED, EXPORTED, *samples("*.bib")]
    for number in range(TIMES):
        text = mutated(chance.choice(texts), chance)
        clean, faults = clean_entries({"a.bib": text})
        findings = [*lint.lint({"a.bib": text}), *faults]
        assert all(finding.line > 0 and finding.file == "a.bib" for finding in findings), text
        try:
            loaded = parse_string(clean, "bibtex")
        except PybtexError as error:
            raise AssertionError(f"{error}\n{clean}") from error
        for entry in loaded.entries.values():
            assert all(isinstance(latex_to_text(value), str) for value in entry.fields.values())
        if number % 10 == 0:  # Slow: a program of its own each time.
            items = re.findall(r'"id":', run_pandoc(clean, "--from=biblatex", "--to=csljson"))
            assert len(items) == len(loaded.entries), clean
            exports.export_entries([text], clean)


def test_no_csv_file_makes_a_reader_raise() -> None:
    chance, texts = random.Random(2), samples("*.csv")
    keys = {entry.key for text in samples("*.bib") for entry in scan(text) if hasattr(entry, "key")}
    for _ in range(TIMES):
        text = mutated(chance.choice(texts), chance)
        _, findings = reports.parse(text, "a.csv", keys)
        _, problems = passages.parse("a", text)
        assert all(line > 0 for line in [*(f.line for f in findings), *(problem[0] for problem in problems)])
