"""The elements, attributes and addresses that the content of a page may hold; all else is a finding.

A list of what is allowed, asked of the parsed content as a browser reads it (https://html.spec.whatwg.org/),
before the frame of the site is put around it. It holds what Markdown, the rooms of the engine and Vega write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import blank_code, position
from warning_lights.core.names import words
from warning_lights.pages.tags import read_tags, tags

TEXT = words(
    "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn"
    " div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li mark nav ol p picture"
    " pre q rp rt ruby s samp section small source span strong sub summary sup table tbody td tfoot th thead"
    " time tr u ul var wbr"
)
DRAWING = words(
    "svg g path rect circle ellipse line polyline polygon text tspan title desc defs clippath marker"
    " pattern lineargradient radialgradient stop use mask symbol switch textpath filter feblend"
    " fecolormatrix fecomposite feflood fegaussianblur femerge femergenode feoffset"
)
EVERYWHERE = words("id class lang dir title role tabindex hidden")
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": words("href rel hreflang type download name"),
    "img": words("src alt width height loading decoding srcset sizes"),
    "source": words("srcset sizes media type"),
    "td": words("colspan rowspan headers align"),
    "th": words("colspan rowspan headers scope abbr align"),
    "col": words("span"),
    "colgroup": words("span"),
    "ol": words("start type reversed"),
    "li": words("value"),
    "details": words("open name"),
    "time": words("datetime"),
    "del": words("datetime cite"),
    "ins": words("datetime cite"),
    "q": words("cite"),
    "blockquote": words("cite"),
    "input": words("type name checked disabled"),
    "label": words("for"),
}
DRAWING_ATTRIBUTES = words(
    "xmlns xmlns:xlink version viewbox preserveaspectratio width height x y x1 y1 x2 y2 cx cy r rx ry dx dy"
    " d points transform fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray"
    " stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit opacity clip-path clip-rule"
    " font-family font-size font-style font-weight text-anchor dominant-baseline pointer-events"
    " gradientunits gradienttransform patternunits offset stop-color stop-opacity markerwidth markerheight"
    " refx refy orient cursor display visibility focusable href xlink:href aria-roledescription color"
    " overflow spreadmethod fx fy fr clippathunits mask maskunits maskcontentunits markerunits marker-start"
    " marker-mid marker-end patterncontentunits patterntransform vector-effect paint-order shape-rendering"
    " text-rendering letter-spacing word-spacing text-decoration font-stretch font-variant textlength"
    " lengthadjust writing-mode baseline-shift alignment-baseline rotate startoffset filter filterunits"
    " primitiveunits in in2 result type mode operator k1 k2 k3 k4 values stddeviation flood-color"
    " flood-opacity color-interpolation-filters"
)
ADDRESSES = words("href src srcset cite xlink:href")
SCHEMES = ("http", "https", "mailto", "tel")
SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.\t\n\r-]*):", re.IGNORECASE)
ALIGNMENT = re.compile(r"text-align:\s*(?:left|right|center);?\s*")  # What Python-Markdown writes in a table.
PLACEHOLDER = re.compile(r"[\x02\x03]|klzzwxh:\d+|wzxhzdk:\d+")  # Of Python-Markdown.
FRAMED = re.compile(r"<(?:html|head|body|frame)", re.IGNORECASE)
FRAME = {"html", "head", "body", "frameset", "frame"}
COMMENT = re.compile(r"<!--(?!-?>)(?P<words>.*?)--!?>", re.DOTALL)  # `<!-->` is a whole one.
TAG_START = re.compile(r"<[a-z/]", re.IGNORECASE)
MOST_NESTED = 9  # Elements that show each other only when one of them is text.
INPUTS = {"radio", "checkbox"}  # Of tabs and lists of tasks.


class Fault(NamedTuple):
    """What is wrong with an element, and how to find it in what the page was made from.

    `attribute` is the name of the one that is not allowed, `address` the one that is not; `about` as in
    `Finding`.
    """

    message: str
    tag: str
    attributes: Mapping[str, str | None]
    about: tuple[str, ...]
    attribute: str = ""
    address: str = ""


def faults(html: str, tree: LexborHTMLParser, sources: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """One for each thing in `html`, parsed as `tree`, that is not allowed.

    `sources` are (file, text) of what the page was made from, its Markdown first; what is found in none of
    them counts as a fault of the first.
    """
    if placeholder := PLACEHOLDER.search(html):
        message = f"Something that Markdown set aside was not put back ({placeholder[0]!r})."
        yield Finding(sources[0][0], 1, 1, message)
    nodes = elements(tree)
    if FRAMED.search(html):  # What a browser joins with the frame of the page instead of keeping it there.
        nodes += [(each.name, {**each.attributes}, False) for each in tags(html) if each.name in FRAME]
    found = [
        fault
        for tag, attributes, is_drawn in nodes
        for fault in element_faults(tag, attributes, drawn=is_drawn and tag in DRAWING)
    ]
    allowed = ((tag, attributes) for tag, attributes, _ in nodes if tag in TEXT | DRAWING)
    found += [fault for tag, attributes in allowed for fault in tags_in_attributes(tag, attributes, html)]
    if any(has_tags(text) for _, text in sources):
        reported = {each for fault in found for each in fault.about}
        found += [fault for fault in unpaired_tags(html) if f"<{fault.tag}>" not in reported]
    seen = Counter[str]()
    for fault in found:
        places = (
            (file, fault_position(fault, seen[fault.message], text, exactly=exactly))
            for exactly in (True, False)
            for file, text in sources
        )
        file, place = next((each for each in places if each[1]), (sources[0][0], None))
        yield Finding(file, *(place or (1, 1)), fault.message, about=fault.about)
        seen[fault.message] += 1


def elements(tree: LexborHTMLParser) -> list[tuple[str, Mapping[str, str | None], bool]]:
    """Name, attributes, and whether it is part of a drawing, of each element below the body."""
    drawn = {node.mem_id for node in tree.css("svg, svg *")}
    return [((node.tag or "").lower(), node.attributes, node.mem_id in drawn) for node in tree.css("body *")]


def tags_in_attributes(tag: str, attributes: Mapping[str, str | None], html: str) -> Iterator[Fault]:
    """The attributes in which a tag is written as such: what edits the page later would take it for one."""
    for name, value in attributes.items():
        if value and "<" in value and value in html:
            message = f"{name} of <{tag}> holds a tag. Write &lt; instead of <."
            yield Fault(message, tag, attributes, (value,), attribute=name)


def without_tags_in_comments(html: str) -> str:
    return COMMENT.sub(lambda m: f"<!--{m['words'].replace('<', '&lt;')}-->", html)


@lru_cache(maxsize=64)  # The tables are the same for all pages.
def has_tags(text: str) -> bool:
    return TAG_START.search(text) is not None


def unpaired_tags(html: str) -> Iterator[Fault]:
    """The tags without a partner."""
    reader = read_tags(html)
    for each in reader.unclosed:
        if each.name in TEXT | DRAWING:
            message = f"<{each.name}> is never closed. Write </{each.name}> after what it holds."
            yield Fault(message, each.name, {**each.attributes}, (f"<{each.name}>",))
    for name in reader.unopened:
        yield Fault(f"</{name}> closes nothing. Remove it.", f"/{name}", {}, (f"</{name}>",))


def sanitized(html: str) -> str:
    """`html` with the tags of elements that are not allowed as text, so that what follows them is read."""
    for _ in range(MOST_NESTED):
        nodes = elements(LexborHTMLParser(html))
        names = {n for n, _, is_drawn in nodes if n and n not in (TEXT | DRAWING if is_drawn else TEXT)}
        refused = "|".join(map(re.escape, names | FRAME))
        whole = re.sub(rf"<(?=/?(?:{refused})[\s/>])", "&lt;", html, flags=re.IGNORECASE)
        if whole == html:
            break
        html = whole
    return html


def element_faults(tag: str, attributes: Mapping[str, str | None], *, drawn: bool) -> Iterator[Fault]:
    """What is wrong with one element; `drawn`: it is part of a drawing."""
    if tag not in TEXT and not drawn:
        message = f"<{tag}> is not allowed on a page: {advice(tag)}"
        yield Fault(message, tag, attributes, (f"<{tag}>", *filter(None, attributes.values())))
        return
    own = DRAWING_ATTRIBUTES if drawn else ATTRIBUTES.get(tag, frozenset())
    for name, given in attributes.items():
        attribute, value = name.lower(), given or ""
        if attribute in ADDRESSES and attribute in own:
            m = SCHEME.match(value)
            scheme = re.sub(r"[\t\n\r]", "", m[1]).lower() if m else ""
            picture = tag in {"img", "source"} and value.lower().startswith("data:image/")
            if scheme and scheme not in SCHEMES and not picture:
                address = value.strip()
                message = f"{address}: links begin with {', '.join(SCHEMES)}, and not with {scheme}:."
                yield Fault(message, tag, attributes, (address,), address=address)
        elif attribute == "style" and tag in {"td", "th"} and ALIGNMENT.fullmatch(value):
            continue
        elif attribute not in EVERYWHERE | own and not attribute.startswith(("aria-", "data-")):
            why = "Use a class." if attribute == "style" else "Remove it."
            message = f"{name} of <{tag}> is not allowed on a page. {why}"
            yield Fault(message, tag, attributes, (value,), attribute=name)
        elif tag == "input" and attribute == "type" and value.lower() not in INPUTS:
            message = f"<input type={value}> is not allowed on a page, which can send nothing."
            yield Fault(message, tag, attributes, (f"<{tag}>",))


def advice(tag: str) -> str:
    if tag in {"script", "style", "link", "meta", "base"}:
        return "a page brings no script and no style of its own. Remove it."
    if tag in {"iframe", "object", "embed", "video", "audio", "frame"}:
        return "nothing of another site is shown inside a page. Link to it."
    return "remove it, or write `" + f"<{tag}>" + "` as code."


def fault_position(fault: Fault, number: int, source: str, *, exactly: bool) -> tuple[int, int] | None:
    """Where the element with the fault `number` (from 0) of this kind was written, in HTML or in Markdown.

    `exactly`: with all its attributes, or with the address that is wrong; else where one like it begins.
    """
    prose = blank_code(source)
    same = [each for each in tags(prose) if each.name == fault.tag.lower()]
    given = {name.lower(): value or "" for name, value in fault.attributes.items()}
    if exactly and (exact := [each for each in same if each.attributes == given]):
        return position(source, exact[min(number, len(exact) - 1)].start)
    # An entity is shorter than it was written, but in the same line.
    plain = "\n".join(" ".join(unescape(line).split("\n")) for line in prose.split("\n"))
    without_scheme = re.sub(r"\A[\w+.-]+:", "", fault.address)
    for word in [fault.address] if exactly else [without_scheme, fault.attribute and f"{fault.attribute}="]:
        for text in (plain, source) if word else ():  # A fence for data is code, too.
            if found := [m.start() for m in re.finditer(re.escape(word), text)]:
                return position(text, found[min(number, len(found) - 1)])
    if exactly:
        return None
    begun = [each.start for each in same] or [
        m.start() for m in re.finditer(rf"(?i)<{re.escape(fault.tag)}\b", source)
    ]
    return position(source, begun[min(number, len(begun) - 1)]) if begun else None
