"""Every entry of the .bib files, formatted: mkdocs-bibtex reads and formats, once a build."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from warning_lights.bibliography.bibtex import Entry, plain, scan
from warning_lights.bibliography.pandoc import pandoc

FULL_STOP = re.compile(r"\.(?P<after>(?:</?\w[^>]*>|[”’\"'])*)\Z")
# What Pandoc's citeproc writes around each entry, and some styles inside it.
FORMATTED = re.compile(
    r'<div id="ref-(?P<key>[^"]*)" class="csl-entry"[^>]*>(?P<html>.*?)</div>'
    r'(?=\s*(?:<div id="ref-|</div>\s*\Z))',
    re.DOTALL,
)
LABEL = re.compile(r'<div class="csl-left-margin">.*?</div>', re.DOTALL)
RIGHT = re.compile(r'\A<div class="csl-right-inline">(.*)</div>\Z', re.DOTALL)
LEADING_NAMES = re.compile(r"\A(?P<names>[^“<\d]*?\w[^“<\d]*?),?\s+(?=(?:<span[^>]*>)*(?:“|<em>|<i>|<a ))")


@dataclass(frozen=True)
class Reference:
    """One entry: its reference as HTML, and its fields as plain text."""

    key: str
    html: str
    names: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    place: tuple[str, int, int] = ("", 0, 0)  # File, line and column of its key.
    first: tuple[str, str] = ("", "")  # The first author, as the style has the name, and inverted.

    @property
    def order(self) -> tuple[str, str, str]:
        """Where the entry stands in a list by inverted names: by author, date and title."""
        title = re.sub(r"\W+", " ", self.fields.get("title", self.key)).strip()
        title = re.sub(r"^(?:the|an?) ", "", title.casefold())
        date = self.fields.get("date", self.fields.get("year", ""))
        return (self.first[1].casefold() or title, date, title)

    @property
    def filed(self) -> str:
        """The reference as HTML with the name of its first author inverted, as in a list by names."""
        direct, inverted = self.first
        after = self.html[len(direct) :]
        if not direct or not self.html.startswith(direct) or not re.match(r"[\s,.;]|\Z", after):
            return self.html
        return inverted + after

    @property
    def without_author(self) -> str:
        """The reference from its title on, where the names stand first."""
        m = LEADING_NAMES.match(self.html)
        return self.html[m.end() :] if m else self.html

    @property
    def address(self) -> str:
        """The address of the work, or that of its DOI; "" where neither is known."""
        doi = self.fields.get("doi", "")
        return self.fields.get("url", "") or (f"https://doi.org/{doi}" if doi else "")

    @property
    def people(self) -> str:
        """All authors in full, as the style names them."""
        m = LEADING_NAMES.match(self.html)
        return unescape(m["names"]) if m else ""

    @property
    def cited_for(self) -> str:
        """What a note of a source is cited for there, as its annotation says: `the statement that …`."""
        return self.fields.get("annotation", "").partition("Cited for ")[2]

    @property
    def related(self) -> list[str]:
        """The keys in the field `related`: works that this entry cites."""
        return [key for key in re.split(r"[,\s]+", self.fields.get("related", "")) if key]

    @property
    def keywords(self) -> frozenset[str]:
        return frozenset(re.split(r"\s*[,;]\s*", self.fields.get("keywords", "").strip()))


class NotFormatted(ValueError):
    """Entries that the style cannot set: key -> why."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(str(faults))
        self.faults = faults


def load(registry: Any, texts: Mapping[str, str], clean: str, *, with_pandoc: bool) -> dict[str, Any]:
    """The fields of a Reference for each entry of an mkdocs-bibtex registry, as JSON can hold them.

    `texts` are the .bib files, as path -> text, and `clean` is what `clean.py` makes of them.
    Raises NotFormatted, and what pybtex and Pandoc raise.
    """
    formatted = format_all(registry, clean, with_pandoc=with_pandoc)
    where = places(texts)
    return {
        key: {
            "html": formatted[key],
            "names": names(entry),
            "fields": plain_fields(entry),
            "place": where.get(key, ("", 0, 0)),
            "first": first_author(entry),
        }
        for key, entry in registry.bib_data.entries.items()
    }


