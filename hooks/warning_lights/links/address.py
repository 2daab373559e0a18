"""Addresses as a browser reads them: the WHATWG URL algorithm, and what is wrong with an address.

Standard: https://url.spec.whatwg.org/ (basic URL parser). Where MkDocs and Python read an address
differently (`urllib.parse` follows RFC 3986), the browser is right, because it serves the reader.
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import unquote

SPECIAL = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "file": ""}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
C0_AND_SPACE = "".join(map(chr, range(0x21)))
TAB_OR_NEWLINE = re.compile(r"[\t\n\r]")
FORBIDDEN_IN_HOST = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
DOTS = {".": ".", "%2e": ".", "..": "..", ".%2e": "..", "%2e.": "..", "%2e%2e": ".."}

# A host of one of these names is a scheme written twice, or its colon lost.
SCHEME_AS_HOST = {"http", "https", "ftp", "mailto"}
# What a reader's browser opens by itself, and what is often meant by something close to it.
COMMON_SCHEMES = ("http", "https", "mailto", "tel", "ftp")
OPENS_NOTHING = {
    "doi": "Write https://doi.org/ and the number.",
    "file": "It is a file of one machine, which no reader has.",
    "hxxp": "Write http:// or https://, or take the link out.",
    "hxxps": "Write https://, or take the link out.",
    "localhost": "Write http:// before it.",
}


class Url(NamedTuple):
    """A parsed address. `path` begins with a slash for special schemes and is opaque otherwise."""

    scheme: str
    host: str
    port: str
    path: str
    query: str | None = None
    fragment: str | None = None

    def __str__(self) -> str:
        authority = f"//{self.host}{':' + self.port if self.port else ''}" if self.scheme in SPECIAL else ""
        return f"{self.scheme}:{authority}{self.path}{self.tail}"

    @property
    def tail(self) -> str:
        query = "" if self.query is None else f"?{self.query}"
        return query if self.fragment is None else f"{query}#{self.fragment}"

    @property
    def origin(self) -> tuple[str, str]:
        """Host and port; http and https of one host are the same place to a reader."""
        return self.host, self.port


def parse(text: str, base: Url | None = None) -> Url | None:
    """What a browser makes of `text` on a page at `base`, or None where it fails."""
    text = TAB_OR_NEWLINE.sub("", text.strip(C0_AND_SPACE))
    m = SCHEME.match(text)
    if m:
        scheme, rest = m[1].lower(), text[m.end() :]
        if scheme not in SPECIAL:
            path, query, fragment = cut(rest)
            return Url(scheme, "", "", path, query, fragment)
        if not (base and base.scheme == scheme and rest[:2].replace("\\", "/") != "//"):
            return with_authority(scheme, rest)
        text = rest  # `https:page` on an https page is relative.
    if base is None:
        return None
    path, query, fragment = cut(text)
    if base.scheme not in SPECIAL:
        return base._replace(fragment=fragment) if text.startswith("#") else None
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return with_authority(base.scheme, text)
    if not path:
        return base._replace(query=base.query if query is None else query, fragment=fragment)
    folder = "" if path.startswith("/") else base.path[: base.path.rfind("/") + 1]
    return base._replace(path=normal(folder + path), query=query, fragment=fragment)


def cut(text: str) -> tuple[str, str | None, str | None]:
    """(path, query, fragment), None where the sign is missing."""
    text, hash_sign, fragment = text.partition("#")
    path, question, query = text.partition("?")
    return path, query if question else None, fragment if hash_sign else None


def normal(path: str) -> str:
    """`path` without dot segments; what goes above the root stays at the root."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for number, segment in enumerate(segments):
        dots = DOTS.get(segment.lower(), "")
        if dots == ".." and kept:
            kept.pop()
        if not dots:
            kept.append(segment)
        elif number == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)


def with_authority(scheme: str, rest: str) -> Url | None:
    path, query, fragment = cut(rest)
    path = path.replace("\\", "/").lstrip("/")
    authority, slash, path = path.partition("/")
    host, port = split_port(authority.rpartition("@")[2])
    known = parse_host(host)
    if (known is None and scheme != "file") or (port and not re.fullmatch(r"0*[0-9]{1,5}", port, re.ASCII)):
        return None
    if port and int(port) > 65535:
        return None
    port = "" if port == SPECIAL[scheme] else port
    return Url(scheme, known or "", port, normal("/" + path) if slash else "/", query, fragment)


