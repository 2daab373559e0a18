"""What the workflows run, run here: their `run:` steps in order, in a clean clone, with GitHub's variables.

What a pull request with mistakes is told, as annotations and as a job summary, stands in `golden/`.
After a wording has changed, write the files anew and read the difference:

    UPDATE_GOLDEN=true .venv/bin/python -m pytest tests/workflows/test_workflows.py
"""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_contributions import CONTRIBUTIONS, contribute
from test_links_external import serving
from workflow_steps import LEFT_OUT, WORKFLOWS, Clone, clean_clone, run

GOLDEN = Path(__file__).parent / "golden"
STATES = (": new", ": changed", ": moved", ": taken out")  # Lines of what a change touches.
# What only the checks of text see; the rest stands in contributions.yml.
WRITTEN: dict[str, Any] = {
    "what": "write what the house does not",
    "file": "docs/about/offline.md",
    "add": "Simply a mispelled word, e.g. here.",
}


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return clean_clone(tmp_path / "clone")


def test_what_is_left_out_is_there() -> None:
    for workflow, name in LEFT_OUT:
        jobs = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"].values()
        assert name in [step.get("name") for job in jobs for step in job["steps"]]


def test_a_pull_request_with_mistakes_is_told_each_on_its_line(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as host, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}/closed"
        places = ", ".join(f"[there]({place})" for place in (f"{host}/200", f"{host}/404", closed))
        added = {"what": "add addresses of others", "file": "docs/about/offline.md", "add": f"See {places}."}
        mistakes = [dict(one) for one in [*CONTRIBUTIONS, WRITTEN, added]]
        for one in mistakes:
            contribute(clone.folder, one)
        clone.commit("Contribute all kinds of mistakes")
        answer = run(clone, "pull-request.yml", "site")
    assert answer.failed == ["mkdir -p .cache && make site", "make lint-text"]
    assert answer.ran[-1].startswith(".venv/bin/python scripts/summary.py")
    assert "Traceback" not in answer.output
    agrees("pull-request-annotations.txt", lasting(answer.annotations, mistakes))
    agrees("pull-request-summary.md", lasting(answer.summary.splitlines(), mistakes))
    is_reported_at_night(clone, monkeypatch)  # The book is printed already, so here and not by itself.


