"""A fence named `map` becomes a figure: one mark for each row, in its country, that leads to the row.

`layers` lists tables (`data`, `links` as in a chart, `where`), `fill` names the column that fills the marks.
A mark is put in a country, not at a place, because many texts name no more. Marks of one country are set
side by side around a point of it (countries.csv). The outlines are those of Natural Earth (outlines.json).
"""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as etree
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown import Markdown

from warning_lights.core.names import guess
from warning_lights.core.table import Row, Table, parse_table, split_values
from warning_lights.data import charts, fences, tables, vega
from warning_lights.data.fences import FenceError, read_options
from warning_lights.data.rows import Values
from warning_lights.data.tables import Context
from warning_lights.data.timeline import date_in_words

REQUIRED = ("layers", "title", "alt", "citation", "fill")
OPTIONAL = ("columns",)
FOLDER = Path(__file__).parent
# Without its data; its projection (Mercator) shows what lies from the Atlantic to the Pamir.
DRAWING = json.loads((FOLDER / "map.json").read_text(encoding="utf-8"))
SCALE = DRAWING["projection"]["scale"]
SPACE = 15  # Pixels from mark to mark.
# The first kinds of a vocabulary that occur have these shapes, and its values of `fill` these opacities.
SHAPES = {"circle": "●", "square": "■", "triangle-up": "▲", "diamond": "◆", "cross": "✚"}
OPACITIES = [1, 0.8, 0.55, 0.25, 0]


@dataclass(frozen=True)
class Layer:
    """A table that a map shows: its path as written, its chosen rows, the address before the id of each."""

    path: str
    table: Table
    base: str


@lru_cache(maxsize=1)
def country_points() -> dict[str, tuple[float, float]]:
    """country -> (longitude, latitude) of a point in it."""
    table = parse_table((FOLDER / "countries.csv").read_text(encoding="utf-8"))
    return {
        row["country"].value: (float(row["longitude"].value), float(row["latitude"].value))
        for row in table.rows
    }


def offset_point(point: tuple[float, float], right: float, down: float) -> tuple[float, float]:
    """The point so many pixels beside another, in degrees: the inverse of the projection of Mercator."""
    longitude, latitude = map(math.radians, point)
    north = math.log(math.tan(math.pi / 4 + latitude / 2)) - down / SCALE
    return (
        round(math.degrees(longitude + right / SCALE), 4),
        round(math.degrees(2 * math.atan(math.exp(north)) - math.pi / 2), 4),
    )


