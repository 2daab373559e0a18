"""A citation in a browser that knows text fragments: the source opens at the passage, and lights it.

The page of each made-up source is served from here; the site's own links are opened with their host replaced.
"""

from __future__ import annotations

import functools
import io
import re
import shutil
import threading
from collections.abc import Iterator
from html import escape
from http.server import ThreadingHTTPServer

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser

from browser.fixtures import Handler
from conftest import ROOT, mkdocs_build
from warning_lights.core.fragments import DELIMITER, directives_of
from warning_lights.quotations.directive_match import find_passages
from warning_lights.quotations.note_markers import note_markers

SITE = ROOT / "tests" / "sites" / "passages"
# Pages long enough to scroll, and a colour that nothing else on them has.
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A source</title><style>
body { margin: 0 auto; max-width: 30em; font: 18px/1.5 serif } p { margin: 0 0 80vh }
::target-text { background: rgb(255, 0, 0); color: rgb(255, 0, 0) }
</style>"""


def published(text: str) -> str:
    """A text as a page: each line a paragraph, each mark of a note a raised link."""
    parts, offset = [], 0
    for start, end in sorted(note_markers(text).values()):
        parts += [escape(text[offset:start]), f'<a href="#end"><sup>{text[start:end]}</sup></a>']
        offset = end
    lines = "".join([*parts, escape(text[offset:])]).split("\n")
    return HEAD + "".join(f"<p data-line={i}>{line}</p>" for i, line in enumerate(lines) if line.strip())


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """(address of the server, all links to passages of the made-up site, path of a source -> its text)."""
    folder = tmp_path_factory.mktemp("passages")
    shutil.copytree(SITE, folder / "project")
    shutil.copy(ROOT / "bibliography" / "style.csl", folder / "project" / "bibliography" / "style.csl")
    config = folder / "project" / "mkdocs.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("HOOKS", str(ROOT / "hooks")), encoding="utf-8"
    )
    built = mkdocs_build(config, folder / "site")
    assert built.code == 0, built.output
    tree = LexborHTMLParser(built.read("index.html"))
    found = [
        a.attributes["href"] or "" for a in tree.css("a[href]") if DELIMITER in (a.attributes["href"] or "")
    ]
    texts = {}
    for path in (SITE / "texts").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        address = re.search(r"https://[^/\s]+(/[^?\s]*)", text)
        assert address is not None
        name = address[1].strip("/")
        (folder / "sources" / name).mkdir(parents=True)
        (folder / "sources" / name / "index.html").write_text(published(text), encoding="utf-8")
        texts[address[1].rstrip("/")] = text
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder / "sources"))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", list(dict.fromkeys(found)), texts
    server.shutdown()
    server.server_close()


def lit(page: Page) -> tuple[int, int] | None:
    """The first and the last row of the window that a passage lights."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    rows = [
        y
        for y in range(image.height)
        if any(image.getpixel((x, y)) == (255, 0, 0) for x in range(0, image.width, 4))
    ]
    return (rows[0], rows[-1]) if rows else None


def test_each_link_scrolls_to_its_passage_and_lights_it(
    browser: Browser, links: tuple[str, list[str], dict[str, str]]
) -> None:
    server, found, texts = links
    assert len(found) >= 30
    context = browser.new_context(viewport={"width": 800, "height": 600})
    for href in found:
        local = re.sub(r"https://[^/]+", server, href)
        page = context.new_page()  # A fragment counts only when a page is opened anew.
        page.goto(local.replace("/digest?", "/digest/?"))
        page.wait_for_timeout(150)
        text = texts[re.sub(r"https://[^/]+|[?#].*", "", href).rstrip("/")]
        ((start, end),) = find_passages(text, directives_of(href)[0])
        first, last = (text.count("\n", 0, offset) for offset in (start, end))
        frame = page.evaluate(
            "lines => lines.map(n => document.querySelector(`[data-line='${n}']`).getBoundingClientRect())"
            ".map(box => [box.top, box.bottom])",
            [first, last],
        )
        rows = lit(page)
        assert rows is not None, f"{href} lights nothing"
        assert frame[0][0] - 2 <= rows[0] <= frame[0][1] + 2, f"{href} lights another paragraph"
        assert rows[1] <= max(frame[1][1], frame[0][1]) + 2 or len(directives_of(href)) > 1, href
        page.close()
    context.close()
