"""Does every citation of a finished site open the passage it names? Judged by its HTML and the texts alone.

A fragment is wrong whose words do not occur exactly once, whose note is not marked there with the number
that the link gives, or whose paragraph is not the one that follows the paragraph numbered before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from warning_lights.core.fragments import DELIMITER, directives_of
from warning_lights.quotations.directive_match import find_passages, occurrences
from warning_lights.quotations.note_markers import note_markers
from warning_lights.quotations.passage_words import SENTENCE, SourceText

NOTE = re.compile(r"n\.\s(?P<label>\w+)(?:\s·\s¶\s(?P<paragraph>\d+))?\Z")
PARAGRAPH = re.compile(r"(?P<scope>(?:[^·]*, )?)¶\s(?P<number>\d+)\Z")


@dataclass
class LinkReport:
    """What was counted on a site, and a message for each wrong link."""

    calls: int = 0
    outside: int = 0  # Calls whose note leads to another site.
    to_passage: int = 0  # Calls whose note has a text fragment.
    passages: int = 0  # Different links with a text fragment that were compared with their text.
    inside: list[str] = field(default_factory=list)  # Places of calls whose note leads nowhere outside.
    faults: list[str] = field(default_factory=list)


def check(site: Path, texts: Mapping[str, str]) -> LinkReport:
    """Read all pages below `site`; `texts` gives the text of a source by its address."""
    report = LinkReport()
    found: dict[tuple[str, str], str] = {}  # (address with fragment, place) -> the page that has it first
    for path in sorted(site.rglob("*.html")):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        page = path.relative_to(site).as_posix()
        notes = {note.attributes.get("id"): note for note in tree.css("li.note[id]")}
        for call in tree.css("sup.note-call a[href]"):
            note = notes.get(unquote((call.attributes["href"] or "").removeprefix("#")))
            hrefs = [a.attributes["href"] or "" for a in note.css('a[href^="http"]')] if note else []
            report.calls += 1
            report.outside += bool(hrefs)
            report.to_passage += any(DELIMITER in href for href in hrefs)
            if not hrefs:
                report.inside.append(f"{page}{call.attributes['href']}")
        for link in tree.css("a[href]"):
            href = link.attributes["href"] or ""
            if DELIMITER in href:
                mark = link.css_first(".mark")
                place = link.text().removeprefix(mark.text() if mark else "").strip()
                found.setdefault((href, place), page)
    report.passages = len(found)
    prepared = {url: SourceText(text) for url, text in texts.items()}
    paragraphs: dict[str, dict[tuple[str, int], int]] = {}
    for (href, place), page in found.items():
        url = href.partition("#")[0]
        if url not in prepared:
            report.faults.append(f"{page}: {href}: the text of this source is not in the folder")
            continue
        faults, span = compare_link(href, place, prepared[url])
        report.faults += [f"{page}: {place}: {fault}: {href}" for fault in faults]
        if span and (m := PARAGRAPH.match(place)):
            paragraphs.setdefault(url, {})[m["scope"], int(m["number"])] = span[0]
    for url, places in paragraphs.items():
        report.faults += [f"{url}: {fault}" for fault in order_faults(places, prepared[url])]
    return report


def compare_link(href: str, place: str, source: SourceText) -> tuple[list[str], tuple[int, int] | None]:
    """What is wrong with one link, and the span of its first passage in the text."""
    try:
        directives = directives_of(href)
    except ValueError as error:
        return [str(error)], None
    faults, first = [], None
    for directive in directives:
        once = [len(each) == 1 for each in occurrences(source.text, directive)]
        spans = find_passages(source.text, directive)
        if not all(once) or len(spans) != 1:
            faults.append("the words do not occur exactly once")
            continue
        first = first or spans[0]
    if first and (m := NOTE.match(place)) and not source.printed_note(m["label"]):
        faults += marker_faults(m["label"], first, source)
    elif first and PARAGRAPH.fullmatch(place) and source.line_at(first[0]) != source.line_at(first[1] - 1):
        faults.append("the passage runs over more than one paragraph")
    return faults, first


def marker_faults(label: str, span: tuple[int, int], source: SourceText) -> Iterator[str]:
    """A fault where the passage of a note does not stand beside its own mark."""
    marks = note_markers(source.text)
    if label not in marks:
        yield f"the text has no mark of a note {label}"
        return
    line = source.line_at(marks[label][0])
    if not line[0] <= span[0] < line[1]:
        yield "the passage is not in the paragraph of the mark"
    elif any(
        min(span[1], marks[label][0]) < start < max(span[0], marks[label][0]) for start, _ in marks.values()
    ):
        yield "another mark stands between the passage and its own"


def order_faults(places: Mapping[tuple[str, int], int], source: SourceText) -> Iterator[str]:
    """Faults of paragraphs: n + 1 must be the next one of running text after n."""
    running = [span for span in source.lines if SENTENCE.search(source.text[span[0] : span[1]])]
    index = {key: bisect_right(running, (offset, len(source.text))) - 1 for key, offset in places.items()}
    for (scope, number), (following, after) in pairwise(sorted(places)):
        apart = index[following, after] - index[scope, number]
        if scope == following and apart != after - number:
            yield f"{scope}¶ {number} and ¶ {after} are {apart} paragraphs apart"
