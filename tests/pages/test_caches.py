"""Whatever happened to an earlier build or to its caches, the next one gives the bytes of a clean build.

By hand, for more: KILLS=25 python -m pytest tests/pages/test_caches.py
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from all_hooks import EVERYTHING, NUMBERS, build_all
from conftest import mkdocs_build

KILLS = int(os.environ.get("KILLS", "1"))
SMALL = 40_000  # Bytes of the largest file that a full disk takes.
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda content: content[: len(content) // 2],
    "emptied": lambda content: b"",
    "garbled": lambda content: content[:80] + content[80:][::-1],
    "of another form": lambda content: b"{}",
}
Clean = tuple[Path, dict[str, str], float]


def bytes_of(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(name="clean", scope="module")
def fixture_clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """A project that was built once, the bytes of its site, and how long that took."""
    folder, picture = tmp_path_factory.mktemp("stored"), BytesIO()
    Image.new("L", (4, 4)).save(picture, "PNG")
    start = time.monotonic()
    site = build_all(
        folder, {"all.md": EVERYTHING, "data/numbers.csv": NUMBERS, "grey.png": picture.getvalue()}
    )
    assert site.code == 0, site.output
    return folder / "project", bytes_of(site.site), time.monotonic() - start


def is_built_alike(project: Path, expected: dict[str, str]) -> None:
    site = mkdocs_build(project / "mkdocs.yml", project.parent / "site")
    assert site.code == 0, site.output
    assert bytes_of(site.site) == expected


def start(project: Path, limit: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(project.parent / "site")]
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.Popen(
        command,
        cwd=project,
        env=env,
        preexec_fn=limit,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("turn", range(len(DAMAGE) if KILLS > 1 else 1))
def test_a_damaged_cache_counts_as_absent(clean: Clean, turn: int) -> None:
    project, expected, _ = clean
    stored = sorted((project / ".cache").rglob("*.cache"))
    names = {path.name.partition("-")[0] for path in stored}
    assert names >= {"bibliography", "exports", "font", "chart", "book"}
    for number, path in enumerate(stored):
        damage = list(DAMAGE.values())[(number + turn) % len(DAMAGE)]
        path.write_bytes(damage(path.read_bytes()))
    is_built_alike(project, expected)


def test_a_build_that_is_killed_leaves_nothing_broken(clean: Clean) -> None:
    project, expected, seconds = clean
    for number in range(KILLS):
        shutil.rmtree(project / ".cache", ignore_errors=True)
        build = start(project)
        try:
            build.wait(seconds * (number + 1) / (KILLS + 1))
        except subprocess.TimeoutExpired:
            os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        is_built_alike(project, expected)


def test_a_full_disk_leaves_nothing_broken(clean: Clean) -> None:
    project, expected, _ = clean
    shutil.rmtree(project / ".cache", ignore_errors=True)
    full = start(project, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL)))
    assert full.wait() != 0, "The site has files that are larger."
    is_built_alike(project, expected)
