"""A Markdown extension: what Python-Markdown or MkDocs would stop at is set aside, and reported.

That is an address that Python cannot split, and a word without a value in a list of attributes, `{#my id}`.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from urllib.parse import urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import get_attrs
from markdown.treeprocessors import Treeprocessor

from warning_lights.core.markdown_source import blank_code


class AddressExtension(Extension):
    """Of the page converted last: `unreadable` addresses, whose links lead nowhere, and `valueless` words."""

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: list[str] = []
        self.valueless: list[str] = []

    def reset(self) -> None:
        self.unreadable, self.valueless = [], []

    def faults(self, text: str) -> Iterator[tuple[int, str, str]]:
        """(offset, message, what it is about) of each in `text`, the file of the page."""
        for address in dict.fromkeys(self.unreadable):
            yield max(0, text.find(address)), f"{address} is no address that a browser can read.", address
        for word in dict.fromkeys(self.valueless):
            advice = "An id is written {#name}, without a space in it."
            for m in re.finditer(r"\{:?[^{}\n]*\}", blank_code(text)):
                given = get_attrs(m[0][1:-1].removeprefix(":"))
                if any(name == word and not isinstance(value, str) for name, value in given):
                    yield m.start(), f"{m[0]} has a word without a value. {advice}", word

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        # After inline patterns (20) and lists of attributes (8), before toc (5) and MkDocs (0) read them.
        md.treeprocessors.register(AddressTreeprocessor(md, self), "unreadable-addresses", 7)


class AddressTreeprocessor(Treeprocessor):
    def __init__(self, md: Markdown, extension: AddressExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            for word in [name for name, value in element.items() if not isinstance(value, str)]:
                self.extension.valueless.append(word)
                del element.attrib[word]
                if word in {"href", "src"}:
                    element.set(word, "#")  # MkDocs asks for the address of every link.
            name = {"a": "href", "img": "src"}.get(str(element.tag), "")
            try:
                urlsplit(element.get(name, "") if name else "")
            except ValueError:
                self.extension.unreadable.append(element.get(name, ""))
                element.set(name, "#")
