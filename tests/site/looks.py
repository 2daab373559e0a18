"""Pictures of pages that can be compared: frozen words in the live frame, and a measure of difference.

The words of the site change with every contribution, its look should not. So the menu and the text of a
few pages are kept in tests/site/looks/*.html, cut short; a test puts them into the finished page, whose
header, style sheet, scripts and letters are those of the build.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from PIL import Image, ImageChops
from playwright.sync_api import Route
from selectolax.lexbor import LexborHTMLParser

from browser.fixtures import Visit

FOLDER = Path(__file__).with_name("looks")
FRAME = re.compile(r'<div class="frame">.*(?=<footer class="foot">)', re.DOTALL)
HEIGHT = 900
SMALLER = 4  # A kept picture has this fraction of the width and height of the window, and no colours.
BLOCK = 8  # In the kept picture: a block is 32 pixels of the window, two lines of text.

# Pictures of 0 to 255 are alike if they differ on average by at most MEAN, and no block by more than MOST.
# The same page with other smoothing or twice the pixels stays below 1.2 and 6; a fault reaches 26 at least.
MEAN, MOST = 2.0, 14


@dataclass(frozen=True)
class Look:
    path: str
    width: int
    scheme: str
    at: str = "body"  # What is scrolled to the top of the window.


LOOKS = {
    "home-desk": Look("", 1440, "light"),
    "home-phone": Look("", 390, "dark"),
    "article-desk": Look("sources/ctc-sentinel/", 1440, "light"),
    "article-notes-phone": Look("sources/ctc-sentinel/", 390, "light", "section.notes"),
    "bibliography-phone": Look("bibliography/", 390, "dark", ".coverage-map"),
    "timeline-desk": Look("timeline/", 1100, "dark"),
    "theme-tablet": Look("themes/warnings/", 768, "light"),
}


def name_of(look: Look) -> str:
    """The file of the frozen words of its page, without ending."""
    return look.path.strip("/").replace("/", "-") or "home"


def frozen(html: str) -> str:
    """The menu and the text of a finished page, cut to what a window shows, without what changes daily."""
    tree = LexborHTMLParser(FRAME.findall(html)[0])
    for node in tree.css(".keep, .cite-page"):
        node.decompose()
    for node in tree.css("details.cited-at:not([open]) > ul"):
        node.decompose()
    for node in tree.css("code"):  # Set in the typeface of the machine.
        node.unwrap()
    for parent in tree.css("article, .timeline, section.bibliography"):
        most = 4 if parent.attributes.get("class") == "bibliography" else 14
        for node in [each for each in parent.iter() if each.attributes.get("class") != "notes"][most:]:
            node.decompose()
    left = {node.attributes["id"] for node in tree.css(".note-call")}
    for note in tree.css("li.note"):
        calls = {unquote(link.attributes["href"] or "")[1:] for link in note.css("a.backref")}
        if not calls & left:
            note.decompose()
    assert tree.body is not None
    return "\n".join(line for line in (tree.body.inner_html or "").splitlines() if line.strip())


def photograph(
    visit: Callable[..., Visit], look: Look, *, css: str = "", without: str = "", **options: Any
) -> Image.Image:
    """The window as it looks with the frozen words, small and grey.

    To see what a fault looks like, `css` is added to the style sheet, and the files `without` come empty.
    """
    seen = visit("robots.txt", width=look.width, scheme=look.scheme, **options)
    words = (FOLDER / f"{name_of(look)}.html").read_text(encoding="utf-8")

    def page(route: Route) -> None:
        html = FRAME.sub(lambda _: words, route.fetch().text())
        route.fulfill(body=html, content_type="text/html; charset=utf-8")

    def style(route: Route) -> None:
        # The letters are waited for: on a page that is read they may come too late, here not.
        text = route.fetch().text().replace("font-display:optional", "font-display:block")
        route.fulfill(body=text + css, content_type="text/css")

    seen.page.route(seen.site + look.path, page)
    seen.page.route("**/assets/styles.css", style)
    if without:
        seen.page.route(without, lambda route: route.fulfill(body=""))
    seen.go(look.path)
    seen.page.evaluate("document.fonts.ready.then(() => true)")
    seen.page.evaluate("at => document.querySelector(at).scrollIntoView()", look.at)
    seen.page.wait_for_timeout(300)
    return small(seen.page.screenshot(), look.width)


def small(png: bytes, width: int) -> Image.Image:
    size = (width // SMALLER, HEIGHT // SMALLER)
    return Image.open(io.BytesIO(png)).convert("L").resize(size, Image.Resampling.BOX)


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """(on average, in the block that differs most); pictures of two sizes have nothing in common."""
    if one.size != other.size:
        return 255.0, 255.0
    apart = blurred(one, other)
    values = apart.tobytes()
    return sum(values) / len(values), max(values)


def blurred(one: Image.Image, other: Image.Image) -> Image.Image:
    """The difference block by block: each is first averaged, so that the shape of letters does not count."""
    size = (-(-one.width // BLOCK), -(-one.height // BLOCK))
    blocks = [each.resize(size, Image.Resampling.BOX) for each in (one, other)]
    return ImageChops.difference(*blocks)


def alike(one: Image.Image, other: Image.Image) -> bool:
    mean, most = difference(one, other)
    return mean <= MEAN and most <= MOST
