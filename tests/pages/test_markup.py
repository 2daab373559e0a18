"""What Markdown writes, made usable with a keyboard and on a small window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from conftest import Build
from warning_lights.pages import pictures
from warning_lights.pages.markup import make_usable


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("<p>Text</p>", "<p>Text</p>"),
        (
            "<table><tr><td>1</td></tr></table>",
            '<div class="scroll" tabindex="0" role="group" aria-label="Table">'
            "<table><tr><td>1</td></tr></table></div>",
        ),
        (
            '<table><tr><th></th><td style="text-align: right;"><a href="x">1</a></td></tr></table>',
            '<div class="scroll"><table><tr><td></td><td class="align-right"><a href="x">1</a></td></tr>'
            "</table></div>",
        ),
        # Of three columns and more: the cells know their heads, for a window where each row is a card.
        (
            '<table><tr><th></th><th>A "b"<sup>1</sup></th><th>C</th></tr>'
            '<tr id="x"><td>1</td><td class="y">2</td><td>3</td></tr></table>',
            '<div class="scroll cards" tabindex="0" role="group" aria-label="Table"><table><tr><td></td>'
            '<th>A "b"<sup>1</sup></th><th>C</th></tr><tr id="x"><td>1</td>'
            '<td data-label="A &quot;b&quot;" class="y">2</td><td data-label="C">3</td></tr></table></div>',
        ),
        ('<table class="own"></table>', '<table class="own"></table>'),
        ("<pre><span></span><code>x</code></pre>", '<pre><span></span><code tabindex="0">x</code></pre>'),
        ("<p><code>x</code></p>", "<p><code>x</code></p>"),
        ('<h2>1</h2><img src="a.png">', '<h2>1</h2><img loading="lazy" decoding="async" src="a.png">'),
        ('<h2>1</h2><img loading="a" decoding="b">', '<h2>1</h2><img loading="a" decoding="b">'),
        # The first picture above all sections is fetched at once, a second one is not.
        ('<p><img src="a.png">', '<p><img src="a.png">'),
        ('<img alt="1 > 0"><img>', '<img alt="1 > 0"><img loading="lazy" decoding="async">'),
    ],
)
def test_usable(written: str, made: str) -> None:
    assert make_usable(written) == made


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('<img src="a.png">', '<img width="600" height="400" src="a.png">'),
        ('<img src="a.png" width="300">', '<img height="200" src="a.png" width="300">'),
        ("<img height=100 src=a.png>", '<img width="150" height=100 src=a.png>'),
        ('<img src="a.png" width="50%">', '<img src="a.png" width="50%">'),
        ('<img src="a.png" width="3" height="9">', '<img src="a.png" width="3" height="9">'),
        ('<img src="other.png">', '<img src="other.png">'),
    ],
)
def test_a_picture_has_the_room_that_it_will_need(written: str, made: str) -> None:
    assert make_usable(written, {"a.png": (600, 400)}.get) == made


@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp"])
def test_the_size_of_a_picture_is_read_from_its_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    Image.new("RGB", (31, 17)).save(path)
    assert pictures.size(path) == (31, 17)


def test_a_photograph_that_was_taken_upright_is_upright(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (31, 17)).save(tmp_path / "a.jpg", exif=turned)
    assert pictures.size(tmp_path / "a.jpg") == (17, 31)


@pytest.mark.parametrize(
    ("tag", "size"),
    [
        ('<svg width="31" height="17px">', (31, 17)),
        ("<?xml version='1.0'?>\n<svg viewBox='0 0 30.6 17'>", (31, 17)),
        ('<svg width="100%" viewBox="-5,-5 31 17">', (31, 17)),
        ("<svg>", None),
        ("not a drawing", None),
    ],
)
def test_the_size_of_a_drawing(tag: str, size: tuple[int, int] | None) -> None:
    assert pictures.svg_size(tag.encode()) == size


def test_what_is_no_picture_has_no_size(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("text")
    assert pictures.size(tmp_path / "a.png") is None
    assert pictures.size(tmp_path / "none.png") is None


def test_in_a_build(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {
            "a/one.md": "# One\n\n## Two\n\n![A line](../pictures/a%20line.svg)\n",
            "index.md": "# Home\n",
            "pictures/a line.svg": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 30 10'/>",
        },
        hooks=("pages.py",),
        config="theme: material\n",
    )
    assert 'width="30" height="10"' in site.read("a/one/index.html")
