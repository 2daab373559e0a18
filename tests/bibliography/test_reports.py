"""Independent reports: a CSV file and the known keys in; rows by note, and findings with places, out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser

from conftest import ROOT, Build, one
from warning_lights.bibliography.reports import COLUMNS, Report, parse

BIBLIOGRAPHY = ROOT / "bibliography"
CSL = (BIBLIOGRAPHY / "style.csl").read_text(encoding="utf-8")
HEAD = ",".join(COLUMNS) + "\n"
KEYS = {"note-1", "note-2", "daily2024fire", "weekly2024fire"}
BuildSite = Callable[..., Build]
FIRE = 'note-1,daily2024fire,confirms,"Reports the fire, with its date.",,\n'


def messages(rows: str) -> list[str]:
    return [str(finding) for finding in parse(HEAD + rows, "reports.csv", KEYS)[1]]


def test_rows_are_grouped_by_note_in_order() -> None:
    rows = FIRE + "note-1,weekly2024fire,differs,Reports it.,On a Monday.,Later.\nnote-2,daily2024fire,"
    by_note, findings = parse(HEAD + rows + "partly,Reports it.,Names no place.,\n", "reports.csv", KEYS)
    assert findings == []
    assert [report.entry for report in by_note["note-1"]] == ["daily2024fire", "weekly2024fire"]
    assert by_note["note-2"] == [
        Report("note-2", "daily2024fire", "partly", "Reports it.", "Names no place.", "")
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "note-3,daily2024fire,confirms,Reports it.,,\n",
            "2:1: “note-3” is not in any .bib file. Did you mean note-2?",
        ),
        (
            "note-1,daily2024fier,confirms,Reports it.,,\n",
            "2:8: “daily2024fier” is not in any .bib file. Did you mean daily2024fire?",
        ),
        (
            "note-1,daily2024fire,agrees,Reports it.,,\n",
            "2:22: “agrees” is not a grade: write confirms, partly or differs.",
        ),
        (
            FIRE + FIRE,
            "3:8: daily2024fire is listed twice under note-1; first in line 2. Keep one row.",
        ),
        (
            "note-1,daily2024fire,differs,Reports it.,,\n",
            "2:42: The grade is differs: say in one sentence how the report differs.",
        ),
        (
            "note-1,daily2024fire,partly,Reports it.,,\n",
            "2:41: The grade is partly: say in one sentence how the report differs.",
        ),
        (
            "note-1,daily2024fire,confirms,Reports it.,On a Monday.,\n",
            "2:43: The grade is confirms: leave the difference empty, or write partly.",
        ),
        (
            "note-1,daily2024fire,confirms,,,\n",
            "2:31: Say in one sentence what the report confirms.",
        ),
        (
            "note-1,daily2024fire,confirms\n",
            "2:1: This row has 3 cells, and there are 6 columns. Put a text with a comma in straight quotes.",
        ),
    ],
)
def test_a_fault_is_found_at_its_cell(rows: str, message: str) -> None:
    assert messages(rows) == [f"reports.csv:{message}"]


def test_other_columns_are_found_once() -> None:
    by_note, findings = parse("note,report\nnote-1,daily2024fire\n", "reports.csv", KEYS)
    assert by_note == {}
    assert [finding.line for finding in findings] == [1]


def test_a_row_with_a_fault_is_left_out() -> None:
    by_note, _ = parse(HEAD + "note-1,nobody,confirms,Reports it.,,\n" + FIRE, "reports.csv", KEYS)
    assert [report.entry for report in by_note["note-1"]] == ["daily2024fire"]


def test_a_built_site_shows_reports_under_their_note_and_counts_them_as_use(build_site: BuildSite) -> None:
    bib = "".join(
        f"@online{{{key},\n  title = {{{title}}},\n  url = {{https://daily.example/{key}}},\n}}\n"
        for key, title in (("note-1", "Note 1"), ("daily2024fire", "Fire"), ("unused", "Smoke"))
    )
    site = build_site(
        {"index.md": "# Home\n\nA claim [@note-1].\n\n\\full_bibliography\n"},
        hooks=("citations.py",),
        config="plugins:\n  - bibtex:\n      bib_dir: bib\n      csl_file: bib/style.csl\n",
        files={
            "bib/a.bib": bib,
            "bib/style.csl": CSL,
            "bib/reports.csv": HEAD + FIRE + "note-1,unused,agrees,Reports it.,,\n",
        },
    )
    item = one(LexborHTMLParser(site.read("index.html")), '[id="ref:note-1"] .reports')
    assert one(item, "a").attributes["href"] == "#ref:daily2024fire"
    assert item.text() == "Reported also, outside the sources, by Fire (confirms)."
    back = one(LexborHTMLParser(site.read("index.html")), '[id="ref:daily2024fire"] .reports')
    assert one(back, "a").attributes["href"] == "#ref:note-1"
    assert back.text() == "Confirms Note 1: Reports the fire, with its date."
    assert "bib/reports.csv:3:15: “agrees” is not a grade" in site.output
    assert "unused is not cited on any page" in site.output
    assert "daily2024fire is cited by no page" not in site.output


def test_a_table_of_notes_says_how_a_report_differs_and_what_else_to_know(build_site: BuildSite) -> None:
    site = build_site(
        {"index.md": "# Home\n\nA claim [@note-1].\n\n\\notes_table[keyword=note]\n"},
        hooks=("citations.py",),
        config="plugins:\n  - bibtex:\n      bib_dir: bib\n      csl_file: bib/style.csl\n",
        files={
            "bib/a.bib": "@misc{note-1,\n  title = {Note 1},\n  keywords = {note},\n}\n"
            "@online{fire2024,\n  title = {Fire},\n  url = {https://daily.example/fire},\n}\n",
            "bib/style.csl": CSL,
            "bib/reports.csv": HEAD + "note-1,fire2024,partly,Reports it.,Names no place.,Later.\n",
        },
    )
    row = one(LexborHTMLParser(site.read("index.html")), '[id="ref:note-1"] .reports').text()
    assert row.endswith("by Fire (partly: Names no place. Later).")
