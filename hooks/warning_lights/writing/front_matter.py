"""The front matter of a page: YAML whose known names have the types that templates and rooms expect."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, MutableMapping
from html import escape
from typing import Any

import yaml
from jinja2 import Environment, TemplateNotFound

from warning_lights.core.markdown_source import FRONT_MATTER, line_starts

MISSING = (
    "This page has no description, which searches and previews show. Add four lines at its top: "
    "---, then title: A title, then description: What is on the page, then --- again."
)
TEXT_NAMES = ("title", "description", "edit", "template")
LIST_NAMES = ("hide", "aliases")
# A value that holds a colon and a space, or that begins with a character that means something in YAML.
NEEDS_QUOTES = re.compile(r"^(?P<name>[\w-]+):[ \t]+(?P<value>.*(?::[ \t]|[ \t]#).*|[\"'@`%&*!|>{\[].*)$")
UNOPENED = re.compile(r"(?:(?:title|description): .*\n)+---[ \t]*\n")
AFTER_EMPTY_LINE = re.compile(r"\s+---[ \t]*\n(?:[\w-]+:.*\n)+---[ \t]*$", re.MULTILINE)
INDENTED = re.compile(r"^[ \t]+(?=(?:title|description|aliases|hide|edit):)")


def is_missing(text: str) -> bool:
    return not text.startswith("---") and not UNOPENED.match(text) and not AFTER_EMPTY_LINE.match(text)


def is_valid_yaml(line: str) -> bool:
    try:
        yaml.safe_load(line)
    except yaml.YAMLError:
        return False
    return True


def faults(text: str) -> Iterator[tuple[int, str]]:
    """(offset, message) where the front matter is not YAML, or holds a value of a type it cannot have."""
    m = FRONT_MATTER.match(text.removeprefix("\ufeff"))
    if not m:
        if AFTER_EMPTY_LINE.match(text):
            yield 0, "Front matter begins in the first line. Delete the empty line above it."
        return
    begin = len(text) - len(text.removeprefix("\ufeff"))
    lines = m[0].split("\n")
    offsets = [begin + start for start in line_starts(m[0])]
    try:
        meta: Any = yaml.safe_load("\n".join(lines[1:]).rstrip().removesuffix("---").removesuffix("..."))
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # 2024-13-45 is a ValueError.
        mark = getattr(error, "problem_mark", None)
        number, message = reading_fault(lines, min((mark.line if mark else 0) + 1, len(lines) - 1))
        yield offsets[number], message
        return
    if meta is not None and not isinstance(meta, dict):
        yield begin, "This front matter holds no names. Write lines such as title: A title."
        return
    for name, value in (meta or {}).items():
        number = next((n for n, line in enumerate(lines) if line.startswith(f"{name}:")), 0)
        if name in TEXT_NAMES and isinstance(value, (list, dict)):
            yield offsets[number], f"{name} is one text. Put it in straight quotation marks."
        elif name in LIST_NAMES and not isinstance(value, (list, str, type(None))):
            yield offsets[number], f"{name} is a list of words. Write {name}: [search], for example."


def reading_fault(lines: list[str], yaml_line: int) -> tuple[int, str]:
    """(number of a line, message) for invalid YAML; `yaml_line` is the line that the parser names."""
    for number, line in enumerate(lines):
        if (m := NEEDS_QUOTES.match(line)) and not is_valid_yaml(line):
            value = m["value"].strip("\"'").replace('"', "'")
            advice = f'Write {m["name"]}: "{value}", in straight quotation marks.'
            return number, f"This line cannot be read. {advice}"
    for number, line in enumerate(lines):
        if INDENTED.match(line):
            return number, "This line cannot be read. Delete the space or tab before its name."
    return yaml_line, "This front matter cannot be read. Each line is a name, a colon, a space, a value."


def is_template(name: str, env: Environment, of_files: Collection[str]) -> bool:
    """Whether a page can have this template: no part of others, nor one `of_files` such as sitemap.xml."""
    try:
        source, _, _ = env.loader.get_source(env, name) if env.loader else ("", None, None)
    except TemplateNotFound:
        return False
    return name == "main.html" or ("{% extends" in source and name not in of_files)


def normalise(meta: MutableMapping[str, Any]) -> None:
    """Give each known name the type that it must have, and remove what is empty or of another type.

    A title becomes HTML, for MkDocs takes one from a heading, which is HTML, for its twin.
    """
    for name in [*TEXT_NAMES, *LIST_NAMES]:
        if name not in meta:
            continue
        value = meta.pop(name)
        if name in LIST_NAMES and isinstance(value, (list, str)):
            meta[name] = [value] if isinstance(value, str) else [str(each) for each in value]
        elif name in TEXT_NAMES and value is not None and not isinstance(value, (list, dict)):
            text = " ".join(str(value).split())
            meta[name] = escape(text, quote=False) if name == "title" else text
