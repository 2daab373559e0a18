"""The options of a room, from `extra:` of mkdocs.yml, as a dataclass; a wrong one is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import yaml
from mkdocs.config.defaults import MkDocsConfig

from warning_lights.core.findings import Finding, Log
from warning_lights.core.names import guess
from warning_lights.core.project import report

Options = TypeVar("Options")
# Of a file below the folder of the site.
SitePath = Annotated[str, re.compile(r"(?!/|(?:.*/)?\.{0,2}(?:/|\Z))[^\\\0]+")]


def load_options(config: MkDocsConfig, room: str, form: type[Options], log: Log) -> Options:
    """`extra: <room>:` as an instance of the dataclass `form`; what is wrong with it is reported."""
    chosen, findings = read_options(config, room, form)
    report(findings, log, config)
    return chosen


def read_options(config: MkDocsConfig, room: str, form: type[Options]) -> tuple[Options, list[Finding]]:
    """`extra: <room>:` as an instance of the dataclass `form`, and what is wrong with it.

    A name that `form` does not have and a value of another type are findings, and do not count.
    """
    path = Path(config.config_file_path or "mkdocs.yml")
    given = config.extra.get(room)
    positions = option_positions(path, room)
    wrong = dict(option_faults(given, room, form))
    findings = [
        Finding(path.name, *positions.get(name, positions.get("", (0, 0))), message)
        for name, message in wrong.items()
    ]
    values = given if isinstance(given, dict) else {}
    return form(**{name: value for name, value in values.items() if str(name) not in wrong}), findings


def option_faults(given: Any, room: str, form: type[Any]) -> Iterator[tuple[str, str]]:
    """(name, message) of each fault; the name is empty for one of the room as a whole."""
    if given is None:
        return
    if not isinstance(given, dict):
        yield "", f"extra: {room}: holds options, each as `name: value` on a line of its own."
        return
    types = get_type_hints(form, include_extras=True)
    for name, value in given.items():
        if name not in types:
            hint = guess(str(name), types) or f" There are {', '.join(sorted(types))}."
            yield str(name), f"extra: {room}: has no option {name}.{hint}"
        elif wrong := list(mistyped_values(value, types[name])):
            default = next(field.default for field in fields(form) if field.name == name)
            example = f", such as {default!r}" if isinstance(default, (str, int, float)) and default else ""
            yield str(name), f"extra: {room}: {name}: “{wrong[0]}” is of the wrong type{example}."


def mistyped_values(value: Any, wanted: Any) -> Iterator[Any]:
    """The parts of a value of YAML that are not of the type of a field, or the value as a whole."""
    kind, inner = get_origin(wanted) or wanted, get_args(wanted)
    if kind is UnionType:
        yield from min(([*mistyped_values(value, each)] for each in inner), key=lambda wrong: value in wrong)
    elif kind is list and isinstance(value, list):
        for each in value:
            yield from mistyped_values(each, inner[0])
    elif kind is dict and isinstance(value, dict):
        for each in value.values():
            yield from mistyped_values(each, inner[1])
    elif kind is Annotated:
        if not isinstance(value, inner[0]) or not inner[1].fullmatch(value):
            yield value
    elif kind is not Any and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        yield value


def option_positions(path: Path, room: str) -> dict[str, tuple[int, int]]:
    """name -> (line, column) of each option of the room, "" for the room itself; nothing if unreadable."""
    try:
        node: Any = yaml_nodes(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    places: dict[str, tuple[int, int]] = {}
    for step in ("extra", room):
        key, node = next(((k, v) for k, v in mapping_entries(node) if k.value == step), (None, None))
        if key is None:
            return {}
        places[""] = node_position(key)
    return places | {str(key.value): node_position(key) for key, _ in mapping_entries(node)}


@lru_cache(maxsize=1)  # Each hook reads the same file.
def yaml_nodes(text: str) -> Any:
    """The nodes of a YAML document; tags such as `!ENV` are not resolved."""
    return yaml.compose(text, Loader=yaml.SafeLoader)


def mapping_entries(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """The name and the value of each entry of a mapping, which know their places; none of another node."""
    return node.value if isinstance(node, yaml.MappingNode) else []


def node_position(node: yaml.Node) -> tuple[int, int]:
    """Line and column, counted from 1."""
    return node.start_mark.line + 1, node.start_mark.column + 1
