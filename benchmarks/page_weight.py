"""What a first visit costs: bytes as sent (gzip) and requests, here and with the same content elsewhere.

    python benchmarks/page_weight.py

The same pages, with the same notes and the same bibliography, in Material as it comes and, where it is
installed, in furo (`pip install furo` in an environment of its own; it is no part of the locked set).
Needs Chromium, as the tests do. Requests to other hosts are counted and refused.
"""

from __future__ import annotations

import functools
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Browser, sync_playwright
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"home": "", "CTC page": "sources/ctc-sentinel/", "bibliography": "bibliography/"}
CONTENT_HOOKS = ("citations.py", "charts.py", "timeline.py", "glossary.py")
QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def mkdocs(config: Path, site: Path) -> Path:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(config), "-d", str(site)]
    subprocess.run(command, check=True, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return site


def stock_material(folder: Path) -> Path:
    """The same docs/ and hooks of content in a configuration as the theme's own guide starts it."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    ours = yaml.safe_load(text.replace("!ENV ", ""))
    hooks = [str(ROOT / each) for each in ours["hooks"] if Path(each).name in CONTENT_HOOKS]
    kept = {name: ours[name] for name in ("site_name", "nav", "markdown_extensions") if name in ours}
    plugins = ["search", *(each for each in ours["plugins"] if "bibtex" in each)]
    config = {
        **kept,
        "docs_dir": str(ROOT / "docs"),
        "theme": {"name": "material", "custom_dir": "own"},
        "plugins": plugins,
        "hooks": hooks,
    }
    os.symlink(ROOT / "bibliography", folder / "bibliography")
    (folder / "own").mkdir()
    (folder / "own" / "home.html").write_text('{% extends "main.html" %}', encoding="utf-8")
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    return mkdocs(folder / "mkdocs.yml", folder / "material")


def furo(folder: Path, ours: Path) -> Path | None:
    """The finished text of our pages, set by Sphinx in furo."""
    if not find_spec("furo"):
        return None
    source = folder / "sphinx"
    for path in sorted(ours.rglob("index.html")):
        article = LexborHTMLParser(path.read_text(encoding="utf-8")).css_first("article")
        page = source / path.parent.relative_to(ours) / "index.rst"
        page.parent.mkdir(parents=True, exist_ok=True)
        html = (article.html or "").replace("\n", "\n   ") if article else ""
        title = path.parent.name or "Home"
        page.write_text(f"{title}\n{'=' * 40}\n\n.. raw:: html\n\n   {html}\n", encoding="utf-8")
    below = sorted(source.glob("*/**/index.rst"))
    others = "".join(f"   {each.parent.relative_to(source)}/index\n" for each in below)
    with (source / "index.rst").open("a", encoding="utf-8") as index:
        index.write(f"\n.. toctree::\n   :hidden:\n\n{others}")
    (source / "conf.py").write_text('project = "Warning Lights"\nhtml_theme = "furo"\n', encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(source), str(folder / "furo")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / "furo"


def weigh(browser: Browser, address: str, path: str) -> tuple[int, int, int]:
    """(bytes as sent, requests, requests to other hosts) of a first visit."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    responses: list[Any] = []
    foreign: list[str] = []
    page.on("response", lambda response: responses.append(response))
    page.on("request", lambda r: None if r.url.startswith(address) else foreign.append(r.url))
    page.route(lambda url: not url.startswith(address), lambda route: route.abort())
    page.goto(address + path, wait_until="networkidle")
    sent = sum(min(len(body := each.body()), len(gzip.compress(body, 9))) for each in responses if each.ok)
    context.close()
    return sent, len(responses), len(foreign)


def main() -> None:
    name = next(filter(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        ours = mkdocs(ROOT / "mkdocs.yml", folder / "ours")
        sites = {"this site": ours, "stock Material": stock_material(folder), "furo": furo(folder, ours)}
        browser = playwright.chromium.launch(
            executable_path=shutil.which(name), args=["--no-sandbox", "--disable-gpu"]
        )
        print(f"{'page':<14}{'with':<16}{'kB':>8}{'requests':>10}{'elsewhere':>11}{'ratio':>8}")
        for title, path in PAGES.items():
            base = 0
            for label, site in sites.items():
                if site is None:
                    print(f"{title:<14}{label:<16}{'not installed':>18}")
                    continue
                with served(site) as address:
                    sent, requests, foreign = weigh(browser, address, path)
                base = base or sent
                print(
                    f"{title:<14}{label:<16}{sent / 1000:>8.1f}{requests:>10}{foreign:>11}{sent / base:>8.2f}"
                )
        browser.close()


if __name__ == "__main__":
    main()
