"""The finished site as GitHub Pages serves it: which file answers an address, and what lies nearest.

Standard: https://docs.github.com/pages. A path is case-sensitive; `/folder/` answers with its
index.html, `/folder` moves there, and `/page` answers with page.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, unquote

from warning_lights.core.names import Names
from warning_lights.links.address import Url, parse

PAGE = (".html", ".htm", ".xhtml")
# Where no site_url is set, the site is assumed to be at the root of some host.
NO_ADDRESS = "http://site.invalid/"


class Site:
    """The files of a site, and the addresses at which they are served.

    `files` are paths relative to the root of the site, with slashes; `address` is its site_url.
    """

    def __init__(self, files: Iterable[str], address: str | None = None) -> None:
        self.files = frozenset(files)
        given = parse(address or NO_ADDRESS)
        is_web = given is not None and given.scheme in {"http", "https"}
        root = parse(given.path.rstrip("/") + "/", given) if given and is_web else parse(NO_ADDRESS)
        assert root is not None
        self.address = root
        self.base = unquote(self.address.path)

    def url_of(self, file: str) -> Url:
        """The address at which a reader finds `file`.

        The page for errors is shown at any address that does not exist, at any depth.
        """
        if file == "404.html":
            file = "no-such-folder/no-such-page"
        elif posixpath.basename(file) == "index.html":
            file = file[: -len("index.html")]
        url = parse("./" + quote(file, safe="/:@!$&'()*+,;=~"), self.address)
        assert url is not None
        return url

    def path_inside(self, url: Url) -> str | None:
        """The path of `url` below the root of the site, decoded; None where it leads elsewhere."""
        if url.origin != self.address.origin or url.scheme not in {"http", "https"}:
            return None
        path = unquote(url.path)
        if path + "/" == self.base:
            return ""
        return path[len(self.base) :] if path.startswith(self.base) else None

    def file_at(self, path: str) -> str | None:
        """The file that answers at `path` (decoded, below the root), or None for a 404."""
        if path in self.files:
            return path
        path = re.sub(r"/+", "/", path).lstrip("/") if "//" in path else path
        is_folder = path.endswith("/") or not path
        forms = [path + "index.html"] if is_folder else [path, path + "/index.html", path + ".html"]
        return next((form for form in forms if form in self.files), None)

    def nearest_file(self, path: str) -> str | None:
        """The file that was probably meant by a path that nothing answers."""
        path = re.sub(r"/+", "/", path)
        wanted = self.file_at(path) or self.file_at(path.rstrip("/")) or self.file_at(path.strip())
        if wanted:
            return wanted
        return self.by_name.closest(re.sub(r"(?:/index)?\.(?:html?|md)$|/$", "", path))

    @cached_property
    def by_name(self) -> Names:
        """The files by their addresses without `index` and `.html`."""
        return Names({re.sub(r"(?:(?:^|/)index)?\.html$", "", file): file for file in sorted(self.files)})


def files_below(root: Path) -> list[str]:
    """Every file below `root`, with slashes, in the spelling of the disk."""
    return [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]


def has_place(fragment: str, ids: Iterable[str]) -> bool:
    """Whether a browser finds a place for `fragment`: as written, then decoded, then the top.

    Standard: https://html.spec.whatwg.org/#find-a-potential-indicated-element and, for text
    directives, https://wicg.github.io/scroll-to-text-fragment/.
    """
    fragment = fragment.partition(":~:")[0]
    if not fragment or fragment in ids:
        return True
    decoded = unquote(fragment)
    return decoded in ids or decoded.lower() == "top"
