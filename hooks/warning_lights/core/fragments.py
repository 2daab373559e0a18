"""Ids, which follow the `#` of an address or are made of words, and the words that find a passage.

Text directives, `#:~:text=[prefix-,]start[,end][,-suffix]`, follow WICG, "URL Fragment Text Directives".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote

DELIMITER = ":~:"


def fragment(anchor: str) -> str:
    """An id as it is written after `#`: what RFC 3986 allows there, the rest percent-encoded."""
    return quote(anchor, safe="!$&'()*+,;=:@/?")


def slug(text: str) -> str:
    """A text as part of an address or of a file name: its words in lower case, of any script, and hyphens."""
    return "-".join(re.findall(r"\w+", text.lower()))


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

    @classmethod
    def parse(cls, value: str) -> TextDirective:
        """Read the value of a directive, decoded; raises ValueError for one that browsers ignore."""
        terms = value.split(",")
        prefix = terms.pop(0)[:-1] if terms[0].endswith("-") else ""
        suffix = terms.pop()[1:] if terms and terms[-1].startswith("-") else ""
        if not 1 <= len(terms) <= 2 or not all(terms):
            raise ValueError(f"“text={value}” is not a valid text directive")
        start, end = [*terms, ""][:2]
        return cls(unquote(start), unquote(end), unquote(prefix), unquote(suffix))


def encode(words: str) -> str:
    """Percent-encode `words`, and with them `-`, `,` and `&`, which are part of the syntax."""
    return quote(words, safe="").replace("-", "%2D")


def directives_of(address: str) -> list[TextDirective]:
    """The text directives of an address or of its fragment; raises ValueError for a malformed one."""
    parts = address.partition(DELIMITER)[2].split("&")
    return [TextDirective.parse(part.removeprefix("text=")) for part in parts if part.startswith("text=")]


def with_directives(url: str, directives: Iterable[TextDirective]) -> str:
    """`url` with the text directives after its fragment; without directives, `url` as it is."""
    encoded = "&".join(map(str, directives))
    return f"{url}{'' if '#' in url else '#'}{DELIMITER}{encoded}" if encoded else url
