"""Rows of a CSV file as a table of a page: which rows, which columns, and how their values are shown."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from warning_lights.core.names import guess
from warning_lights.core.table import Problem, Row, Table, split_values
from warning_lights.data import fences, rows
from warning_lights.data.fences import FenceError, read_options
from warning_lights.data.rows import Values
from warning_lights.data.timeline import date_in_words

REQUIRED = ("data", "columns")
OPTIONAL = ("where", "ids", "empty", "across", "cells")
CITATIONS = "citations"


@dataclass(frozen=True)
class Context:
    """What fences are made from besides their own text.

    `table_of` takes a path and `link` an address with its anchor, both as in a link of the page being
    converted; `values` is the vocabulary of the site; `cache` is the folder for drawings.
    """

    table_of: Callable[[str], Table | None]
    values: Values
    link: Callable[[str], str]
    cache: Path | None = None

    def table(self, path: str) -> Table:
        """The table that a fence names; raises FenceError."""
        table = self.table_of(path)
        if table is None:
            raise FenceError(f"{path} does not exist. Give the path as in a link on this page.")
        return table


@dataclass(frozen=True)
class TableFence:
    """A fence named `table`: heading -> the columns joined under it, in order."""

    data: str
    columns: Mapping[str, tuple[str, ...]]
    where: Mapping[str, tuple[str, ...]]
    ids: str  # Put before the value of the column `id`, as the id of the row; empty: rows have no id.
    empty: str  # Shown in a cell that would hold nothing.
    # A column -> its values, each of which heads a column, and the columns that are joined below it.
    across: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cells: tuple[str, ...] = ()


def read_filters(where: object, name: str) -> dict[str, tuple[str, ...]]:
    """The option `where` of a fence: column -> the values that a row may have; raises FenceError."""
    if not isinstance(where or {}, Mapping):
        raise FenceError(f"where of this {name} must name columns: where: {{kind: attack}}.")
    return {
        str(column): tuple(map(str, value if isinstance(value, list) else [value]))
        for column, value in dict(where or {}).items()  # type: ignore[call-overload]
    }


def check_columns(path: str, table: Table, wanted: Iterable[str], option: str = "") -> None:
    """Raise FenceError for the first of the columns that `option` wants and the table lacks."""
    for name in wanted if table.columns else ():  # A file without a head is reported as such.
        if name not in table.columns:
            hint = guess(name, table.columns) or f" There are {', '.join(table.columns)}."
            raise FenceError(f"{path} has no column {name}.{hint}", *filter(None, [option, name]))


def select_rows(table: Table, where: Mapping[str, Sequence[str]], path: str) -> Table:
    """The rows that have one of the values in each column of `where`; a cell may hold several, with `;`.

    Raises FenceError for a value that no row has.
    """
    for column, wanted in where.items() if table.rows else ():
        present = {value for row in table.rows for value in split_values(row[column].value) or ("",)}
        if missing := [value for value in wanted if value not in present]:
            hint = guess(missing[0], sorted(present))
            message = f"No row of {path} has “{missing[0]}” as its {column}.{hint}"
            raise FenceError(message, "where", missing[0])

    def matches(row: Row) -> bool:
        return all(
            set(wanted) & ({*split_values(row[column].value)} or {""}) for column, wanted in where.items()
        )

    chosen = tuple(filter(matches, table.rows))
    if table.rows and not chosen:
        raise FenceError(f"No row of {path} has all that where names.", "where")
    return replace(table, rows=chosen)


def parse(body: str) -> TableFence:
    """The YAML of the fence; raises FenceError."""
    options = read_options(body, "table", REQUIRED, OPTIONAL)
    columns = options["columns"]
    if not isinstance(columns, Mapping):
        raise FenceError("columns of this table must give each heading its column: columns: {Place: place}.")
    return TableFence(
        str(options["data"]),
        {str(k): tuple(map(str, v if isinstance(v, list) else [v])) for k, v in columns.items()},
        read_filters(options.get("where"), "table"),
        str(options.get("ids") or ""),
        str(options.get("empty") or ""),
        read_filters(options.get("across"), "table"),
        fences.read_column_list(options, "cells"),
    )


def make(context: Context, body: str, _: object) -> etree.Element:
    """The element of a fence named `table`; raises FenceError."""
    shown = parse(body)
    table = context.table(shown.data)
    shown_columns = [column for group in shown.columns.values() for column in group]
    needed = {"columns": shown_columns, "where": shown.where, "across": shown.across, "cells": shown.cells}
    for option, names in needed.items():
        check_columns(shown.data, table, names, option)
    check_columns(shown.data, table, ["id"] if shown.ids or shown.across else [])
    chosen = with_dates_in_words(select_rows(table, shown.where, shown.data))
    for column, wanted in shown.across.items():
        chosen = pivot(chosen, column, wanted, shown.cells, context.values)
        shown = replace(shown, columns={**shown.columns, **{name: (name,) for name in wanted}})
    return table_element(shown, chosen, context.values)


def pivot(table: Table, column: str, wanted: Sequence[str], cells: Sequence[str], values: Values) -> Table:
    """The table with a column for each value of `column`, in which rows that share an id are one row.

    What `cells` name after the first stands there in brackets.
    """

    def cell(row: Row) -> str:
        rest = joined_values(row, cells[1:], values)
        return joined_values(row, cells[:1], values) + (f" ({rest})" if rest else "")

    merged: list[Row] = []
    for _, each in groupby(table.rows, key=lambda row: row["id"].value):
        group = list(each)
        text_of = {row[column].value: cell(row) for row in group}
        new = {name: replace(group[0][column], value=text_of.get(name, "")) for name in wanted}
        merged.append({**group[0], **new})
    return replace(table, columns=(*table.columns, *wanted), rows=tuple(merged))


def table_element(shown: TableFence, table: Table, values: Values) -> etree.Element:
    """The table; citations of a row follow its first cell, unless the fence names their column."""
    result = etree.Element("table")
    head = etree.SubElement(etree.SubElement(result, "thead"), "tr")
    for heading in shown.columns:
        etree.SubElement(head, "th", {"scope": "col"}).text = heading
    named = any(CITATIONS in group for group in shown.columns.values())
    body = etree.SubElement(result, "tbody")
    for row in table.rows:
        identity = {"id": shown.ids + row["id"].value} if shown.ids else {}
        line = etree.SubElement(body, "tr", identity)
        for i, group in enumerate(shown.columns.values()):
            text = joined_values(row, group, values) or shown.empty
            if not i and not named and CITATIONS in row:
                text = f"{text} {row[CITATIONS].value}".strip()
            etree.SubElement(line, "td").text = text
    return result


def joined_values(row: Row, columns: Sequence[str], values: Values) -> str:
    return "; ".join(filter(None, (shown_value(row, column, values) for column in columns)))


def shown_value(row: Row, column: str, values: Values) -> str:
    """A value as it is shown: a word of a vocabulary as the site shows it, any other as it is written."""
    value = row[column].value
    return values.get(column, {}).get(value, value)


def with_dates_in_words(table: Table, columns: Collection[str] = ()) -> Table:
    """The table with the dates of its column `date`, and of `columns`, as pages show them."""
    dates = {"date", *columns} & {*table.columns}
    new = (
        row | {name: replace(row[name], value=date_in_words(row[name].value)) for name in dates}
        for row in table.rows
    )
    return replace(table, rows=tuple(new))


def checked_table(table: Table, known: Collection[str], values: Values) -> tuple[Table, list[Problem]]:
    """The table of a fence without wrong citations, which no page is to report again, and its problems."""
    problems = list(table.problems)
    checked = []
    for row in table.rows:
        problems += rows.value_problems(row, values)
        new = {}
        for column, cell in row.items():
            check = rows.citation_problems if column == CITATIONS else rows.citation_problems_in_text
            if wrong := list(check(cell, known)):
                problems += wrong
                new[column] = replace(cell, value=rows.without_citations(cell.value))
        if CITATIONS not in row and not any(map(rows.has_citation, row.values())):
            line = next(iter(row.values())).line
            message = "No cell of this row has a citation. Write one as on a page: [@key, para. 3]."
            problems.append((line, 1, message))
        checked.append(row | new)
    return replace(table, rows=tuple(checked)), problems
