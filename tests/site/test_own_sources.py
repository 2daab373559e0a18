"""The passages, reports and numbers of this site, read by the engine."""

from __future__ import annotations

from conftest import ROOT
from warning_lights.bibliography import passages
from warning_lights.bibliography.bibtex import Entry, scan
from warning_lights.bibliography.reports import parse
from warning_lights.core.table import parse_table

BIBLIOGRAPHY = ROOT / "bibliography"


def test_the_places_of_this_sites_sources_are_all_registered() -> None:
    folder = ROOT / "bibliography" / "passages"
    found = {}
    for path in folder.glob("*.csv"):
        found[path.stem], problems = passages.parse(path.stem, path.read_text(encoding="utf-8"))
        assert problems == []
    article = found["jadoon2024tajikistan"]
    assert article.extent("") == ("32 paragraphs, 4 figures, notes 1–110 and a–k, abstract and biographies")
    assert all(row.paragraph for row in article.passages.values() if row.entry)
    assert found["macfarquhar2024reasons"].extent("", "para.") == "11 paragraphs"
    assert found["hsnw2024digest"].extent("", "item") == "5 items"


def test_our_own_reports_are_clean_and_sorted() -> None:
    entries = {
        entry.key: entry
        for path in BIBLIOGRAPHY.glob("*.bib")
        for entry in scan(path.read_text(encoding="utf-8"))
        if isinstance(entry, Entry)
    }
    text = (BIBLIOGRAPHY / "reports.csv").read_text(encoding="utf-8")
    by_note, findings = parse(text, "reports.csv", entries)
    assert [str(finding) for finding in findings] == []
    labels = [note.removeprefix("ctc-") for note in by_note]
    assert labels == sorted(labels, key=lambda label: (not label.isdigit(), label.rjust(3, "0")))
    named = {report.entry for reports in by_note.values() for report in reports}
    declared = {key for key, entry in entries.items() if "report" in entry.fields["keywords"].value}
    assert declared <= named
    assert all("url" in entries[key].fields for key in named)


def test_the_sums_that_the_text_allows() -> None:
    table = parse_table((ROOT / "docs/data" / "attacks.csv").read_text(encoding="utf-8"))
    attacks = [(row["year"].value, row["area"].value, int(row["attacks"].value)) for row in table.rows]
    by_year = {year: sum(n for y, _, n in attacks if y == year) for year, _, _ in attacks}
    assert by_year == {"2020": 83, "2021": 353, "2022": 217, "2023": 45}
    assert [(area, n) for year, area, n in attacks if year == "2023"] == [
        ("Khyber Pakhtunkhwa", 25),
        ("Afghanistan", 45 - 25),
    ]
    assert all(area == "Not divided in the source" for year, area, _ in attacks if year != "2023"), (
        "Not divided in the text."
    )
