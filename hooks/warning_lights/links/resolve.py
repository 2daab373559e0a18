"""Where an address on a page leads: a path inside the site, another host, or nowhere for a reason."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from warning_lights.links import address
from warning_lights.links.address import Url
from warning_lights.links.page import URL_PROPERTIES, Link, words
from warning_lights.links.site import Site

EMPTY_IS_WRONG = words("href xlink:href src poster data formaction refresh")
# Nothing in a simple address needs more than joining; most links of a site are simple.
SIMPLE = re.compile(
    r"((?:\.\./)*)(?:\./)?((?:[\w~-][\w.~-]*/)*(?:[\w~-][\w.~-]*)?)(?:#([\w.:-]*))?", re.ASCII
)


class Fault(NamedTuple):
    """One thing wrong, as met on the finished site.

    `why` follows what was written, as in "setup.md" + "leads to ...". `target` is a file or path of the
    site, `near` the file or id that exists and was probably meant.
    """

    kind: str
    seen: str
    written: str
    why: str = ""
    target: str = ""
    fragment: str = ""
    near: str = ""
    text: str = ""


class Target(NamedTuple):
    """Where an address leads: a `path` inside the site, or a `url` outside, or nowhere for a reason."""

    path: str | None = None
    fragment: str | None = None
    url: Url | None = None
    why: str = ""


class Outside(NamedTuple):
    """An address elsewhere, and the files it was seen in: does a browser fetch it there, unasked?"""

    url: Url
    seen: dict[str, bool]


class Here:
    """One document: its own address, and the address that its links are relative to."""

    def __init__(self, site: Site, own: Url, base: Url | None = None) -> None:
        self.own = own
        self.base = base or own
        inside = site.inside(self.base)
        # The folders from the root of the site down to this one, each with its slash. Where the base
        # is elsewhere, joining is not all there is to it.
        self.folders: list[str] = []
        if inside is not None and "%" not in self.base.path:
            parts = inside.split("/")[:-1]
            self.folders = ["/".join([*parts[:depth], ""]) for depth in range(len(parts) + 1)]


class Targets:
    """Resolves the addresses of one site, and remembers those that mean the same on every page."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.absolute: dict[str, Target] = {}

    def of(self, link: Link, here: Here) -> Target:
        written = link.url
        if written[:1] == "#":
            if here.base is here.own or link.attribute in URL_PROPERTIES or link.attribute == "url()":
                return Target(None, written[1:])  # In styles, whatever <base> says.
        elif written[:4] == "http":
            target = self.absolute.get(written)
            if target is None:
                target = self.absolute[written] = self.parsed(link, here)
            return target
        elif here.folders and written and (m := SIMPLE.fullmatch(written)):
            up, path, fragment = m.groups()
            depth = len(here.folders) - 1 - len(up) // 3
            if depth >= 0 and (up or path or written[0] == "."):
                return Target(here.folders[depth] + path, fragment)
        return self.parsed(link, here)

    def parsed(self, link: Link, here: Here) -> Target:
        """What the URL algorithm makes of an address, and what is wrong with it before anyone asks."""
        written, site = link.url, self.site
        stripped = address.TAB_OR_NEWLINE.sub("", written.strip(address.C0_AND_SPACE))
        if not stripped:
            empty = "leads nowhere: no address is written." if link.attribute in EMPTY_IS_WRONG else ""
            return Target(why=empty)
        named = address.SCHEME.match(stripped) or stripped.startswith(("//", "\\\\"))
        if named and (why := address.fault(stripped)):
            return Target(why=why)
        url = address.parse(written, here.base)
        if url is None:
            return Target(why="is no address that a browser can read.")
        path = site.inside(url)
        if path is None:
            if named or not site.above(url):
                return Target(url=url)
            why = f"leads to {unquote(url.path)}, outside the site, which stands at {site.base}."
            return Target(url=url, why=why)
        is_here = here.base == here.own and url._replace(fragment=None) == here.own._replace(fragment=None)
        return Target(None, url.fragment or "") if is_here else Target(path, url.fragment, url)
