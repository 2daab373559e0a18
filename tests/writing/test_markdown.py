"""Markdown that is printed as text: one case a file; a case without reports must stay quiet."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from warning_lights.core.markdown_source import position
from warning_lights.notes.unparsed import unparsed_citations
from warning_lights.writing import directives, markdown

CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_markdown_that_is_printed_as_text(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    keys = case.get("keys", [])
    found = [
        *markdown.faults(case["page"], keys=keys),
        *directives.faults(case["page"]),
        *unparsed_citations(case["page"], keys),
    ]
    reports = [f"{':'.join(map(str, position(case['page'], offset)))}: {words}" for offset, words in found]
    assert reports == case["reports"]


@pytest.mark.parametrize("page", ["[" + "@a, " * 2000, "[@unclosed, " * 2000, "@unknown2020 " * 2000])
def test_no_line_takes_minutes(page: str) -> None:
    keys = [f"doe{year}" for year in range(1000, 1300)]
    start = time.perf_counter()
    list(unparsed_citations(page, keys))
    assert time.perf_counter() - start < 6
