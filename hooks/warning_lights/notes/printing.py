"""A citation as its note shows it: short name of the source, place, link out, and what a card adds."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

from markdown import Markdown

from warning_lights.bibliography.destinations import Destination, Destinations
from warning_lights.bibliography.references import Reference, join_reference
from warning_lights.core import dates
from warning_lights.notes.syntax import Cite

# Citation as in the ledger, `@key, para. 3` -> its quotations, each with the day of its comparison.
Verified = Mapping[str, Sequence[tuple[str, date]]]


class CitationPrinter:
    """Made for one page: the first note of a source has its reference in full, the others its mark."""

    def __init__(
        self,
        md: Markdown,
        references: Mapping[str, Reference],
        destinations: Destinations,
        entry_hrefs: Mapping[str, str],
        verified: Verified,
    ) -> None:
        self.md = md
        self.references = references
        self.destinations = destinations
        self.entry_hrefs = entry_hrefs
        self.verified = verified
        self.printed_in_full: set[str] = set()  # Sources whose full reference the page already has.

    def write_citations(
        self, parent: etree.Element, cites: Sequence[Cite], *, sentence: bool = False
    ) -> None:
        """Add the citations to `parent`; with `sentence`, they are the whole note and end in a full stop."""
        for i, cite in enumerate(cites):
            last = i == len(cites) - 1
            prefix = cite.prefix
            if prefix and sentence and not i:
                prefix = re.sub(r"\A[*_]*\w", lambda m: m[0].upper(), prefix)
            if prefix:
                append_text(parent, prefix + " ")
            destination = self.destinations.destination_of(cite.key, cite.locator, cite.suffix)
            if destination.mark:
                html, rest = self.short_citation(cite, destination)
            else:
                html, rest = self.full_citation(cite, destination, full_stop=sentence and last)
            # Prefix and suffix are Markdown of the page; the reference is finished HTML.
            append_text(parent, self.md.htmlStash.store(html))
            append_text(parent, rest)
            if sentence and (quoted := self.quotations_html(cite)):
                append_text(parent, self.md.htmlStash.store(f'<span class="more web-only">{quoted}</span>'))
            work = destination.mark or self.references[cite.key].names
            self.add_entry_link(parent, cite.key, f"{work} {destination.place}".strip())
            append_text(parent, "" if last else "; ")

    def short_citation(self, cite: Cite, destination: Destination) -> tuple[str, str]:
        """(HTML, the text after it) of a citation of a source that has a mark."""
        key = destination.source
        whole = ""
        if key not in self.printed_in_full and key in self.references:
            self.printed_in_full.add(key)
            reference = self.references[key]
            html = reference.html_without_author if cite.suppress_author else reference.html
            whole = f'<span class="whole">. {html}</span>'
        html = f'<span class="reference" data-key="{escape(key)}">{passage_link(destination)}{whole}</span>'
        return html, f", {destination.suffix}" if destination.suffix else ""

    def full_citation(self, cite: Cite, destination: Destination, *, full_stop: bool) -> tuple[str, str]:
        """(HTML, the text after it) of a citation of any other work: its reference, and a link out."""
        reference = self.references[cite.key]
        html = reference.html_without_author if cite.suppress_author else reference.html
        joint = ", " if cite.locator else cite.joint
        after = f"{cite.locator}{cite.joint}{cite.suffix}" if cite.locator and cite.suffix else ""
        after = after or cite.locator or cite.suffix
        body, rest = join_reference(html, after, joint, full_stop=full_stop)
        link = ""
        if naming := self.destinations.naming_place(cite.key) if not reference.address else None:
            link = f' <span class="way">(named in {passage_link(naming)})</span>'
        elif destination.href:
            label = escape(f"To the source: {reference.names}")
            href = escape(destination.href)
            link = f' <a class="passage way web-only" href="{href}" aria-label="{label}">↗</a>'
        # In a narrow margin, and in a later note of the book, a work is named in short.
        return (
            f'<span class="reference named" data-key="{escape(cite.key)}"'
            f' data-short="{escape(reference.names)}">'
            f'<span class="whole">{body}</span></span>'
        ), rest + (self.md.htmlStash.store(link) if link else "")

    def quotations_html(self, cite: Cite) -> str:
        """What is quoted from the place, for the card of the note."""
        return " ".join(
            f"<q>{escape(text)}</q>, compared word for word with the source on {dates.day_in_words(day)}."
            for text, day in self.verified.get(cite.place, ())
        )

    def add_entry_link(self, parent: etree.Element, key: str, of_what: str) -> None:
        if href := self.entry_hrefs.get(key):
            # Its space goes with it where it is not shown, as on paper.
            beside = etree.SubElement(parent, "span", {"class": "to-entry"})
            beside.text = " "
            link = etree.SubElement(beside, "a", {"class": "entry-link", "href": href})
            link.text = "Bibliography"
            link.set("aria-label", f"{of_what} in the bibliography")


def passage_link(destination: Destination) -> str:
    """The mark and the place as a link to the passage; without a known address, as text."""
    mark = escape(destination.mark)
    text = f'<b class="mark" data-mark="{mark}">{mark}</b> {escape(destination.place)}'.rstrip()
    return f'<a class="passage" href="{escape(destination.href)}">{text}</a>' if destination.href else text


def append_text(parent: etree.Element, text: str) -> None:
    """Add text after all that `parent` holds."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
