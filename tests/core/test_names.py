"""A misspelt word and the known ones in, what was probably meant out."""

from __future__ import annotations

import pytest

from warning_lights.core.names import nearest_name


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("colour", ["color", "column"], "color"),  # More alike, though it is shorter.
        ("ctc-1o1", ["ctc-10", "ctc-101"], "ctc-101"),  # Almost as alike, and as long.
        ("Side_Note", ["side", "sidenote"], "sidenote"),
        ("volcano", ["para", "fig"], None),
    ],
)
def test_the_nearest_name(word: str, known: list[str], meant: str | None) -> None:
    assert nearest_name(word, known) == meant
