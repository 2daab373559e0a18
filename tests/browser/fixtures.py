"""The real site in a real browser: the system's Chromium, on a server of our own."""

from __future__ import annotations

import contextlib
import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response, sync_playwright

from conftest import SUB_PATH, Build

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


class Handler(SimpleHTTPRequestHandler):
    """Serves as GitHub Pages does: what is not there gets the site's own page for it."""

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def copyfile(self, source: Any, outputfile: Any) -> None:
        with contextlib.suppress(ConnectionError):  # A page that is left takes no more.
            super().copyfile(source, outputfile)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        page = Path(self.directory, SUB_PATH, "404.html")
        content = page.read_bytes() if page.is_file() else b""
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@dataclass
class Visit:
    """A page in the browser, and all that went over the wire and into the console meanwhile."""

    page: Page
    site: str
    messages: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.site + path, wait_until="load")

    def failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # What a page still asked for when it was left.
            self.messages.append(f"failed: {request.url}, {request.failure}")

    def faults(self) -> list[str]:
        bad = [f"{each.status} {each.url}" for each in self.responses if each.status >= 400]
        return [*self.messages, *bad, *(f"asks {url}" for url in self.foreign)]


def wait_until(page: Page, expression: str) -> None:
    """Wait for `expression` to be true, without a string that the policy lets no page evaluate."""
    for _ in range(250):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"It never became true: {expression}")


def chromium() -> str:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Chromium is not installed; tests/browser/install_chromium.sh says how."
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address below which the files of a folder are served, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def site(built_site: Build) -> Iterator[str]:
    """The address of the site, which ends with a slash."""
    assert (built_site.site / "index.html").exists(), built_site.output
    with served(built_site.site.parent) as address:
        yield f"{address}{SUB_PATH}/"


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Visit]]:
    """A function that opens a window: `visit("about/", width=390, scheme="dark")`."""
    contexts = []

    def open_page(path: str = "", *, width: int = 1440, scheme: str = "light", **options: Any) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            **{"color_scheme": scheme, "reduced_motion": "reduce", **options},
        )
        contexts.append(context)
        seen = Visit(context.new_page(), site)
        seen.page.on("console", lambda message: seen.messages.append(message.text))
        seen.page.on("pageerror", lambda error: seen.messages.append(str(error)))
        # A bound method of list takes no attributes, and Playwright gives it one.
        seen.page.on("response", lambda response: seen.responses.append(response))
        seen.page.on("requestfailed", seen.failed)
        seen.page.on("request", lambda r: None if r.url.startswith(site) else seen.foreign.append(r.url))
        seen.go(path)
        return seen

    yield open_page
    for context in contexts:
        context.close()
