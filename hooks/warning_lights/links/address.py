"""Addresses as a browser reads them, and what is wrong with an address.

ada-url is the standard of browsers (https://url.spec.whatwg.org/). Where MkDocs and Python read an address
differently (`urllib.parse` follows RFC 3986), the browser is right, because it serves the reader.
"""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import ada_url

SPECIAL = {"http", "https", "ws", "wss", "ftp", "file"}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# The parts of an address that has been parsed; a missing query is not an empty one.
HREF = re.compile(
    r"(?P<scheme>[^:]+):(?://(?:[^/?#]*@)?(?P<host>\[[^\]]*\]|[^:/?#]*)(?::(?P<port>\d+))?)?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?"
)
TELEPHONE = re.compile(r"\+?[\d().\-\s%*#]*\d[\d().\-\s%*#]*(;.*)?")
PORT = re.compile(r":[^:\]]*\Z")
C0_AND_SPACE = "".join(map(chr, range(0x21)))
TAB_OR_NEWLINE = re.compile(r"[\t\n\r]")

# A host of one of these names is a scheme written twice, or its colon lost.
SCHEME_AS_HOST = {"http", "https", "ftp", "mailto"}
# What a reader's browser opens by itself, and what is often meant by something close to it.
COMMON_SCHEMES = ("http", "https", "mailto", "tel", "ftp")
UNUSABLE_SCHEMES = {
    "javascript": "is a script, not an address. Link to a page.",
    "vbscript": "is a script, not an address. Link to a page.",
    "doi": "opens nothing in a browser. Write https://doi.org/ and the number.",
    "file": "opens nothing in a browser. It is a file of one machine, which no reader has.",
    "hxxp": "opens nothing in a browser. Write http:// or https://, or remove the link.",
    "hxxps": "opens nothing in a browser. Write https://, or remove the link.",
    "localhost": "opens nothing in a browser. Write http:// before it.",
}


class Url(NamedTuple):
    """A parsed address. `path` begins with a slash for special schemes and is opaque otherwise."""

    href: str
    scheme: str
    host: str
    port: str
    path: str
    query: str | None
    fragment: str | None

    @property
    def origin(self) -> tuple[str, str]:
        """Host and port; http and https of one host are the same place to a reader."""
        return self.host, self.port


def parse(text: str, base: Url | None = None) -> Url | None:
    """What a browser makes of `text` on a page at `base`, or None where it fails."""
    try:
        href = ada_url.join_url(base.href, text) if base else ada_url.normalize_url(text)
    except ValueError:
        return None
    m = HREF.fullmatch(href)
    assert m is not None
    return Url(href, m["scheme"], m["host"] or "", m["port"] or "", m["path"], m["query"], m["fragment"])


@lru_cache(maxsize=10_000)  # Many pages have the same address.
def fault(written: str) -> str:
    """What is wrong with `written`, an address that names its scheme or host; "" where nothing is.

    A browser repairs some of these in silence (`https:///host`); another reader of the page, a
    PDF or a citation manager does not, and no writer means them.
    """
    text = TAB_OR_NEWLINE.sub("", written.strip(C0_AND_SPACE))
    if not SCHEME.match(text):
        text = "https:" + text  # `//host/path` takes the scheme of its page.
    scheme, _, rest = text.partition(":")
    scheme = scheme.lower()
    if scheme == "mailto":
        return mail_fault(rest)
    if scheme == "tel":
        return "" if TELEPHONE.fullmatch(rest) else "is not a telephone number."
    if scheme == "data":
        return "" if "," in rest else "has no comma, so it holds no data."
    if scheme in {"http", "https", "ftp"}:
        return web_fault(text, scheme, rest)
    if scheme in UNUSABLE_SCHEMES:
        return UNUSABLE_SCHEMES[scheme]
    if len(scheme) == 1:
        return "is a path on one machine's disk, which no reader has."
    if "." in scheme:
        return f"has no scheme, so {scheme!r} is read as one. Did you mean https://{text}?"
    near = difflib.get_close_matches(scheme, COMMON_SCHEMES, n=1, cutoff=0.75)
    return f"has the unknown scheme {scheme}:. Did you mean {near[0]}:{rest}?" if near else ""


def mail_fault(rest: str) -> str:
    """Standard: RFC 6068. `mailto:?subject=…` without an address is allowed."""
    path, _, query = rest.partition("#")[0].partition("?")
    if path.startswith("//"):
        return "has slashes that no mail address has."
    if not path and query:
        return ""
    for address in unquote(path).split(","):
        if not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"/]+\.?[^\s@<>\"/.]+", address.strip()):
            return "is not a mail address." if path else "names no mail address."
    return ""


def web_fault(text: str, scheme: str, rest: str) -> str:
    slashes = len(rest) - len(rest.lstrip("/\\"))
    if rest[:2] != "//" or slashes != 2:
        right = rest.lstrip("/\\:")
        return f"has {slashes or 'no'} slash{'' if slashes == 1 else 'es'} after {scheme}:. Did you mean {scheme}://{right}?"
    url = parse(text)
    after = rest[2:]
    host = re.split(r"[/\\?#]", after, maxsplit=1)[0].rpartition("@")[2]
    first = PORT.sub("", host).lower().rstrip(".")
    if first in SCHEME_AS_HOST:
        meant = re.sub(r"\A(\w+)[:/]+", r"\1://", after)
        return f"has a scheme where the host should be. Did you mean {meant}?"
    if host.lower().endswith(("http:", "https:")):
        return "is two addresses in one. Take one of them out."
    if url is None:
        return f"has no host that a browser accepts: {host!r}." if host else "names no host."
    if not url.host.startswith("[") and not re.fullmatch(r"(?:[\w-]+\.)*[\w-]+\.?", url.host):
        return f"has a host that cannot exist: {host!r}."
    path, _, query = after.removeprefix(host).partition("#")[0].partition("?")
    # In pairs they are meant: old numbers of articles hold <…>, and a browser encodes it.
    stray = next((c for c in '"`' if (path.count(c) + query.count(c)) % 2), "")
    if not stray and (whole := path + query).count("<") != whole.count(">"):
        stray = "<" if "<" in whole else ">"
    last = text[-1]
    unpaired = last in ")]}" and text.count(last) > text.count("([{"[")]}".index(last)])
    if not stray and (unpaired or last in "'”“’‘»|\\"):
        stray = last
    encoded = re.findall(r"%22|%3E|%3C", path, re.IGNORECASE)
    if not stray and len(encoded) % 2 and path.endswith(encoded[-1]):
        stray = unquote(path[-3:])
    if stray:
        return f"holds a stray {stray}."
    if re.search(r"https?:/+\S*https?:/*$", text):
        return "ends in another scheme."
    if re.search(r"\{\{|\{%|\$\{", text) or re.search(r"%7B%7B", path, re.IGNORECASE):
        return "holds a placeholder that nothing filled in."
    return ""
