"""Comments and fences that the hooks replace, and that are written so that no hook knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from warning_lights.core.directives import EXAMPLES, directive_pattern
from warning_lights.core.markdown_source import blank_code, fences, line_starts
from warning_lights.core.names import nearest_name

FENCES = ("chart", "map", "table")
COMMENT = re.compile(r"^[ \t>]*<!--[ \t]*(?P<name>\w+)(?P<rest>[^\n]*?)-->", re.MULTILINE)
FENCE_INFO = re.compile(r"[ \t>]*[`~]{3,}[ \t]*\{?[ \t]*\.?(?P<name>[\w-]+)")
DATA_LINE = re.compile(r"[ \t>]*data:.*\.csv")


def faults(text: str) -> Iterator[tuple[int, str]]:
    """(offset, message) of each; a comment with words of its own is not one."""
    for m in COMMENT.finditer(blank_code(text, comments=False)):
        meant = nearest_name(m["name"].lower(), EXAMPLES)
        words = re.sub(r"\S+\.csv\b", "", m["rest"]).strip(" \t:,")
        if meant and not words and not directive_pattern(meant).fullmatch(m[0]):
            message = f"This comment is not recognised. Write {EXAMPLES[meant]} at the start of a line."
            yield m.start() + m[0].index("<"), message
    lines, starts = text.split("\n"), line_starts(text)
    for first, end, _ in fences(lines):
        info = FENCE_INFO.match(lines[first])
        if info and info["name"] not in FENCES and any(map(DATA_LINE.match, lines[first + 1 : end - 1])):
            meant = nearest_name(info["name"], FENCES)
            if meant:
                yield starts[first], f"{info['name']} is printed as code. Did you mean {meant}?"
