"""A fence named `chart` becomes a figure with its drawing, its table and its citation."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import Markdown

from warning_lights.core.table import Table
from warning_lights.data import fences, rows, tables, vega
from warning_lights.data.fences import BadFence, Maker, fields
from warning_lights.data.rows import Values
from warning_lights.data.tables import CITATIONS, Find, Shown

NEEDED = ("data", "title", "alt", "citation")
COUNTS = ("count", "distinct", "valid", "missing")  # Of values that need be no numbers.
OPTIONAL = ("mark", "encoding", "layer", "transform", "height", "dates", "columns", "where", "links")


@dataclass(frozen=True)
class Chart:
    """A fence as read: what it shows, and the rest of it in Vega-Lite's own words."""

    body: str
    data: str
    title: str
    alt: str
    citation: str
    drawing: Mapping[str, Any]
    dates: tuple[str, ...]
    columns: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]
    links: str  # Put before the `id` of a row, as the address that its mark leads to; empty: no links.

    @property
    def name(self) -> str:
        return "chart-" + Path(self.data).stem


def parse(body: str) -> Chart:
    """The fence's YAML; raises BadFence."""
    found = fields(body, "chart", NEEDED, OPTIONAL)
    if not {"mark", "layer"} & found.keys():
        raise BadFence("The chart has no mark, such as bar or point.")
    data, title, alt, citation = (" ".join(str(found[name]).split()) for name in NEEDED)
    drawing: dict[str, Any] = {
        n: found[n] for n in ("mark", "encoding", "layer", "transform", "height") if n in found
    }
    vega.check(drawing)
    dates, columns = (fences.columns(found, name) for name in ("dates", "columns"))
    where = tables.filters(found.get("where"), "chart")
    links = str(found.get("links") or "")
    return Chart(body, data, title, alt, citation, drawing, dates, columns, where, links)


def fields_of(drawing: object, *, numbers: bool = False) -> set[str]:
    """All columns that a drawing names, or those whose values it takes for numbers."""
    parts = drawing.values() if isinstance(drawing, Mapping) else drawing if isinstance(drawing, list) else []
    found = set().union(*(fields_of(each, numbers=numbers) for each in parts))
    if isinstance(drawing, Mapping) and isinstance(own := drawing.get("field"), str):
        counted = drawing.get("type") != "quantitative" or drawing.get("aggregate") in COUNTS
        found |= set() if numbers and counted else {own}
    return found


def svgs(chart: Chart, table: Table, values: Values, link: vega.Link, cache: Path | None) -> list[str]:
    """The rows of a table drawn twice, wide and narrow; raises BadFence."""
    ends = {f"{name}_{end}" for name in chart.dates for end in ("from", "to")}
    own = {*chart.dates, *chart.columns, *chart.where, *(["id"] if chart.links else [])}
    named = fields_of(chart.drawing) - made_by(chart.drawing) - ends - {"href"}
    tables.check_columns(chart.data, table, named | own)
    chosen = tables.select(table, chart.where, chart.data).rows
    for name in fields_of(chart.drawing, numbers=True) & set(table.columns):
        for cell in (row[name] for row in chosen):
            if cell.value and isinstance(vega.number(cell.value), str):
                where = f"{chart.data}:{cell.line}:{cell.column}"
                raise BadFence(
                    f"{name} is drawn as a number, and “{cell.value}” ({where}) is none, as 1.5 is."
                )
    records = [
        vega.values({name: cell.value for name, cell in row.items()}, list(chart.dates)) for row in chosen
    ]
    links = []
    for number, row in enumerate(chosen if chart.links else ()):
        records[number]["href"] = f"{vega.NUMBERED}{number}"
        words = [tables.words(row, name, values) for name in chart.columns]
        links.append((link(chart.links) + row["id"].value, ", ".join(filter(None, words))))
    drawing = dict(chart.drawing)
    if links:  # Of several layers the last, which lies on top: each row is one link.
        *below, top = drawing.get("layer", [drawing])
        top = {**top, "encoding": {**top.get("encoding", {}), "href": {"field": "href"}}}
        drawing = {**drawing, "layer": [*below, top]} if "layer" in drawing else top
    try:
        drawn = vega.drawn([vega.spec(records, drawing, w) for w in (vega.WIDTH, vega.NARROW)], cache)
    except ValueError as error:
        raise BadFence(f"Vega-Lite cannot draw this: {error}.") from None
    names = (chart.name, f"{chart.name}-narrow")
    return [
        vega.inline(each, name=name, title=chart.title, alt=chart.alt, links=links)
        for each, name in zip(drawn, names, strict=True)
    ]


def made_by(drawing: Mapping[str, Any]) -> set[str]:
    """Columns that the drawing computes for itself."""
    steps = [step for step in drawing.get("transform", []) if isinstance(step, Mapping)]
    steps += [each for step in steps for each in step.get("joinaggregate", [])]
    return {str(step["as"]) for step in steps if "as" in step}


def maker(table_of: Find, values: Values, link: vega.Link, cache: Path | None = None) -> Maker:
    """What makes the element of a fence named `chart`; `link` resolves the address of a page."""

    def make(body: str, md: Markdown) -> etree.Element:
        chart = parse(body)
        table = tables.find(chart.data, table_of)
        wide, narrow = svgs(chart, table, values, link, cache)
        block = figure(chart.name, wide, chart.title, chart.citation, md)
        block[0][0].set("class", "chart-drawing wide")
        small = etree.Element("div", {"class": "chart-drawing narrow web-only"})
        small.text = md.htmlStash.store(narrow)
        block[0].insert(1, small)
        add_table(block, chart.data, chart.columns, tables.select(table, chart.where, chart.data), values)
        return block

    return make


def figure(name: str, drawing: str, title: str, citation: str, md: Markdown) -> etree.Element:
    """The drawing; its caption stands below it, as in the book, so that both number their notes alike."""
    block = etree.Element("div", {"class": "chart-and-table"})
    inner = etree.SubElement(block, "figure", {"class": "chart", "id": name})
    etree.SubElement(inner, "div", {"class": "chart-drawing"}).text = md.htmlStash.store(drawing)
    etree.SubElement(inner, "figcaption").text = rows.with_citations(title, citation)
    return block


def add_table(
    block: etree.Element, path: str, columns: Sequence[str], table: Table, values: Values, *, name: str = ""
) -> None:
    """What is drawn as a table, and a link to the file behind it."""
    details = etree.SubElement(block, "details", {"class": "chart-data"})
    etree.SubElement(details, "summary").text = f"Show as a table{name}"
    details.append(numbers(path, columns, table, values))
    paragraph = etree.SubElement(block, "p", {"class": "chart-download"})
    etree.SubElement(paragraph, "a", {"href": path}).text = f"Download {Path(path).name}"


def numbers(path: str, wanted: Sequence[str], table: Table, values: Values) -> etree.Element:
    """What is drawn as a table: the columns that hold something, their names as headings."""
    columns = [
        name
        for name in wanted or table.columns
        if name != CITATIONS and any(row[name].value for row in table.rows)
    ]
    shown = Shown(path, {name.capitalize(): (name,) for name in columns}, {}, ids="", empty="")
    return tables.element(shown, table, values)
