"""What is wrong in a .bib file: files in; findings with file, line and column out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from warning_lights.bibliography import lint
from warning_lights.bibliography.bibtex import BrokenEntry, scan
from warning_lights.bibliography.clean import clean_entries
from warning_lights.bibliography.references import entry_positions

ROOT = Path(__file__).parent.parent.parent
CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yml")), ids=lambda path: path.stem)
def test_case(case: Path) -> None:
    data = yaml.safe_load(case.read_text(encoding="utf-8"))
    findings = list(lint.lint(data["files"]))
    if "cited" in data:
        findings += lint.uncited_entries(entry_positions(data["files"]), data["cited"])
    assert [str(finding) for finding in findings] == data["reports"]


def test_our_own_bibliography_is_clean() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "bibliography").glob("*.bib")}
    assert [str(finding) for finding in lint.lint(files)] == []


def test_every_entry_is_found_with_its_place() -> None:
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "bibliography").glob("*.bib")))
    entries = [entry for entry in scan(text) if not isinstance(entry, BrokenEntry)]
    lines = text.split("\n")
    assert len(entries) == text.count("\n@")
    for entry in entries:
        assert lines[entry.line - 1][entry.column - 1 :].startswith(entry.key + ",")
        for item in entry.fields.values():
            assert lines[item.line - 1][item.column - 1 :].startswith(item.name)


SIGNS = st.sampled_from(
    ["@book{", "k,", "title", " = ", "{", "}", '"', "#", ",", "\n", "%", "@", "(", ")", "\\", "2024"]
)


@given(st.lists(SIGNS | st.text(max_size=3), max_size=30).map("".join))
@settings(deadline=None, max_examples=400)
def test_no_text_makes_it_raise(text: str) -> None:
    list(lint.lint({"a.bib": text}))
    clean_entries({"a.bib": text})