def split_port(authority: str) -> tuple[str, str]:
    colon = authority.rfind(":")
    if colon < 0 or authority.rfind("]") > colon:
        return authority, ""
    return authority[:colon], authority[colon + 1 :]


def parse_host(host: str) -> str | None:
    """The host in its usual form, or None where a browser refuses it."""
    if host.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1])}]" if host.endswith("]") else None
        except ValueError:
            return None
    host = unquote(host).lower()
    if not host or FORBIDDEN_IN_HOST.search(host):
        return None
    last = host.rstrip(".").rpartition(".")[2]
    if last.isascii() and (last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last)):
        parts = host.rstrip(".").split(".")
        try:
            numbers = [
                int(p, 16 if p[:2] == "0x" else 8 if p[:1] == "0" and len(p) > 1 else 10) for p in parts
            ]
        except ValueError:
            return None
        if len(parts) > 4 or any(n > 255 for n in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(parts)):
            return None
    return host


def fault(written: str) -> str:
    """What is wrong with `written`, an address that names its scheme or host; "" where nothing is.

    A browser repairs some of these in silence (`https:///host`); another reader of the page, a
    PDF or a citation manager does not, and no writer means them.
    """
    text = TAB_OR_NEWLINE.sub("", written.strip(C0_AND_SPACE))
    m = SCHEME.match(text)
    if m is None:
        text = "https:" + text  # `//host/path` takes the scheme of its page.
    scheme = m[1].lower() if m else "https"
    rest = text[len(scheme) + 1 :]
    if scheme in {"javascript", "vbscript"}:
        return "is a script, not an address. Link to a page, or use a button."
    if scheme == "mailto":
        return mail_fault(rest)
    if scheme == "tel":
        return (
            ""
            if re.fullmatch(r"\+?[\d().\-\s%*#]*\d[\d().\-\s%*#]*(;.*)?", rest)
            else "is not a telephone number."
        )
    if scheme == "data":
        return "" if "," in rest else "has no comma, so it holds no data."
    if scheme in {"http", "https", "ftp"}:
        return web_fault(text, scheme, rest)
    if scheme in OPENS_NOTHING:
        return f"opens nothing in a browser. {OPENS_NOTHING[scheme]}"
    if len(scheme) == 1:
        return "is a path on one machine's disk, which no reader has."
    if "." in scheme:
        return f"has no scheme, so {scheme!r} is read as one. Did you mean https://{text}?"
    near = next((s for s in COMMON_SCHEMES if one_slip_apart(scheme, s)), "")
    return f"has the unknown scheme {scheme}:. Did you mean {near}:{rest}?" if near else ""


def one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter more, less, other or exchanged makes `one` into `other`."""
    if sorted(one) == sorted(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 2
    short, long = sorted((one, other), key=len)
    if len(long) == len(short):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def mail_fault(rest: str) -> str:
    """Standard: RFC 6068. `mailto:?subject=…` without an address is allowed."""
    path, query, _ = cut(rest)
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
    first = split_port(host)[0].lower().rstrip(".")
    if first in SCHEME_AS_HOST:
        meant = after if "://" in after else repaired(after)
        return f"has a scheme where the host should be. Did you mean {meant}?"
    if host.lower().endswith(("http:", "https:")):
        return "is two addresses in one. Take one of them out."
    if url is None:
        return f"has no host that a browser accepts: {host!r}." if host else "names no host."
    if not url.host.startswith("[") and not re.fullmatch(r"(?:[\w-]+\.)*[\w-]+\.?", url.host):
        return f"has a host that cannot exist: {host!r}."
    path, query, _ = cut(after[len(host) :] if after.startswith(host) else after)
    # In pairs they are meant: old numbers of articles hold <…>, and a browser encodes it.
    stray = next((c for c in '"`' if (path.count(c) + (query or "").count(c)) % 2), "")
    if not stray and (whole := path + (query or "")).count("<") != whole.count(">"):
        stray = "<" if "<" in whole else ">"
    if not stray and text[-1] in "'”“’‘»|\\":
        stray = text[-1]
    if not stray and text[-1] in ")]}" and text.count(text[-1]) > text.count("([{"[")]}".index(text[-1])]):
        stray = text[-1]
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


def repaired(after: str) -> str:
    """`https//host/path` or `https:host/path`, the rest of a doubled scheme, as an address."""
    scheme, _, rest = re.sub(r"[:/]+", " ", after, count=1).partition(" ")
    return f"{scheme}://{rest}"
