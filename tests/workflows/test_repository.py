"""What is too long to review is checked: lock files hold pins alone, and no built file is tracked."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT

MARKER = r"\(?(?:[a-z_]+ [!=<>]=? '[\w.]+'|[a-z_]+ (?:not )?in '[\w. ]+')(?: (?:and|or) )?\)?"
PIN = re.compile(rf"(?P<name>[A-Za-z0-9._-]+(?:\[[a-z0-9,-]+\])?)==[0-9A-Za-z.!+]+(?: ; (?:{MARKER})+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
COMMENT = re.compile(r"    #.*")


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_a_lock_file_holds_pins_with_hashes_and_nothing_else(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if not faultless(line)] == []
    pins = {m["name"].partition("[")[0].lower() for m in PIN.finditer(text)}
    asked = re.findall(r"^[A-Za-z][\w-]*", (ROOT / f"{name}.in").read_text(encoding="utf-8"), re.MULTILINE)
    assert {each.lower() for each in asked} <= pins
    for m in PIN.finditer(text):  # Each pin says which input or other pin asks for it.
        block = text[m.end() :].partition("==")[0]
        assert "# via" in block, m["name"]


def faultless(line: str) -> bool:
    return bool(PIN.fullmatch(line) or HASH.fullmatch(line) or COMMENT.fullmatch(line))


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "pkg @ https://example.org/pkg.whl",
        "pkg==1.0",
        "-e .",
        "pkg==1.0 ; python_version > '3' --global-option=build_ext \\",
        "pkg==1.0 ; -r other.txt \\",
        "рkg==1.0 \\",  # Its first letter is Cyrillic.
        "    --hash=md5:0",
    ],
)
def test_other_lines_are_refused(line: str) -> None:
    assert not faultless(line)


def git(*words: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=True).stdout


def test_nothing_that_is_built_is_tracked_and_no_link_is() -> None:
    assert git("ls-files", "--cached", "--ignored", "--exclude-standard") == ""
    assert [line for line in git("ls-files", "--stage").splitlines() if line.startswith("120000")] == []


def test_workflows_build_from_nothing_that_a_checkout_brought() -> None:
    for name in ("pull-request", "publish", "links"):
        text = Path(ROOT, ".github", "workflows", f"{name}.yml").read_text(encoding="utf-8")
        before, _, _ = text.partition("make site")
        assert "rm -rf .cache site" in before.splitlines()[-1] + before.splitlines()[-2]
