"""What stands behind the `#` of an address: an id, or the words that find a passage.

Text directives, `#:~:text=[prefix-,]start[,end][,-suffix]`, follow WICG, "URL Fragment Text Directives".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

DELIMITER = ":~:"


def fragment(anchor: str) -> str:
    """An id as it stands behind `#`: what RFC 3986 allows there, the rest percent-encoded."""
    return quote(anchor, safe="!$&'()*+,;=:@/?")


@dataclass(frozen=True)
class TextDirective:
    """The words that find a passage, as plain text; only `start` is required."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        """The directive as it stands in an address, percent-encoded."""
        parts = [f"{encode(self.prefix)}-" if self.prefix else "", encode(self.start), encode(self.end)]
        return "text=" + ",".join(filter(None, [*parts, f"-{encode(self.suffix)}" if self.suffix else ""]))


def encode(words: str) -> str:
    """Percent-encode `words`, and with them `-`, `,` and `&`, which are part of the syntax."""
    return quote(words, safe="").replace("-", "%2D")


def with_directives(url: str, directives: Iterable[TextDirective]) -> str:
    """`url` with the text directives behind its fragment; without directives, `url` as it is."""
    written = "&".join(map(str, directives))
    return f"{url}{'' if '#' in url else '#'}{DELIMITER}{written}" if written else url
