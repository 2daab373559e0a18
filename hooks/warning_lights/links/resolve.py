"""Where an address on a page leads: a path inside the site, another host, or nowhere for a reason."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from warning_lights.core.names import words
from warning_lights.links import address
from warning_lights.links.address import Url
from warning_lights.links.page import URL_PROPERTIES, Link
from warning_lights.links.site import Site

EMPTY_IS_WRONG = words("href xlink:href src poster data formaction refresh")


class Fault(NamedTuple):
    """One thing wrong, as found on the finished site.

    `why` follows what was written, as in "setup.md" + "leads to ...". `target` is a file or path of the
    site, `suggestion` the file or id that exists and was probably meant.
    """

    kind: str
    shown_in: str
    written: str
    why: str = ""
    target: str = ""
    fragment: str = ""
    suggestion: str = ""
    text: str = ""


class Target(NamedTuple):
    """Where an address leads: a `path` inside the site, or a `url` outside, or nowhere for a reason."""

    path: str | None = None
    fragment: str | None = None
    url: Url | None = None
    why: str = ""


class External(NamedTuple):
    """An external address, and the files that have it: does a browser fetch it there by itself?"""

    url: Url
    files: dict[str, bool]


class Document:
    """A file of the site, and the address that its links are relative to (`base`: as <base> has it)."""

    def __init__(self, site: Site, file: str, base: Url | str | None = None) -> None:
        self.site = site
        self.own_url = site.url_of(file)
        self.base = (address.parse(base, self.own_url) if isinstance(base, str) else base) or self.own_url
        self.base_is_own = self.base == self.own_url

    def resolve(self, link: Link) -> Target:
        """What the URL algorithm makes of the address of `link`, and what is wrong with it."""
        written, site = link.url, self.site
        in_style = link.attribute in URL_PROPERTIES or link.attribute == "url()"
        if written[:1] == "#" and (self.base_is_own or in_style):
            return Target(None, written[1:])  # In styles, whatever <base> says.
        stripped = address.TAB_OR_NEWLINE.sub("", written.strip(address.C0_AND_SPACE))
        if not stripped:
            empty = "leads nowhere: no address is written." if link.attribute in EMPTY_IS_WRONG else ""
            return Target(why=empty)
        named = address.SCHEME.match(stripped) or stripped.startswith(("//", "\\\\"))
        if named and (why := address.fault(stripped)):
            return Target(why=why)
        url = address.parse(written, self.base)
        if url is None:
            return Target(why="is not a valid address.")
        path = site.path_inside(url)
        if path is None:
            if named or url.origin != site.address.origin:
                return Target(url=url)
            why = f"leads to {unquote(url.path)}, outside the site, which stands at {site.base}."
            return Target(url=url, why=why)
        if self.base_is_own and url.path == self.own_url.path and url.query is None:
            return Target(None, url.fragment or "")
        return Target(path, url.fragment, url)
