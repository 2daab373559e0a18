"""A fence named `chart` becomes a figure with its drawing, its table and its citation."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import Markdown

from warning_lights.core.table import Table
from warning_lights.data import rows, tables, vega
from warning_lights.data.fences import BadFence, Maker, fields
from warning_lights.data.rows import Values
from warning_lights.data.tables import CITATIONS, Find, Shown

NEEDED = ("data", "title", "alt", "citation")
OPTIONAL = ("mark", "encoding", "layer", "transform", "height", "dates", "columns", "where")


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
    dates, columns = (tuple(map(str, found.get(name) or [])) for name in ("dates", "columns"))
    where = tables.filters(found.get("where"), "chart")
    return Chart(body, data, title, alt, citation, drawing, dates, columns, where)


def fields_of(drawing: object) -> set[str]:
    """All columns that a drawing names."""
    if isinstance(drawing, Mapping):
        own = drawing.get("field")
        inner = set().union(*map(fields_of, drawing.values())) if drawing else set()
        return inner | ({own} if isinstance(own, str) else set())
    return set().union(*map(fields_of, drawing)) if isinstance(drawing, list) and drawing else set()


def svg(chart: Chart, table: Table, cache: Path | None) -> str:
    """The drawing of the rows of a table; raises BadFence."""
    made = made_by(chart.drawing) | {f"{name}_{end}" for name in chart.dates for end in ("from", "to")}
    tables.check_columns(
        chart.data, table, fields_of(chart.drawing) - made | {*chart.dates, *chart.columns, *chart.where}
    )
    records = [
        vega.values({name: cell.value for name, cell in row.items()}, list(chart.dates))
        for row in tables.select(table, chart.where).rows
    ]
    try:
        drawing = vega.drawn(vega.spec(records, dict(chart.drawing)), cache)
    except ValueError as error:
        raise BadFence(f"Vega-Lite cannot draw this: {error}.") from None
    return vega.inline(drawing, name=chart.name, title=chart.title, alt=chart.alt)


def made_by(drawing: Mapping[str, Any]) -> set[str]:
    """Columns that the drawing computes for itself."""
    return {
        str(step["as"]) for step in drawing.get("transform", []) if isinstance(step, Mapping) and "as" in step
    }


def maker(table_of: Find, values: Values, cache: Path | None = None) -> Maker:
    """What makes the element of a fence named `chart`."""

    def make(body: str, md: Markdown) -> etree.Element:
        chart = parse(body)
        table = tables.find(chart.data, table_of)
        drawing = svg(chart, table, cache)
        # The caption stands below the drawing, as in the book, so that both number their notes alike.
        block = etree.Element("div", {"class": "chart-and-table"})
        figure = etree.SubElement(block, "figure", {"class": "chart", "id": chart.name})
        holder = etree.SubElement(figure, "div", {"class": "chart-drawing"})
        holder.text = md.htmlStash.store(drawing)
        caption = etree.SubElement(figure, "figcaption")
        caption.text = rows.with_citations(chart.title, chart.citation)
        details = etree.SubElement(block, "details", {"class": "chart-data"})
        etree.SubElement(details, "summary").text = "Show as a table"
        details.append(numbers(chart, tables.select(table, chart.where), values))
        paragraph = etree.SubElement(block, "p", {"class": "chart-download"})
        link = etree.SubElement(paragraph, "a", {"href": chart.data})
        link.text = f"Download {Path(chart.data).name}"
        return block

    return make


def numbers(chart: Chart, table: Table, values: Values) -> etree.Element:
    """What is drawn as a table: the columns that hold something, their names as headings."""
    columns = [
        name
        for name in chart.columns or table.columns
        if name != CITATIONS and any(row[name].value for row in table.rows)
    ]
    shown = Shown(chart.data, {name.capitalize(): (name,) for name in columns}, {}, ids="", empty="")
    return tables.element(shown, table, values)
