"""What a browser finds on one finished page: addresses, ids, references to ids.

Standards: https://html.spec.whatwg.org/ (which attributes hold addresses, how `srcset` and
`meta refresh` are read), https://www.w3.org/TR/SVG2/linking.html, and https://www.w3.org/TR/wai-aria/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from warning_lights.core.names import words
from warning_lights.links import formats

ANY_ELEMENT = frozenset({"*"})
# Attribute: the elements on which it holds an address.
ADDRESS: dict[str, frozenset[str]] = {
    "href": words(
        "a area link base use image script textpath lineargradient radialgradient pattern feimage mpath"
        " filter animate animatemotion animatetransform set tref cursor mi mo mn ms mtext mrow math"
    ),
    "src": words("img script iframe frame embed audio video source track input"),
    "poster": frozenset({"video"}),
    "data": frozenset({"object"}),
    "action": frozenset({"form"}),
    "formaction": frozenset({"button", "input"}),
    "cite": frozenset({"blockquote", "q", "ins", "del"}),
    "longdesc": frozenset({"img", "iframe", "frame"}),
    "manifest": frozenset({"html"}),
    "background": words("body table thead tbody tfoot tr td th"),
    "usemap": frozenset({"img", "object", "input"}),
    "itemid": ANY_ELEMENT,
    "profile": frozenset({"head"}),
    "srcset": frozenset({"img", "source"}),
    "imagesrcset": frozenset({"link"}),
    "ping": frozenset({"a", "area"}),
}
ADDRESS["xlink:href"] = ADDRESS["href"]
URL_PROPERTIES = words(
    "style fill stroke filter mask clip-path cursor marker marker-start marker-mid marker-end"
)
REFERENCE = words(
    "for headers list form popovertarget commandfor itemref aria-activedescendant aria-controls"
    " aria-describedby aria-details aria-errormessage aria-flowto aria-labelledby aria-owns"
)
# An element with none of these is passed over.
RELEVANT = frozenset({"id", "name", "srcdoc", "content", "type", *ADDRESS, *URL_PROPERTIES, *REFERENCE})
RELEVANT_BESIDE_HREF = RELEVANT - {"href", "type"}
# `form` and `list` are also plain words elsewhere; `for` belongs to labels and results.
REFERENCE_ON = {
    "for": frozenset({"label", "output"}),
    "headers": frozenset({"td", "th"}),
    "list": frozenset({"input"}),
    "form": words("button fieldset input object output select textarea"),
}
META = re.compile(
    r"(?:og:(?:url|image|video|audio)(?::url|:secure_url)?|twitter:(?:url|image|player)"
    r"|citation_(?:pdf|abstract_html|fulltext_html)_url|msapplication-(?:config|.*logo|tileimage))",
    re.IGNORECASE,
)
REFRESH = re.compile(
    r"\s*[\d.]+\s*[;,\s]\s*(?:url\s*=\s*)?(?P<quote>[\"']?)(?P<url>.*)", re.IGNORECASE | re.DOTALL
)
# A hint to open a connection names a host, not a file.
NOT_FETCHED = frozenset({"preconnect", "dns-prefetch"})
FETCHED = words("stylesheet icon shortcut apple-touch-icon preload modulepreload prefetch manifest mask-icon")
INVISIBLE = " \t\n\r\f\v\u00a0\u200b\u200c\u200d\u2060\ufeff"
CONTENT = words(
    "svg video audio canvas object iframe input math embed picture"
    " path rect circle ellipse line polyline polygon use image text g"
)
ICON = re.compile(r"(?:^|[\s_-])(?:fa[bsrl]?|icons?|glyphicon|octicon|twemoji)(?:$|[\s_-])", re.IGNORECASE)
DRAWN_BY_STYLE = frozenset({"span", "i", "b", "div"})


class Link(NamedTuple):
    """An address as written in the attribute, and what it is for."""

    tag: str
    attribute: str
    url: str
    text: str = ""
    fetched: bool = False  # By the browser itself, before the reader does anything.
    named: bool = True  # False for a link that a reader can neither see nor hear.


@dataclass
class Page:
    """What one document holds; `frames` are the documents written into its `srcdoc` attributes."""

    ids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    maps: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)
    base: str | None = None
    is_redirect: bool = False  # It sends the reader elsewhere at once.
    links: list[Link] = field(default_factory=list)
    references: list[tuple[str, str, str]] = field(default_factory=list)  # Element, attribute, id.
    frames: list[Page] = field(default_factory=list)
    data: list[str] = field(default_factory=list)  # JSON-LD, as text.


def read_page(html: str | bytes) -> Page:
    """Everything on a page that leads somewhere or can be led to. Raises nothing."""
    page = Page()
    root = LexborHTMLParser(html, options=LexborDocumentOptions.WO_EVENTS).root  # The tree is only read.
    for node in root.traverse() if root is not None else ():
        attributes = node.attributes
        if not RELEVANT.isdisjoint(attributes):
            read_element(page, node, attributes)
        if node.tag == "style":
            page.links += css_links("style", "url()", node.text())
    return page


def read_element(page: Page, node: LexborNode, attributes: dict[str, str | None]) -> None:
    tag = node.tag or ""
    if tag == "a" and "href" in attributes:  # First, for most are such.
        text = node.text()
        named = bool(text.strip(INVISIBLE)) or is_named(node, attributes)
        page.links.append(Link("a", "href", attributes["href"] or "", text, False, named))
        if RELEVANT_BESIDE_HREF.isdisjoint(attributes):
            return
    tag = tag.lower()
    for name, value in attributes.items():
        if name == "id":
            if value in page.ids:
                page.repeated.append(value or "")
            elif value:
                page.ids.add(value)
        elif name in RELEVANT and not (name == "href" and tag == "a"):
            read_attribute(page, tag, name, value or "", attributes)
    if tag == "meta":
        read_meta(page, attributes)
    elif tag == "script" and (attributes.get("type") or "").strip().lower() == "application/ld+json":
        page.data.append(node.text())


def read_attribute(page: Page, tag: str, name: str, value: str, attributes: dict[str, str | None]) -> None:
    if name in ADDRESS:
        if tag in ADDRESS[name] or ADDRESS[name] is ANY_ELEMENT:
            read_address(page, tag, name, value, attributes)
    elif name in URL_PROPERTIES:
        if "(" in value:
            page.links += css_links(tag, name, value)
    elif name in REFERENCE:
        if tag in REFERENCE_ON.get(name, (tag,)):
            page.references += [(tag, name, one) for one in value.split()]
    elif name == "srcdoc" and tag == "iframe":
        page.frames.append(read_page(value))
    elif name == "name" and value and tag in {"a", "map"}:
        (page.names if tag == "a" else page.maps).add(value)


def css_links(tag: str, name: str, css: str) -> list[Link]:
    return [Link(tag, name, url, fetched=True) for url in formats.css_addresses(css)]


def read_address(page: Page, tag: str, name: str, value: str, attributes: dict[str, str | None]) -> None:
    if tag == "base":
        # Only the first counts, and only where it has an address.
        page.base = value if page.base is None else page.base
    elif name in {"srcset", "imagesrcset"}:
        page.links += [Link(tag, name, url, fetched=True) for url in formats.srcset_addresses(value)]
    elif tag == "link":
        relations = set((attributes.get("rel") or "").lower().split())
        if not relations & NOT_FETCHED:
            relation = "canonical" if "canonical" in relations else ""
            page.links.append(Link(tag, name, value, relation, fetched=bool(relations & FETCHED)))
    elif name == "ping":
        page.links += [Link(tag, name, url) for url in value.split()]
    elif name == "action" and not value.strip():
        return  # A form without an address asks its own page.
    elif name != "itemid" or "itemscope" in attributes:
        fetched = name in {"src", "poster", "data", "background"} or tag in {"use", "image", "feimage"}
        page.links.append(Link(tag, name, value, fetched=fetched))


def is_named(node: LexborNode, attributes: dict[str, str | None]) -> bool:
    """Whether a link without text still shows or says something. A linked picture needs its `alt`."""
    said = ("aria-label", "aria-labelledby", "title", "xlink:title")
    if any((attributes.get(name) or "").strip() for name in said) or "aria-hidden" in attributes:
        return True
    for child in node.traverse():
        inner = child.attributes
        if child.tag in CONTENT or any((inner.get(name) or "").strip() for name in said):
            return True
        if child.tag == "img" and ("alt" not in inner or (inner["alt"] or "").strip()):
            return True
        # Empty, but of a class: an icon, which only the style sheet shows.
        if ICON.search(inner.get("class") or "") or (child.tag in DRAWN_BY_STYLE and inner.get("class")):
            return True
    return False


def read_meta(page: Page, attributes: dict[str, str | None]) -> None:
    content = attributes.get("content") or ""
    if (attributes.get("http-equiv") or "").lower() == "refresh":
        if m := REFRESH.match(content):
            page.is_redirect = True
            url = m["url"].partition(m["quote"])[0] if m["quote"] else m["url"]
            page.links.append(Link("meta", "refresh", url))
    elif META.fullmatch(attributes.get("property") or attributes.get("name") or ""):
        page.links.append(Link("meta", "content", content))
