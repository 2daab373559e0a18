"""What the site depends on, its revision, and its options in mkdocs.yml."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mkdocs.config import load_config

from warning_lights.core import history, project
from warning_lights.core.history import Commit
from warning_lights.core.options import read_options


@dataclass(frozen=True)
class Options:
    file: str = "a.pdf"
    pages: list[str] = field(default_factory=list)


def test_a_commit_of_tests_alone_changes_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Test\n", encoding="utf-8")
    day = datetime(2024, 6, 1, tzinfo=UTC)
    log = [("c", ("tests/a.py", "README.md")), ("b", ("docs/index.md",)), ("a", ("mkdocs.yml",))]
    commits = tuple(Commit(name, day, "", files) for name, files in log)
    monkeypatch.setattr(history, "history", lambda root: commits)
    config = load_config(str(tmp_path / "mkdocs.yml"))
    assert project.revision(config).commit == "b"
    monkeypatch.setattr(history, "history", lambda root: commits[:1])
    assert project.revision(config).commit == "c"  # Nothing better is known.


def test_the_last_commit_of_a_shallow_clone_dates_no_file(tmp_path: Path) -> None:
    whole, shallow = tmp_path / "whole", tmp_path / "shallow"
    who = ["-c", "user.name=A", "-c", "user.email=a@b.example"]
    subprocess.run(["git", "init", "--quiet", whole], check=True)
    for name in ("a.md", "b.md"):
        (whole / name).write_text(name, encoding="utf-8")
        subprocess.run(["git", "-C", whole, "add", "--all"], check=True)
        subprocess.run(["git", "-C", whole, *who, "commit", "--quiet", "--message", name], check=True)
    subprocess.run(["git", "clone", "--quiet", "--depth=1", whole.as_uri(), shallow], check=True)
    assert [commit.files for commit in history.history(whole)] == [("b.md",), ("a.md",)]
    assert [(commit.subject, commit.files) for commit in history.history(shallow)] == [("b.md", ())]
    assert history.days_of_change(shallow) == {}


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("fiel: b.pdf", "3:5: extra: book: has no option fiel. Did you mean file?"),
        ("file: [b.pdf]", "3:5: extra: book: file: “['b.pdf']” is of the wrong type, such as 'a.pdf'."),
        ("file: {}", "3:5: extra: book: file: “{}” is of the wrong type, such as 'a.pdf'."),
        ("pages: index.md", "3:5: extra: book: pages: “index.md” is of the wrong type."),
    ],
)
def test_a_wrong_option_is_a_finding_at_its_line(tmp_path: Path, written: str, message: str) -> None:
    (tmp_path / "docs").mkdir()
    path = tmp_path / "mkdocs.yml"
    path.write_text(f"extra:\n  book:\n    {written}\nsite_name: Test\n", encoding="utf-8")
    given, findings = read_options(load_config(str(path)), "book", Options)
    assert given == Options()
    assert [str(finding) for finding in findings] == [f"mkdocs.yml:{message}"]
