"""A Markdown extension: addresses that Python cannot split are set aside, for MkDocs stops at the first."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from urllib.parse import urlsplit

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor


class AddressExtension(Extension):
    """`unreadable` holds the addresses of the page that was converted last; their links lead nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: list[str] = []

    def reset(self) -> None:
        self.unreadable = []

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtension(self)
        # After inline patterns (20) have made the links, and before MkDocs resolves them (0).
        md.treeprocessors.register(AddressTreeprocessor(md, self), "unreadable-addresses", 1)


class AddressTreeprocessor(Treeprocessor):
    def __init__(self, md: Markdown, extension: AddressExtension) -> None:
        super().__init__(md)
        self.extension = extension

    def run(self, root: etree.Element) -> None:
        for element in root.iter():
            name = {"a": "href", "img": "src"}.get(str(element.tag), "")
            try:
                urlsplit(element.get(name, "") if name else "")
            except ValueError:
                self.extension.unreadable.append(element.get(name, ""))
                element.set(name, "#")
