"""`mkdocs serve`: what a writer changes is seen, pages and bibliography alike, and faults do not stop it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import ROOT, Build

BIB = "@online{{doe2020,\n  author = {{Doe, {name}}},\n  title = {{A page}},\n  url = {{https://example.org/}},\n}}\n"
PAGES = {
    "index.md": "# Home\n\nA claim [@doe2020].\n",
    "list.md": "# List\n\n\\full_bibliography\n\n[Home](index.md)",
}
CONFIG = "plugins:\n  - bibtex:\n      bib_dir: bib\n      csl_file: bib/style.csl\n"


@pytest.fixture
def served(build_site: Callable[..., Build], tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A preview on loopback: its address and the folder of the project."""
    csl = (ROOT / "bibliography/style.csl").read_text(encoding="utf-8")
    files = {"bib/a.bib": BIB.format(name="Ann"), "bib/style.csl": csl}
    build_site(PAGES, hooks=("citations.py", "links.py"), config=CONFIG, files=files)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    project = tmp_path / "project"
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--quiet", "-a", f"127.0.0.1:{port}"],
        cwd=project,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}/", project
    server.terminate()
    server.wait(timeout=20)


def wait_for(address: str, words: str) -> None:
    """Until the page holds the words; a minute is long enough for the slowest machine."""
    page = ""
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                page = answer.read().decode("utf-8")
        except (urllib.error.URLError, ConnectionError):
            pass
        if words in page:
            return
        time.sleep(0.2)
    pytest.fail(f"{address} never had “{words}”")


def test_edits_are_seen_and_faults_do_not_stop_the_preview(served: tuple[str, Path]) -> None:
    address, project = served
    wait_for(address, "Ann Doe")
    (project / "docs/index.md").write_text("# Home\n\nAnother claim [@doe2020, p. 4].\n", encoding="utf-8")
    wait_for(address, "p. 4.")
    (project / "bib/a.bib").write_text(BIB.format(name="Eve"), encoding="utf-8")
    wait_for(address, "Eve Doe")
    (project / "docs/index.md").write_text(
        "# Home\n\nUnknown [@gone] and [dead](gone.md).\n", encoding="utf-8"
    )
    wait_for(address, "gone?")
    (project / "bib/b.bib").write_text(BIB.format(name="New").replace("doe2020", "new2024"), encoding="utf-8")
    (project / "docs/index.md").write_text("# Home\n\nA third [@new2024].\n", encoding="utf-8")
    wait_for(address, "New Doe")
