"""A Markdown extension for fences that name a CSV file: each becomes the element that its maker returns."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from warning_lights.core.markdown_source import position
from warning_lights.core.names import guess
from warning_lights.core.yaml_faults import explain_yaml_error

OPENING_LINE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*\{?[ \t]*\.?[\w-]+\b.*\n", re.MULTILINE)
MARGIN = re.compile(r"^[ \t>]+", re.MULTILINE)  # Of a fence in a list or a quotation.
STASHED_BLOCK = re.compile(r"\s*\x02wzxhzdk:(?P<number>\d+)\x03\s*")
DATA_LINE = re.compile(r"""^data[ \t]*:[ \t]*["']?(?P<path>[^"'\n]*[^"'\s])""", re.MULTILINE)
PLACEHOLDER_ELEMENT = '<div data-fence="{}"></div>'

# (body of the fence, Markdown instance) -> element; raises FenceError.
Maker = Callable[[str, Markdown], etree.Element]
Reporter = Callable[[str, tuple[str, ...], str], str]


class FenceError(ValueError):
    """The fence cannot be shown; the message says why.

    `place` leads to what is wrong: the option, then words that follow it, the last of them the wrong one.
    """

    def __init__(self, message: str, *place: str) -> None:
        super().__init__(message)
        self.place = place


def read_options(body: str, name: str, needed: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, Any]:
    """The YAML of a fence as a mapping that has `needed` and nothing unknown; raises FenceError."""
    try:
        found = yaml.safe_load(body)
    except yaml.MarkedYAMLError as error:
        line, _, message = explain_yaml_error(error, body)
        option = [*body.split("\n"), ""][line - 1].partition(":")[0].strip()
        raise FenceError(f"This {name} cannot be read as YAML: {message}", option) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FenceError(f"This {name} cannot be read as YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(found, dict):
        raise FenceError(f"A {name} needs {', '.join(needed)}, each on a line: name, colon, value.")
    if missing := [each for each in needed if not str(found.get(each) or "").strip()]:
        raise FenceError(f"The {name} has no {' and no '.join(missing)}.")
    if unknown := [str(each) for each in found if each not in (*needed, *optional)]:
        every = (*needed, *optional)
        advice = f"{guess(unknown[0], every)} There are {', '.join(every)}."
        raise FenceError(f"{unknown[0]} is not an option of a {name}.{advice}", unknown[0])
    return found


def read_column_list(options: Mapping[str, Any], option: str) -> tuple[str, ...]:
    """An option that is a list of columns; raises FenceError."""
    value = options.get(option) or []
    if not isinstance(value, list):
        raise FenceError(f"{option} is a list of columns: {option}: [{value}].", option)
    return tuple(map(str, value))


class FencesExtension(Extension):
    """`makers` by the name of the fence; `report` takes (body of a fence, place in it, message).

    It returns the path of the data, as the fence has it, if there is such a file.
    """

    def __init__(self, makers: Mapping[str, Maker], report: Reporter) -> None:
        super().__init__()
        self.makers, self.report = makers, report
        self.stored: list[tuple[str, str]] = []  # Name and body of each fence of the page.

    def reset(self) -> None:
        self.stored = []

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        # Before inline (20), so that captions and cells are Markdown, and their citations notes.
        md.treeprocessors.register(FencesTreeprocessor(md, self), "fences", 25)

    def custom_fences(self, others: Iterable[dict[str, object]] = ()) -> list[dict[str, object]]:
        """The option `custom_fences` of pymdownx.superfences, `others` included."""
        ours = [{"name": name, "class": name, "format": self.custom_format(name)} for name in self.makers]
        return [*(each for each in others if each["name"] not in self.makers), *ours]

    def custom_format(self, name: str) -> Callable[..., str]:
        """What pymdownx.superfences calls; the element itself is made when the page is a tree."""

        def store(source: str, *_: object, **__: object) -> str:
            self.stored.append((name, source))
            return PLACEHOLDER_ELEMENT.format(len(self.stored) - 1)

        return store

    def element(self, name: str, body: str, md: Markdown) -> etree.Element:
        try:
            return self.makers[name](body, md)
        except FenceError as error:
            data = self.report(body, error.place, str(error))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            # Whatever else a writer's YAML can be.
            data = self.report(body, (), f"This {name} cannot be read ({type(error).__name__}: {error}).")
        failed = etree.Element("mark", {"class": "unfilled"})
        failed.text = f"{name}?"
        if data:
            etree.SubElement(failed, "a", {"href": data}).text = data
        return failed


class FencesTreeprocessor(Treeprocessor):
    def __init__(self, md: Markdown, fences: FencesExtension) -> None:
        super().__init__(md)
        self.fences = fences

    def run(self, root: etree.Element) -> None:
        stored_by_html = {PLACEHOLDER_ELEMENT.format(i): fence for i, fence in enumerate(self.fences.stored)}
        for parent in list(root.iter()):
            for i, child in enumerate(list(parent)):
                m = STASHED_BLOCK.fullmatch(child.text or "") if child.tag == "p" and not len(child) else None
                stored = self.md.htmlStash.rawHtmlBlocks[int(m["number"])] if m else None
                if isinstance(stored, str) and stored in stored_by_html:
                    element = self.fences.element(*stored_by_html[stored], self.md)
                    element.tail = child.tail
                    parent[i] = element


def data_path(body: str) -> str:
    """The path of the data of a fence, also of one that is not YAML; "" where it names none."""
    m = DATA_LINE.search(body)
    return m["path"] if m else ""


def position_in_fence(body: str, place: Sequence[str], text: str) -> tuple[int, int]:
    """(line, column) of the place in the fence that holds `body`; (0, 0) where there is no such fence."""
    wanted = MARGIN.sub("", body).split()
    for m in OPENING_LINE.finditer(text):
        if MARGIN.sub("", text[m.end() :]).split()[: len(wanted)] == wanted:
            start, end = m.start(), m.end()
            for word in place:
                option = re.compile(rf"^[ \t>]*(?P<word>{re.escape(word)})[ \t]*:", re.MULTILINE)
                anywhere = re.compile(rf"(?<![\w-])(?P<word>{re.escape(word)})(?![\w-])")
                found = option.search(text, end) if end == m.end() else None
                if found := found or anywhere.search(text, end):
                    start, end = found.start("word"), found.end()
            return position(text, start)
    return 0, 0
