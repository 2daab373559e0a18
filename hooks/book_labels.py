"""An address on the site becomes a label in the book, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urldefrag, urljoin

UNSAFE = re.compile(r"[^A-Za-z0-9:-]")  # In a Typst label; "." stands for "/", "_" begins an escape.


def label(url: str, fragment: str = "") -> str:
    """`label("sources/ctc/", "fn:@ctc-1")` is `sources.ctc:fn:_40_ctc-1`; no two places share one."""
    page = ".".join(UNSAFE.sub(escape, step) for step in url.strip("/").split("/")) or "home"
    return f"{page}:{UNSAFE.sub(escape, fragment)}" if fragment else page


def escape(m: re.Match[str]) -> str:
    return f"_{ord(m[0]):x}_"


@dataclass(frozen=True)
class Target:
    """Where a link leads: to `label` in the book, or, where that is empty, to `url` outside it."""

    url: str
    label: str = ""
    elsewhere: bool = False  # In another chapter than the link.
    fragment: str = ""


@dataclass
class Labels:
    """All places of the book that can be linked to, and those that are.

    `base` is the address of the site; `places` maps the address of each chapter, relative to it, to
    the ids on that page.
    """

    base: str
    places: dict[str, set[str]] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    known: dict[tuple[str, str], Target] = field(default_factory=dict)  # Each link is asked for three times.

    def resolve(self, href: str, page: str) -> Target:
        """Where `href` leads from the page at `page`; notes the label as wanted.

        A fragment that its page does not have leads to the chapter: hooks/links.py reports it.
        """
        if (href, page) not in self.known:
            self.known[href, page] = self.found(href, page)
        return self.known[href, page]

    def found(self, href: str, page: str) -> Target:
        full = urljoin(urljoin(self.base, page), href)
        address, fragment = urldefrag(full)
        if not address.startswith(self.base) or unquote(address[len(self.base) :]) not in self.places:
            return Target(full, fragment=unquote(fragment))
        url, fragment = unquote(address[len(self.base) :]), unquote(fragment)
        name = self.place(url, fragment)
        self.wanted.add(name)
        return Target(full, name, url != page, fragment)

    def place(self, url: str, fragment: str) -> str:
        """The label of a place, or of its chapter where it has none of its own."""
        return label(url, fragment if fragment in self.places[url] else "")
