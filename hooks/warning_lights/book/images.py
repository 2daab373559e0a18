"""The pictures of a page: found, read, and named by what is in them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from warning_lights.book.content import Chapter, alternative_text, attribute
from warning_lights.core.findings import UPLOAD_ADVICE, Finding
from warning_lights.core.html import resolve_address

FOREIGN = re.compile(r"https?:|//")
FORMATS = {"svg", "png", "jpg", "jpeg", "gif", "webp"}
DATA = re.compile(r"data:image/(?P<kind>[a-z]+)[^,]*;base64,(?P<bytes>.*)", re.DOTALL)
NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}


class Images:
    """The pictures of the whole book by name; `read` gives a file's bytes by its path on the site."""

    def __init__(self, base: str, read: Callable[[str], bytes | None]) -> None:
        self.base, self.read = base, read
        self.files: dict[str, bytes] = {}
        # Name -> where it is shown first, and a pattern for it.
        self.shown: dict[str, tuple[Chapter, str]] = {}
        self.missing: list[str] = []  # The alternative texts of those that the book cannot hold.
        self.findings: list[Finding] = []

    def drawing(self, chapter: Chapter, node: LexborNode) -> tuple[str, str]:
        """(name, alternative text) of a drawing in the page itself."""
        alt = alternative_text(node)
        hidden = attribute(node, "aria-hidden") == "true" or attribute(node, "role") == "presentation"
        if not alt and not hidden:
            message = 'A drawing has no alternative text. Add role="img" and aria-label="…" to the <svg>.'
            self.findings.append(chapter.finding("<svg", message))
        for name, value in NAMESPACES.items():
            if name not in node.attributes:
                node.attrs[name] = value
        return self.store((node.html or "").encode(), "svg", chapter, "<svg"), alt

    def picture(self, chapter: Chapter, node: LexborNode) -> tuple[str, str]:
        """(name, alternative text) of an `<img>`; the name is empty where there is nothing to show."""
        source, alt = attribute(node, "src"), alternative_text(node)
        name = self.file_name(chapter, node, source)
        self.missing += [] if name else [alt]
        return name, alt

    def file_name(self, chapter: Chapter, node: LexborNode, source: str) -> str:
        kind, content = self.load(chapter, source)
        shown = source if len(source) < 80 else source[:60] + "…"
        pattern = re.escape(unquote(source).rsplit("/", 1)[-1][:80]) or "<img"
        if not content:  # An empty file is reported as a file.
            message = f"The picture {shown} is not a file of this site, so the book cannot hold it."
            message += f" {UPLOAD_ADVICE}" if FOREIGN.match(source) else ""
            if content is None:
                self.findings.append(chapter.finding(pattern, message, source.strip()))
            return ""
        if kind not in FORMATS:
            message = f"The book cannot show {shown}. Use one of {', '.join(sorted(FORMATS))}."
            self.findings.append(chapter.finding(pattern, message))
            return ""
        if "alt" not in node.attributes:
            message = f"The picture {shown} has no alternative text. Write ![what it shows](…)."
            self.findings.append(chapter.finding(pattern, message))
        return self.store(content, kind, chapter, pattern)

    def load(self, chapter: Chapter, source: str) -> tuple[str, bytes | None]:
        """(kind, content) of the picture at an address on a page; None where there is no such file."""
        if m := DATA.match(source):
            try:
                return m["kind"], base64.b64decode(unquote(m["bytes"]))
            except binascii.Error:
                return m["kind"], None
        path = re.split(r"[?#]", source)[0]
        address = resolve_address(resolve_address(self.base, chapter.url), path)
        inside = address.startswith(self.base)
        content = self.read(unquote(address[len(self.base) :])) if inside else None
        return PurePosixPath(path).suffix.lstrip(".").lower(), content

    def store(self, content: bytes, kind: str, chapter: Chapter, pattern: str) -> str:
        name = f"{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        self.files[name] = content
        self.shown.setdefault(name, (chapter, pattern))
        return name
