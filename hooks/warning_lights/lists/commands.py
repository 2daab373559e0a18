"""Commands that stand on a line of their own in a page, and the lists that take their place.

`\\full_bibliography`, with `[keyword=work]` or `[notkeyword=note]` a part of it (mkdocs-bibtex names the
command); with the same options `\\coverage_map` and `\\notes_table`; `\\exports`, links to the whole list
for reference managers; `\\source[key]`, who wrote a source, when, and where to read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from warning_lights.bibliography.references import Reference
from warning_lights.core.markdown_source import blank_code
from warning_lights.lists.coverage import coverage_map
from warning_lights.lists.heads import source_head
from warning_lights.lists.listing import Lists, bibliography_list, whole_list_exports
from warning_lights.lists.notes_table import notes_table

PLACEHOLDER = "<div data-bibliography></div>"
FILTERS = {"keyword", "notkeyword"}
ENTRY_LISTS = {"", "notes_table"}  # Commands whose lists hold the entries themselves.


@dataclass(frozen=True)
class Command:
    """`name` is empty for the full bibliography; `key` is that of a source."""

    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


def command_pattern(full_bibliography: str) -> re.Pattern[str]:
    """What finds a command on its line; `full_bibliography` is its name in the options of mkdocs-bibtex."""
    return re.compile(
        rf"^[ ]{{0,3}}(?:{re.escape(full_bibliography)}|\\(?P<name>coverage_map|notes_table|exports|source))"
        r"(?:\[(?P<options>[^\]\n]*)\])?[ \t]*$",
        re.MULTILINE,
    )


class PageCommands(NamedTuple):
    """A page with a placeholder for each of its commands; `problems` are (as written, what is wrong)."""

    markdown: str
    commands: list[Command]
    problems: list[tuple[str, str]]


def extract_commands(
    markdown: str, command: re.Pattern[str], references: Mapping[str, Reference]
) -> PageCommands:
    """The commands of a page, replaced by placeholders."""
    matches = list(command.finditer(blank_code(markdown)))
    parsed = [parse_command(m, references) for m in matches]
    problems = [(m[0].strip(), problem) for m, (_, problem) in zip(matches, parsed, strict=True) if problem]
    for m in reversed(matches):  # From the last on, so that the offsets of the others hold.
        markdown = f"{markdown[: m.start()]}\n{PLACEHOLDER}\n{markdown[m.end() :]}"
    return PageCommands(markdown, [command for command, _ in parsed], problems)


def parse_command(m: re.Match[str], references: Mapping[str, Reference]) -> tuple[Command, str]:
    """The command of a match, and what is wrong with it, or ""."""
    name, text = m["name"] or "", m["options"] or ""
    if name == "source":
        problem = "" if text in references else f"“{text}” is not in the bibliography"
        return Command(name, key=text), problem
    options: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        option, _, value = (piece.strip() for piece in part.partition("="))
        if option not in FILTERS or not value:
            return Command(name), f"“{part}” is not an option here: write keyword=… or notkeyword=…"
        options[option] = value
    return Command(name, options), ""


def select_entries(references: Iterable[Reference], options: Mapping[str, str]) -> list[Reference]:
    return [
        reference
        for reference in references
        if options.get("keyword", "") in {"", *reference.keywords}
        and options.get("notkeyword") not in reference.keywords
    ]


def list_anchors(commands: Iterable[Command], references: Mapping[str, Reference]) -> Iterator[str]:
    """The ids that the lists of these commands bring with them."""
    for command in commands:
        if command.name in ENTRY_LISTS:
            yield from (f"ref:{each.key}" for each in select_entries(references.values(), command.options))


def fill_placeholders(html: str, commands: Iterable[Command], lists: Lists) -> str:
    """`html` with each placeholder replaced by the list of its command."""
    for command in commands:
        html = html.replace(PLACEHOLDER, render_command(command, lists), 1)
    return html


def render_command(command: Command, lists: Lists) -> str:
    chosen = select_entries(lists.references.values(), command.options)
    match command.name:
        case "coverage_map":
            return coverage_map(chosen, lists.cited_at, lists.reports)
        case "notes_table":
            return notes_table(chosen, lists)
        case "exports":
            return whole_list_exports(lists) if lists.exported else ""
        case "source":
            return source_head(command.key, lists) if command.key in lists.references else ""
    return bibliography_list(chosen, lists)
