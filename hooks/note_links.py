"""A link to a note shows the note's number: `[note #](ctc-sentinel.md#fn:note-a)` becomes “note 7”."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote, urldefrag, urljoin

LINK = re.compile(r'(?P<tag><a\s[^>]*?href="(?P<href>[^"]*#fn:[^"]+)"[^>]*>)(?P<words>[^<]*#[^<]*)</a>')


def numbered(html: str, url: str, numbers: Mapping[str, Mapping[str, int]]) -> str:
    """`html` of the page at `url`, with `#` in the words of each link to a note replaced by its number.

    `numbers` gives the notes of each page: address of the page, as MkDocs writes it -> id -> number.
    A link to no note keeps its sign; that it leads nowhere is for the link check to say.
    """

    def fill(m: re.Match[str]) -> str:
        page, anchor = urldefrag(unescape(m["href"]))
        target = urljoin(f"/{url}", page).removeprefix("/") if page else url
        number = numbers.get(target, {}).get(unquote(anchor))
        return f"{m['tag']}{m['words'].replace('#', str(number))}</a>" if number else m[0]

    return LINK.sub(fill, html)
