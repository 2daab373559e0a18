"""What `make` runs: the environment, the installation, and MkDocs with findings for all that it says."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import build
from conftest import ROOT

SCRIPTS = ROOT / "scripts"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "hooks"), "NO_MKDOCS_2_WARNING": "1"}


def site(folder: Path, config: str = "", page: str = "# Home\n") -> Path:
    (folder / "docs").mkdir()
    (folder / "docs/index.md").write_text(page, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(f"site_name: Test\n{config}", encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> tuple[subprocess.CompletedProcess[str], list[dict[str, object]]]:
    """What scripts/build.py does in a folder, and the lines that it leaves for the summary."""
    path = folder / "findings.jsonl"
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "build.py"), *arguments],
        cwd=folder,
        env={**ENVIRONMENT, "FINDINGS_FILE": str(path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return done, [json.loads(line) for line in lines]


def test_a_build_without_faults_says_that_it_has_checked(tmp_path: Path) -> None:
    done, lines = run(site(tmp_path), "build", "--strict")
    assert done.returncode == 0, done.stderr
    assert lines == [{"checked": "site"}]


@pytest.mark.parametrize(
    ("config", "page", "found", "checked"),
    [
        (
            "nav:\n\t- index.md\n",
            "# A\n",
            ("mkdocs.yml", 3, "This is not valid YAML: this line is indented with a tab"),
            False,
        ),
        ("site_url: x\n", "# A\n", ("mkdocs.yml", 2, "Config value 'site_url'"), False),
        ("plugins: [gone]\n", "# A\n", ("mkdocs.yml", 2, "Config value 'plugins'"), False),
        ("", "# A\n\n[b](gone.md)\n", ("docs/index.md", 0, "contains a link 'gone.md'"), True),
        ("hooks: [bad.py]\n", "# A\n", ("mkdocs.yml", 0, "The build stopped: ZeroDivisionError"), False),
    ],
)
def test_what_mkdocs_says_is_a_finding(
    tmp_path: Path, config: str, page: str, found: tuple[str, int, str], checked: bool
) -> None:
    (tmp_path / "bad.py").write_text("def on_files(files, config):\n    1 / 0\n")
    done, lines = run(site(tmp_path, config, page), "build", "--strict")
    assert done.returncode == 1
    (finding,) = (line for line in lines if "file" in line)
    assert (finding["file"], finding["line"]) == found[:2]
    assert found[2] in str(finding["message"])
    assert finding["severity"] == "error"
    assert ({"checked": "site"} in lines) == checked


def test_what_stops_a_build_gives_no_command_to_github(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def on_files(files, config):\n    raise OSError('a\\n::error::b')\n")
    done, lines = run(site(tmp_path, "hooks: [bad.py]\n"), "build", "--strict")
    assert done.returncode == 1
    assert "The build stopped: OSError: a ::error::b" in str(lines[0]["message"])
    begin = done.stderr.index("::stop-commands::")
    token = done.stderr[begin:].splitlines()[0].removeprefix("::stop-commands::")
    assert begin < done.stderr.index("\n::error::b") < done.stderr.index(f"\n::{token}::")


def test_what_mkdocs_logs_is_one_line(tmp_path: Path) -> None:
    folder = site(tmp_path)
    (folder / "docs/a\n::error::b").mkdir()
    for name in ("README.md", "index.md"):
        (folder / "docs/a\n::error::b" / name).write_text("# A\n", encoding="utf-8")
    done, _ = run(folder, "build")
    assert not [line for line in done.stderr.splitlines() if line.startswith("::")]


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done, _ = run(site(tmp_path), "serve", "--quiet", "--dev-addr", address)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The port is in use: is another preview open?")
    assert "Traceback" not in done.stderr


def test_a_message_is_placed_at_the_file_that_it_names(tmp_path: Path) -> None:
    site(tmp_path)
    assert str(build.finding("A fault of index.md:7 somewhere", tmp_path)).startswith("docs/index.md:7: ")
    assert str(build.finding("A fault of gone.md", tmp_path)).startswith("mkdocs.yml: ")


def test_without_a_network_the_installation_says_so(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(f"tide-tables-of-nowhere==1.0 --hash=sha256:{'0' * 64}\n")
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "install.py"), str(lock)],
        env={**ENVIRONMENT, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_NO_INDEX": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == f"The packages of {lock} cannot be fetched: is there a network? Nothing else is wrong.\n"
    )


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "requirements.txt").touch()
    return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("broken", ["no pip", "dangling", "no configuration", ""])
def test_an_environment_that_is_not_whole_is_made_anew(tmp_path: Path, broken: str) -> None:
    packages = tmp_path / ".venv/lib/python3.11/site-packages/pip"
    packages.mkdir(parents=True)
    (tmp_path / ".venv/bin").mkdir()
    if broken != "no pip":
        (packages / "__main__.py").touch()
    if broken != "no configuration":
        (tmp_path / ".venv/pyvenv.cfg").touch()
    (tmp_path / ".venv/bin/python").symlink_to("gone" if broken == "dangling" else sys.executable)
    done = make(tmp_path, "--dry-run", "site")
    assert ("-m venv --clear" in done.stdout) == bool(broken)


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = make(tmp_path, "PYTHON=python3.99", "site")
    assert "There is no python3.99 here. Install Python 3.11 or newer" in done.stderr
    assert "not found" not in done.stderr
