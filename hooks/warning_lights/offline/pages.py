"""A page of the site becomes one that opens from disk: no server, no network, and search still works."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Set
from html import escape, unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

INDEX = "search/search_index.json"
INDEX_SCRIPT = "search/search_index.js"  # Where docs/assets/search.js looks when a page is opened from disk.

LINK = re.compile(r"<(?:a|area|link)\b[^>]*>", re.IGNORECASE)
ADDRESS = re.compile(
    r"""(?P<name>\s(?:href|action)=)(?P<quote>["'])(?P<url>[^"']*)(?P=quote)""", re.IGNORECASE
)
# Of no use on disk, where a browser refuses it; the style sheet asks for the same letters itself.
PRELOAD = re.compile(r"<link\b(?=[^>]*\srel=[\"']?preload\b)[^>]*>\n?", re.IGNORECASE)


def page(html: str, path: str, files: Set[str], site: str) -> str:
    """The page at `path`; `files` are those of the copy, `site` is the address for all that it leaves out."""

    def tag(m: re.Match[str]) -> str:
        return ADDRESS.sub(lambda a: f"{a['name']}{a['quote']}{address(a['url'])}{a['quote']}", m[0])

    def address(written: str) -> str:
        return escape(from_disk(unescape(written), path, files, site))

    return LINK.sub(tag, PRELOAD.sub("", html))


def style(css: str) -> str:
    """A style sheet whose letters are waited for: from disk they come in no time."""
    return re.sub(r"(?<=font-display:)\s*optional", " block", css)


def from_disk(url: str, path: str, files: Set[str], site: str) -> str:
    """`url`, written on the page at `path`, as it works where no server turns a folder into a page."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
        return url
    folder = posixpath.dirname(path)
    target = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
    if target in files:
        return url
    whole = posixpath.normpath(posixpath.join(target, "index.html"))
    if whole in files:
        relative = quote(posixpath.relpath(whole, folder or "."))
        return parts._replace(path=relative).geturl()
    return urljoin(urljoin(site, quote(path)), url) if site else url


def search_index(text: str, files: Set[str]) -> str:
    """The search index as a script, with the addresses of pages as they are on disk."""
    index = json.loads(text)
    for entry in index["docs"]:
        location = from_disk(entry["location"], "index.html", files, "")
        entry["location"] = location if urlsplit(location).path else f"index.html{location}"
    return f"var __index = {json.dumps(index, ensure_ascii=False)}"
