"""Pandoc's citation syntax, `[see @key, para. 3; also @other]`, as values.

Follows the Pandoc User's Guide, "Citation syntax".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# A key starts with a letter, digit or `_`; inside, it may hold single marks of punctuation, but not
# end with one. Between braces anything may stand: `@{https://example.org/a;b}`.
KEY = r"(?:\{(?P<braced>[^{}\s]+)\}|(?P<plain>\w+(?:[:.#$%&\-+?<>~/]\w+)*))"
# No citation inside a word: an address such as `a@b.org` is left alone.
CITED = re.compile(rf"(?<![\w@.+/])(?P<suppress>-)?@{KEY}")

# One spelling for each locator, and the words that Pandoc takes for it (CSL locator terms).
LABELS = {
    "book": "book books bk. bks.",
    "chap.": "chapter chapters chap. chaps.",
    "col.": "column columns col. cols.",
    "fig.": "figure figures fig. figs.",
    "fol.": "folio folios fol. fols.",
    "line": "line lines l. ll.",
    "n.": "note n.",
    "nn.": "notes nn.",
    "no.": "number numbers no. nos.",
    "op.": "opus op. opp.",
    "p.": "page p.",
    "pp.": "pages pp.",
    "para.": "paragraph para. ¶",
    "paras.": "paragraphs paras. ¶¶",
    "pt.": "part parts pt. pts.",
    "sec.": "section sec. §",
    "secs.": "sections secs. §§",
    "s.v.": "s.v. s.vv.",
    "verse": "verse verses v. vv.",
    "vol.": "volume volumes vol. vols.",
}
LABEL_OF = {word: label for label, words in LABELS.items() for word in words.split()}
_LABEL = "|".join(sorted(map(re.escape, LABEL_OF), key=len, reverse=True))
_NUMBER = r"(?:\d+(?:\.\d+)*[a-z]?|[ivxlcdmIVXLCDM]+|[a-zA-Z])\b"
_RANGE = rf"{_NUMBER}(?:\s*[-–—]\s*{_NUMBER})?"
LABELLED = re.compile(rf"(?P<label>{_LABEL})\s*(?P<value>{_RANGE}(?:,\s*\d+[a-z]?\b(?:\s*[-–—]\s*\d+\b)?)*)")
BARE_PAGE = re.compile(r"(?P<value>\d+(?:\s*[-–—]\s*\d+)?(?:,\s*\d+(?:\s*[-–—]\s*\d+)?)*)\b")
IN_BRACES = re.compile(r"\{(?P<value>[^{}]*)\}")


@dataclass(frozen=True)
class Cite:
    """One work cited at one place: prefix `see`, key, locator `para. 3`, suffix `and passim`."""

    key: str
    prefix: str = ""
    locator: str = ""
    suffix: str = ""
    suppress_author: bool = False
    written: str = field(default="", compare=False)  # From its key on, as it stands on the page.


class NotACitation(ValueError):
    """A part between semicolons names no key."""


def parse(text: str) -> tuple[Cite, ...]:
    """The citations in `text`, which is what stands between the brackets, over one line or more.

    Raises NotACitation when a part between semicolons has no key; its argument is that part.
    """
    return tuple(parse_part(part) for part in split_parts(" ".join(text.split())))


def split_parts(text: str) -> list[str]:
    """Split at semicolons, but not at those inside braces."""
    parts, depth, start = [], 0, 0
    for i, character in enumerate(text):
        if character == "{":
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
        elif character == ";" and not depth:
            parts.append(text[start:i])
            start = i + 1
    return [*parts, text[start:]]


def parse_part(part: str) -> Cite:
    m = CITED.search(part)
    if not m:
        raise NotACitation(part.strip())
    locator, suffix = split_locator(part[m.end() :])
    key, prefix = m["braced"] or m["plain"], part[: m.start()].strip()
    return Cite(key, prefix, locator, suffix, bool(m["suppress"]), part[m.start() :].strip())


def split_locator(rest: str) -> tuple[str, str]:
    """What follows a key, as (locator, suffix): `, pp. 3-5 and passim` is ("pp. 3–5", "and passim")."""
    rest = rest.strip()
    if m := IN_BRACES.match(rest):
        return tidy(m["value"].strip()), rest[m.end() :].strip(" ,")
    rest = rest.removeprefix(",").strip()
    if m := LABELLED.match(rest):
        return f"{LABEL_OF[m['label']]} {tidy(m['value'])}", rest[m.end() :].strip(" ,")
    if m := BARE_PAGE.match(rest):
        label = "pp." if re.search(r"[-–—,]", m["value"]) else "p."
        return f"{label} {tidy(m['value'])}", rest[m.end() :].strip(" ,")
    return "", rest


def tidy(value: str) -> str:
    """A range with its en dash and no spaces around it."""
    return re.sub(r"(?<=\w)\s*[-–—]+\s*(?=\w)", "–", value)


def slug(cites: tuple[Cite, ...]) -> str:
    """A stable name for what is cited, made of keys and locators: `@a:para-3+@b`."""
    return "+".join(
        "".join(
            [
                words(cite.prefix) and words(cite.prefix) + "-",
                "-" if cite.suppress_author else "",
                f"@{cite.key}",
                words(cite.locator) and ":" + words(cite.locator),
                words(cite.suffix) and "-" + words(cite.suffix),
            ]
        )
        for cite in cites
    )


def words(text: str) -> str:
    return "-".join(re.findall(r"\w+", text.lower()))