def points_around(point: tuple[float, float], number: int) -> list[tuple[float, float]]:
    """So many points around one, in rows that are wider than high."""
    columns = math.ceil(math.sqrt(number * 1.6))
    lines = math.ceil(number / columns)
    return [
        offset_point(
            point, (i % columns - (columns - 1) / 2) * SPACE, (i // columns - (lines - 1) / 2) * SPACE
        )
        for i in range(number)
    ]


def country_of(row: Row) -> str:
    """The first country of a row; raises FenceError."""
    name = next(iter(split_values(row["country"].value)), "")
    if name not in country_points():
        hint = guess(name, country_points()) or " Add one to countries.csv."
        raise FenceError(f"“{name}” (line {row['country'].line}) has no point on the map.{hint}")
    return name


def marks_and_links(
    chosen: list[tuple[Row, str]], shapes: Mapping[str, str], fill: str, values: Values
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The rows as data for Vega-Lite, and the (address, words) of each, in the same order."""
    places = defaultdict(list)
    for row, href in sorted(chosen, key=lambda pair: pair[0]["date"].value or "9"):
        places[country_of(row)].append((row, href))
    opacities = dict(zip(values.get(fill, {}), OPACITIES, strict=False))
    data: list[dict[str, Any]] = []
    links = []
    for country, group in places.items():
        for (row, href), point in zip(
            group, points_around(country_points()[country], len(group)), strict=True
        ):
            place = {
                "longitude": point[0],
                "latitude": point[1],
                "href": f"{vega.LINK_PLACEHOLDER}{len(data)}",
            }
            shape = shapes.get(row["kind"].value, "circle")
            data.append({**place, "shape": shape, "full": opacities.get(row[fill].value, 1)})
            links.append((href, mark_label(row, fill, values)))
    return data, links


def mark_label(row: Row, fill: str, values: Values) -> str:
    what = row["target"].value if "target" in row else row["place"].value if "place" in row else ""
    shown = [tables.shown_value(row, name, values) for name in ("country", "kind")]
    return ", ".join(filter(None, [date_in_words(row["date"].value), *shown, what, row[fill].value]))


def specification(data: list[dict[str, Any]]) -> dict[str, Any]:
    """The map in Vega-Lite's words."""
    outlines = json.loads((FOLDER / "outlines.json").read_text(encoding="utf-8"))
    return vega.specification([], {**DRAWING, "datasets": {"outlines": outlines, "marks": data}})


def make(context: Context, body: str, md: Markdown) -> etree.Element:
    """The element of a fence named `map`; raises FenceError."""
    options = read_options(body, "map", REQUIRED, OPTIONAL)
    title, alt, citation, fill = (" ".join(str(options[name]).split()) for name in REQUIRED[1:])
    listed = options["layers"] if isinstance(options["layers"], list) else [options["layers"]]
    layers = [read_layer(each, fill, context) for each in listed]
    every = dict.fromkeys(name for each in layers for name in each.table.columns)
    for name in fences.read_column_list(options, "columns"):
        if name not in every:
            raise FenceError(
                f"No table of this map has a column {name}.{guess(name, every)}", "columns", name
            )
    rows = [row for each in layers for row in each.table.rows]
    present = {row["kind"].value for row in rows}
    values = context.values
    kinds = [name for name in values.get("kind") or sorted(present) if name in present]
    chosen = [(row, each.base + row["id"].value) for each in layers for row in each.table.rows]
    data, links = marks_and_links(chosen, dict(zip(kinds, SHAPES, strict=False)), fill, values)
    drawing = vega.draw([specification(data)], context.cache)[0]
    drawing = re.sub(r"\d+\.\d{2,}", lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), drawing)
    drawing = vega.inline_svg(drawing, name="map", title=title, alt=alt, links=links)
    block = charts.figure_element("map", drawing, title, citation, md)
    block[0].set("class", "chart map")
    block[0].insert(1, legend_element(kinds, values.get(fill, {})))
    for each in layers:
        columns = [name for name in options.get("columns") or () if name in each.table.columns]
        shown = tables.with_dates_in_words(each.table)
        charts.add_table(block, each.path, columns, shown, values, name=f": {Path(each.path).stem}")
    for details in block.iter("details"):  # Paper has these rows where the marks lead.
        details.set("class", "chart-data web-only")
    return block


def read_layer(written: object, fill: str, context: Context) -> Layer:
    """A layer as the fence has it, read; raises FenceError."""
    if not isinstance(written, Mapping) or not {"data", "links"} <= written.keys():
        raise FenceError(
            "layers of this map must list tables, each with data and links:"
            " {data: cases.csv, links: page.md#case-}."
        )
    path = str(written["data"])
    table = context.table(path)
    where = tables.read_filters(written.get("where"), "map")
    tables.check_columns(path, table, ["id", "date", "country", "kind"])
    tables.check_columns(path, table, [fill], "fill")
    tables.check_columns(path, table, where, "where")
    return Layer(path, tables.select_rows(table, where, path), context.link(str(written["links"])))


def legend_element(kinds: Sequence[str], fill: Mapping[str, str]) -> etree.Element:
    """What the shapes and the fill of the marks mean, as a paragraph."""
    shapes = ", ".join(f"{sign} {kind}" for sign, kind in zip(SHAPES.values(), kinds, strict=False))
    result = etree.Element("p", {"class": "map-key"})
    result.text = f"{shapes}. The fuller a mark, the firmer its evidence: {', '.join(fill.values())}."
    return result
