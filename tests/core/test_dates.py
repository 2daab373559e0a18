"""Dates in words."""

from __future__ import annotations

import pytest

from warning_lights.core.dates import in_words


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2024", "2024"),
        ("2024-03", "March 2024"),
        ("2024-03-02", "2 March 2024"),
        ("2024-21", "Spring 2024"),
        ("2024-24", "Winter 2024"),
        ("2024-13", "2024-13"),
        ("2024-21-01", "2024-21-01"),
        ("2024-03/2024-05", "2024-03/2024-05"),
        ("", ""),
    ],
)
def test_a_date_in_words(iso: str, words: str) -> None:
    assert in_words(iso) == words
