"""The names that a page or mkdocs.yml may have, and which of them a misspelt one was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from pathlib import Path

from warning_lights.core.names import did_you_mean, words

# What MkDocs, Material and its plugins read of a page; templates and hooks are searched for more.
OF_PAGES = words(
    "aliases author authors categories date description draft edit hide icon pin readtime search slug social"
    " status subtitle tags template title"
)
# Plugins of others read other names: what is less like a known one is not taken for it.
ALMOST_EQUAL = 0.8


def read_code(theme: Iterable[str], hooks: Iterable[Path]) -> str:
    """The text of hooks and of the templates in the folders of a theme, which may hold many icons."""
    folders = [Path(folder) for folder in theme]
    templates = [path for folder in folders for path in folder.glob("*.html")]
    parts = [path for folder in folders for path in folder.glob("partials/**/*.html")]
    return "\n".join(path.read_text("utf-8", "replace") for path in [*templates, *parts, *hooks])


def of_pages(code: str) -> set[str]:
    return {*OF_PAGES, *names_read(code, "meta")}


def of_site(code: str) -> set[str]:
    return names_read(code, r"(?:extra|load_options\(config)")


def names_read(code: str, variable: str) -> set[str]:
    """The names that code reads from a variable: `meta.name`, `meta["name"]` or `meta.get("name")`."""
    pattern = rf"""\b{variable}(?:\.(?!get\b)|\[["']|\.get\(["']|, ["'])(?P<name>[a-z]\w*)"""
    return {m["name"] for m in re.finditer(pattern, code)}


def misspelling(name: str, known: Collection[str]) -> str:
    """The sentence that says what a misspelt name was meant to be; "" for a name that is not one."""
    near = [] if name in known else get_close_matches(name.lower(), known, n=1, cutoff=ALMOST_EQUAL)
    return did_you_mean(name, near[0]) if near else ""
