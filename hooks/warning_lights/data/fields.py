"""The fields that a drawing of Vega-Lite names, followed through its transforms, and which do not exist."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from warning_lights.core.names import words

DATUM = re.compile(r"""\bdatum(?:\.(?P<name>[A-Za-z_]\w*)|\[(?P<quote>["'])(?P<quoted>[^"']*)(?P=quote)\])""")
EXPRESSIONS = ("calculate", "filter", "test")
STEP_FIELDS = words("density flatten fold groupby impute key loess lookup on pivot quantile regression stack")
# Such a step leaves of the fields before it those that it names in groupby alone.
REPLACING = words("aggregate density loess quantile regression")
DEFAULTS = {"fold": ("key", "value"), "density": ("value", "density"), "quantile": ("prob", "value")}


def unknown_fields(
    drawing: Mapping[str, Any], columns: Collection[str]
) -> Iterator[tuple[str, str, Collection[str]]]:
    """(option, field, fields that exist there) of each field that is neither a column nor computed."""
    known: Collection[str] = columns
    for step in mappings_in(drawing.get("transform")):
        yield from (("transform", name, known) for name in step_fields(step) if name not in known)
        if "pivot" in step:  # Its fields are the values of a column.
            return
        known = fields_after(step, known)
    yield from (
        ("encoding", name, known) for name in named_fields(drawing.get("encoding")) if name not in known
    )
    for layer in mappings_in(drawing.get("layer")):
        if "data" not in layer:
            yield from (("layer", name, there) for _, name, there in unknown_fields(layer, known))


def mappings_in(value: object) -> list[Mapping[str, Any]]:
    return [each for each in as_list(value) if isinstance(each, Mapping)]


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def named_fields(part: object) -> Iterator[str]:
    """The fields in a part of a drawing: each `field`, and `datum.name` in an expression."""
    for name, value in part.items() if isinstance(part, Mapping) else ():
        if name == "field" and isinstance(value, str):
            yield value
        elif name in EXPRESSIONS and isinstance(value, str):
            yield from (m["name"] or m["quoted"] for m in DATUM.finditer(value))
        elif name != "from":  # The other table of a lookup.
            yield from named_fields(value)
    for each in part if isinstance(part, list) else ():
        yield from named_fields(each)


def step_fields(step: Mapping[str, Any]) -> Iterator[str]:
    """The fields that a transform reads."""
    yield from named_fields(step)
    names = STEP_FIELDS | ({"value"} if "pivot" in step else set())
    for name in names & step.keys():
        yield from (each for each in as_list(step[name]) if isinstance(each, str))


def fields_after(step: Mapping[str, Any], known: Collection[str]) -> set[str]:
    """The fields that exist after a transform: those that it leaves, and those that it makes."""
    made: set[str] = set()
    for kind, defaults in DEFAULTS.items():
        made |= set(defaults) if kind in step else set()
    lists = [step.get(name) for name in ("aggregate", "joinaggregate", "window")]
    for each in [step, *(operation for listed in lists for operation in mappings_in(listed))]:
        for name in map(str, as_list(each.get("as"))):
            made |= {name, f"{name}_end"}  # The end of a bin, of a unit of time or of a part of a stack.
    for other in mappings_in(step.get("from")):
        made |= set(map(str, as_list(other.get("fields"))))
    kept = set(known)
    if REPLACING & step.keys():
        named = [as_list(step.get(option)) for option in ("groupby", "regression", "loess", "on")]
        kept = {str(name) for names in named for name in names}
    return kept | made
