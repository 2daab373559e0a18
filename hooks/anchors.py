"""An anchor that was once published stays: whoever linked to a heading, a note or an entry still arrives.

`anchors.txt` beside mkdocs.yml lists every anchor ever published, one a line: `sources/page/#heading`.
One that no page has any more is a finding, unless its page redirects to one that has it, or its line
says why it went: `sources/page/#heading  retired: the section was split`. `make anchors` adds new ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from selectolax.lexbor import LexborHTMLParser

from warning_lights.core.findings import Finding, report
from warning_lights.core.project import read, root

log = get_plugin_logger("anchors")

LEDGER = "anchors.txt"
KEPT = "h1[id], h2[id], h3[id], h4[id], h5[id], h6[id], dt[id], li.note[id], .entry[id], [id^=event-]"
LINE = re.compile(r"(?P<anchor>\S*#\S+)(?:[ \t]+retired:[ \t]*(?P<reason>.*))?\s*\Z")


def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> None:
    path = root(config) / LEDGER
    ledger = read(path) if path.is_file() else ""
    pages = {
        file.url.removeprefix("./"): ids(file.page.content)
        for file in files.documentation_pages()
        if file.page and file.page.content
    }
    if os.environ.get("UPDATE_ANCHORS") == "true":
        path.write_text(updated(ledger, pages), encoding="utf-8")
        ledger = read(path)
    report(check(ledger, pages, redirects(config, files)), log)


def ids(html: str) -> list[str]:
    """The anchors of a page that others may link to, in the order of the page."""
    return [node.attributes["id"] or "" for node in LexborHTMLParser(html).css(KEPT)]


def redirects(config: MkDocsConfig, files: Files) -> dict[str, str]:
    """Old address -> new one, as redirects.py reads them."""
    moved: dict[str, str] = config.extra.get("redirects") or {}
    ending = ("/", "/index.md") if config.use_directory_urls else (".html", ".md")
    found = {}
    for old, new in moved.items():
        target = files.get_file_from_path(new.partition("#")[0])
        if target:
            found[re.sub(r"(?:/?index)?\.md$", ending[0], old).removeprefix("/")] = target.url
    return found


def check(ledger: str, pages: Mapping[str, Iterable[str]], moved: Mapping[str, str]) -> Iterator[Finding]:
    """Findings for a ledger; `pages` gives the anchors of each address that there is now."""
    there = {f"{url}#{anchor}" for url, anchors in pages.items() for anchor in anchors}
    for number, line in enumerate(ledger.splitlines(), start=1):
        if not line.strip() or line.startswith(("%", "# ")):
            continue
        m = LINE.match(line)
        if not m:
            yield Finding(LEDGER, number, 1, f"“{line}” is no line of this list. Write page/#anchor.")
            continue
        url, _, anchor = m["anchor"].partition("#")
        found = m["anchor"] in there or f"{moved.get(url, '?')}#{anchor}" in there
        if m["reason"] is not None and not m["reason"].strip():
            yield Finding(LEDGER, number, 1, f"{m['anchor']} is retired without a reason. Say why it went.")
        elif m["reason"] and m["anchor"] in there:
            yield Finding(
                LEDGER, number, 1, f"{m['anchor']} is retired, but it is there. Take the reason out."
            )
        elif not m["reason"] and not found:
            yield Finding(
                LEDGER,
                number,
                1,
                f"{m['anchor']} was published, and no page has it any more. Put it back, if only as "
                f'<span id="{anchor}"></span>, or retire it on this line: add “retired: ” and why.',
            )


def updated(ledger: str, pages: Mapping[str, Iterable[str]]) -> str:
    """The ledger with each new anchor behind the others of its page; what stands in it stays."""
    lines = ledger.splitlines()
    known = {m["anchor"] for line in lines if (m := LINE.match(line))}
    for url, anchors in pages.items():
        new = [f"{url}#{anchor}" for anchor in anchors if f"{url}#{anchor}" not in known]
        last = max(
            (i for i, line in enumerate(lines) if line.partition("#")[0] == url), default=len(lines) - 1
        )
        lines[last + 1 : last + 1] = dict.fromkeys(new)
    return "\n".join(lines) + "\n"
