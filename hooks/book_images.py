"""The pictures of a page: found, read, and named by what is in them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin

from selectolax.lexbor import LexborNode

from book_pages import ADVICE, Chapter, attribute
from warning_lights.core.findings import Finding

FOREIGN = re.compile(r"https?:|//")
FORMATS = {"svg", "png", "jpg", "jpeg", "gif", "webp"}
DATA = re.compile(r"data:image/(?P<kind>[a-z]+)[^,]*;base64,(?P<bytes>.*)", re.DOTALL)
NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}


class Images:
    """The pictures of the whole book by name; `read` gives a file's bytes by its path on the site."""

    def __init__(self, base: str, read: Callable[[str], bytes | None]) -> None:
        self.base, self.read = base, read
        self.files: dict[str, bytes] = {}
        self.findings: list[Finding] = []

    def drawing(self, chapter: Chapter, node: LexborNode) -> tuple[str, str]:
        """(name, alternative text) of a drawing that stands in the page itself."""
        titles = [child.text(strip=True) for child in node.iter() if child.tag == "title"]
        alt = attribute(node, "aria-label") or next(iter(titles), "")
        hidden = attribute(node, "aria-hidden") == "true" or attribute(node, "role") == "presentation"
        if not alt and not hidden:
            message = 'A drawing has no alternative text. Add role="img" and aria-label="…" to the <svg>.'
            self.findings.append(chapter.finding("<svg", message))
        for name, value in NAMESPACES.items():
            if name not in node.attributes:
                node.attrs[name] = value
        return self.keep((node.html or "").encode(), "svg"), alt

    def picture(self, chapter: Chapter, node: LexborNode) -> tuple[str, str]:
        """(name, alternative text) of an `<img>`; the name is empty where there is nothing to show."""
        source, alt = attribute(node, "src"), attribute(node, "alt")
        kind = PurePosixPath(source.partition("?")[0]).suffix.lstrip(".").lower()
        content: bytes | None = None
        if m := DATA.match(source):
            kind = m["kind"]
            with_padding = unquote(m["bytes"])
            try:
                content = base64.b64decode(with_padding)
            except binascii.Error:
                content = None
        elif (address := urljoin(urljoin(self.base, chapter.url), source)).startswith(self.base):
            content = self.read(unquote(address[len(self.base) :].partition("?")[0].partition("#")[0]))
        shown = source if len(source) < 80 else source[:60] + "…"
        pattern = re.escape(source.rsplit("/", 1)[-1][:80]) or "<img"
        if content is None:
            message = f"The picture {shown} is not a file of this site, so the book cannot hold it."
            message += f" {ADVICE}" if FOREIGN.match(source) else ""
            self.findings.append(chapter.finding(pattern, message))
            return "", alt
        if kind not in FORMATS:
            message = f"The book cannot show {shown}. Use one of {', '.join(sorted(FORMATS))}."
            self.findings.append(chapter.finding(pattern, message))
            return "", alt
        if "alt" not in node.attributes:
            message = f"The picture {shown} has no alternative text. Write ![what it shows](…)."
            self.findings.append(chapter.finding(pattern, message))
        return self.keep(content, kind), alt

    def keep(self, content: bytes, kind: str) -> str:
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        self.files[name] = content
        return name
