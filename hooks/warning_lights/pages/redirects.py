"""A page that has moved names its old addresses, and at each of them a page leads to its new one.

In the front matter of the moved page, as in Quarto and Hugo:

    aliases: [themes/old-name.md]

An alias is a file below docs/ (`themes/old-name.md`) or an address of the site (`themes/old-name/`).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

TEMPLATE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Moved</title>
<meta name="robots" content="noindex">
<noscript><meta http-equiv="refresh" content="0; url={target}"></noscript>
<link rel="canonical" href="{canonical}">
</head>
<body>
<main><h1>This page has moved</h1><p><a href="{target}">It is here now</a></p></main>
<script>
var place = document.links[0];
location.replace(location.hash ? place.href.split("#")[0] + location.hash : place.href);
</script>
</body>
</html>
"""
# No part of it ends like a file, `assets/site.js`, where one may be.
ADDRESS = re.compile(r"(?!.*\.[A-Za-z]\w{1,5}(?:/|\Z))[^#:\x00-\x1f]{1,200}")
ALIASES_LINE = re.compile(r"^aliases\s*:.*$", re.MULTILINE)


class BadAlias(ValueError):
    """Why an alias cannot be used, as a sentence."""


def aliases(meta: Mapping[str, Any]) -> list[str]:
    """The old files of a page below docs/, from its front matter; raises BadAlias."""
    written = meta.get("aliases") or []
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadAlias("aliases is a list of files: aliases: [themes/old-name.md].")
    return [source_file(name) for name in names]


def source_file(alias: str) -> str:
    """The Markdown file that an alias means; raises BadAlias for what is not below docs/."""
    path = re.sub(r"(?:\.html?|\.md)$", "", alias.strip().removeprefix("/").rstrip("/"))
    if not ADDRESS.fullmatch(path) or posixpath.normpath(path).startswith(".."):
        raise BadAlias(
            f"{alias} is not a page of this site. Write the old file: aliases: [themes/old-name.md]."
        )
    return f"{posixpath.normpath(path)}.md"


def conflicts(wanted: Mapping[str, list[str]], existing: set[str]) -> Iterator[tuple[str, str]]:
    """(page, problem) for each alias that cannot be; `wanted` maps a page to its aliases."""
    taken: dict[str, str] = {}
    for page, names in wanted.items():
        for name in names:
            if name in existing:
                yield page, f"{name} still exists, so its address cannot lead to this page. Remove the alias."
            elif taken.setdefault(name, page) != page:
                yield page, f"{taken[name]} has the alias {name} too. Remove one of the two."


def redirect_page(target: str, canonical: str) -> str:
    """The HTML of a page that leads to the relative URL `target`; an anchor is passed on."""
    return TEMPLATE.format(target=escape(target), canonical=escape(canonical or target))
