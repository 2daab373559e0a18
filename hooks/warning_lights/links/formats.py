"""Addresses in what is neither page nor Markdown: style sheets, feeds, indexes, manifests, PDF.

Every function takes the text (or bytes) of one file and gives back the addresses in it as written.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

# https://www.w3.org/TR/css-syntax-3/: comments and strings first, or `url(` inside them would count.
CSS_TOKEN = re.compile(
    r"""/\*.*?(?:\*/|\Z)
      | @namespace\b[^;]*
      | @import\s*(?P<import>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<set>(?:-webkit-)?image-set)\(
      | \b(?:url|src)\(\s*(?:
            (?P<quoted>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
          | (?P<bare>(?:[^\s"'()\\]|\\[0-9a-f]{1,6}\s?|\\.)*))\s*
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<close>\))
      | \(""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
FEED = re.compile(r"<(?:urlset|sitemapindex|rss|feed|rdf:RDF|OpenSearchDescription|browserconfig)\b")
FEED_ADDRESS = re.compile(
    r"<(?P<tag>loc|link|url|guid|comments|docs|image:loc|Image|Url)\b(?P<attributes>[^>]*?)(?:/>|>(?P<text>[^<]*)</)"
    r"|<[\w:]+\b[^>]*?\s(?:href|url|src|template)\s*=\s*[\"'](?P<attribute>[^\"']*)",
)
ATTRIBUTE = re.compile(r"\b(?:href|url|src|template)\s*=\s*[\"']([^\"']*)")
# Keys whose values are addresses, whatever the type (https://schema.org/docs/full.html).
LD_ADDRESS = re.compile(
    r"@id|url|image|logo|contentUrl|embedUrl|thumbnailUrl|downloadUrl|discussionUrl|mainEntityOfPage|sameAs|"
    r"item|license|citation|isPartOf|hasPart|isBasedOn|codeRepository|encoding|significantLink|relatedLink"
)


def srcset(value: str) -> list[str]:
    """Standard: https://html.spec.whatwg.org/#parse-a-srcset-attribute. A data address may hold commas."""
    urls: list[str] = []
    position = 0
    while m := re.compile(r"[\s,]*(\S+)").match(value, position):
        position = m.end()
        url = m[1]
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            # The descriptors reach up to the next comma outside brackets.
            descriptors = re.compile(r"(?:\([^)]*\)?|[^,(])*").match(value, position)
            position = descriptors.end() if descriptors else position
        urls.append(url)
    return urls


def css(text: str) -> list[str]:
    """What a style sheet or style attribute fetches: `url()`, `@import` and `image-set()`."""
    urls: list[str] = []
    inside_set = 0
    for m in CSS_TOKEN.finditer(text):
        kind = m.lastgroup
        if kind == "set":
            inside_set = 1
        elif kind in {"quoted", "import"}:
            urls.append(css_string(m[kind]))
        elif kind == "bare":
            urls.append(css_unescaped(m["bare"]))
        elif (
            kind == "string"
            and inside_set == 1
            and not re.search(r"type\(\s*\Z", text[max(0, m.start() - 9) : m.start()])
        ):
            urls.append(css_string(m["string"]))
        if kind == "close" and inside_set:
            inside_set -= 1
        elif (inside_set and m[0].endswith("(")) or (inside_set and kind in {"quoted", "bare"}):
            inside_set += kind != "set"
    return [url for url in urls if url]


def css_string(text: str) -> str:
    return css_unescaped(text[1:-1])


def css_unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return CSS_ESCAPE.sub(
        lambda m: chr(min(int(m[1], 16), 0x10FFFF)) if m[1] else "" if m[2] == "\n" else m[2], text
    )


def feed(text: str) -> list[str]:
    """Addresses in a sitemap, a feed, an OpenSearch description; [] for any other XML."""
    if not FEED.search(text[:4000]):
        return []
    urls = []
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    for m in FEED_ADDRESS.finditer(text):
        if m["attribute"] is not None:
            urls.append(m["attribute"])
            continue
        if m["tag"] == "guid" and re.search(r"isPermaLink\s*=\s*[\"']false", m["attributes"]):
            continue
        urls += ATTRIBUTE.findall(m["attributes"])
        if m["text"]:
            urls.append(m["text"])
    return [html.unescape(url).strip() for url in urls if url.strip()]


def robots(text: str) -> list[str]:
    """Standard: https://www.sitemaps.org/protocol.html."""
    return re.findall(r"(?im)^sitemap:\s*(\S+)", text)


def search_index(text: str) -> list[str]:
    """Where the results of the search lead, relative to the root of the site."""
    data = json.loads(text)
    entries = data.get("docs", []) if isinstance(data, dict) else []
    return [e["location"] for e in entries if isinstance(e, dict) and isinstance(e.get("location"), str)]


def manifest(text: str) -> list[str]:
    """Standard: https://www.w3.org/TR/appmanifest/, all addresses relative to the manifest."""
    data = json.loads(text)
    if not isinstance(data, dict):
        return []
    entries: list[Any] = [data, *(data.get("shortcuts") or [])]
    urls = [data.get("start_url"), data.get("scope")]
    urls += [shortcut.get("url") for shortcut in entries[1:]]
    for entry in entries:
        for key in ("icons", "screenshots"):
            urls += [image.get("src") for image in entry.get(key) or []]
    return [url for url in urls if isinstance(url, str)]


def linked_data(texts: list[str]) -> Iterator[tuple[str, str]]:
    """(key, address) in the JSON-LD of a page; raises ValueError where it is not JSON.

    An `@id` names a thing; it need not be a place on the page if the data describe it themselves.
    """
    nodes = [node for text in texts for node in every_object(json.loads(text))]
    described = {node["@id"] for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        for key, value in node.items():
            for one in value if isinstance(value, list) else [value]:
                if LD_ADDRESS.fullmatch(key) and isinstance(one, str) and re.match(r"https?:|[./#]", one):
                    if one in described and key != "url":
                        one = one.partition("#")[0]
                    if one:
                        yield key, one


def every_object(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from every_object(value)
    elif isinstance(data, list):
        for value in data:
            yield from every_object(value)


class Pdf:
    """How many pages a PDF has, and the names that can be led to; read without a PDF library.

    Standard: ISO 32000-2, 7.5.7 (object streams), 7.7.3 (page tree), 12.3.2.4 (named destinations).
    `pages` is 0 where the file does not say it plainly; then nothing is judged by it.
    """

    def __init__(self, data: bytes) -> None:
        parts = [data]
        for m in re.finditer(rb"/Type\s*/ObjStm.{0,400}?stream\r?\n", data, re.DOTALL):
            try:
                parts.append(zlib.decompressobj().decompress(data[m.end() :]))
            except zlib.error:
                continue
        self.text = b"\n".join(parts)
        self.pages = len(re.findall(rb"/Type\s*/Page(?![A-Za-z])", self.text))

    def fault(self, fragment: str) -> str:
        """Why `fragment` leads nowhere in this file, or "". Standard: RFC 8118."""
        options = dict(part.partition("=")[::2] for part in unquote(fragment).split("&"))
        number = options.get("page", "")
        if number.isdigit() and self.pages and not 1 <= int(number) <= self.pages:
            return f"asks for page {number}, but the file has {self.pages}."
        name = options.get("nameddest") or (unquote(fragment) if "=" not in fragment else "")
        return (
            "names a place that the file does not have."
            if name and self.pages and not self.has_name(name)
            else ""
        )

    def has_name(self, name: str) -> bool:
        """Whether the name occurs at all, literally or in hexadecimal: lenient, never a false alarm."""
        forms = [name.encode("utf-8"), name.encode("utf-16-be")]
        lower = self.text.lower()
        return any(form in self.text or form.hex().encode() in lower for form in forms)


STARTS = {
    ".pdf": (b"%PDF-",),
    ".zip": (b"PK",),
    ".epub": (b"PK",),
    ".png": (b"\x89PNG",),
    ".gif": (b"GIF8",),
    ".jpg": (b"\xff\xd8",),
    ".jpeg": (b"\xff\xd8",),
    ".webp": (b"RIFF",),
}


def wrong_type(file: str, read: Callable[[str], bytes]) -> str:
    """Why a file that answers is still no use to a reader, or ""."""
    starts = STARTS.get(file[file.rfind(".") :].lower())
    if starts is None:
        return ""
    head = read(file)[:16]
    if not head:
        return "is an empty file."
    return (
        ""
        if head.startswith(starts)
        else f"is not what its name says: no {file[file.rfind('.') + 1 :]} file."
    )
