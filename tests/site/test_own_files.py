"""The tables, charts and quotations of this site, read by the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from conftest import ROOT, one
from warning_lights.core.table import Table, parse_table
from warning_lights.data import charts as chart_figure
from warning_lights.data import terms as glossary_terms
from warning_lights.data import vega
from warning_lights.data.tables import Context
from warning_lights.quotations import ledger as quote_ledger

OURS = ROOT / "docs" / "data" / "glossary.csv"


def context(cache: Path | None) -> Context:
    return Context(lambda path: None, {}, str, cache)


def figures() -> Iterator[tuple[chart_figure.Chart, Table]]:
    """Each chart of our own pages with its rows; a sample in a longer fence is none."""
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for m in re.finditer(
            r"(?<=\n\n)```chart\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            chart = chart_figure.parse(m[1])
            table = parse_table((page.parent / chart.data).read_text(encoding="utf-8"))
            yield chart, chart_figure.table_to_draw(chart, table)


def test_our_charts_can_be_read_by_everyone(tmp_path: Path) -> None:
    charts = list(figures())
    assert charts
    for chart, table in charts:
        _, svg = chart_figure.draw_svgs(chart, table, context(tmp_path))
        tree = LexborHTMLParser(svg)
        root = one(tree, "svg")
        assert root.attributes["role"] == ("group" if chart.links else "img")
        assert one(root, "title").text() == chart.title
        assert len(chart.alt) > 60
        assert chart.alt == one(root, "desc").text() == root.attributes["aria-label"]
        # On a phone 320 pixels wide, with margins of 16 pixels.
        scale = 288 / float(root.attributes["width"] or 0)
        assert all(float(size) * scale >= 11 for size in re.findall(r'font-size="([\d.]+)px"', svg))
        assert not re.search(r"<script|style=|https?://(?!www\.w3\.org/2000/svg)", svg), (
            "No style, nothing loaded."
        )
        allowed = {"currentColor", "none", "transparent", *vega.COLOURS}
        assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg)) <= allowed


def test_our_charts_label_each_year_and_no_mark_hides_another(tmp_path: Path) -> None:
    """In the width of the column and in that of a phone."""
    for chart, table in figures():
        for svg in chart_figure.draw_svgs(chart, table, context(tmp_path)):
            tree = LexborHTMLParser(svg)
            labels = {text.text()[-2:] for text in tree.css("text")}
            years = range(2020, 2024) if "attacks" in chart.data else range(2017, 2025)
            assert {f"{year % 100}" for year in years} <= labels
            places = [link.html or "" for link in tree.css("a[href]")]
            marks = [m for html in places if (m := re.search(r"translate\(([\d.]+),([\d.]+)\)", html))]
            points = [complex(float(m[1]), float(m[2])) for m in marks]
            assert all(abs(a - b) > 8 for i, a in enumerate(points) for b in points[:i])
            assert len(points) == len(set(places)) == (16 if chart.links else 0), "Each case is one link."


def test_our_own_terms() -> None:
    terms, problems = glossary_terms.read(OURS.read_text(encoding="utf-8"), set())
    assert problems == []
    assert len(terms) >= 120
    assert {term.kind for term in terms} == set(glossary_terms.KINDS)


def test_our_own_ledger_is_in_its_one_form() -> None:
    text = (ROOT / "bibliography" / "quotations.yml").read_text(encoding="utf-8")
    ledger = quote_ledger.load(text)
    assert quote_ledger.dump(ledger) == text
    for source in ledger:
        for entry in source.quotations:
            assert len(entry.text.split()) < 60, "A quotation, and no copy of the source."


def test_the_same_chart_is_drawn_twice_alike(tmp_path: Path) -> None:
    chart, table = next(figures())
    once = chart_figure.draw_svgs(chart, table, context(None))
    assert (
        once
        == chart_figure.draw_svgs(chart, table, context(tmp_path))
        == chart_figure.draw_svgs(chart, table, context(tmp_path))
    )
    assert len(list(tmp_path.iterdir())) == 1
