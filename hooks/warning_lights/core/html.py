"""Small pieces of HTML and of addresses that several rooms write."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import urljoin

from warning_lights.core.names import words

# Elements without content (https://html.spec.whatwg.org/#void-elements), and one that was.
VOID = words("area base br col embed hr img input link meta param source track wbr")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def plain_text(html: str) -> str:
    """The text of a title: MkDocs gives titles as HTML."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def invert_name(name: str, other_names: Collection[str]) -> str:
    """A name as it is filed: "Zelin, Aaron", where the end of it is another name of the same."""
    last = max((other for other in other_names if name.endswith(f" {other}")), key=len, default="")
    return f"{last}, {name.removesuffix(last).strip()}" if last else name


def resolve_address(base: str, address: str) -> str:
    """An address as seen from `base`; "" for one that Python cannot split, which the link check reports."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""
