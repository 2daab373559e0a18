"""The bibliography as a list: each reference, its links, and every place that cites it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from references import Reference, escape

# mkdocs-bibtex's command, with a filter in the manner of BibLaTeX's \printbibliography.
OPTIONS = r"(?:\[(?P<options>[^\]\n]*)\])?"
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
) -> str:
    """The list as HTML: `<section class="bibliography">` with one `<div class="entry" id="ref:key">` each."""
    entries = "\n".join(entry(reference, everything, cited_at) for reference in references)
    return f'<section class="bibliography">\n{entries}\n</section>'


def entry(
    reference: Reference, everything: Mapping[str, Reference], cited_at: Mapping[str, Sequence[Place]]
) -> str:
    parts = [f'<p class="reference">{reference.html}{links(reference)}</p>']
    if annotation := reference.fields.get("annotation"):
        parts.append(f'<p class="annotation">{escape(annotation)}</p>')
    related = [everything[key] for key in keys(reference.fields.get("related")) if key in everything]
    if related:
        works = "; ".join(f'<a href="#ref:{escape(work.key)}">{escape(label(work))}</a>' for work in related)
        parts.append(f'<p class="related">Cites {works}.</p>')
    backward = [other for other in everything.values() if reference.key in keys(other.fields.get("related"))]
    if backward:
        notes = "; ".join(
            f'<a href="#ref:{escape(o.key)}">{escape(o.fields.get("title", o.key))}</a>' for o in backward
        )
        parts.append(f'<p class="related">Cited in {notes} of the article.</p>')
    if places := cited_at.get(reference.key):
        parts.append(cited_list(places))
    return (
        f'<div class="entry" id="ref:{escape(reference.key)}">\n'
        + "\n".join(parts)
        + f'\n<p class="key"><a href="#ref:{escape(reference.key)}"><code>{escape(reference.key)}</code></a></p>\n</div>'
    )


def links(reference: Reference) -> str:
    """The original, where the reference itself does not already lead to it."""
    url = reference.fields.get("url", "")
    if not url or re.search(r"<a\s", reference.html):
        return ""
    return f' <a href="{escape(url)}">Original</a>'


def cited_list(places: Sequence[Place]) -> str:
    items = "\n".join(
        f'<li><a href="{escape(place.href)}">{escape(place.page)}'
        + (f", {escape(place.heading)}" if place.heading and place.heading != place.page else "")
        + "</a>"
        + (f": {escape(place.sentence)}" if place.sentence else "")
        + "</li>"
        for place in places
    )
    times = "once" if len(places) == 1 else f"{len(places)} times"
    return f'<details class="cited-at"><summary>Cited {times}</summary>\n<ul>\n{items}\n</ul>\n</details>'


def label(reference: Reference) -> str:
    title = reference.fields.get("title", reference.key)
    return f"{reference.names}, {title}" if reference.names and reference.names != title else title


def keys(related: str | None) -> list[str]:
    return [key for key in re.split(r"[,\s]+", related or "") if key]
