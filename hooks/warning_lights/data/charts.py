"""A Markdown extension: a fence named `chart` becomes a figure with its drawing, table and citation."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from warning_lights.core.table import Problem, Table
from warning_lights.data import rows, vega

NEEDED = ("data", "title", "alt", "citation")
OPTIONAL = ("mark", "encoding", "layer", "transform", "height", "dates", "columns")
PLACEHOLDER = re.compile(r"\s*\x02wzxhzdk:(?P<number>\d+)\x03\s*")
MARK = '<div data-chart="{}"></div>'


class BadChart(ValueError):
    """The fence cannot be drawn; the message says why."""


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

    @property
    def name(self) -> str:
        return "chart-" + Path(self.data).stem


def parse(body: str) -> Chart:
    """The fence's YAML; raises BadChart."""
    try:
        fields = yaml.safe_load(body)
    except yaml.YAMLError as error:
        raise BadChart(f"This chart cannot be read as YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(fields, dict):
        raise BadChart(f"A chart needs {', '.join(NEEDED)}, each on a line: name, colon, value.")
    if missing := [name for name in NEEDED if not str(fields.get(name) or "").strip()]:
        raise BadChart(f"The chart has no {' and no '.join(missing)}.")
    if unknown := [str(name) for name in fields if name not in (*NEEDED, *OPTIONAL)]:
        raise BadChart(f"{unknown[0]} is no option of a chart; there are {', '.join((*NEEDED, *OPTIONAL))}.")
    if not {"mark", "layer"} & fields.keys():
        raise BadChart("The chart has no mark, such as bar or point.")
    data, title, alt, citation = (" ".join(str(fields[name]).split()) for name in NEEDED)
    drawing = {n: fields[n] for n in ("mark", "encoding", "layer", "transform", "height") if n in fields}
    dates, columns = (tuple(map(str, fields.get(name) or [])) for name in ("dates", "columns"))
    return Chart(body, data, title, alt, citation, drawing, dates, columns)


def fields_of(drawing: object) -> set[str]:
    """All columns that a drawing names."""
    if isinstance(drawing, Mapping):
        own = drawing.get("field")
        inner = set().union(*map(fields_of, drawing.values())) if drawing else set()
        return inner | ({own} if isinstance(own, str) else set())
    return set().union(*map(fields_of, drawing)) if isinstance(drawing, list) and drawing else set()


def svg(chart: Chart, table: Table, cache: Path | None) -> str:
    """The drawing; raises BadChart."""
    wanted = fields_of(chart.drawing) - made_by(chart.drawing) | {*chart.dates, *chart.columns}
    if missing := sorted(wanted - set(table.columns)):
        raise BadChart(f"{chart.data} has no column {missing[0]}; it has {', '.join(table.columns)}.")
    rows = [{name: cell.value for name, cell in row.items()} for row in table.rows]
    specification = vega.spec([vega.values(row, list(chart.dates)) for row in rows], dict(chart.drawing))
    try:
        drawing = vega.drawn(specification, cache)
    except ValueError as error:
        raise BadChart(f"Vega-Lite cannot draw this: {str(error).strip().splitlines()[0]}") from None
    return vega.inline(drawing, name=chart.name, title=chart.title, alt=chart.alt)


def made_by(drawing: Mapping[str, Any]) -> set[str]:
    """Columns that the drawing computes for itself."""
    return {
        str(step["as"]) for step in drawing.get("transform", []) if isinstance(step, Mapping) and "as" in step
    }


def problems(table: Table, known: Collection[str]) -> list[Problem]:
    """What is wrong in a table behind a chart: every row needs its citation."""
    found = list(table.problems)
    if "citation" not in table.columns:
        return [*found, (1, 1, "There is no column citation, and every number needs one.")]
    for row in table.rows:
        found += rows.citation_problems(row["citation"], known)
    return found


class ChartsExtension(Extension):
    """`table` gives the table of a path as the page has it; `report` takes (body of a fence, message)."""

    def __init__(
        self,
        table: Callable[[str], Table | None],
        report: Callable[[str, str], None],
        cache: Path | None = None,
    ) -> None:
        super().__init__()
        self.table, self.report, self.cache = table, report, cache
        self.bodies: list[str] = []

    def reset(self) -> None:
        self.bodies = []

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        # Before inline (20), so that captions and cells are Markdown, and their citations notes.
        md.treeprocessors.register(ChartsTreeprocessor(md, self), "charts", 25)

    def fence(self, source: str, *_: object, **__: object) -> str:
        """What pymdownx.superfences calls; the figure itself is made when the page is a tree."""
        self.bodies.append(source)
        return MARK.format(len(self.bodies) - 1)

    def figure(self, body: str, md: Markdown) -> etree.Element:
        try:
            chart = parse(body)
            table = self.table(chart.data)
            if table is None:
                raise BadChart(f"{chart.data} does not exist. Give the path as in a link on this page.")
            drawing = svg(chart, table, self.cache)
        except BadChart as error:
            self.report(body, str(error))
            failed = etree.Element("mark", {"class": "unfilled"})
            failed.text = "chart?"
            return failed
        # The caption stands below the drawing, as in the book, so that both number their notes alike.
        block = etree.Element("div", {"class": "chart-and-table"})
        figure = etree.SubElement(block, "figure", {"class": "chart", "id": chart.name})
        holder = etree.SubElement(figure, "div", {"class": "chart-drawing"})
        holder.text = md.htmlStash.store(drawing)
        caption = etree.SubElement(figure, "figcaption")
        caption.text = rows.with_citations(chart.title, chart.citation)
        details = etree.SubElement(block, "details", {"class": "chart-data"})
        etree.SubElement(details, "summary").text = "The numbers as a table"
        details.append(html_table(table, chart.columns or table.columns))
        paragraph = etree.SubElement(block, "p", {"class": "chart-download"})
        link = etree.SubElement(paragraph, "a", {"href": chart.data})
        link.text = f"Download {Path(chart.data).name}"
        return block


class ChartsTreeprocessor(Treeprocessor):
    def __init__(self, md: Markdown, charts: ChartsExtension) -> None:
        super().__init__(md)
        self.charts = charts

    def run(self, root: etree.Element) -> None:
        marks = {MARK.format(i): body for i, body in enumerate(self.charts.bodies)}
        for parent in list(root.iter()):
            for i, child in enumerate(list(parent)):
                m = PLACEHOLDER.fullmatch(child.text or "") if child.tag == "p" and not len(child) else None
                stored = self.md.htmlStash.rawHtmlBlocks[int(m["number"])] if m else None
                if isinstance(stored, str) and stored in marks:
                    figure = self.charts.figure(marks[stored], self.md)
                    figure.tail = child.tail
                    parent[i] = figure


def html_table(table: Table, columns: tuple[str, ...]) -> etree.Element:
    """The columns of a table that hold something; a citation stands behind the last of them."""
    shown = [c for c in columns if c != "citation" and any(row[c].value for row in table.rows)]
    element = etree.Element("table")
    head = etree.SubElement(etree.SubElement(element, "thead"), "tr")
    for name in shown:
        etree.SubElement(head, "th", {"scope": "col"}).text = name.capitalize()
    body = etree.SubElement(element, "tbody")
    for row in table.rows:
        line = etree.SubElement(body, "tr")
        for i, name in enumerate(shown):
            cell = etree.SubElement(line, "td")
            cell.text = row[name].value
            # Behind the first cell, which is never empty, the note is found at once.
            if not i and "citation" in row:
                cell.text += " " + row["citation"].value
    return element
