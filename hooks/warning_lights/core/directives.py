"""Comments on a line of their own that stand for what files hold: `<!-- timeline: data/events.csv -->`."""

from __future__ import annotations

import re
from collections.abc import Callable

from warning_lights.core.markdown_source import blank_code, position

Place = tuple[int, int]  # Line and column, counted from 1.


def replaced(markdown: str, name: str, text: str, make: Callable[[list[str], Place], str]) -> str:
    """The Markdown of a page with `make(paths, place)` instead of each directive `name` that is not in code.

    `paths` are the files as written; `place` is where the directive stands in `text`, the whole file.
    """
    form = rf"^[ ]{{0,3}}<!--[ \t]*{name}:[ \t]*(?P<paths>\S+(?:[ \t]+\S+)*?)[ \t]*-->[ \t]*$"
    pattern = re.compile(form, re.MULTILINE)
    found = list(pattern.finditer(blank_code(markdown, comments=False)))
    places = [position(text, m.start()) for m in pattern.finditer(blank_code(text, comments=False))]
    done, end = "", 0
    for m, place in zip(found, places, strict=False):
        done += markdown[end : m.start()] + make(m["paths"].split(), place)
        end = m.end()
    return done + markdown[end:]
