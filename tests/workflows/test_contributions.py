"""Contributions as they come: each edit gets the right answer at the right place, and no other.

`contributions.yml` has for each edit what is written and all that is said, in the order in which GitHub
shows it. After a wording has changed, write it anew and read the difference:

    UPDATE_GOLDEN=true .venv/bin/python -m pytest tests/workflows/test_contributions.py
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_links_external import serving
from workflow_edits import EDITS, Applied, apply, changed
from workflow_steps import Clone, Run, clean_clone, run

import summary
from differences import change_since
from warning_lights.core.findings import Finding, annotation
from warning_lights.writing.markdown import HIDDEN_CHARACTER

TOGETHER = {name: edit for name, edit in EDITS.items() if not edit.get("alone")}
ALONE = {name: edit for name, edit in EDITS.items() if edit.get("alone")}
# Of files that each site has its own of.
VARIES = [
    (re.compile(r"(?<=line )\d+|(?<=lines )\d+"), "N"),
    (re.compile(r"(?<=a known kind\. There are ).*"), "…"),
]
SHARED = ("mkdocs.yml", "docs/data/", "anchors.txt")


@dataclass
class Answer:
    """What the checks of a pull request with all edits in it have said."""

    clone: Clone
    run: Run
    applied: dict[str, Applied]
    findings: list[Finding]  # In the order of the annotations.


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    clone = clean_clone(tmp_path_factory.mktemp("contributions") / "clone")
    with serving() as host:
        places = f"See [one]({host}/200) and [two]({host}/404)."
        applied = changed(clone, {**TOGETHER, "addresses-of-others": {"after": places}})
        done = run(clone, "pull-request.yml", "site")
    found, _ = summary.read_findings(clone.folder / summary.FINDINGS)
    change = change_since("HEAD^1", clone.folder)
    found += summary.notices(change, clone.folder, {(each.file, each.line) for each in found})
    return Answer(clone, done, applied, summary.sort_findings(found, change))


def said(finding: Finding, name: str, folder: Path) -> str:
    """A finding as `contributions.yml` has it: without the page of the edit, and without what varies.

    In a table the column of the row stands for that of the line.
    """
    line, column, message = str(finding.line), str(finding.column), finding.message
    for pattern, instead in VARIES:
        message = pattern.sub(instead, message)
    if finding.file.startswith("docs/data/"):
        rows = (folder / finding.file).read_text(encoding="utf-8").splitlines()
        cells = next(csv.reader([rows[finding.line - 1][: finding.column - 1] + "."]))
        column = next(csv.reader(rows))[len(cells) - 1]
    if finding.file.startswith(SHARED):
        line = "N" if finding.line else "0"
    file = "" if finding.file == f"docs/edits/{name}.md" else f"{finding.file}:"
    kind = "" if finding.severity == "error" else "notice: "
    return f"{kind}{file}{line}:{column}: {message}"


@pytest.mark.parametrize("name", TOGETHER)
def test_the_writer_reads_what_to_do(answer: Answer, name: str) -> None:
    folder = answer.clone.folder
    says = [said(one, name, folder) for one in answer.findings if answer.applied[name].has(one)]
    agrees(name, says)


@pytest.mark.parametrize("name", ALONE)
def test_a_fault_that_stops_the_build_is_read_too(answer: Answer, name: str, tmp_path: Path) -> None:
    folder = answer.clone.folder
    answer.clone.git("checkout", "--quiet", "HEAD^1")
    findings = tmp_path / "findings.jsonl"
    try:
        apply(folder, name, EDITS[name])
        done = subprocess.run(
            [
                sys.executable,
                "scripts/build.py",
                "build",
                "--dirty",
                "--strict",
                "-d",
                str(tmp_path / "site"),
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": "hooks", "FINDINGS_FILE": str(findings)},
            capture_output=True,
            text=True,
        )
    finally:
        answer.clone.git("checkout", "--quiet", "--force", "-")
        answer.clone.git("clean", "--quiet", "--force", "docs", "bibliography")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    agrees(name, [said(one, name, folder) for one in summary.read_findings(findings)[0]])


def agrees(name: str, says: list[str]) -> None:
    if os.environ.get("UPDATE_GOLDEN") == "true":
        EDITS[name]["says"] = says
        write(EDITS)
    assert says == EDITS[name]["says"]


def write(edits: dict[str, dict[str, Any]]) -> None:
    class Dumper(yaml.SafeDumper):
        pass

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        style = (
            '"' if HIDDEN_CHARACTER.search(value) else "|" if "\n" in value and "\t" not in value else None
        )
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    path = Path(__file__).parent / "contributions.yml"
    head = "# Edits as people make them in a browser: what is written, and all that is said, in its order.\n"
    dumped = yaml.dump(edits, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    dumped = HIDDEN_CHARACTER.sub(lambda m: f"\\u{ord(m[0]):04x}", dumped)
    path.write_text(head + re.sub(r"(?m)^(?=[\w-]+:$)", "\n", dumped), encoding="utf-8")


def test_the_night_reports_what_is_wrong_in_one_issue(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gh, issue = tmp_path / "gh", tmp_path / "issue.md"
    gh.write_text(f'#!/bin/sh\nfor word; do last=$word; done\n[ "$2" = list ] || cp "$last" {issue}\n')
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    done = run(answer.clone, "links.yml", "look")
    assert done.failed == []
    text = issue.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## The build of the site with its links",
    ]
    assert "[@doe2020bas] is not in the bibliography." in text


def test_added_addresses_are_tried(answer: Answer) -> None:
    assert "### Addresses of other sites that it adds" in answer.run.summary
    assert re.search(r"`http://127\.0\.0\.1:\d+/200` answers\n", answer.run.summary)
    assert re.search(r"/404` answers with status 404: there is no such page", answer.run.summary)


def test_nothing_is_said_of_what_was_not_edited(answer: Answer) -> None:
    known = answer.applied.values()
    others = [str(one) for one in answer.findings if not any(applied.has(one) for applied in known)]
    assert [one for one in others if not one.startswith(("mkdocs.yml", "docs/edits/"))] == []


def test_findings_of_the_change_are_annotated_first(answer: Answer) -> None:
    assert answer.run.failed == ["rm -rf .cache site && mkdir -p .cache && make site", "make lint-text"]
    assert answer.run.annotations == [annotation(finding) for finding in answer.findings]
    shown = [json.dumps(line) for line in answer.run.annotations[:10]]
    assert all("error" in line for line in shown)
    assert "Traceback" not in answer.run.output
    assert f"## {sum(one.severity == 'error' for one in answer.findings)} errors to fix" in answer.run.summary
