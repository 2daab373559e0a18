"""A chart as SVG, drawn by Vega-Lite while building: no script, no network, the same bytes everywhere.

Colours follow the page: text and lines are `currentColor`, marks have colours that a style sheet can
exchange by their value (docs/assets/evidence.css does so for the dark scheme).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from warning_lights.core.cache import cached_json
from warning_lights.core.names import guess, words
from warning_lights.data.fences import FenceError

# Each chart is drawn twice: as wide as a column of text, and for a phone, where on the narrowest it is about
# nine tenths as wide, and its text still 11 pixels high.
WIDTH, NARROW = 600, 320
# How charts look, as a configuration of Vega-Lite. Its font is inside the renderer, so that every machine
# measures alike, and as wide as those that readers have.
STYLE = json.loads(Path(__file__).with_name("style.json").read_text(encoding="utf-8"))
FAMILIES = f"{STYLE['font']}, Arial, Helvetica, sans-serif"
COLOURS: list[str] = STYLE["range"]["category"]
VEGA_LITE = "6.4"
SECONDS = 30
# In a process of its own, which can be ended; it takes half a second, and most builds draw nothing anew.
PROGRAM = """
import json, sys, vl_convert
try:
    drawn = [
        vl_convert.vegalite_to_svg(each, vl_version=sys.argv[1], allowed_base_urls=[], show_warnings=True)
        for each in json.load(sys.stdin)
    ]
except ValueError as error:
    sys.exit(str(error))
print(json.dumps(drawn))
"""

OPTION_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "encoding": (dict, "names and values"),
    "layer": (list, "a list"),
    "transform": (list, "a list"),
    "height": ((int, float), "a number"),
}
# From the JSON schema of Vega-Lite: part of a drawing -> the names in it, "value …" -> its values.
VOCABULARY = {
    part: words(text)
    for part, text in json.loads(Path(__file__).with_name("vega_lite.json").read_text("utf-8")).items()
}
# By what the mapping with `type` is a part of.
KIND_OF_TYPE = {"mark": "mark", "channel": "type", "scale": "scale type"}
# Vega resolves addresses itself: until it has drawn, a mark that is a link has this one and its number.
LINK_PLACEHOLDER = "https://mark.invalid/"
ANCHOR = re.compile(rf'<a xlink:href="{LINK_PLACEHOLDER}(?P<number>\d+)">')

DISCARDED_ATTRIBUTES = re.compile(r' (?:aria-[a-z]+|role|pointer-events|class)="[^"]*"')
EMPTY_PATH = re.compile(r'<path(?:[^>]*(?:display="none"|d="M0,0h0v0h0Z"| d="")|(?![^>]* d="))[^>]*/>')
# Of the warnings of Vega-Lite those of scales that it joins, and of taste, say nothing of a fault.
DRAWN_WRONG = re.compile(r"(?:ERROR|WARN) (?P<reason>(?!Conflicting |.* can be misleading).*)")
DRAWN_MARK = re.compile(r'class="mark-\w+ role-mark[^>]*[^>/]>')
SVG_TAG = re.compile(r"<svg[^>]*>")
VIEW_BOX = re.compile(r'viewBox="0 0 (?P<width>[\d.]+) (?P<height>[\d.]+)"')
LOCAL_REFERENCE = re.compile(r'(?P<before>\bid="|url\(#|href="#)')


def specification(
    rows: Sequence[Mapping[str, Any]], drawing: Mapping[str, Any], width: int = WIDTH
) -> dict[str, Any]:
    """The whole Vega-Lite specification: `drawing` (mark, encoding, height …) over `rows`."""
    direction = "vertical" if width == NARROW else "horizontal"
    return {
        "width": width,
        "height": 220,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 2,
        **drawing,
        "data": {"values": rows},
        "config": {**STYLE, "legend": {**STYLE["legend"], "direction": direction}},
    }


def check(drawing: Mapping[str, Any]) -> None:
    """Raise FenceError for what Vega-Lite would draw as nothing, or refuse without a word that helps."""
    for name, (form, expected) in OPTION_TYPES.items():
        if name in drawing and not (isinstance(drawing[name], form) and drawing[name]):
            raise FenceError(f"{name} is {expected}.", name)
    if not 0 < drawing.get("height", 1) <= 2000:
        raise FenceError("height is a number of points from 1 to 2000.", "height")
    for option, above, part in nested_mappings(drawing):
        known = VOCABULARY.get(above, frozenset(map(str, part)))
        for unknown in (str(name) for name in part if str(name) not in known):
            what = "channel of an encoding" if above == "encoding" else f"name in {above} of a chart"
            hint = guess(unknown, sorted(known))
            raise FenceError(f"{unknown} is not a known {what}.{hint}", option, unknown)
        for name in ("mark", "type", "aggregate"):
            kind = KIND_OF_TYPE.get(above, "") if name == "type" else name
            value = part.get(name)
            if kind and isinstance(value, str) and value not in (known := VOCABULARY[f"value {kind}"]):
                hint = guess(value, sorted(known))
                raise FenceError(f"{value} is not a known {kind} of a chart.{hint}", option or name, value)


def nested_mappings(
    part: object, option: str = "", above: str = ""
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(option of the fence, what it is a part of, mapping) of each mapping in a drawing, itself included.

    What it is a part of is the name above it, such as `mark`; for a channel of an encoding it is `channel`.
    """
    if isinstance(part, Mapping):
        yield option, above, part
        for name, value in part.items():
            inner = "channel" if above == "encoding" else str(name)
            yield from nested_mappings(value, option or str(name), inner)
    for value in part if isinstance(part, list) else ():
        yield from nested_mappings(value, option, above)


