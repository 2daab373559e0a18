"""Directives: comments that are replaced."""

from __future__ import annotations

import pytest

from warning_lights.core.directives import directive_pattern


@pytest.mark.parametrize(
    ("html", "replaced"),
    [
        ("<p>Copies: <!-- downloads --></p>", "<p>Copies: X</p>"),
        ("        <!--downloads -->\n", "        X\n"),
        ("<!-- download -->", "<!-- download -->"),
    ],
)
def test_in_html_a_directive_may_be_anywhere(html: str, replaced: str) -> None:
    assert directive_pattern("downloads", anywhere=True).sub("X", html) == replaced


def test_in_markdown_a_directive_has_a_line_of_its_own() -> None:
    pattern = directive_pattern("downloads")
    assert pattern.sub("X", "A <!-- downloads -->\n  <!-- downloads -->\n") == "A <!-- downloads -->\nX\n"
