"""Tables as spreadsheets save them."""

from __future__ import annotations

import pytest

from warning_lights.core.table import read


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_a_table_with_other_separators_is_one_problem(sign: str, name: str) -> None:
    table = read(f"id{sign}text\na{sign}One, two\nb{sign}Three\n")
    message = f"The cells of this table are separated by {name}. Save it with commas (CSV, UTF-8)."
    assert (table.columns, table.rows, table.problems) == ((), (), ((1, 1, message),))
