"""Tables as spreadsheets save them."""

from __future__ import annotations

import pytest

from warning_lights.core.table import Cell, parse_table


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_with_other_separators_is_one_problem(sign: str, name: str) -> None:
    table = parse_table(f"id{sign}text\na{sign}One, two\nb{sign}Three\n")
    message = f"The cells of this table are separated by {name}. Save it with commas (CSV, UTF-8)."
    assert (table.columns, table.rows, table.problems) == ((), (), ((1, 1, message),))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_cell_knows_its_place_whatever_ends_a_line(end: str) -> None:
    table = parse_table(end.join(["id,text", 'a,"One,', 'two ""three"""', "", "b,", '"c" d,"e']))
    assert [tuple(row.values()) for row in table.rows] == [
        (Cell("a", 2, 1), Cell(f'One,{end}two "three"', 2, 4)),
        (Cell("b", 5, 1), Cell("", 5, 3)),
        (Cell('"c" d', 6, 1), Cell('"e', 6, 7)),
    ]
    assert [problem[:2] for problem in table.problems] == [(6, 1), (6, 7)]
