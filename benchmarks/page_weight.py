"""What a first visit costs: bytes as sent (gzip) and requests, here and with the same content elsewhere.

    python benchmarks/page_weight.py

The same pages, with the same notes and the same bibliography, in Material as it comes and, where they are
installed, in Sphinx: furo, and MyST with its book theme (in an environment of their own, for they are no
part of the locked set: `pip install -r requirements.txt playwright furo myst-parser sphinx-book-theme`).
MyST is here as MyST-Parser. Its other implementation, mystmd, fetches the theme of its pages from a server
of its own when it builds, and that theme is on no package index: what cannot be locked is not compared.
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
FENCE = "`" * 8  # Longer than any in the text.
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


def sphinx(folder: Path, ours: Path, theme: str) -> Path | None:
    """The finished text of our pages, read as MyST Markdown and set by Sphinx in one of its themes."""
    if not find_spec(theme) or not find_spec("myst_parser"):
        return None
    source = folder / f"{theme}-source"
    for path in sorted(ours.rglob("index.html")):
        article = LexborHTMLParser(path.read_text(encoding="utf-8")).css_first("article")
        page = source / path.parent.relative_to(ours) / "index.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        html = article.html if article else ""
        title = path.parent.name if path.parent != ours else "Home"
        page.write_text(f"# {title}\n\n{FENCE}{{raw}} html\n{html}\n{FENCE}\n", encoding="utf-8")
    below = sorted(source.glob("*/**/index.md"))
    others = "".join(f"{each.parent.relative_to(source)}/index\n" for each in below)
    with (source / "index.md").open("a", encoding="utf-8") as index:
        index.write(f"\n{FENCE}{{toctree}}\n:hidden:\n\n{others}{FENCE}\n")
    config = f'project = "Warning Lights"\nextensions = ["myst_parser"]\nhtml_theme = "{theme}"\n'
    (source / "conf.py").write_text(config, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "dirhtml", str(source), str(folder / theme)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder / theme


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
        sites = {
            "this site": ours,
            "stock Material": stock_material(folder),
            "furo": sphinx(folder, ours, "furo"),
            "MyST, book theme": sphinx(folder, ours, "sphinx_book_theme"),
        }
        browser = playwright.chromium.launch(
            executable_path=shutil.which(name), args=["--no-sandbox", "--disable-gpu"]
        )
        print(f"{'page':<14}{'with':<18}{'kB':>8}{'requests':>10}{'elsewhere':>11}{'ratio':>8}")
        for title, path in PAGES.items():
            base = 0
            for label, site in sites.items():
                if site is None:
                    print(f"{title:<14}{label:<18}{'not installed':>18}")
                    continue
                with served(site) as address:
                    sent, requests, foreign = weigh(browser, address, path)
                base = base or sent
                print(
                    f"{title:<14}{label:<18}{sent / 1000:>8.1f}{requests:>10}{foreign:>11}{sent / base:>8.2f}"
                )
        browser.close()


if __name__ == "__main__":
    main()
