"""A page of the site becomes one that opens from disk: no server, no network, and search still works."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Set
from html import escape, unescape
from urllib.parse import quote, unquote

from warning_lights.core.html import resolve_address

INDEX = "search/search_index.json"
INDEX_SCRIPT = "search/search_index.js"  # Where docs/assets/search.js looks when a page is opened from disk.

# An address other than that of a place on the page itself.
LINK = re.compile(
    r"""(?P<before><(?:a|area|link)\b[^>]*?\shref=(?P<quote>["']))(?P<url>[^#"'][^"']*)(?=(?P=quote))""",
    re.IGNORECASE,
)
# The path of a relative address; no match for one with a scheme or a host, or from the root.
RELATIVE_PATH = re.compile(r"(?![a-z][a-z0-9+.-]*:|/)(?P<path>[^?#]*)", re.IGNORECASE)
# Of no use on disk, where a browser refuses it; the style sheet names the same typefaces itself.
PRELOAD = re.compile(r"<link\b(?=[^>]*\srel=[\"']?preload\b)[^>]*>\n?", re.IGNORECASE)


class AddressRewriter:
    """Rewrites addresses for a copy that holds `files`; `site` is the address of all that it leaves out."""

    def __init__(self, files: Set[str], site: str) -> None:
        self.files, self.site = files, site

    def rewrite_page(self, html: str, path: str) -> str:
        """The HTML of the page at `path`."""

        def address(m: re.Match[str]) -> str:
            return m["before"] + escape(self.address_on_disk(unescape(m["url"]), path))

        return LINK.sub(address, PRELOAD.sub("", html))

    def address_on_disk(self, url: str, page: str) -> str:
        """`url`, written on `page`, as it works where no server turns a folder into a page."""
        m = RELATIVE_PATH.match(url)
        if not m or not m["path"]:
            return url  # Absolute, or a place on the page itself.
        path, rest = m["path"], url[m.end() :]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path)))
        if target in self.files:
            return url
        if posixpath.normpath(posixpath.join(target, "index.html")) in self.files:
            return posixpath.normpath(posixpath.join(path, "index.html")) + rest
        return resolve_address(resolve_address(self.site, quote(page)), path) + rest if self.site else url

    def search_script(self, text: str) -> str:
        """The search index as a script, with the addresses of pages as they are on disk."""
        index = json.loads(text)
        for entry in index["docs"]:
            location = self.address_on_disk(entry["location"], "index.html")
            entry["location"] = f"index.html{location}" if location[:1] in {"", "#"} else location
        return f"var __index = {json.dumps(index, ensure_ascii=False)}"


def without_font_wait(css: str) -> str:
    """A style sheet that waits for its typefaces: from disk they are there at once."""
    return re.sub(r"(?<=font-display:)\s*optional", " block", css)
