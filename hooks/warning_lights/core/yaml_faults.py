"""Why a text is not valid YAML, and what to write instead."""

from __future__ import annotations

import yaml


def explain_yaml_error(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str]:
    """(line, column, message) of a fault that PyYAML found in `text`; line and column count from 1."""
    mark = error.problem_mark or error.context_mark
    number, column = (mark.line, mark.column) if mark else (0, 0)
    line = [*text.split("\n"), ""][number]
    problem = str(error.problem)
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in problem:
        message = "this line is indented with a tab. Indent with spaces, as many as the lines beside it."
    elif "mapping values are not allowed" in problem:
        message = (
            "a colon in a value needs quotation marks around the value, or the line is indented wrongly."
        )
    elif "cannot start any token" in problem or "undefined alias" in problem or "the tag" in problem:
        message = "a value that begins with this character needs quotation marks around it."
    else:
        message = (
            f"{' '.join(filter(None, (error.context, problem)))}. Compare the line with those beside it."
        )
    return number + 1, column + 1, message
