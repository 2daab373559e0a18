"""The history of the project, from one run of `git log`: revision, days of change, changes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath

UNKNOWN = 315532800  # 1980-01-01, the earliest date that a zip can hold.
FORMAT = "%x00%H%x1f%D%x1f%cI%x1f%s"


@dataclass(frozen=True)
class Revision:
    """`seconds` since 1970 of a commit; `commit` is its hash, empty outside a repository."""

    seconds: int
    commit: str

    @property
    def date(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@dataclass(frozen=True)
class Commit:
    """`files` are the paths below the project that it changed; none for a merge or a shallow clone."""

    hash: str
    when: datetime
    subject: str
    files: tuple[str, ...]


@lru_cache(maxsize=4)  # Once a run: `mkdocs serve` shows no dates.
def history(root: Path) -> tuple[Commit, ...]:
    """All commits of the repository, newest first; none outside a repository or without git."""
    command = ["git", "-C", str(root), "-c", "core.quotePath=false"]
    command += ["log", "--name-only", "--no-renames", "--relative", f"--format={FORMAT}"]
    try:
        log = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(map(parse_commit, log.split("\0")[1:]))


def parse_commit(record: str) -> Commit:
    """One record of the log; the last of a shallow clone is “grafted”: it seems to add every file."""
    head, _, files = record.partition("\n")
    name, decoration, when, subject = head.split("\x1f", 3)
    paths = () if decoration.split(", ")[0] == "grafted" else tuple(sorted(filter(None, files.split("\n"))))
    return Commit(name, datetime.fromisoformat(when), subject, paths)


def revision(root: Path, parts: Set[str]) -> Revision:
    """The last commit that changed one of these files or folders of `root`; where none did, the last commit.

    SOURCE_DATE_EPOCH overrules the commit's date (https://reproducible-builds.org/specs/source-date-epoch/).
    """
    commits = history(root)
    relevant = (commit for commit in commits if any(is_below_any(file, parts) for file in commit.files))
    last = next(relevant, next(iter(commits), None))
    seconds = int(last.when.timestamp()) if last else UNKNOWN
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return Revision(max(int(epoch or seconds), UNKNOWN), last.hash[:12] if last else "")


def is_below_any(file: str, parts: Set[str]) -> bool:
    return not parts.isdisjoint([file, *map(str, PurePosixPath(file).parents)])


@lru_cache(maxsize=4)  # Every page has its day.
def days_of_change(root: Path) -> dict[str, date]:
    """path -> day of its last commit, for each file of the project in `root`."""
    days: dict[str, date] = {}
    for commit in history(root):
        for path in commit.files:
            days.setdefault(path, commit.when.date())
    return days
