"""What the pages have and the PDF lacks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from warning_lights.book.content import Chapter, alternative_text, attribute, elements
from warning_lights.book.labels import Labels, label
from warning_lights.core.findings import Finding
from warning_lights.core.html import HEADINGS


@dataclass(frozen=True)
class Item:
    """One heading, note, link or picture on a page.

    `key` is what the book reports of it: a label, an address or an alternative text; `pattern` finds it in
    the source of the page.
    """

    kind: str
    key: str
    name: str
    pattern: str


def missing_items(
    pages: Sequence[tuple[Chapter, LexborNode]], labels: Labels, printed: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    """A finding for each item on the pages that is missing from the book.

    `printed` is what the PDF holds (see `Typeset.content`)."""
    remaining = {kind: Counter(found) for kind, found in printed.items()}
    remaining["link"] += remaining.pop("cited", Counter())
    for chapter, body in pages:
        for item in expected_items(chapter, body, labels):
            remaining[item.kind][item.key] -= 1
            if remaining[item.kind][item.key] < 0:
                yield chapter.finding(item.pattern, f"The book has lost {item.name}.")
    order = {name: number for number, name in enumerate(dict.fromkeys(printed["footnote"]))}
    for chapter, body in pages:
        notes = [name for _, name in note_names(chapter, body) if name in order]
        if notes != sorted(notes, key=order.__getitem__):
            yield Finding(
                chapter.file, 0, 0, "The book numbers the notes of this page otherwise than the site."
            )


def expected_items(chapter: Chapter, body: LexborNode, labels: Labels) -> Iterator[Item]:
    """All that must be in the book, read from the page itself and not from what was made of it."""
    for node, name in note_names(chapter, body):
        words = attribute(node, "id").removeprefix("fn:")
        yield Item("footnote", name, f"the note {words}", re.escape(re.split(r"[:+]", words)[0]))
    in_calls = {link.mem_id for call in body.css("sup.note-call") for link in call.css("a")}
    in_notes_heading = {node.mem_id for s in body.css("section.notes") for node in s.css(",".join(HEADINGS))}
    cited = {
        link.mem_id
        for entry in body.css("section.bibliography .entry")
        for link in entry.css('a[href*="#fnref"]')
    }
    seen: set[str] = set()
    for node in elements(body):
        tag, text = node.tag or "", " ".join(node.text().split())
        if tag in HEADINGS and node.mem_id not in in_notes_heading:
            name = labels.label_at(chapter.url, attribute(node, "id"))
            yield Item(
                "heading", name, f"the heading “{text}”", r"\s+".join(map(re.escape, text.split()[:4]))
            )
        elif tag == "a" and "href" in node.attributes and node.mem_id not in in_calls:
            href = attribute(node, "href")
            target = labels.resolve(href, chapter.url)
            key = target.label or target.url
            if not key:
                continue  # To a file of a site that has no address yet.
            if node.mem_id in cited:
                if key in seen or not target.label:
                    continue  # A list of pages names each place once, and none that is not in the book.
                seen.add(key)
            yield Item("link", key, f"the link “{text}” to {href}", re.escape(text[:40]) or "<a")
        elif tag in {"img", "svg"} and (alt := alternative_text(node)):
            yield Item("image", alt, f"the picture “{alt}”", re.escape(alt[:40]))


def note_names(chapter: Chapter, body: LexborNode) -> Iterator[tuple[LexborNode, str]]:
    """The notes of a page in their order, with their labels in the book."""
    for section in body.css("section.notes"):
        for node in section.css("ol > li[id]"):
            yield node, label(chapter.url, attribute(node, "id"))
