"""The `run:` steps of a workflow, run in a clean clone of the project, as a hosted runner runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from conftest import ROOT

WORKFLOWS = ROOT / ".github/workflows"
# What is not run here, with the reason. A step that no workflow has any more is a mistake in this list.
LEFT_OUT = {
    ("pull-request.yml", "Run all tests"): "It runs this very test; what it adds is run beside this one.",
    ("pull-request.yml", "Run the tests that read the pages"): "They are run beside this one.",
    ("links.yml", "Run all tests"): "It runs this very test.",
}
NOWHERE = "http://127.0.0.1:9"
NO_NETWORK = {
    "CHECK_EXTERNAL_LINKS": "",  # Addresses of others are asked; test_links_external.py does so on loopback.
    "PIP_NO_INDEX": "true",  # Nothing is installed: what is installed here already is used.
    # Whatever would still ask another machine gets no answer.
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE),
    **dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1"),
}
WHO = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
GITHUB = {
    "github.server_url": "https://github.com",
    "github.repository": "someone/some-repo",
    "github.ref_name": "main",
    "github.event.repository.default_branch": "main",
    "github.event.repository.name": "some-repo",
    "github.repository_owner": "someone",
    "github.token": "",
    "inputs.smaller && 'yes' || ''": "",
}


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
    outputs: str = ""  # What steps tell later ones.

    @property
    def annotations(self) -> list[str]:
        return [line for line in self.output.splitlines() if line.startswith("::")]


def clean_clone(folder: Path) -> Clone:
    """Cloned, and what is not committed yet laid over it; packages and caches are those of the project."""
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
    base = Clone(folder, GITHUB)
    base.commit("The base")
    return base


def written() -> list[str]:
    """The files of the project, without what a build or a tool has made."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]
    except (OSError, subprocess.CalledProcessError):
        made = {".git", ".venv", ".cache", "site", "__pycache__", ".mypy_cache", ".ruff_cache"}
        names = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return [name.as_posix() for name in names if not made & set(name.parts)]


def run(clone: Clone, workflow: str, job: str, **more: str) -> Run:
    """The `run:` steps of a job, as a hosted runner runs them."""
    steps = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"][job]["steps"]
    done = Run()
    known = {**clone.expressions, **more}
    summary, outputs = clone.folder.parent / "summary.md", clone.folder.parent / "outputs.txt"
    summary.write_text("")
    outputs.write_text("")
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    github = {
        **plain,
        **NO_NETWORK,
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(summary),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_WORKSPACE": str(clone.folder),
        "RUNNER_TEMP": str(clone.folder.parent),
    }
    for step in steps:
        script = step.get("run", "")
        if not script or (workflow, step.get("name")) in LEFT_OUT:
            known[f"steps.{step.get('id')}.outcome"] = "success"
            continue
        if done.failed and "!cancelled()" not in str(step.get("if", "")):
            continue
        known["job.status == 'failure' && 'yes' || ''"] = "yes" if done.failed else ""
        own = {name: expanded(str(value), known) for name, value in step.get("env", {}).items()}
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
        known[f"steps.{step.get('id')}.outcome"] = "failure" if answer.returncode else "success"
        if answer.returncode and not step.get("continue-on-error"):
            done.failed.append(script)
    done.summary, done.outputs = summary.read_text(encoding="utf-8"), outputs.read_text(encoding="utf-8")
    return done


def expanded(text: str, known: Mapping[str, str]) -> str:
    """A value with its expressions filled in; one that this test does not know is a KeyError."""
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", lambda m: known[m[1]], text)
