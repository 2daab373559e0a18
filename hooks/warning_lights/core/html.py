"""Small pieces of HTML and of addresses that several rooms write."""

from __future__ import annotations

from urllib.parse import quote


def fragment(anchor: str) -> str:
    """An id as it stands behind `#`: what RFC 3986 allows there, the rest percent-encoded."""
    return quote(anchor, safe="!$&'()*+,;=:@/?")
