"""An address on the site becomes a label in the book."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from warning_lights.core.html import resolve_address

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
LOOPBACK = re.compile(r"https?://(127\.|localhost|\[::1\])")  # An address that nobody else can open.


def label(url: str, fragment: str = "") -> str:
    """`label("sources/ctc/", "fn:@ctc-1")` is `sources/ctc/#fn:@ctc-1`; no two places share one."""
    return f"{normalized_url(url)}#{fragment}"


def normalized_url(url: str) -> str:
    """An address with the same characters percent-encoded as in any other form of it (RFC 3986, 6.2.2.2)."""
    return quote(unquote(url))


@dataclass(frozen=True)
class Target:
    """Where a link leads: to `label` in the book, or else to `url` outside it, or, without both, nowhere."""

    url: str
    label: str = ""
    elsewhere: bool = False  # In another chapter than the link.
    fragment: str = ""


class Labels:
    """All places of the book that can be linked to, and those that are (`wanted`).

    `base` is the address of the site; `places` maps the `normalized_url` address of each chapter, relative to
    it, to the ids on that page.
    """

    def __init__(self, base: str, places: dict[str, set[str]]) -> None:
        self.base, self.places = base, places
        self.wanted: set[str] = set()

    def resolve(self, href: str, page: str) -> Target:
        """Where `href` leads from the page at `page`; the label counts as wanted from then on.

        A fragment that its page does not have leads to the chapter: the link check reports it.
        """
        if href.startswith("#"):
            return self.target_in_book(page, href[1:], page)
        if SCHEME.match(href) and not href.startswith(self.base):
            return Target(href)
        full = resolve_address(self.base + page, href)
        address, _, fragment = full.partition("#")
        url = normalized_url(address[len(self.base) :])
        if address.startswith(self.base) and url in self.places:
            return self.target_in_book(url, fragment, page)
        return Target("" if LOOPBACK.match(full) else full)

    def target_in_book(self, url: str, fragment: str, page: str) -> Target:
        fragment = unquote(fragment)
        name = self.label_at(url, fragment)
        self.wanted.add(name)
        return Target(url, name, normalized_url(url) != normalized_url(page), fragment)

    def label_at(self, url: str, fragment: str) -> str:
        """The label of a place, or of its chapter where it has none of its own."""
        return label(url, fragment if fragment in self.places[normalized_url(url)] else "")


def shows_address(text: str, url: str) -> bool:
    """Whether the words of a link are its address, give or take the scheme and a final slash."""

    def bare(address: str) -> str:
        return re.sub(r"^(https?://)?(www\.)?(doi\.org/)?|/$", "", address.strip().casefold())

    return bare(text) == bare(url)
