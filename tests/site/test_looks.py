"""The pages look as they did when somebody last looked at them.

    UPDATE_LOOKS=1 .venv/bin/pytest tests/site/test_looks.py

takes new pictures and new words after a change that is meant; look at them before they are committed.
When a page looks different, the test names a folder with three pictures: expected, actual, difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from looks import FOLDER, LOOKS, Look, alike, blurred, difference, frozen, name_of, photograph
from PIL import Image

from browser.fixtures import Visit

DESK = LOOKS["article-desk"]
FAULTS = {
    "no style sheet": {"without": "**/assets/styles.css"},
    "no typefaces": {"without": "**/*.woff2"},
    "no notes beside the text": {"without": "**/assets/notes.js"},
    "the other colours": {"color_scheme": "dark"},
    "the menu over the text": {
        "css": ".frame { display: block !important } .menu { position: absolute !important }"
    },
    "a line that is too long": {"css": ":root { --measure: 38rem }"},
    "headings like text": {
        "css": ".md-typeset :is(h1, h2) { font-size: 1rem !important; margin: 0 !important }"
    },
}


def kept(name: str) -> Image.Image:
    return Image.open(FOLDER / f"{name}.png").convert("L")


@pytest.mark.parametrize("name", LOOKS)
def test_a_page_looks_as_it_did(visit: Callable[..., Visit], name: str, tmp_path: Path) -> None:
    look = LOOKS[name]
    if os.environ.get("UPDATE_LOOKS"):
        renew(visit, look)
    actual = photograph(visit, look)
    if os.environ.get("UPDATE_LOOKS"):
        actual.save(FOLDER / f"{name}.png", optimize=True)
    expected = kept(name)
    if not alike(expected, actual):
        expected.save(tmp_path / "expected.png")
        actual.save(tmp_path / "actual.png")
        blurred(expected, actual).resize(expected.size).save(tmp_path / "difference.png")
        mean, most = difference(expected, actual)
        pytest.fail(f"{name}: on average {mean:.1f} apart, {most:.0f} at most: see {tmp_path}")


def renew(visit: Callable[..., Visit], look: Look) -> None:
    seen = visit("robots.txt")
    html = seen.page.request.get(seen.site + look.path).text()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name_of(look)}.html").write_text(frozen(html) + "\n", encoding="utf-8")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(visit: Callable[..., Visit], fault: str) -> None:
    assert not alike(kept("article-desk"), photograph(visit, DESK, **FAULTS[fault]))


def test_sharper_letters_are_no_fault(visit: Callable[..., Visit]) -> None:
    """Twice the pixels, as on most phones: the same page, in letters of another shape."""
    assert alike(kept("article-desk"), photograph(visit, DESK, device_scale_factor=2))


def test_the_pictures_stay_few_and_light() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 300_000
