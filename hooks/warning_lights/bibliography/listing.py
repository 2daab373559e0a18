"""The bibliography as a list: each reference, its links, and every place that cites it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from warning_lights.bibliography import exports
from warning_lights.bibliography.references import Reference
from warning_lights.bibliography.reports import Report, shown
from warning_lights.core.html import fragment

# mkdocs-bibtex's command, with a filter in the manner of BibLaTeX's \printbibliography.
OPTIONS = r"(?:\[(?P<options>[^\]\n]*)\])?"
FEW = 2
ARCHIVE = "https://web.archive.org/web/*/"  # Every copy that the Internet Archive has of an address.
FILTERS = {"keyword", "notkeyword"}


@dataclass(frozen=True)
class Place:
    """One call that cites an entry, seen from the bibliography page."""

    href: str
    page: str
    heading: str
    sentence: str


class BadCommand(ValueError):
    """A command for a list with an option that there is not."""


def parse_options(text: str | None) -> dict[str, str]:
    """`keyword=work, notkeyword=named` as a mapping; raises BadCommand."""
    options: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in (text or "").split(","))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in FILTERS or not value:
            raise BadCommand(f"“{part}” is no option here: write keyword=… or notkeyword=…")
        options[name] = value
    return options


def select(references: Iterable[Reference], options: Mapping[str, str]) -> list[Reference]:
    return [
        reference
        for reference in references
        if options.get("keyword", "") in {"", *reference.keywords}
        and options.get("notkeyword") not in reference.keywords
    ]


def listing(
    references: Sequence[Reference],
    everything: Mapping[str, Reference],
    cited_at: Mapping[str, Sequence[Place]],
    *,
    reported: Mapping[str, Sequence[Report]] | None = None,
    downloads: str = "",
    invitation: str = "",
) -> str:
    """The list as HTML: `<section class="bibliography">` with one `<div class="entry" id="ref:key">` each.

    An entry names the works that it cites (its field `related`) and the entries that cite it.
    `reported` holds independent reports by the key of the entry under which they are shown.
    `downloads` is the address of the folder with the exported entries, if there is one; `invitation` is
    what an entry with the keyword `unknown` says to whoever knows the work.
    """
    citing: dict[str, list[Reference]] = {}
    for other in everything.values():
        for key in other.related:
            citing.setdefault(key, []).append(other)
    entries = "\n".join(
        entry(
            reference,
            [everything[key] for key in reference.related if key in everything],
            citing.get(reference.key, []),
            cited_at.get(reference.key, []),
            [
                shown((reported or {}).get(reference.key, []), everything),
                archive(reference),
                *([invitation] if "unknown" in reference.keywords else []),
                *([saved_as(reference, downloads)] if downloads else []),
            ],
        )
        for reference in references
    )
    return f'<section class="bibliography">\n{entries}\n</section>'


def entry(
    reference: Reference,
    cites: Sequence[Reference],
    cited_by: Sequence[Reference],
    places: Sequence[Place],
    more: Sequence[str],
) -> str:
    name = f'<a class="key" href="{href(reference)}" title="Link to this entry">{escape(reference.key)}</a>'
    parts = [f'<p class="reference">{reference.html}{links(reference)} {name}</p>']
    if annotation := reference.fields.get("annotation"):
        parts.append(f'<p class="annotation">{escape(annotation)}</p>')
    if cites:
        parts.append(f'<p class="related">Cites {"; ".join(map(link_to, cites))}.</p>')
    if cited_by:
        parts.append(f'<p class="related">Cited by {"; ".join(map(link_to, cited_by))}.</p>')
    if places:
        parts.append(cited_list(places))
    parts.extend(filter(None, more))
    key = escape(reference.key)
    return "\n".join([f'<div class="entry" id="ref:{key}">', *parts, "</div>"])


def saved_as(reference: Reference, downloads: str) -> str:
    """Links to the entry in each format for reference managers."""
    name = exports.file_name(reference.key)
    files = " · ".join(
        f'<a href="{escape(downloads)}{name}.{form}" download>{label}</a>'
        for form, label in exports.FORMATS.items()
    )
    return f'<p class="exports web-only">Save as {files}</p>'


def href(reference: Reference) -> str:
    return escape(f"#{fragment('ref:' + reference.key)}")


def link_to(reference: Reference) -> str:
    title = reference.fields.get("title", reference.key)
    names = f"{reference.names}, " if reference.names and reference.names != title else ""
    return f'<a href="{href(reference)}">{escape(names + title)}</a>'


def links(reference: Reference) -> str:
    """The original, where the reference itself does not already lead to it, and a known archived copy."""
    url, archived = (reference.fields.get(name, "") for name in ("url", "archiveurl"))
    original = (
        "" if not url or re.search(r"<a\s", reference.html) else f' <a href="{escape(url)}">Original</a>'
    )
    copy = f' <a href="{escape(archived)}">Archived copy</a>' if archived else ""
    return original + copy


def archive(reference: Reference) -> str:
    """Where to look for an archived copy of an address that has none in its entry."""
    url = reference.fields.get("url", "")
    if not url or "archiveurl" in reference.fields:
        return ""
    return f'<p class="archive web-only"><a href="{escape(ARCHIVE + url)}">Look up an archived copy</a></p>'


def cited_list(places: Sequence[Place]) -> str:
    """The places by page and heading, each of which is named once; the citing words are the link."""
    items = []
    for name, group in groupby(places, key=lambda place: (place.page, place.heading)):
        links = [f'<a href="{escape(each.href)}">{escape(each.sentence or each.page)}</a>' for each in group]
        below = f"<ul><li>{'</li><li>'.join(links)}</li></ul>" if len(links) > 1 else f": {links[0]}"
        items.append(f"<li>{escape(', '.join(dict.fromkeys(filter(None, name))))}{below}</li>")
    times = {1: "once", 2: "twice"}.get(len(places), f"{len(places)} times")
    # A short list needs no click; a long one would bury the next entry.
    state = " open" if len(places) <= FEW else ""
    summary = f"<summary>Cited {times}</summary>"
    return "\n".join([f'<details class="cited-at"{state}>{summary}', "<ul>", *items, "</ul>", "</details>"])
