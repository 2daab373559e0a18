"""What a change adds and removes, read from git: files with their state, lines with their numbers."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import added_links

TOUCHED = ["docs", "bibliography", "mkdocs.yml", "anchors.txt"]
WRITTEN = ["docs/*.md", "docs/data/*.csv", "bibliography/*.bib"]  # Where words and addresses are counted.
CITATION = re.compile(r"(?<![\w@.+/])-?@[\w{]")
NO_WORDS = re.compile(r"\[[^\]]*@[^\]]*\]|https?://\S+")  # Citations and addresses.
HUNK = re.compile(r"@@ -\S+ \+(?P<line>\d+)")
STATES = {"A": "new", "M": "changed", "D": "removed", "R": "moved"}


@dataclass
class Change:
    """What the difference holds: files with their state, and what its added lines add."""

    files: list[tuple[str, str]] = field(default_factory=list)  # (state, path or "old → new")
    words: int = 0
    citations: int = 0
    addresses: list[str] = field(default_factory=list)
    added: dict[str, dict[int, str]] = field(default_factory=dict)  # File -> number -> line.
    removed: dict[str, list[str]] = field(default_factory=dict)

    def touches(self, file: str) -> bool:
        """Whether the change adds, changes or moves this file."""
        return any(file in path.split(" → ") for _, path in self.files)


def read_change(names: str, patch: str) -> Change:
    """From the output of `git diff --name-status -z` and of `git diff --unified=0`."""
    change = Change()
    parts = iter(names.split("\0"))
    for state in filter(None, parts):
        path = next(parts)
        if state[0] == "R":
            path = f"{path} → {next(parts)}"
        change.files.append((STATES.get(state[0], "changed"), path))
    read_lines(patch, change)
    added = [line for lines in change.added.values() for line in lines.values()]
    removed = [line for lines in change.removed.values() for line in lines]
    change.words = count_words(added) - count_words(removed)
    change.citations = count_citations(added) - count_citations(removed)
    gone = set(added_links.addresses_in(removed))
    change.addresses = [address for address in added_links.addresses_in(added) if address not in gone]
    return change


def read_lines(patch: str, change: Change) -> None:
    old = new = ""
    number = 0
    in_hunk = False
    for line in patch.splitlines():
        if line.startswith("diff "):
            in_hunk = False
        elif m := HUNK.match(line):
            number, in_hunk = int(m["line"]), True
        elif not in_hunk and line.startswith(("--- ", "+++ ")):
            path = line[4:].rstrip("\t").partition("/")[2] if not line.endswith("/dev/null") else ""
            old, new = (path, new) if line[0] == "-" else (old, path or old)
        elif in_hunk and line.startswith("+"):
            change.added.setdefault(new, {})[number] = line[1:]
            number += 1
        elif in_hunk and line.startswith("-"):
            change.removed.setdefault(new or old, []).append(line[1:])


def count_words(lines: Iterable[str]) -> int:
    return sum(len(re.findall(r"\w+", NO_WORDS.sub(" ", line))) for line in lines)


def count_citations(lines: Iterable[str]) -> int:
    return sum(len(CITATION.findall(line)) for line in lines)


def change_since(base: str, root: Path) -> Change:
    """What the commits of the repository in `root` since `base` change."""
    span = f"{base}...HEAD"
    return read_change(
        git(root, "diff", "-z", "--name-status", span, "--", *TOUCHED),
        git(root, "diff", "--unified=0", span, "--", *WRITTEN),
    )


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # A file in another encoding is reported by the checks, not here.
        check=True,
    ).stdout
