"""No page asks another host for anything, and its policy makes the browser refuse it if one ever should.

Each page gets one Content Security Policy (https://www.w3.org/TR/CSP3/), the same on all pages, with the
hash of every inline script of the templates: nothing else that is inline runs, no style is written in an
attribute, nothing is framed or sent elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

from warning_lights.pages.tags import tags

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # The theme's icons are in its style sheet.
    "font-src": "'self'",
    "connect-src": "'self'",  # The search index.
    "worker-src": "'none'",
    "frame-src": "'none'",
    "manifest-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
EXECUTED_TYPES = {"", "module", "text/javascript"}  # Types of scripts; JSON, for example, is not run.
HEAD = re.compile(r"<head[^>]*>(?:\s*<meta charset=[^>]*>)?", re.IGNORECASE)


def policy(templates: Iterable[str]) -> str:
    """The policy of all pages; only the inline scripts of these templates may run, never one of a page."""
    hashes = sorted({hash_source(text) for html in templates for text in inline_scripts(html)})
    sources = {**SOURCES, "script-src": " ".join([SOURCES["script-src"], *hashes])}
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def inline_scripts(html: str) -> Iterator[str]:
    """The text of each script that is written in the page and executed."""
    for tag in tags(html):
        is_inline = tag.name == "script" and "src" not in tag.attributes
        if is_inline and tag.attributes.get("type", "") in EXECUTED_TYPES:
            yield re.split(r"(?i)</script", html[tag.end :], maxsplit=1)[0]


def hash_source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def with_policy(html: str, content: str) -> str:
    """The page with its policy before anything that it rules."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    return html if tag in html else HEAD.sub(lambda m: f"{m[0]}\n{tag}", html, count=1)
