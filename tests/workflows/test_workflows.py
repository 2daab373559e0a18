"""What the workflows run, run here: their `run:` steps in order, in a clean clone, with GitHub's variables.

The summary of a pull request without mistakes is `golden/pull-request-clean.md`; of those with mistakes,
see test_contributions.py. After a wording has changed, write the file anew and read the difference:

    UPDATE_GOLDEN=true .venv/bin/python -m pytest tests/workflows/test_workflows.py
"""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from workflow_edits import changed
from workflow_steps import LEFT_OUT, WORKFLOWS, Clone, clean_clone, run

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return clean_clone(tmp_path / "clone")


def test_what_is_left_out_is_there() -> None:
    for workflow, name in LEFT_OUT:
        jobs = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"].values()
        assert name in [step.get("name") for job in jobs for step in job["steps"]]


def test_a_change_of_text_alone_is_known_as_such(clone: Clone) -> None:
    for name, only in (
        ("docs/about/licences.md", "yes"),
        ("bibliography/sources.bib", "yes"),
        ("mkdocs.yml", "yes"),
        ("Makefile", "no"),
    ):
        with (clone.folder / name).open("a", encoding="utf-8") as file:
            file.write("\n")
        clone.commit(f"Change {name}")
        assert run(clone, "pull-request.yml", "tests").outputs == f"only={only}\n"


def lasting(text: str) -> str:
    """The summary without empty lines and the name of the site."""
    text = re.sub(r"[\w-]+-offline\.zip", "NAME-offline.zip", text)
    return "\n".join(line for line in text.splitlines() if line) + "\n"


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
    changed(clone, {"one": {"before": "A text.", "after": "A text [@doe2020base, para. 2]."}})
    clone.git("reset", "--quiet", "--soft", "HEAD^1")  # Both in one commit, as GitHub merges it.
    nav = clone.folder / "mkdocs.yml"
    new = "---\ntitle: Проба\ndescription: A page whose name is not Latin.\n---\n# Проба\n\nA page.\n"
    (clone.folder / "docs/about/проба.md").write_text(new, encoding="utf-8")
    text = nav.read_text(encoding="utf-8")
    last = "      - about/licences.md\n"
    nav.write_text(text.replace(last, f"{last}      - about/проба.md\n"), encoding="utf-8")
    clone.commit("Say one thing more")
    answer = run(clone, "pull-request.yml", "site")
    assert answer.failed == [], answer.output
    assert not [line for line in answer.annotations if line.startswith("::error")]
    agrees("pull-request-clean.md", lasting(answer.summary))
    assert next(clone.folder.glob("site/downloads/*.pdf")).stat().st_size > 50_000
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


def test_a_preview_replaces_the_one_before(tmp_path: Path) -> None:
    remote, folder = tmp_path / "remote.git", tmp_path / "work"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)], check=True)
    subprocess.run(["git", "clone", "--quiet", str(remote), str(folder / "previews")], check=True)
    previews = Clone(folder / "previews")
    (previews.folder / "pr-7").mkdir()
    (previews.folder / "pr-7/gone.html").write_text("old")
    (previews.folder / "pr-6").mkdir()
    (previews.folder / "pr-6/index.html").write_text("another")
    previews.commit("The previews before")
    previews.git("push", "--quiet", "origin", "HEAD")
    (folder / "copy/site").mkdir(parents=True)
    (folder / "copy/site/index.html").write_text("new")
    answer = run(Clone(folder), "pull-request.yml", "preview", **{"github.event.number": "7"})
    assert answer.failed == [], answer.output
    files = subprocess.run(
        ["git", "-C", str(remote), "ls-tree", "-r", "--name-only", "HEAD"], capture_output=True, text=True
    ).stdout.split()
    assert files == ["pr-6/index.html", "pr-7/index.html"]
