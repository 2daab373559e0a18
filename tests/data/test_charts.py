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

    def report(body: str, place: tuple[str, ...], message: str) -> str:
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


HEAD_OF_CHART = "```chart\ndata: n.csv\ntitle: T\nalt: A\ncitation: '[@a]'\n"
NUMBER = "x: {field: n, type: quantitative}"


@pytest.mark.parametrize(
    ("drawing", "message"),
    [
        (f"encoding: {{{NUMBER}, colour: {{field: who}}}}", "colour is not a known channel of an encoding."),
        ("encoding: {x: {field: n, agregate: sum}}", "agregate is not a known name in channel of a chart."),
        (
            "encoding: {x: {field: n, type: quantitative, scale: {type: lgo}}}",
            "lgo is not a known scale type of a chart.",
        ),
        ("encoding: {x: {field: n, axis: {titel: N}}}", "titel is not a known name in axis of a chart."),
        (
            f"transform: [{{agregate: []}}]\nencoding: {{{NUMBER}}}",
            "agregate is not a known name in transform",
        ),
        (f"transform: [{{filter: datum.m > 0}}]\nencoding: {{{NUMBER}}}", "n.csv has no column m."),
        (
            f"transform: [{{calculate: 'datum[\"whos\"]', as: k}}]\nencoding: {{{NUMBER}}}",
            "n.csv has no column whos. Did you mean who?",
        ),
        (f"transform: [{{filter: {{field: nn, gt: 1}}}}]\nencoding: {{{NUMBER}}}", "n.csv has no column nn."),
        (f"transform: [{{fold: [n, nm]}}]\nencoding: {{{NUMBER}}}", "n.csv has no column nm."),
        (
            f"transform: [{{lookup: hwo, from: {{key: k}}}}]\nencoding: {{{NUMBER}}}",
            "n.csv has no column hwo.",
        ),
        (
            "transform: [{aggregate: [{op: sum, field: n, as: k}], groupby: [who]}]\n"
            f"encoding: {{{NUMBER}, y: {{field: k}}}}",
            "No transform leaves a field n.",
        ),
        (
            "transform: [{aggregate: [{op: smu, field: n, as: k}], groupby: [who]}]\n"
            "encoding: {x: {field: k}}",
            "Vega-Lite cannot draw this: ",
        ),
        (
            "transform: [{filter: datum.n > 9}]\nencoding: {x: {field: who}}",
            "Vega-Lite cannot draw this: no row is left that has a mark.",
        ),
        ("encoding: {y: {field: who, sort: {field: m}}}", "n.csv has no column m."),
        ("layer: [{marks: bar}]", "marks is not a known name in layer of a chart. Did you mean mark?"),
        (f"where: {{n: 1, who: b}}\nencoding: {{{NUMBER}}}", "No row of n.csv has all that where names."),
    ],
)
def test_what_would_be_drawn_wrong_or_not_at_all_is_reported(drawing: str, message: str) -> None:
    _, reports = convert(f"{HEAD_OF_CHART}mark: bar\n{drawing}\n```\n", {"n.csv": "n,who\n1,a\n2,b\n"})
    assert len(reports) == 1
    assert reports[0].startswith(message)


@pytest.mark.parametrize(
    "drawing",
    [
        "transform: [{fold: [n, m]}]\nencoding: {x: {field: value, type: quantitative}, y: {field: key}}",
        "transform: [{calculate: datum.n * 2, as: k}, {filter: datum.k > 1}]\nencoding: {x: {field: k}}",
        "transform: [{aggregate: [{op: sum, field: n, as: k}], groupby: [who]}]\n"
        "encoding: {x: {field: k, type: quantitative}, y: {field: who, sort: '-x'}}",
        "transform: [{pivot: who, value: n}]\nencoding: {x: {field: a, type: quantitative}}",
        "transform: [{bin: true, field: n, as: b}]\n"
        "encoding: {x: {field: b, bin: binned}, x2: {field: b_end}}",
        "transform: [{lookup: who, from: {data: {values: [{w: a, s: 3}]}, key: w, fields: [s]}}]\n"
        "encoding: {x: {field: s, type: quantitative}}",
        "transform: [{window: [{op: rank, as: r}], sort: [{field: n}]}]\nencoding: {x: {field: r}}",
        "layer: [{mark: bar, encoding: {x: {field: n, type: quantitative, scale: {domain: [0, 9]}}}},\n"
        "  {mark: bar, encoding: {x: {field: m, type: quantitative, scale: {domain: [1, 8]}}}}]",
        "encoding: {x: {field: n}, color: {condition: {test: datum.n > 1, value: red}, value: grey}}",
    ],
)
def test_what_a_transform_makes_is_a_field(drawing: str) -> None:
    table = {"n.csv": "n,m,who\n1,3,a\n2,4,b\n"}
    assert convert(f"{HEAD_OF_CHART}mark: bar\n{drawing}\n```\n", table)[1] == []


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
        "```chart\ndata: n.csv\ntitle: Numbers\nalt: One bar.\ncitation: x\nmark: bar\n```\n\n"
        "> ```chart\n> data: ../data/n.csv\n> title: A lgo\n> alt: A\n> citation: x\n> mark: bar\n"
        "> encoding:\n>   x: {field: n, scale: {type: lgo}}\n> ```\n"
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
    assert (
        "docs/sub/page.md:27:33: lgo is not a known scale type of a chart. Did you mean log?" in site.output
    )
    assert "docs/data/n.csv:3:8: [@aa] is not in the bibliography. Did you mean [@a]?" in site.output
    html = LexborHTMLParser(site.read("sub/page/index.html"))
    assert one(html, "figure.chart svg[role=img] title").text() == "Numbers"
    assert one(html, ".chart-download a").attributes["href"] == "../../data/n.csv"
    assert one(html, "figure.chart figcaption sup.note-call a").attributes["href"] == "#fn:@a"