def draw(specifications: Sequence[dict[str, Any]], cache: Path | None) -> list[str]:
    """The SVG of each; raises ValueError with Vega-Lite's own reason, or for want of time."""
    text = json.dumps(specifications, sort_keys=True)

    def run_program() -> Any:
        command = [sys.executable, "-c", PROGRAM, VEGA_LITE]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise ValueError(f"the drawing took longer than {SECONDS} seconds") from None
        lines = [line.strip() for line in done.stderr.decode(errors="replace").splitlines()]
        if warning := next(filter(None, map(DRAWN_WRONG.match, lines)), None):
            raise ValueError(warning["reason"].rstrip("."))
        if done.returncode:
            reasons = [line for line in lines if line and not line.endswith("conversion failed:")]
            reason = re.sub(r"\s+at (?:\S+ )?\(?https?:\S+", "", " ".join(reasons[:2]))
            raise ValueError(reason.rstrip(".") or "the drawing program ended without a reason")
        svgs = json.loads(done.stdout)
        if not all(map(DRAWN_MARK.search, svgs)):
            raise ValueError("no row is left that has a mark")
        return svgs

    depends_on = [version("vl-convert-python"), VEGA_LITE, PROGRAM, text]
    svgs: list[str] = cached_json(cache, "chart", depends_on, run_program, keep=200)
    return svgs


def inline_svg(svg: str, *, name: str, title: str, alt: str, links: Sequence[tuple[str, str]] = ()) -> str:
    """The SVG as a part of a page: one picture with a name and a description, and no ids but its own.

    `links` are the (address, words) of the marks that are links, by their number.
    """

    def anchor(m: re.Match[str]) -> str:
        href, label = (escape(text) for text in links[int(m["number"])])
        return f'<a href="{href}" aria-label="{label}"><title>{label}</title>'

    role = "group" if links else "img"
    body = EMPTY_PATH.sub("", DISCARDED_ATTRIBUTES.sub("", SVG_TAG.sub("", svg, count=1)))
    body = ANCHOR.sub(anchor, body)
    body = LOCAL_REFERENCE.sub(lambda m: f"{m['before']}{name}-", body)
    body = body.replace(f'font-family="{STYLE["font"]}"', f'font-family="{FAMILIES}"')
    box = VIEW_BOX.search(svg)
    assert box is not None, "Vega gives every drawing a view box."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {box["width"]} {box["height"]}" '
        f'width="{box["width"]}" height="{box["height"]}" role="{role}" aria-label="{escape(alt)}" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(alt)}</desc>'
        f"{body}"
    )


def record_of_row(row: Mapping[str, str], dates: Collection[str]) -> dict[str, Any]:
    """A row as data: numbers as such; for a column of dates `d` also `d_from` and `d_to`, its ends."""
    result: dict[str, Any] = {name: number_or_text(value) for name, value in row.items() if name not in dates}
    for name in dates:
        first, last = first_and_last_day(row[name])
        result |= {name: middle_day(first, last), f"{name}_from": first, f"{name}_to": last}
    return result


def number_or_text(value: str) -> str | int | float:
    if re.fullmatch(r"-?\d{1,9}", value):
        return int(value)
    return float(value) if re.fullmatch(r"-?\d{1,9}\.\d+", value) else value


def first_and_last_day(value: str) -> tuple[str, str]:
    """The first and the last day of a date known to the day, the month or the year."""
    try:
        if len(value) == 4:
            return f"{value}-01-01", f"{value}-12-31"
        if len(value) == 7:
            last = monthrange(int(value[:4]), int(value[5:]))[1]
            return f"{value}-01", f"{value}-{last}"
    except ValueError:  # No month; what is wrong is reported with the row.
        pass
    return value, value


def middle_day(first: str, last: str) -> str:
    """Where a mark for a span of days is drawn."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return first
    return (start + (end - start) / 2).isoformat()