def is_reported_at_night(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong on the main branch stands in one issue."""
    programs, issue = clone.folder.parent / "bin", clone.folder.parent / "issue.md"
    programs.mkdir()
    gh = programs / "gh"
    gh.write_text(f'#!/bin/sh\nfor word; do last=$word; done\n[ "$2" = list ] || cp "$last" {issue}\n')
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    answer = run(clone, "links.yml", "look")
    assert answer.failed == []
    said = issue.read_text(encoding="utf-8")
    assert [line for line in said.splitlines() if line.startswith("## ")] == [
        "## A link, or something else on the site, is to be mended",
    ]
    assert "[@ctc-111] is not in the bibliography." in said


def test_a_change_of_text_alone_is_known_as_such(clone: Clone) -> None:
    for name, only in (
        ("docs/about/licences.md", "yes"),
        ("bibliography/ctc.bib", "yes"),
        ("Makefile", "no"),
    ):
        with (clone.folder / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        clone.commit(f"Change {name}")
        assert run(clone, "pull-request.yml", "tests").outputs == f"only={only}\n"


def lasting(lines: list[str], mistakes: list[dict[str, Any]]) -> str:
    """What will be the same when the pages have other words: places in the files that mistakes are in.

    A line number is said by the mistake that stands there. Other files only tell of the page that was
    renamed, as often as they link to it: they are left out, and so is how many findings there are.
    """
    elsewhere = {"mkdocs.yml", "docs/themes/index.md"}
    ours = {one["file"] for one in mistakes} | elsewhere
    place = {(one["file"], one["line"]): one["what"] for one in mistakes if "line" in one}
    found = re.compile(
        r"(?P<before>^::\w+ file=|^- `(?!https?:))(?P<file>[^,:`]+)(?:(?P<sign>,line=|:)(?P<line>\d+))?"
    )

    def named(m: re.Match[str]) -> str:
        if not m["line"]:
            return m[0]
        near = ((m["file"], int(m["line"]) - i) for i in range(4))
        at = next((f"«{place[key]}»+{i}" for i, key in enumerate(near) if key in place), "N")
        return f"{m['before']}{m['file']}{m['sign']}{at.removesuffix('+0')}"

    kept = []
    for line in lines:
        m = found.match(line)
        if m and m["file"] not in ours and not line.endswith(STATES):
            continue
        line = found.sub(named, line)
        if m and m["line"] and f"{m['sign']}N" in line and m["file"] not in elsewhere:
            continue
        line = re.sub(r"col=\d+", "col=N", line) if "=N" in line else line
        line = re.sub(r"\d{4}-\d\d-\d\d", "DATE", line)
        line = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", line)
        kept.append(re.sub(r"^(#+) \d+ to (mend|look at)", r"\1 N to \2", line))
    return "\n".join(dict.fromkeys(line for line in kept if line)) + "\n"


def agrees(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN") == "true":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Where the site is published, on loopback: its address and its folder."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

    folder = tmp_path / "live"
    (folder / "some-repo").mkdir(parents=True)
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/some-repo", folder / "some-repo"
    server.shutdown()
    server.server_close()


def test_a_clean_pull_request_passes_every_step_and_is_published(
    clone: Clone, live: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, nav = clone.folder / "docs/themes/response.md", clone.folder / "mkdocs.yml"
    page.write_text(
        page.read_text(encoding="utf-8").rstrip() + "\n\nThe article says so [@ctc-14].\n", encoding="utf-8"
    )
    new = "---\ntitle: Проба\ndescription: A page whose name is not Latin.\n---\n# Проба\n\nA page.\n"
    (clone.folder / "docs/about/проба.md").write_text(new, encoding="utf-8")
    text = nav.read_text(encoding="utf-8")
    last = "      - about/licences.md\n"
    nav.write_text(text.replace(last, f"{last}      - about/проба.md\n"), encoding="utf-8")
    clone.commit("Say one thing more")
    answer = run(clone, "pull-request.yml", "site")
    assert answer.failed == [], answer.output
    assert not [line for line in answer.annotations if line.startswith("::error")]
    agrees("pull-request-clean.md", lasting(answer.summary.splitlines(), []))
    assert (clone.folder / "site/downloads/warning-lights.pdf").stat().st_size > 100_000
    assert "Проба" in (clone.folder / "site/about/проба/index.html").read_text(encoding="utf-8")
    # Git sees no file that the steps have made.
    assert clone.git("status", "--porcelain", "--", "docs", "bibliography", "mkdocs.yml") == ""
    publishes(clone, *live, monkeypatch)  # The book is printed already, so here and not by itself.


def publishes(clone: Clone, address: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is published is built, checked, counted and listed; a site that has shrunk is refused."""
    base = {"steps.pages.outputs.base_url": address}
    answer = run(clone, "publish.yml", "build", **base)
    assert answer.failed == [], answer.output
    site = clone.folder / "site"
    listed = (site / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    files = [path for path in site.rglob("*") if path.is_file()]
    assert len(listed) == len(files) - 1
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=site, check=True)
    page = (site / "about/index.html").read_text(encoding="utf-8")
    assert f'<link rel="canonical" href="{address}/about/">' in page
    assert "https://github.com/someone/some-repo/edit/main/docs/about/index.md" in page
    # Once it is live, a smaller one is refused, before anything is listed or uploaded.
    shutil.copy(site / "counts.json", folder)
    (folder / "counts.json").write_text('{"pages": 1000}')
    steps = yaml.safe_load((WORKFLOWS / "publish.yml").read_text(encoding="utf-8"))["jobs"]["build"]["steps"]
    monkeypatch.setattr(yaml, "safe_load", lambda _: {"jobs": {"build": {"steps": steps[-3:]}}})
    answer = run(clone, "publish.yml", "build", **base)
    assert len(answer.ran) == 1
    assert "The site has shrunk" in answer.output
    answer = run(clone, "publish.yml", "build", **base, **{"inputs.smaller && 'yes' || ''": "yes"})
    assert answer.failed == []
