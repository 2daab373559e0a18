"""mkdocs.yml is YAML, and each page has its line in the menu: what is wrong is reported with its place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import position
from warning_lights.core.names import guess
from warning_lights.core.options import mapping_entries, node_position, yaml_nodes
from warning_lights.core.yaml_faults import explain_yaml_error
from warning_lights.writing import known_names

FILE = "mkdocs.yml"
STRING = "tag:yaml.org,2002:str"
ELSEWHERE = re.compile(r"[a-z]+:|//", re.IGNORECASE)  # An address, not a file of the site.
UNSAFE = re.compile(r"[<>\x00-\x1f\x7f]")
FILE_LIKE = re.compile(r"(?:\.[A-Za-z]\w{1,5}(?:/|\.md\Z)|(?:\A|/)\.md\Z)")  # `x.json.md`, and `.md`.


def syntax_fault(text: str) -> Finding | None:
    """What YAML makes of the file: None, or the first fault with line and column."""
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)  # Nodes only: tags such as !ENV are not resolved.
    except yaml.MarkedYAMLError as error:
        line, column, message = explain_yaml_error(error, text)
        return Finding(FILE, line, column, f"This is not valid YAML: {message}")
    except yaml.YAMLError as error:  # A character that YAML does not allow.
        return Finding(FILE, 1, 1, f"This is not valid YAML: {' '.join(str(error).split())}.")
    return None


def line_to_add(page: str, listed: list[str], text: str) -> str:
    """Which line of mkdocs.yml a page lacks, and after which other: the last one of the same folder."""
    lacks = "This page is not in the menu. Add to mkdocs.yml"
    folder = posixpath.dirname(page)
    near = [other for other in listed if posixpath.dirname(other) == folder] or listed
    for other in reversed(near):
        m = re.search(
            rf"^(?P<indent>[ ]*)- (?:[^\n:]+: +)?[\"']?{re.escape(other)}[\"']?[ ]*(?:#.*)?$", text, re.M
        )
        if m:
            number = text.count("\n", 0, m.start()) + 1
            spaces = len(m["indent"])
            indent = f" ({spaces} spaces before the dash)" if spaces else ""
            return f"{lacks}, after line {number} ({other}): - {page}{indent}"
    return f"{lacks}, under nav: - {page}"


def read_doors(given: Any, listed: Collection[str], text: str) -> tuple[list[str], list[Finding]]:
    """The pages that the first screen leads to, as `extra: doors:` names them, and what is wrong with it."""
    at = re.search(r"^[ ]+(?=doors[ ]*:)", text, re.MULTILINE)
    place = (FILE, text.count("\n", 0, at.start()) + 1, len(at[0]) + 1) if at else (FILE, 0, 0)
    if not isinstance(given or [], list):
        return [], [Finding(*place, "extra: doors: is a list of pages: doors: [index.md].")]
    known = [each for each in given or [] if each in listed]
    wrong = [each for each in given or [] if each not in listed]
    found = (f"extra: doors: {each} is not in the menu.{guess(str(each), listed)}" for each in wrong)
    return known, [Finding(*place, message) for message in found]


def page_faults(pages: Mapping[str, str], listed: list[str], text: str) -> Iterator[tuple[str, str, str]]:
    """(page, message, severity) of each page that the menu lacks, and of each name that is no good address.

    `pages` maps each file below docs/ to its path in the site; `listed` are those of the menu.
    """
    yield from ((page, line_to_add(page, listed, text), "error") for page in pages if page not in listed)
    yield from file_name_faults(pages)


def file_name_faults(pages: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(page, message, severity) for each page whose name makes an address that is hard to write, or taken.

    `pages` maps each file below docs/ to its path in the site.
    """
    first: dict[str, str] = {}
    for page, path in pages.items():
        plain = re.sub(r"[^\w/.-]+", "", re.sub(r"[\s_]+", "-", page).lower())
        if other := first.get(path):
            yield page, f"{other} has the same address. Rename one of the two.", "error"
        elif UNSAFE.search(page):
            yield page, f"Name this file {plain}: its name is its address and its title.", "error"
        elif FILE_LIKE.search(page):
            yield (
                page,
                "This name ends like that of another file. Write it without the inner dot.",
                "error",
            )
        elif plain != page:
            advice = "its name is its address, in which spaces and capitals mislead."
            yield page, f"Name this file {plain}: {advice}", "warning"
        first.setdefault(path, page)


def title_faults(nav: Any, text: str) -> Iterator[Finding]:
    """The titles of `nav:` that hold HTML, which no template escapes; `text` is mkdocs.yml."""
    for item in nav if isinstance(nav, list) else ():
        for title, below in item.items() if isinstance(item, dict) else ():
            if "<" in str(title):
                message = f"The title “{title}” holds HTML. Write it without < and >."
                yield Finding(FILE, *position(text, max(text.find(str(title)), 0)), message)
            yield from title_faults(below, text)


def faults(text: str, nav: Any, files: Collection[str], docs: Path, code: str) -> Iterator[Finding]:
    """What is wrong in mkdocs.yml, the `text`.

    `files` are those of the site and `docs` is their folder; `code` is that of the templates and hooks.
    """
    yield from title_faults(nav, text)
    yield from asset_faults(text, {*files, *(path.relative_to(docs).as_posix() for path in docs.rglob("*"))})
    yield from name_faults(text, known_names.of_site(code))


def name_faults(text: str, known: Collection[str]) -> Iterator[Finding]:
    """The misspelt names of `extra:` in mkdocs.yml, the `text`; `known` are those that somebody reads."""
    for key, _ in mapping_entries(option_node(yaml_nodes(text), "extra")):
        if hint := known_names.misspelling(str(key.value), known):
            yield Finding(FILE, *node_position(key), f"Nothing reads {key.value} in extra.{hint}")


def asset_faults(text: str, files: Collection[str]) -> Iterator[Finding]:
    """The style sheets and scripts that mkdocs.yml, the `text`, names and that are not among the `files`."""
    for option in ("extra_css", "extra_javascript"):
        listed = option_node(yaml_nodes(text), option)
        for item in listed.value if isinstance(listed, yaml.SequenceNode) else ():
            named = option_node(item, "path") or item
            path = re.split(r"[?#]", str(named.value))[0].strip()
            if named.tag == STRING and not ELSEWHERE.match(path) and path not in files:
                suffix = posixpath.splitext(path)[1]
                hint = guess(path, [file for file in files if file.endswith(suffix)])
                message = f"{option}: {path} does not exist.{hint}"
                yield Finding(FILE, *node_position(named), message, about=(path,))


def option_node(node: yaml.Node | None, name: str) -> yaml.Node | None:
    return next((value for key, value in mapping_entries(node) if key.value == name), None)
