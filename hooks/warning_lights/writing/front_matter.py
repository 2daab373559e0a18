"""The front matter of a page: YAML whose known names have the types that templates and rooms expect."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, MutableMapping
from html import escape
from typing import Any

import yaml
from jinja2 import Environment, TemplateNotFound

from warning_lights.core.markdown_source import FRONT_MATTER, line_starts
from warning_lights.core.options import mapping_entries
from warning_lights.writing.known_names import misspelling

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


def yaml_of(text: str) -> str | None:
    """The YAML of a page's front matter, which begins in its second line; None where there is none."""
    m = FRONT_MATTER.match(text.removeprefix("\ufeff"))
    return m[0].partition("\n")[2].rstrip().removesuffix("---").removesuffix("...") if m else None


def entries(source: str) -> list[tuple[yaml.Node, yaml.Node]]:
    """The name and the value of each entry, as nodes, which know where they are and how they are written."""
    try:
        return mapping_entries(yaml.compose(source, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        return []


def faults(text: str, known: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """(offset, message) of what is not YAML, of values of a wrong type, and of misspelt names of `known`."""
    source = yaml_of(text)
    if source is None:
        if AFTER_EMPTY_LINE.match(text):
            yield 0, "Front matter begins in the first line. Delete the empty line above it."
        return
    begin = len(text) - len(text.removeprefix("\ufeff"))
    try:
        meta: Any = yaml.safe_load(source)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # 2024-13-45 is a ValueError.
        lines = text[begin:].split("\n")[: source.count("\n") + 2]
        mark = getattr(error, "problem_mark", None)
        number, message = reading_fault(lines, min((mark.line if mark else 0) + 1, len(lines) - 1))
        yield begin + line_starts(text[begin:])[number], message
        return
    meta = {} if meta is None else meta
    if not isinstance(meta, dict):
        yield begin, "This front matter holds no names. Write lines such as title: A title."
        return
    for key, value in entries(source):
        offset = text.index("\n") + 1 + key.start_mark.index
        if key.value in TEXT_NAMES and not isinstance(value, yaml.ScalarNode):
            yield offset, f"{key.value} is one text. Put it in straight quotation marks."
        elif key.value in LIST_NAMES and not isinstance(meta[key.value], (list, str, type(None))):
            yield offset, f"{key.value} is a list of words. Write {key.value}: [search], for example."
        elif hint := misspelling(str(key.value), known):
            yield offset, f"Nothing reads {key.value} in the front matter.{hint}"


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


def remove_unknown_template(
    meta: MutableMapping[str, Any], env: Environment, of_files: Collection[str]
) -> str:
    """Leave out the name of a template that a page cannot have; the message about it, or ""."""
    if is_template(meta.get("template", "main.html"), env, of_files):
        return ""
    name = meta.pop("template")
    return f"There is no template {name} for a page. Remove template: from the front matter."


def normalise(meta: MutableMapping[str, Any], text: str) -> None:
    """Give each known name the type that it must have, and remove what is empty or of another type.

    A text is what `text`, the page, has: YAML makes False of `no` and 1.1 of `1.10`. A title becomes HTML,
    for MkDocs takes one from a heading, which is HTML, for its twin.
    """
    retyped = any(not isinstance(meta.get(name, ""), str) for name in TEXT_NAMES)
    written = {key.value: value.value for key, value in entries(yaml_of(text) or "")} if retyped else {}
    for name in [*TEXT_NAMES, *LIST_NAMES]:
        if name not in meta:
            continue
        value = meta.pop(name)
        if name in LIST_NAMES and isinstance(value, (list, str)):
            meta[name] = [value] if isinstance(value, str) else [str(each) for each in value]
        elif name in TEXT_NAMES and value is not None and not isinstance(value, (list, dict)):
            content = " ".join(str(written.get(name, value)).split())
            meta[name] = escape(content, quote=False) if name == "title" else content
