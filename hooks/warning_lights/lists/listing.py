"""The bibliography as a list by inverted names: each reference, its links, and every place that cites it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby

from warning_lights.bibliography import exports
from warning_lights.bibliography.destinations import Destinations
from warning_lights.bibliography.references import Reference
from warning_lights.bibliography.reports import Report
from warning_lights.core.fragments import fragment

AGREEMENT = {"confirms": "Confirms", "partly": "Confirms in part", "differs": "Differs on"}
OPEN_LIST_LIMIT = 2
SENTENCE_LIMIT = 20  # Places from which on only pages are named, not sentences.
# Leads to the capture of the Internet Archive that is nearest to a date: 20240611, 202405 or 2024.
ARCHIVE = "https://web.archive.org/web/{date}/{url}"


@dataclass(frozen=True)
class CitingPlace:
    """One call that cites an entry, seen from the bibliography page."""

    href: str
    page: str
    heading: str
    sentence: str


@dataclass(frozen=True)
class Lists:
    """What the lists on a page show; addresses are relative to it, `entry_address` gives those of entries.

    `reports` are independent reports by the key of their note; `exported` are the paths of all files for
    reference managers.
    """

    references: Mapping[str, Reference]
    destinations: Destinations
    cited_at: Mapping[str, Sequence[CitingPlace]]
    reports: Mapping[str, Sequence[Report]]
    entry_address: Callable[[str], str]
    downloads: str = ""
    exported: Collection[str] = ()

    @cached_property
    def cited_by(self) -> Mapping[str, Sequence[str]]:
        """For each key, those of the entries that cite it."""
        found: dict[str, list[str]] = {}
        for key, reference in self.references.items():
            for cited in dict.fromkeys(reference.related):
                found.setdefault(cited, []).append(key)
        return found

    @cached_property
    def reported_by(self) -> Mapping[str, Sequence[Report]]:
        """The same reports by the key of the entry that makes them."""
        found: dict[str, list[Report]] = {}
        for report in (each for of_note in self.reports.values() for each in of_note):
            found.setdefault(report.entry, []).append(report)
        return found

    def link_to(self, key: str, words: str = "") -> str:
        """A link to an entry, by default with its names and title as words."""
        reference = self.references[key]
        title = reference.fields.get("title", key)
        names = f"{reference.names}, " if reference.names and reference.names != title else ""
        return f'<a href="{escape(self.entry_address(key))}">{escape(words or names + title)}</a>'

    def has_export(self, key: str) -> bool:
        """Whether there is a file of the entry for reference managers."""
        return f"{exports.DOWNLOADS}entries/{exports.file_name(key)}.bib" in self.exported


def bibliography_list(chosen: Sequence[Reference], lists: Lists) -> str:
    """The list as HTML: `<section class="bibliography">` with one `<div class="entry" id="ref:key">` each."""
    entries = "\n".join(entry_html(each, lists) for each in sorted(chosen, key=lambda r: r.sort_key))
    return f'<section class="bibliography">\n{entries}\n</section>'


def entry_html(reference: Reference, lists: Lists) -> str:
    """An entry: its reference, its links, what cites it, and the places on this site."""
    key = escape(reference.key)
    name = f'<a class="key" href="{entry_href(reference)}" title="Link to this entry">{key}</a>'
    cites = [cited for cited in reference.related if cited in lists.references]
    cited_by = lists.cited_by.get(reference.key, [])
    places = lists.cited_at.get(reference.key, [])
    links = source_links(reference, lists.destinations)
    annotation = reference.fields.get("annotation", "")
    parts = [
        f'<p class="reference">{reference.inverted_html}{links} {name}</p>',
        f'<p class="annotation">{escape(annotation)}</p>' if annotation else "",
        f'<p class="related">Cites {"; ".join(map(lists.link_to, cites))}.</p>' if cites else "",
        f'<p class="related">Cited by {"; ".join(map(lists.link_to, cited_by))}.</p>' if cited_by else "",
        citing_places(places) if places else "",
        reports_html(reference.key, lists),
        *(report_html(report, lists) for report in lists.reported_by.get(reference.key, [])),
        entry_exports(reference.key, lists) if lists.has_export(reference.key) else "",
    ]
    return "\n".join([f'<div class="entry" id="ref:{key}">', *filter(None, parts), "</div>"])


def reports_html(key: str, lists: Lists) -> str:
    """The independent reports of what a note is cited for, with their grades, differences and remarks."""
    items = []
    for report in lists.reports.get(key, []):
        work = lists.references[report.entry]
        name = work.fields.get("organization") or work.fields.get("journaltitle") or work.names
        year = work.fields.get("date", "")[:4]
        link = lists.link_to(work.key, ", ".join(filter(None, [name, year])))
        how = " ".join(filter(None, [report.difference, report.remark])).rstrip(".")
        items.append(f"{link} ({report.agreement}{': ' if how else ''}{escape(how)})")
    return (
        f'<p class="reports">Reported also, outside the sources, by {"; ".join(items)}.</p>' if items else ""
    )


def report_html(report: Report, lists: Lists) -> str:
    """What an independent report says of the fact at a note, how it differs, and a link to the note."""
    note = lists.references[report.note]
    words = " ".join(filter(None, [report.confirms, report.difference, report.remark]))
    link = lists.link_to(note.key, note.fields.get("title", note.key))
    return f'<p class="reports web-only">{AGREEMENT[report.agreement]} {link}: {escape(words)}</p>'


def source_links(reference: Reference, destinations: Destinations) -> str:
    """The original, where the reference lacks its link; the place that prints or names the work; a copy."""
    url, links = reference.address, []
    if url and not re.search(r"<a\s", reference.html):
        links.append(f'<a href="{escape(url)}">Original</a>')
    if not url and (printed := destinations.destination_of(reference.key)).href:
        naming = destinations.naming_place(reference.key)
        place = naming or printed
        words = escape(" ".join(filter(None, [place.mark, place.place])))
        relation = "named in" if naming else "printed in"
        links.append(f'({relation} <a class="passage" href="{escape(place.href)}">{words}</a>)')
    if copy := archive_address(reference):
        links.append(f'<a class="web-only" href="{escape(copy)}">Archived copy</a>')
    return "".join(f" {link}" for link in links)


def archive_address(reference: Reference) -> str:
    """The address of an archived copy: the one of the entry, else the capture nearest to its date."""
    url, date = reference.fields.get("url", ""), reference.fields.get("date", "")
    digits = re.sub(r"\D", "", date.partition("/")[0])
    nearest = ARCHIVE.format(date=digits, url=url) if url and digits else ""
    return reference.fields.get("archiveurl", "") or nearest


def export_links(lists: Lists, path: str) -> str:
    """Links to the files for reference managers that there are."""
    base = escape(lists.downloads) + path
    forms = [form for form in exports.FORMATS if f"{exports.DOWNLOADS}{path}.{form}" in lists.exported]
    return " · ".join(f'<a href="{base}.{form}" download>{exports.FORMATS[form]}</a>' for form in forms)


def entry_exports(key: str, lists: Lists) -> str:
    """The files of an entry, behind one button that names it."""
    summary = f'<summary>Cite<span class="unseen"> {escape(key)}</span></summary>'
    links = export_links(lists, f"entries/{exports.file_name(key)}")
    return f'<details class="exports web-only">{summary}{links}</details>'


def whole_list_exports(lists: Lists) -> str:
    links = export_links(lists, "bibliography")
    return f'<p class="exports web-only">The whole list for reference managers: {links}</p>'


def entry_href(reference: Reference) -> str:
    return escape(f"#{fragment('ref:' + reference.key)}")


def citing_places(places: Sequence[CitingPlace]) -> str:
    """The places by page and heading, each of which is named once; the citing words are the link."""
    if len(places) > SENTENCE_LIMIT:
        summary = f"<summary>Cited {len(places)} times</summary>"
        return f'<details class="cited-at">{summary}<p>{citing_pages(places)}</p></details>'
    items = []
    for name, group in groupby(places, key=lambda place: (place.page, place.heading)):
        links = [f'<a href="{escape(each.href)}">{escape(each.sentence or each.page)}</a>' for each in group]
        below = f"<ul><li>{'</li><li>'.join(links)}</li></ul>" if len(links) > 1 else f": {links[0]}"
        items.append(f"<li>{escape(', '.join(dict.fromkeys(filter(None, name))))}{below}</li>")
    times = {1: "once", 2: "twice"}.get(len(places), f"{len(places)} times")
    # A short list needs no click; a long one would bury the next entry.
    state = " open" if len(places) <= OPEN_LIST_LIMIT else ""
    summary = f"<summary>Cited {times}</summary>"
    return "\n".join([f'<details class="cited-at"{state}>{summary}', "<ul>", *items, "</ul>", "</details>"])


def citing_pages(places: Sequence[CitingPlace]) -> str:
    """Each page that cites an entry, with a link to each call."""
    pages = []
    for page, group in groupby(places, key=lambda place: place.page):
        first, *others = group
        more = "".join(f' <a href="{escape(each.href)}">{n}</a>' for n, each in enumerate(others, start=2))
        pages.append(f'<a href="{escape(first.href)}">{escape(page)}</a>{more}')
    return ", ".join(pages)
