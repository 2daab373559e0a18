"""Pictures: words for who cannot see them, and a limit for who has a slow line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Build
from warning_lights.pages.pictures import images_without_alt, size_fault


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("![A map](map.png) and ![words][ref]", []),
        ("Text ![](map.png)", [(1, 6)]),
        ("one\n![ ][ref]", [(2, 1)]),
        ('<img src="a.png">', [(1, 1)]),
        ('<img src="a.png" alt="">', []),
        ("`![](map.png)`\n\n```\n![](map.png)\n```", []),
        (r"\!\[](not a picture)", []),
        ("[](link)", []),
    ],
)
def test_pictures_without_words(text: str, places: list[tuple[int, int]]) -> None:
    assert [(line, column) for line, column, _ in images_without_alt(text)] == places


def test_the_limit(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"0" * 500_000)
    assert size_fault(picture, 500) == ""
    picture.write_bytes(b"0" * 5_000_000)
    assert size_fault(picture, 500).startswith("This picture has 5.0 MB; 500 kB is the limit.")


def test_in_a_build(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {
            "index.md": "# Home\n\n![](big.svg)\n",
            "big.svg": "<svg xmlns='http://www.w3.org/2000/svg'>" + " " * 3000,
        },
        hooks=("assets.py", "pages.py"),
        config="extra:\n  pictures:\n    kilobytes: 2\n",
    )
    assert site.code == 1
    assert "docs/index.md:3:1: This image has no alternative text." in site.output
    assert "docs/big.svg: This picture has 0.0 MB; 2 kB is the limit." in site.output
