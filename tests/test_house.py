"""The plan of the engine holds: rooms, direction of imports, sizes, and the contract of the HTML."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from conftest import ROOT

HOOKS = ROOT / "hooks"
ENGINE = HOOKS / "warning_lights"
# A room and those that it may import from, besides itself.
ROOMS: dict[str, set[str]] = {
    "core": set(),
    "bibliography": {"core"},
    "lists": {"core", "bibliography"},
    "notes": {"core", "bibliography", "lists"},
    "quotations": {"core", "bibliography", "notes"},
    "data": {"core", "bibliography", "notes"},
    "sharing": {"core", "bibliography"},
    "pages": {"core"},
    "writing": {"core"},
    "links": {"core"},
    "book": {"core"},
    "offline": {"core"},
}
MOST_LINES = 2250  # Of Python, in a room.
# The few modules that read an MkDocs project; all others know nothing of MkDocs.
READERS = {
    "bibliography/files.py",
    "bibliography/load.py",
    "core/options.py",
    "core/project.py",
    "links/sources.py",
    "quotations/__main__.py",
}
FILES = sorted(ENGINE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_every_folder_of_the_engine_is_a_room_with_a_promise() -> None:
    assert {path.parent.name for path in FILES} - {"warning_lights"} == set(ROOMS)
    for room in ROOMS:
        assert ast.get_docstring(ast.parse((ENGINE / room / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ENGINE).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    room = path.parent.name
    adapters = {other.stem for other in HOOKS.glob("*.py")}
    for name in imported(path):
        top, _, rest = name.partition(".")
        if top == "warning_lights" and room in ROOMS:
            assert rest.partition(".")[0] in {room, *ROOMS[room]}, f"{room} may not import {name}"
        assert top not in adapters or "." not in name, f"{name}: nothing imports an adapter"
        if top == "mkdocs" and not name.startswith("mkdocs.utils."):
            assert path.relative_to(ENGINE).as_posix() in READERS, f"{name}: only adapters know MkDocs"


def test_no_code_changes_the_search_path() -> None:
    for folder in ("hooks", "scripts", "tests", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path == Path(__file__) or "sys.path" not in path.read_text(encoding="utf-8"), path


def test_files_and_rooms_keep_their_size() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in HOOKS.rglob("*.py")}
    assert {path.name: n for path, n in lines.items() if path.parent == HOOKS and n > 100} == {}
    assert {path.name: n for path, n in lines.items() if n > 260} == {}
    rooms = {room: sum(n for path, n in lines.items() if path.parent.name == room) for room in ROOMS}
    assert {room: n for room, n in rooms.items() if n > MOST_LINES} == {}


class Settings(yaml.SafeLoader):
    """Reads mkdocs.yml without its variables."""


Settings.add_constructor("!ENV", lambda loader, node: None)


def test_every_adapter_is_listed_and_says_what_it_does() -> None:
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=Settings)
    assert sorted(settings["hooks"]) == sorted(f"hooks/{path.name}" for path in HOOKS.glob("*.py"))
    for path in HOOKS.glob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path.name


def test_a_priority_stands_only_against_foreign_plugins() -> None:
    """The order of events is the order of mkdocs.yml; each exception has its reason on its line."""
    found = {
        f"{path.name}: {line.strip()}"
        for path in HOOKS.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("@event_priority")
    }
    assert {line.partition(":")[0] for line in found} <= {"citations.py", "pages.py", "links.py", "book.py"}
    assert all("  # " in line for line in found), found


ROW = re.compile(
    r"^\| `(?P<name>[^`]+)` \|[^|]*\| (?P<writers>[^|]+) \| (?P<readers>[^|]+) \|$", re.MULTILINE
)


def test_each_class_of_the_contract_is_written_and_read_where_it_says() -> None:
    """README.md of the engine names, for each class or data attribute, files that write and read it."""
    rows = list(ROW.finditer((ENGINE / "README.md").read_text(encoding="utf-8")))
    assert len(rows) >= 20
    for row in rows:
        name = row["name"].removeprefix(".")
        for place in re.findall(r"`([^`]+)`", row["writers"] + row["readers"]):
            path = next((base / place for base in (ENGINE, ROOT) if (base / place).is_file()), None)
            assert path, f"{place}, named in the README, does not exist"
            assert name in path.read_text(encoding="utf-8"), f"{place} does not have {row['name']}"
