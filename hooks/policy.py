"""No page asks another host for anything, and the browser is told to refuse it if one ever should.

Each page gets one Content Security Policy, the same on all pages, with the hash of every inline script
of the site: nothing inline that is not listed runs, no style stands in an attribute, nothing is framed
or sent elsewhere. Runs when all pages are written, and before what copies or checks them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.pages import Page

from warning_lights.core import project
from warning_lights.core.findings import Finding, report

log = get_plugin_logger("policy")

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # The theme's icons are in its style sheet.
    "font-src": "'self'",
    "connect-src": "'self'",  # The search index.
    "base-uri": "'none'",
    "form-action": "'none'",
}
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL | re.IGNORECASE)
DATA = re.compile(r"""\btype=["']?(?!text/javascript|module|["'])""", re.IGNORECASE)  # JSON is not run.
HEAD = re.compile(r"<head[^>]*>(?:\s*<meta charset=[^>]*>)?", re.IGNORECASE)
LINK = re.compile(r"<a\s(?P<attributes>[^>]*)>", re.IGNORECASE)
INLINE = re.compile(r"""<(?!meta|/)\w[^>]*\s(?:style|on[a-z]+)\s*=\s*["'][^>]*>""", re.IGNORECASE)

inline: list[Finding] = []


def on_pre_build(config: MkDocsConfig) -> None:
    inline.clear()


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    source = project.source_of(page.file, config)
    for m in INLINE.finditer(re.sub(r"<(pre|code)\b.*?</\1>", "", output, flags=re.DOTALL)):
        message = f"{m[0]}: a style or script in an attribute is refused by the policy. Use a class."
        inline.append(Finding(source, 0, 0, message))


@event_priority(50)  # After all pages are written, before the copies for offline and the link check.
def on_post_build(config: MkDocsConfig) -> None:
    report(inline, log)
    paths = sorted(Path(config.site_dir).rglob("*.html"))
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    content = policy(pages.values())
    for path, html in pages.items():
        path.write_text(with_policy(safe_links(html, config.site_url or ""), content), encoding="utf-8")


def policy(pages: Iterable[str]) -> str:
    """The policy for all pages together, so that it does not depend on where a reader comes in."""
    hashes = sorted({digest(text) for html in pages for text in scripts(html)})
    sources = {**SOURCES, "script-src": " ".join([SOURCES["script-src"], *hashes])}
    return "; ".join(f"{name} {value}" for name, value in sources.items())


def scripts(html: str) -> Iterator[str]:
    """The text of each script that stands in the page and is run."""
    for m in SCRIPT.finditer(html):
        if not re.search(r"\bsrc=", m["attributes"]) and not DATA.search(m["attributes"]):
            yield m["text"]


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def with_policy(html: str, content: str) -> str:
    """The page with its policy before anything that it rules."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    return html if tag in html else HEAD.sub(lambda m: f"{m[0]}\n{tag}", html, count=1)


def safe_links(html: str, own: str) -> str:
    """Links to other sites tell them nothing of this window (`rel="noopener"`)."""

    def tag(m: re.Match[str]) -> str:
        address = re.search(r"""\bhref=["'](https?://[^"']*)""", m["attributes"])
        if not address or (own and address[1].startswith(own)) or "noopener" in m["attributes"]:
            return m[0]
        if re.search(r"\brel=[\"']", m["attributes"]):
            return re.sub(r"(\brel=[\"'])", r"\1noopener ", m[0], count=1)
        return f'<a rel="noopener" {m["attributes"]}>'

    return LINK.sub(tag, html)
