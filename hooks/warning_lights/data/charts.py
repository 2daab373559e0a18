"""A fence named `chart` becomes a figure with its drawing, its table and its citation."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import Markdown

from warning_lights.core.names import guess
from warning_lights.core.table import Table
from warning_lights.data import fences, fields, rows, tables, vega
from warning_lights.data.fences import FenceError, read_options
from warning_lights.data.rows import Values
from warning_lights.data.tables import CITATIONS, Context, TableFence

REQUIRED = ("data", "title", "alt", "citation")
COUNTING_AGGREGATES = ("count", "distinct", "valid", "missing")  # Of values that need be no numbers.
DRAWING = ("mark", "encoding", "layer", "transform", "height")  # In Vega-Lite's own words.
OPTIONAL = (*DRAWING, "dates", "columns", "where", "links")


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
    """The fence's YAML; raises FenceError."""
    options = read_options(body, "chart", REQUIRED, OPTIONAL)
    if not {"mark", "layer"} & options.keys():
        raise FenceError("The chart has no mark, such as bar or point.")
    data, title, alt, citation = (" ".join(str(options[name]).split()) for name in REQUIRED)
    drawing = {name: options[name] for name in DRAWING if name in options}
    vega.check(drawing)
    dates, columns = (fences.read_column_list(options, name) for name in ("dates", "columns"))
    where = tables.read_filters(options.get("where"), "chart")
    links = str(options.get("links") or "")
    return Chart(body, data, title, alt, citation, drawing, dates, columns, where, links)


def make(context: Context, body: str, md: Markdown) -> etree.Element:
    """The element of a fence named `chart`: the drawing, wide and narrow, and its rows as a table.

    Raises FenceError.
    """
    chart = parse(body)
    table = table_to_draw(chart, context.table(chart.data))
    wide, narrow = draw_svgs(chart, table, context)
    block = figure_element(chart.name, wide, chart.title, chart.citation, md)
    block[0][0].set("class", "chart-drawing wide")
    small = etree.Element("div", {"class": "chart-drawing narrow web-only"})
    small.text = md.htmlStash.store(narrow)
    block[0].insert(1, small)
    shown = tables.with_dates_in_words(table, chart.dates)
    add_table(block, chart.data, chart.columns, shown, context.values)
    return block


def numeric_fields(drawing: Mapping[str, Any]) -> list[str]:
    """The fields whose values a drawing takes for numbers."""
    parts = [part for _, _, part in vega.nested_mappings(drawing) if part.get("type") == "quantitative"]
    names = (part.get("field") for part in parts if part.get("aggregate") not in COUNTING_AGGREGATES)
    return [name for name in dict.fromkeys(names) if isinstance(name, str)]


def table_to_draw(chart: Chart, table: Table) -> Table:
    """The rows that a chart shows; raises FenceError for a column that is missing or not of numbers."""
    needed = {"dates": chart.dates, "columns": chart.columns, "where": chart.where}
    needed |= {"links": ("id",)} if chart.links else {}
    for option, names in needed.items():
        tables.check_columns(chart.data, table, names, option)
    ends = [f"{name}_{end}" for name in chart.dates for end in ("from", "to")]
    unknown = fields.unknown_fields(chart.drawing, [*table.columns, *ends, "href"])
    for option, name, known in unknown if table.columns else ():  # A file without a head is reported as such.
        left = name in table.columns
        what = f"No transform leaves a field {name}." if left else f"{chart.data} has no column {name}."
        hint = guess(name, known) or f" There are {', '.join(each for each in known if each != 'href')}."
        raise FenceError(what + hint, option, name)
    result = tables.select_rows(table, chart.where, chart.data)
    for name in (name for name in numeric_fields(chart.drawing) if name in table.columns):
        for cell in (row[name] for row in result.rows):
            if cell.value and isinstance(vega.number_or_text(cell.value), str):
                where = f"{chart.data}:{cell.line}:{cell.column}"
                raise FenceError(
                    f"{name} is drawn as a number, and “{cell.value}” ({where}) is not one, as 1.5 is."
                )
    return result


def draw_svgs(chart: Chart, table: Table, context: Context) -> list[str]:
    """The rows of a table drawn twice, wide and narrow; raises FenceError."""
    records = [
        vega.record_of_row({name: cell.value for name, cell in row.items()}, chart.dates)
        for row in table.rows
    ]
    drawing, links = chart.drawing, []
    if chart.links:
        records = [record | {"href": f"{vega.LINK_PLACEHOLDER}{i}"} for i, record in enumerate(records)]
        drawing, links = with_links(drawing), row_links(chart, table, context)
    try:
        drawn = vega.draw(
            [vega.specification(records, drawing, w) for w in (vega.WIDTH, vega.NARROW)], context.cache
        )
    except ValueError as error:
        raise FenceError(f"Vega-Lite cannot draw this: {error}.") from None
    names = (chart.name, f"{chart.name}-narrow")
    return [
        vega.inline_svg(each, name=name, title=chart.title, alt=chart.alt, links=links)
        for each, name in zip(drawn, names, strict=True)
    ]


def row_links(chart: Chart, table: Table, context: Context) -> list[tuple[str, str]]:
    """(address, words) of each row: what the columns in the table below the chart say of it."""
    base, result = context.link(chart.links), []
    for row in tables.with_dates_in_words(table, chart.dates).rows:
        words = (tables.shown_value(row, name, context.values) for name in chart.columns)
        result.append((base + row["id"].value, ", ".join(filter(None, words))))
    return result


def with_links(drawing: Mapping[str, Any]) -> dict[str, Any]:
    """The drawing with each mark as a link: of several layers the marks of the last, which is on top."""
    *below, top = drawing.get("layer", [drawing])
    top = {**top, "encoding": {**top.get("encoding", {}), "href": {"field": "href"}}}
    return {**drawing, "layer": [*below, top]} if "layer" in drawing else top


def figure_element(name: str, drawing: str, title: str, citation: str, md: Markdown) -> etree.Element:
    """The drawing; its caption is below it, as in the book, so that both number their notes alike."""
    block = etree.Element("div", {"class": "chart-and-table"})
    inner = etree.SubElement(block, "figure", {"class": "chart", "id": name})
    etree.SubElement(inner, "div", {"class": "chart-drawing"}).text = md.htmlStash.store(drawing)
    etree.SubElement(inner, "figcaption").text = rows.with_citations(title, citation)
    return block


def add_table(
    block: etree.Element, path: str, columns: Sequence[str], table: Table, values: Values, *, name: str = ""
) -> None:
    """What is drawn as a table, and a link to its file."""
    details = etree.SubElement(block, "details", {"class": "chart-data"})
    etree.SubElement(details, "summary").text = f"The same as a table{name}"
    details.append(data_table(path, columns, table, values))
    paragraph = etree.SubElement(block, "p", {"class": "chart-download"})
    etree.SubElement(paragraph, "a", {"href": path}).text = f"Download {Path(path).name}"


def data_table(path: str, wanted: Sequence[str], table: Table, values: Values) -> etree.Element:
    """What is drawn as a table: the columns that hold something, their names as headings."""
    columns = [
        name
        for name in wanted or table.columns
        if name != CITATIONS and any(row[name].value for row in table.rows)
    ]
    shown = TableFence(path, {name.capitalize(): (name,) for name in columns}, {}, ids="", empty="")
    return tables.table_element(shown, table, values)
