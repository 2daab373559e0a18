"""Comments on a line of their own that are replaced: `<!-- timeline: data/events.csv -->`."""

from __future__ import annotations

import re
from collections.abc import Callable

from warning_lights.core.markdown_source import blank_code, position

# Name -> how it is written, on a line of its own.
EXAMPLES = {
    "timeline": "<!-- timeline: data/events.csv data/cases.csv -->",
    "glossary": "<!-- glossary: data/glossary.csv -->",
    "changes": "<!-- changes -->",
    "downloads": "<!-- downloads -->",
}
Place = tuple[int, int]  # Line and column, counted from 1.


def directive_pattern(name: str, *, anywhere: bool = False) -> re.Pattern[str]:
    """A directive with no path, one or several, as its example has them.

    In Markdown it has a line of its own; in HTML it may be `anywhere`.
    """
    number = EXAMPLES[name].count(".csv")
    more = r"(?:[ \t]+[^\s,]+)*?" if number > 1 else ""
    paths = rf":[ \t]*(?P<paths>[^\s,]+{more})" if number else ""
    comment = rf"<!--[ \t]*{name}{paths}[ \t]*-->"
    return re.compile(comment if anywhere else rf"^[ ]{{0,3}}{comment}[ \t]*$", re.MULTILINE)


def replace_directives(markdown: str, name: str, text: str, render: Callable[[list[str], Place], str]) -> str:
    """The Markdown of a page with `render(paths, place)` for each directive `name` outside code.

    `paths` are the files as written; `place` is where the directive stands in `text`, the whole file.
    """
    pattern = directive_pattern(name)
    matches = list(pattern.finditer(blank_code(markdown, comments=False)))
    places = [position(text, m.start()) for m in pattern.finditer(blank_code(text, comments=False))]
    result, end = "", 0
    for m, place in zip(matches, places, strict=False):
        result += markdown[end : m.start()] + render(m["paths"].split(), place)
        end = m.end()
    return result + markdown[end:]
