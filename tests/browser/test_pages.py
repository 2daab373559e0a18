"""Every page, light and dark, on a phone and on a desk: open to everyone, quiet, and by itself."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Route

from browser.fixtures import Visit
from conftest import ROOT, Build

DOCS = ROOT / "docs"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async rules => (await axe.run({runOnly: rules})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`))"""
WIDTHS = [320, 390, 820, 1440, 1920]
COLOURS: list[tuple[Literal["light", "dark"], Literal["none", "active"]]] = [
    ("light", "none"),
    ("dark", "none"),
    ("dark", "active"),
]
SCROLLING = (
    """[...document.querySelectorAll(".scroll")].filter(box => box.scrollWidth > box.clientWidth).length"""
)
SHIFTS = """new Promise(resolve => {
    const values = list => resolve(list.getEntries().map(entry => entry.value));
    new PerformanceObserver(values).observe({ type: "layout-shift", buffered: true });
    setTimeout(resolve, 500, []);
})"""
BROADER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def address(source: Path) -> str:
    """The address of a page, as MkDocs forms it."""
    path = source.relative_to(DOCS).with_suffix("")
    return "/".join(part for part in path.parts if part != "index").removesuffix("/") + "/" * (
        path.parts != ("index",)
    )


# The longest page, which a reader may well meet first.
LONGEST = address(max(DOCS.rglob("*.md"), key=lambda path: path.stat().st_size))
PAGES = [*sorted(address(path) for path in DOCS.rglob("*.md")), "404.html"]


def axe() -> str:
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_page(visit: Callable[..., Visit], path: str) -> None:
    """On five widths (320 is a desk at 400 %) and in three sets of colours, each at least once."""
    seen = visit(path, width=WIDTHS[0])
    seen.page.evaluate(axe())
    found = {}
    for width, (scheme, forced) in zip(WIDTHS, COLOURS * 2, strict=False):
        seen.page.set_viewport_size({"width": width, "height": 900})
        seen.page.emulate_media(color_scheme=scheme, forced_colors=forced)
        broader, scrolling = seen.page.evaluate(BROADER), seen.page.evaluate(SCROLLING)
        assert broader <= 0, f"The page scrolls sideways at {width}."
        assert width > 720 or scrolling == 0, f"A table scrolls on a phone of {width}."
        if faults := seen.page.evaluate(RUN, RULES):
            found[width, scheme, forced] = faults
    assert found == {}
    assert seen.faults() == []


@pytest.mark.parametrize("path", ["", LONGEST, "bibliography/", "glossary/"])
def test_first_visit_is_light(visit: Callable[..., Visit], path: str) -> None:
    """With typefaces; the search and what only cards say are requested later."""
    seen = visit(path)
    seen.page.wait_for_timeout(300)
    packed = [len(gzip.compress(each.body(), 9)) for each in seen.responses]
    assert len(packed) <= 10
    assert sum(packed) <= {LONGEST: 89_000, "bibliography/": 92_000}.get(path, 100_000)
    assert not [each.url for each in seen.responses if "search" in each.url.removeprefix(seen.site)]


def test_scripts_are_light(built_site: Build) -> None:
    """All of them together, but for those that are data."""
    scripts = list((ROOT / "docs" / "assets").glob("*.js"))
    published = [(built_site.site / "assets" / path.name).read_bytes() for path in scripts]
    assert sum(len(gzip.compress(script, 9)) for script in published) < 20_000


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_the_letters_asked_for_first_are_those_in_use(visit: Callable[..., Visit], path: str) -> None:
    """What overrides/base.html preloads is what the style sheet asks for: no face more, and none less."""
    seen = visit("robots.txt")
    html = seen.page.request.get(seen.site + path).text()
    ahead = re.compile(r'<link rel="preload" href="[^"]*?([\w-]+)\.woff2"[^>]*>')
    wanted, without = set(ahead.findall(html)), ahead.sub("", html)
    seen.page.route(f"{seen.site}{path}", lambda route: route.fulfill(body=without, content_type="text/html"))
    seen.go(path)
    seen.page.evaluate("document.fonts.ready.then(() => true)")
    asked = {m[1] for each in seen.responses if (m := re.search(r"([\w-]+)\.woff2$", each.url))}
    assert asked == wanted


@pytest.mark.parametrize("path", ["about/", "about/contributing/", "sources/", "timeline/", "map/"])
def test_second_page_is_light(visit: Callable[..., Visit], path: str) -> None:
    seen = visit("bibliography/")
    seen.go("about/your-own-subject/")  # Together they have all typefaces, whatever the subject.
    before = {each.url for each in seen.responses}
    seen.go(path)
    new = [each for each in seen.responses if each.url not in before]
    bodies = [seen.page.request.get(each.url).body() for each in new]  # That of a page left behind is gone.
    assert sum(len(gzip.compress(body, 9)) for body in bodies) < 25_000


@pytest.mark.parametrize("path", ["", LONGEST, "timeline/", "bibliography/"])
def test_nothing_jumps_when_a_script_is_late(visit: Callable[..., Visit], path: str) -> None:
    seen = visit("robots.txt", width=390)

    def late(route: Route) -> None:
        seen.page.wait_for_timeout(300)
        route.continue_()

    seen.page.route("**/assets/*.js", late)
    seen.go(path)
    shifts = seen.page.evaluate(SHIFTS)
    assert sum(shifts) < 0.05


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "home")
def test_policy_is_strict(visit: Callable[..., Visit], path: str) -> None:
    page = visit(path, java_script_enabled=False).page
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    assert "default-src 'none'" in policy
    assert not re.search(r"unsafe|https?:|\*", policy)
    assert page.locator("[style], [onclick], [onload]").count() == 0
    assert page.locator("a[target]").count() == 0  # Without one, no page gets hold of the window of another.
    assert page.locator("meta[name=referrer]").count() == 1
