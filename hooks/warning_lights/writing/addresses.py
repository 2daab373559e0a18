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

from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import blank_code, position


class AddressExtension(Extension):
    """Of the page converted last: `unreadable` addresses, whose links lead nowhere, and `valueless` words."""

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: list[str] = []
        self.valueless: set[str] = set()

    def reset(self) -> None:
        self.unreadable, self.valueless = [], set()

    def faults(self, text: str, file: str) -> Iterator[Finding]:
        """What is wrong in `text`, the content of `file`: an address at its first place, a word at each."""
        for address in dict.fromkeys(self.unreadable):
            place = position(text, max(0, text.find(address)))
            message = f"{address} is not a valid address."
            yield Finding(file, *place, message, about=(address,))
        for m in re.finditer(r"\{:?[^{}\n]*\}", blank_code(text)) if self.valueless else ():
            given = get_attrs(m[0][1:-1].removeprefix(":"))
            if any(name in self.valueless and not isinstance(value, str) for name, value in given):
                advice = "An id is written {#name}, without a space in it."
                message = f"{m[0]} has a word without a value. {advice}"
                yield Finding(file, *position(text, m.start()), message)

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
                self.extension.valueless.add(word)
                del element.attrib[word]
                if word in {"href", "src"}:
                    element.set(word, "#")  # MkDocs asks for the address of every link.
            name = {"a": "href", "img": "src"}.get(str(element.tag), "")
            try:
                urlsplit(element.get(name, "") if name else "")
            except ValueError:
                self.extension.unreadable.append(element.get(name, ""))
                element.set(name, "#")
