"""Addresses in what is neither page nor Markdown: style sheets, feeds, indexes, manifests, PDF.

Each reader takes one file, returns the addresses in it as written, and raises ValueError if it is malformed.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

STRING = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
# https://www.w3.org/TR/css-syntax-3/: comments and strings first, or `url(` inside them would count.
CSS_TOKEN = re.compile(
    rf"""/\*.*?(?:\*/|\Z)
      | @namespace\b[^;]*
      | @import\s*(?P<import>{STRING})
      | image-set\((?P<set>(?:[^()]|\([^()]*\))*)\)
      | \b(?:url|src)\(\s*(?:(?P<quoted>{STRING})|(?P<bare>(?:[^\s"'()\\]|\\[0-9a-f]{{1,6}}\s?|\\.)*))
      | {STRING}""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
# An address ends before a space, or before a comma and a space; descriptors reach to the next comma.
SRCSET = re.compile(r"[\s,]*+(\S+?)(?:,+(?=\s|\Z)|(?=\s|\Z)(?:\([^)]*\)?|[^,(])*)")
CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
FEED = re.compile(rb"<(?:urlset|sitemapindex|rss|feed|rdf:RDF|OpenSearchDescription|browserconfig)\b")
# Elements of feeds and sitemaps whose text is an address, and attributes that hold one.
FEED_TEXT = frozenset({"loc", "link", "url", "guid", "comments", "docs", "Image"})
FEED_ATTRIBUTES = ("href", "url", "src", "template")
# Keys whose values are addresses, whatever the type (https://schema.org/docs/full.html).
LD_ADDRESS = re.compile(
    r"@id|url|image|logo|contentUrl|embedUrl|thumbnailUrl|downloadUrl|discussionUrl|mainEntityOfPage|sameAs|"
    r"item|license|citation|isPartOf|hasPart|isBasedOn|codeRepository|encoding|significantLink|relatedLink"
)
# The bytes with which the files of a type begin.
SIGNATURES = {".pdf": b"%PDF-", ".zip": b"PK", ".epub": b"PK", ".png": b"\x89PNG", ".gif": b"GIF8"}
SIGNATURES |= {".jpg": b"\xff\xd8", ".jpeg": b"\xff\xd8", ".webp": b"RIFF"}


def srcset_addresses(value: str) -> list[str]:
    """Standard: https://html.spec.whatwg.org/#parse-a-srcset-attribute. A data address may hold commas."""
    return SRCSET.findall(value)


def css_addresses(text: str) -> list[str]:
    """What a style sheet or style attribute fetches: `url()`, `@import` and `image-set()`."""
    urls: list[str] = []
    for m in CSS_TOKEN.finditer(text):
        if m["set"]:
            # Strings alone are addresses too, but not those of type().
            inner = re.sub(r"type\([^)]*\)", "", m["set"], flags=re.IGNORECASE)
            urls += css_addresses(re.sub(rf"(?<!\()({STRING})", r"url(\1)", inner))
        elif string := m["import"] or m["quoted"]:
            urls.append(unescape_css(string[1:-1]))
        elif m["bare"]:
            urls.append(unescape_css(m["bare"]))
    return [url for url in urls if url]


def unescape_css(text: str) -> str:
    return CSS_ESCAPE.sub(
        lambda m: chr(min(int(m[1], 16), 0x10FFFF)) if m[1] else "" if m[2] == "\n" else m[2], text
    )


def feed_addresses(data: bytes) -> list[str]:
    """Addresses in a sitemap, a feed, an OpenSearch description; [] for any other XML."""
    if not FEED.search(data[:4000]):
        return []
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    urls: list[str | None] = []
    for node in root.iter():
        urls += [node.get(name) for name in FEED_ATTRIBUTES]
        if node.tag.rpartition("}")[2] in FEED_TEXT and node.get("isPermaLink") != "false":
            urls.append(node.text)
    return [url.strip() for url in urls if url and url.strip()]


def robots_addresses(data: bytes) -> list[str]:
    """Standard: https://www.sitemaps.org/protocol.html."""
    return re.findall(r"(?im)^sitemap:\s*(\S+)", data.decode("utf-8", "replace"))


def search_addresses(data: bytes) -> list[str]:
    """Where the results of the search lead, relative to the root of the site."""
    top = json.loads(data.decode("utf-8-sig"))
    entries = top.get("docs", []) if isinstance(top, dict) else []
    return [e["location"] for e in entries if isinstance(e, dict) and isinstance(e.get("location"), str)]


def manifest_addresses(data: bytes) -> list[str]:
    """Standard: https://www.w3.org/TR/appmanifest/, all addresses relative to the manifest."""
    top = json.loads(data.decode("utf-8-sig"))
    if not isinstance(top, dict):
        return []
    shortcuts = top.get("shortcuts") or []
    urls = [top.get("start_url"), top.get("scope"), *(shortcut.get("url") for shortcut in shortcuts)]
    for entry in (top, *shortcuts):
        urls += [image.get("src") for key in ("icons", "screenshots") for image in entry.get(key) or []]
    return [url for url in urls if isinstance(url, str)]


def linked_data_addresses(texts: list[str]) -> Iterator[tuple[str, str]]:
    """(key, address) in the JSON-LD of a page.

    An `@id` names a thing; it need not be a place on the page if the data describe it themselves.
    """
    nodes: list[dict[str, Any]] = []
    for text in texts:
        json.loads(text, object_hook=nodes.append)  # Each object, the innermost first.
    described = {node["@id"] for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        for key, value in node.items():
            for one in value if isinstance(value, list) else [value]:
                if LD_ADDRESS.fullmatch(key) and isinstance(one, str) and re.match(r"https?:|[./#]", one):
                    if one in described and key != "url":
                        one = one.partition("#")[0]
                    if one:
                        yield key, one


def pdf_places(data: bytes) -> tuple[int, set[str]] | None:
    """How many pages a PDF has, and its named destinations (ISO 32000-2, 12.3.2.4); needs pikepdf.

    None where that cannot be known.
    """
    try:
        import pikepdf  # Only a site with such links needs it.
    except ImportError:
        return None
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            names, old_names = pdf.Root.get("/Names"), pdf.Root.get("/Dests")
            tree = names.get("/Dests") if names is not None else None
            found = {str(name) for name in pikepdf.NameTree(tree)} if tree is not None else set()
            return len(pdf.pages), found | {str(name)[1:] for name in old_names or ()}
    except pikepdf.PdfError:
        return None


def pdf_fault(places: tuple[int, set[str]] | None, fragment: str) -> str:
    """Why `fragment` leads nowhere in a PDF with these places, or "". Standard: RFC 8118."""
    if places is None:
        return ""
    pages, names = places
    options = dict(part.partition("=")[::2] for part in unquote(fragment).split("&"))
    number = options.get("page", "")
    if number.isdigit() and not 1 <= int(number) <= pages:
        return f"asks for page {number}, but the file has {pages}."
    name = options.get("nameddest") or ("" if "=" in fragment else unquote(fragment))
    return "names a place that the file does not have." if name and name not in names else ""


def type_fault(file: str, read: Callable[[str], bytes]) -> str:
    """Why a file that answers is still no use to a reader, or ""."""
    ending = file[file.rfind(".") :].lower()
    if ending not in SIGNATURES:
        return ""
    data = read(file)
    if not data:
        return "is an empty file."
    return "" if data.startswith(SIGNATURES[ending]) else f"is not what its name says: no {ending[1:]} file."


# Files that are neither pages nor style sheets, by the end of their names.
READERS: dict[str, Callable[[bytes], list[str]]] = {
    ".xml": feed_addresses,
    ".webmanifest": manifest_addresses,
    "robots.txt": robots_addresses,
    "search_index.json": search_addresses,
}
