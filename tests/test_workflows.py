"""What the workflows run, run here: their `run:` steps in order, in a clean clone, with GitHub's variables.

What a pull request with mistakes is told, as annotations and as a job summary, stands in `golden/`.
After a wording has changed, write the files anew and read the difference:

    UPDATE_GOLDEN=true .venv/bin/python -m pytest tests/test_workflows.py
"""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from test_contributions import CONTRIBUTIONS, contribute

GOLDEN = Path(__file__).parent / "golden"
WORKFLOWS = ROOT / ".github/workflows"
# What is not run here, with the reason. A step that no workflow has any more is a mistake in this list.
LEFT_OUT = {
    ("pull-request.yml", "make test"): "It runs this very test; what it adds is run beside this one.",
}
NO_NETWORK = {
    "CHECK_EXTERNAL_LINKS": "",  # Addresses of others are asked; test_links_external.py does so on loopback.
    "PIP_NO_INDEX": "true",  # Nothing is installed: what is installed here already is used.
}
STATES = (": new", ": changed", ": moved", ": taken out")  # Lines of what a change touches.
# What only the checks of text see; the rest stands in contributions.yml.
WRITTEN: dict[str, Any] = {
    "what": "write what the house does not",
    "file": "docs/about/offline.md",
    "add": "Simply a mispelled word, e.g. here.",
}
WHO = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


@dataclass
class Clone:
    """A clean clone of the project as it stands, and what GitHub would know of the run."""

    folder: Path
    expressions: dict[str, str] = field(default_factory=dict)  # What stands between ${{ and }}.

    def git(self, *words: str) -> str:
        command = ["git", "-C", str(self.folder), *WHO, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, title: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", title)
        return self.git("rev-parse", "HEAD")


@dataclass
class Run:
    """What a job did: the steps that failed, all that was printed, and the summary."""

    failed: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    output: str = ""
    summary: str = ""

    @property
    def annotations(self) -> list[str]:
        return [line for line in self.output.splitlines() if line.startswith("::")]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Cloned, and what is not committed yet laid over it; packages and caches are those of the project."""
    folder = tmp_path / "clone"
    if (ROOT / ".git").exists():
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    else:
        folder.mkdir()
        subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    for path in folder.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in written():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    if (ROOT / ".cache").is_dir():
        shutil.copytree(ROOT / ".cache", folder / ".cache", ignore=shutil.ignore_patterns("findings.jsonl"))
    # An environment of its own, whose stamps are newer than the lock files, so that nothing is installed.
    (folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    for name in (".site", ".test"):
        (folder / ".venv" / name).touch()
    base = Clone(folder)
    return Clone(folder, {**GITHUB, "github.event.pull_request.base.sha": base.commit("The base")})


def written() -> list[str]:
    """The files of the project, without what a build or a tool has made."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]
    except (OSError, subprocess.CalledProcessError):
        made = {".git", ".venv", ".cache", "site", "__pycache__", ".mypy_cache", ".ruff_cache"}
        names = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return [name.as_posix() for name in names if not made & set(name.parts)]


GITHUB = {
    "github.server_url": "https://github.com",
    "github.repository": "someone/some-repo",
    "github.ref_name": "main",
    "github.event.repository.default_branch": "main",
    "inputs.smaller && 'yes' || ''": "",
}


def run(clone: Clone, workflow: str, job: str, **more: str) -> Run:
    """The `run:` steps of a job, as a hosted runner runs them."""
    steps = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"][job]["steps"]
    done = Run()
    summary = clone.folder.parent / "summary.md"
    summary.write_text("")
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    github = {
        **plain,
        **NO_NETWORK,
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_WORKSPACE": str(clone.folder),
        "RUNNER_TEMP": str(clone.folder.parent),
    }
    for step in steps:
        script = step.get("run", "")
        if not script or (workflow, script) in LEFT_OUT:
            continue
        if done.failed and "!cancelled()" not in str(step.get("if", "")):
            continue
        known = {**clone.expressions, "job.status == 'failure' && 'yes' || ''": "yes" if done.failed else ""}
        own = {name: expanded(str(value), {**known, **more}) for name, value in step.get("env", {}).items()}
        answer = subprocess.run(
            ["bash", "-e", "-c", expanded(script, {})],  # An expression in a script would be a way in.
            cwd=clone.folder,
            env={**github, **own, **NO_NETWORK},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        done.output += answer.stdout
        done.ran.append(script)
        if answer.returncode:
            done.failed.append(script)
    done.summary = summary.read_text(encoding="utf-8")
    return done


def expanded(text: str, known: Mapping[str, str]) -> str:
    """A value with its expressions filled in; one that this test does not know is a KeyError."""
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda m: known[m[1]], text)


def test_what_is_left_out_is_there() -> None:
    for workflow, script in LEFT_OUT:
        jobs = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"].values()
        assert script in [step.get("run") for job in jobs for step in job["steps"]]


def test_a_pull_request_with_mistakes_is_told_each_on_its_line(clone: Clone) -> None:
    mistakes = [dict(one) for one in [*CONTRIBUTIONS, WRITTEN]]
    for one in mistakes:
        contribute(clone.folder, one)
    clone.commit("Contribute all kinds of mistakes")
    answer = run(clone, "pull-request.yml", "site")
    assert answer.failed == ["mkdir -p .cache && make site", "make lint-text"]
    assert answer.ran[-1].startswith(".venv/bin/python scripts/summary.py")
    assert "Traceback" not in answer.output
    agrees("pull-request-annotations.txt", lasting(answer.annotations, mistakes))
    agrees("pull-request-summary.md", lasting(answer.summary.splitlines(), mistakes))


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
