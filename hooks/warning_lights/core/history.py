"""When and from what the site is made: one date and one revision, the same on every machine."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

NEVER = 315532800  # 1980-01-01: the earliest date a zip can hold; stands for "not known".


@dataclass(frozen=True)
class Revision:
    """`seconds` since 1970 of the last commit; `commit` is its hash, empty outside a repository."""

    seconds: int
    commit: str

    @property
    def date(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


def revision(folder: Path) -> Revision:
    """The revision of the project in `folder`.

    SOURCE_DATE_EPOCH overrules the commit's date (https://reproducible-builds.org/specs/source-date-epoch/).
    """
    seconds, _, commit = git_log(folder).partition(" ")
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return Revision(max(int(given or seconds or NEVER), NEVER), commit)


def git_log(folder: Path) -> str:
    """Date and hash of the last commit, or nothing: a copy without its history can be built too."""
    command = ["git", "-C", str(folder), "log", "-1", "--format=%ct %h", "--abbrev=12"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
