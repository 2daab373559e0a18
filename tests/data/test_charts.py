"""Charts: a fence in, a figure out; the numbers behind our own charts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import markdown
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from conftest import BIBTEX, ROOT, Build, one
from warning_lights.bibliography.references import Reference
from warning_lights.core.table import Table, parse_table
from warning_lights.data import charts as chart_figure
from warning_lights.data import maps, vega
from warning_lights.data import tables as data_tables
from warning_lights.data.fences import FencesExtension, Maker
from warning_lights.notes.extension import NotesExtension

CASES = Path(__file__).parent / "cases"
VALUES = {"grade": {"sure": "● sure", "said": "○ said"}}
REFERENCES = {key: Reference(key, f"Ann {key.title()}, “Title,” 2024.", names=key) for key in ["a", "b"]}


def convert(page: str, tables: dict[str, str], cache: Path | None = None) -> tuple[str, list[str]]:
    reports: list[str] = []

    def table(path: str) -> Table | None:
        return parse_table(tables[path]) if path in tables else None

    context = data_tables.Context(table, VALUES, str, cache)
    makers: dict[str, Maker] = {
        "chart": partial(chart_figure.make, context),
        "map": partial(maps.make, context),
        "table": partial(data_tables.make, context),
    }

    def report(body: str, option: str, message: str) -> str:
        reports.append(message)
        return ""

    fences = FencesExtension(makers, report)
    html = markdown.markdown(
        page,
        extensions=["tables", "admonition", "pymdownx.superfences", fences, NotesExtension(REFERENCES)],
        extension_configs={"pymdownx.superfences": {"custom_fences": fences.custom_fences()}},
    )
    return html, reports


@pytest.mark.parametrize(
    "case",
    sorted(path for name in ("charts", "maps", "tables") for path in CASES.glob(f"{name}/*.yml")),
    ids=lambda path: path.stem,
)
def test_case(case: Path, tmp_path: Path) -> None:
    data: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    html, reports = convert(data["page"], data.get("tables", {}), tmp_path)
    assert reports == data.get("reports", [])
    for part in data.get("html", []):
        assert part in html
    for part in data.get("without", []):
        assert part not in html
    if "problems" in data:
        _, found = data_tables.checked_table(parse_table(data["tables"]["n.csv"]), {"a", "b"}, VALUES)
        assert [f"{line}:{column}: {message}" for line, column, message in found] == data["problems"]


def test_a_chart_is_drawn_anew_when_the_program_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = [vega.specification([{"n": 1}], {"mark": "bar"})]
    assert len(vega.draw(drawing, tmp_path)) == 1
    monkeypatch.setattr(vega, "PROGRAM", "print([])")
    assert vega.draw(drawing, tmp_path) == []


def test_every_colour_has_its_partner_in_the_dark() -> None:
    css = (ROOT / "docs" / "assets" / "evidence.css").read_text(encoding="utf-8")
    for colour in vega.COLOURS:
        assert f'[fill="{colour}"]' in css
        assert f"light-dark({colour}, " in css


@given(
    st.dictionaries(st.sampled_from(["data", "title", "alt", "citation", "mark", "x"]), st.text(max_size=9))
)
@settings(deadline=None)
def test_no_fence_makes_it_raise(fields: dict[str, str]) -> None:
    convert("```chart\n" + yaml.safe_dump(fields, allow_unicode=True) + "```\n", {})


def test_in_a_build(build_site: Callable[..., Build]) -> None:
    page = (
        "# Home\n\n```chart\ndata: ../data/n.csv\ntitle: Numbers\nalt: One bar.\ncitation: '[@a]'\n"
        "mark: bar\nencoding: {x: {field: year}, y: {field: n, type: quantitative}}\n```\n\n"
        "```chart\ndata: n.csv\ntitle: Numbers\nalt: One bar.\ncitation: x\nmark: bar\n```\n"
    )
    bib = "@book{a, author = {Doe, Ann}, title = {Lamps}, year = {2020}, publisher = {P}}\n"
    site = build_site(
        {
            "sub/page.md": page,
            "index.md": "# Hi",
            "data/n.csv": "year,n,citations\n2020,3,[@a]\n2021,4,[@aa]\n",
        },
        hooks=("citations.py", "charts.py"),
        config=f"{BIBTEX}markdown_extensions: [pymdownx.superfences]\n",
        files={"bib/a.bib": bib},
    )
    assert (
        "docs/sub/page.md:12:1: n.csv does not exist. Give the path as in a link on this page." in site.output
    )
    assert "docs/data/n.csv:3:8: [@aa] is not in the bibliography. Did you mean [@a]?" in site.output
    html = LexborHTMLParser(site.read("sub/page/index.html"))
    assert one(html, "figure.chart svg[role=img] title").text() == "Numbers"
    assert one(html, ".chart-download a").attributes["href"] == "../../data/n.csv"
    assert one(html, "figure.chart figcaption sup.note-call a").attributes["href"] == "#fn:@a"
