"""Contributions as they come: each mistake gets the right answer, at the right line, in one build."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT, Build, mkdocs_build

CONTRIBUTIONS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "contributions.yml").read_text(encoding="utf-8")
)
COPIED = ["docs", "bibliography", "hooks", "overrides", "mkdocs.yml", "link-policy.toml", "lychee.toml"]


def contribute(project: Path, one: dict[str, Any]) -> None:
    """Make the change, and note in `one` on which line it stands."""
    path = project / one["file"]
    if "bytes" in one:
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * one["bytes"])
    elif "rename" in one:
        path.rename(project / one["rename"])
    elif "windows" in one:
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    else:
        text = path.read_text(encoding="utf-8").rstrip("\n") + ("\n" if "tight" in one else "\n\n")
        one["line"] = text.count("\n") + 1
        path.write_text(text + one["add"] + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The build of a copy of the site with all contributions in it."""
    project = tmp_path_factory.mktemp("contributions")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name)
        else:
            shutil.copy(ROOT / name, project / name)
    for one in CONTRIBUTIONS:
        contribute(project, one)
    return mkdocs_build(project / "mkdocs.yml", project / "site", env={"GITHUB_ACTIONS": "true"})


@pytest.mark.parametrize("one", CONTRIBUTIONS, ids=[one["what"] for one in CONTRIBUTIONS])
def test_the_writer_is_told(answer: Build, one: dict[str, Any]) -> None:
    assert answer.code == 1
    told = [re.sub(r"^WARNING -\s+\w+: ", "", line) for line in answer.output.splitlines()]
    for text in one["says"]:
        beginning = text.format(line=one.get("line"), next=one.get("line", 0) + 1)
        assert any(line.startswith(beginning) for line in told), f"nothing begins with {beginning}"
    if not one["says"]:
        assert not any(line.startswith(one["file"]) for line in told)


def test_each_is_an_annotation_on_its_line(answer: Build) -> None:
    key = next(one for one in CONTRIBUTIONS if one["what"] == "misspell a key")
    assert f"::error file={key['file']},line={key['line']},col=10::[@ctc-111] is not" in answer.output


def test_nothing_is_a_traceback(answer: Build) -> None:
    assert "Traceback" not in answer.output
