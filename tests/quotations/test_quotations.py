"""Quotations: found on a page, held against a source, kept in the ledger, measured for copying."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT, Build
from warning_lights.quotations import check as quotations
from warning_lights.quotations import copying, extract
from warning_lights.quotations import ledger as quote_ledger
from warning_lights.quotations.match import SearchableText

CASES = Path(__file__).parent / "cases"
LEDGER = """\
doe2020:
  files: [doe.txt]
  carries: ["doe-*"]
  quotations:
  - {text: the lamps were all lit at dusk, place: "@doe2020", verified: 2024-05-01}
  - {text: It rained. The lamps went out, place: "@doe2020", verified: 2024-05-01}
  - {text: "the lamps [of oil] burned until dawn", place: "@doe2020", verified: 2024-05-01}
  - {text: The lamps were put out. And all was dark., place: "@doe2020", verified: 2024-05-01}
  - {text: he called out ‘light them’ and went, place: "@doe2020", verified: 2024-05-01}
roe2021:
  quotations:
  - {text: the wind rose in the night, place: "@roe2021", verified: 2024-05-01}
"""
SOURCE = (
    "It rained. The lamps went out, and nobody knew why; the lamps were all lit at dusk, said Ann Doe "
    "of the Harbour Board of the Old Town, because the old master of the port had asked for it twice."
)
READERS: dict[str, Callable[..., list[extract.Quotation]]] = {
    "md": extract.page_quotations,
    "csv": extract.table_quotations,
    "bib": extract.bibliography_quotations,
}


@pytest.mark.parametrize("case", sorted((CASES / "quotations").glob("*.yml")), ids=lambda path: path.stem)
def test_page(case: Path) -> None:
    data: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    ledger = quote_ledger.load(LEDGER)
    titles = quotations.work_titles(["@book{b, title = {Lamps of the {Old Town}}, subtitle = {A history}}"])
    reports = []
    for quotation in READERS[data.get("kind", "md")](data["page"], titles):
        entry, message = quote_ledger.compare(quotation, ledger)
        if entry is None:
            reports.append(f"{quotation.line}:{quotation.column}: {message}")
    expected = data.get("reports", [])
    assert len(reports) == len(expected), reports
    for report, start in zip(reports, expected, strict=True):
        assert start in report


@pytest.mark.parametrize("case", sorted((CASES / "quote_match").glob("*.yml")), ids=lambda path: path.stem)
def test_match(case: Path) -> None:
    data: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    source = SearchableText(data["source"].replace("{filler}", "more " * data.get("filler", 0)))
    assert [quotation for quotation in data["holds"] if not source.contains(quotation)] == []
    for quotation, diff in data.get("refused", {}).items():
        assert not source.contains(quotation)
        if diff:
            assert source.nearest_diff(quotation) == diff


PIECES = ["the", "a", "lamps", "lit", "rose,", "night.", "Old", "[is]", "…", "3", "—", "’s", "“so”"]
WORDS = st.lists(st.sampled_from(PIECES), max_size=12)


@given(WORDS.map(" ".join))
@settings(deadline=None)
def test_every_passage_of_a_text_stands_in_it(text: str) -> None:
    words = text.split()
    source = SearchableText(text)
    for first in range(len(words)):
        passage = " ".join(words[first : first + 5])
        if any(c.isalnum() for c in passage.replace("[is]", "")):
            assert source.contains(passage)


@given(st.text(alphabet='“”"a b.|>-[@k]…\n‘’(<q>', max_size=60))
@settings(deadline=None, max_examples=400)
def test_no_page_makes_it_raise(page: str) -> None:
    for reader in (extract.page_quotations, extract.table_quotations):
        for quotation in reader(page):
            assert 0 <= quotation.start < quotation.end <= len(page)


@given(st.text(max_size=80), st.text(max_size=80))
@settings(deadline=None)
def test_no_text_makes_the_match_raise(quotation: str, text: str) -> None:
    source = SearchableText(text)
    source.contains(quotation)
    source.nearest_diff(quotation)


def test_the_ledger_is_written_as_it_was_read() -> None:
    ledger = quote_ledger.load(LEDGER)
    again = quote_ledger.load(quote_ledger.dump(ledger))
    assert [(s.key, s.files, s.carries) for s in again] == [(s.key, s.files, s.carries) for s in ledger]
    assert {q.text for s in again for q in s.quotations} == {q.text for s in ledger for q in s.quotations}
    assert quote_ledger.dump(again) == quote_ledger.dump(ledger)


@pytest.mark.parametrize(
    ("ledger", "message"),
    [
        ("a: [", "l.yml:1:5: This cannot be read as YAML: "),
        (
            "a:\n  files: [\xef.txt]\n",
            "l.yml:2:11: This is not UTF-8 (byte 0xef). Save the file as UTF-8.",
        ),
        ("a: \x07\n", "l.yml:1:4: YAML does not allow the character U+0007. Remove it."),
        ("a: 2024-13-01\n", "l.yml:1:1: A date is not valid: month must be in 1..12."),
        (
            "a:\n  quotations:\n  - {text: x, place: x, verified: 2024-01-01 10:00:00}\n",
            "l.yml:1:1: Each source needs files, carries and quotations",
        ),
        ("a:\n  quotations:\n  - text: x\n", "l.yml:1:1: Each source needs files, carries and quotations"),
        (
            "a:\n  quotations:\n  - {text: no page has this, place: x, verified: 2024-01-01}\n",
            "l.yml:3:1: No page quotes “no page has this” any more.",
        ),
    ],
)
def test_what_is_wrong_in_the_ledger_has_its_line(ledger: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "l.yml"
    path.write_text(ledger, encoding="latin-1")
    found = list(quotations.check({}, path, "l.yml"))
    assert [str(finding).startswith(message) for finding in found] == [True]


def measure(page: str, kind: str = "md") -> list[tuple[int, str, int]]:
    sources = {"doe2020": copying.index_words(SOURCE)}
    exempt = copying.exempt_names(["@book{b, title = {A B}, organization = {Harbour Board of the Old Town}}"])
    found = READERS[kind](page)
    runs = copying.measure(page, found, sources, exempt, kind=kind).runs.get("doe2020", [])
    return [(run.counted, run.text, run.line) for run in runs]


def test_nine_words_in_a_row_are_measured() -> None:
    copied = "because the old master of the port had asked"
    assert measure("A line.\n\nIt was done, **because** the old\nmaster of the port HAD asked. So.") == [
        (9, "because** the old master of the port HAD asked", 3)
    ]
    assert measure(f"He wrote “{copied} for it twice” [@doe2020].") == []
    assert measure(f"```\n{copied}\n```") == []
    assert measure("because the old master “of the port” had asked for it") == [
        (4, "because the old master", 1),
        (4, "had asked for it", 1),
    ]
    assert measure("the old master\n\nof the port") == []


def test_names_are_in_a_run_but_not_counted() -> None:
    assert measure("So Ann Doe of the Harbour Board of the Old Town, because the old man") == [
        (7, "Ann Doe of the Harbour Board of the Old Town, because the old", 1)
    ]


def test_tables_and_remarks_are_measured_too() -> None:
    row = 'id,text\na,"Here the lamps were all lit at dusk, truly."\n'
    assert measure(row, "csv") == [(7, "the lamps were all lit at dusk", 2)]
    bib = "@misc{a,\n  title = {the lamps were all lit at dusk},\n  annotation = {nobody knew why; the},\n}"
    assert measure(bib, "bib") == [(4, "nobody knew why; the", 3)]


PLUGIN = "plugins:\n  - bibtex:\n      bib_dir: bibliography\n      csl_file: bibliography/style.csl\n"
BIB = "@book{doe2020, author = {Doe, Ann}, title = {Lamps}, date = {2020}, publisher = {P}}\n"
CSL = (ROOT / "bibliography" / "style.csl").read_text(encoding="utf-8")
PAGE = "# Home\n\nShe said “the lamps were all lit at dusk” [@doe2020].\n"


def test_a_build_needs_the_ledger_and_the_command_writes_it(
    build_site: Callable[..., Build], tmp_path: Path
) -> None:
    head = "doe2020:\n  files: [lamps.txt]\n"
    files = {"bibliography/a.bib": BIB, "bibliography/style.csl": CSL, "bibliography/quotations.yml": head}
    hooks = ("citations.py", "quotations.py")

    def build(page: str = PAGE) -> Build:
        return build_site({"index.md": page}, hooks=hooks, config=PLUGIN, files=files)

    def command(text: str) -> tuple[int, str]:
        (tmp_path / "sources").mkdir(exist_ok=True)
        (tmp_path / "sources" / "lamps.txt").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "warning_lights.quotations", str(tmp_path / "sources")],
            cwd=tmp_path / "project",
            env={**os.environ, "PYTHONPATH": str(ROOT / "hooks")},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    site = build()
    assert site.code == 1
    assert "docs/index.md:3:10: “the lamps were all lit at dusk” is not in the ledger" in site.output
    code, output = command("The lamps were all out at dusk.")
    assert code == 1
    assert "docs/index.md:3:10: “the lamps were all lit at dusk” is not in the text of doe2020." in output
    assert "lamps were all [-lit-] {+out+} at dusk" in output
    code, output = command(SOURCE)
    assert code == 0, output
    ledger = tmp_path / "project" / "bibliography" / "quotations.yml"
    written = ledger.read_text(encoding="utf-8")
    assert "nobody knew why" not in written, "Never more of the source than is quoted."
    files["bibliography/quotations.yml"] = written
    assert build().code == 0
    site = build(PAGE.replace("all lit", "all set"))
    assert site.code == 1
    assert "docs/index.md:3:10: “the lamps were all set at dusk” was changed" in site.output
    copied = PAGE + "\nIt was because the old master of the port had asked for it.\n"
    (tmp_path / "project" / "docs" / "index.md").write_text(copied, encoding="utf-8")
    code, output = command(SOURCE)
    assert code == 1
    assert "docs/index.md:5:8: 11 words in a row are those of doe2020: “because the old" in output
    (tmp_path / "sources" / "lamps.txt").unlink()