def places(texts: Mapping[str, str]) -> dict[str, tuple[str, int, int]]:
    """key -> (file, line, column), for .bib files as path -> text."""
    return {
        entry.key: (file, entry.line, entry.column)
        for file, text in texts.items()
        for entry in scan(text)
        if isinstance(entry, Entry)
    }


def format_all(registry: Any, bibtex: str, *, with_pandoc: bool) -> dict[str, str]:
    """key -> HTML, from one formatting run over all entries."""
    from mkdocs_bibtex.citation import Citation, CitationBlock

    if with_pandoc:
        # mkdocs-bibtex asks Pandoc for Markdown, which loses the quotation marks and has to be read again.
        registry._process_with_pandoc = lambda blocks: ({}, pandoc_html(registry, bibtex))
    citations = [Citation(key=key) for key in registry.bib_data.entries]
    registry.validate_citation_blocks([CitationBlock(citations=citations)] if citations else [])
    formatted: dict[str, str] = {}
    faults: dict[str, str] = {}
    for citation in citations:
        try:
            text = registry.reference_text(citation)
            formatted[citation.key] = text if with_pandoc else markdown_html(text)
        except Exception as error:  # Each formatter has its own, for a missing field or an unreadable key.
            faults[citation.key] = str(error)
    if faults:
        raise NotFormatted(faults)
    return formatted


def pandoc_html(registry: Any, bibtex: str) -> dict[str, str]:
    """key -> HTML of every entry, by the style of the registry.

    The entries go to Pandoc as they were written: the registry's own copy of them is encoded anew, which
    damages `\\&`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.bib"
        path.write_text(bibtex, encoding="utf-8")
        html = pandoc(
            '---\nnocite: "@*"\n---\n',
            "--from=markdown",
            "--to=html",
            "--citeproc",
            "--wrap=none",
            f"--bibliography={path}",
            f"--csl={registry.csl_file}",
        )
    return {unescape(m["key"]): tidy_entry(m["html"]) for m in FORMATTED.finditer(html)}


def tidy_entry(html: str) -> str:
    """One entry without the number or label that some styles set before it."""
    return RIGHT.sub(r"\1", LABEL.sub("", html).strip()).strip()


def markdown_html(text: str) -> str:
    import markdown

    return re.sub(r"\A<p>(.*)</p>\Z", r"\1", markdown.markdown(text), flags=re.DOTALL)


def names(entry: Any) -> str:
    """The names for a sentence: `Wray`, `Ingram and Mines`, `Jadoon et al.`, else the title."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    families = [plain(" ".join(person.prelast_names + person.last_names)) for person in people]
    if not families:
        return plain(entry.fields.get("organization", "") or entry.fields.get("title", ""))
    if len(families) > 2:
        return f"{families[0]} et al."
    return " and ".join(families)


def first_author(entry: Any) -> tuple[str, str]:
    """(`Ann Doe`, `Doe, Ann`) of an entry's first author; of an organisation, its name twice."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    if not people:
        return "", ""
    given = plain(" ".join(people[0].first_names + people[0].middle_names))
    family = plain(" ".join(people[0].prelast_names + people[0].last_names))
    return (f"{given} {family}", f"{family}, {given}") if given else (family, family)


def plain_fields(entry: Any) -> dict[str, str]:
    raw = {"url", "doi", "keywords", "related", "isbn"}
    return {
        name.lower(): value if name.lower() in raw else plain(value) for name, value in entry.fields.items()
    }


def joined(html: str, after: str, joint: str = ", ", *, full_stop: bool) -> tuple[str, str]:
    """A reference and what follows it, as (HTML, text): the full stop goes to the end, or goes.

    `…, 2024.` with `para. 3` is `…, 2024` and `, para. 3.`; `Data.”` is `Data,”` and ` para. 3.`
    """
    m = FULL_STOP.search(html)
    if not after:
        return (html, "") if full_stop or not m else (html[: m.start()] + m["after"], "")
    stop = "." if full_stop and not after.endswith(".") else ""
    if m and joint.startswith(",") and re.search(r"[”’\"']", m["after"]):
        return f"{html[: m.start()]},{m['after']}", f" {after}{stop}"
    body = html[: m.start()] + m["after"] if m else html
    return body, f"{joint}{after}{stop}"
