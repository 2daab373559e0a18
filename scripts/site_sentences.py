"""The sentences of a finished page, each with what it cites: what a reader finds at an anchor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = "p, tr, dd, dt, figcaption, li"
CALL = re.compile(r"⟦([^⟧]*)⟧")
# A call follows the full stop of the sentence that it belongs to.
END = re.compile(r"(?<!\b[A-Z])[.!?…][”’)]*(?:\s*⟦[^⟧]*⟧)*\s+(?=[“‘(]*[A-Z0-9])")


@dataclass(frozen=True)
class Sentence:
    text: str
    notes: tuple[str, ...]  # Ids of the notes that it calls: `fn:@key:para-3`.

    def cites(self, key: str) -> bool:
        """Whether a note of the sentence names `key`; a locator after it does not matter."""
        return any(re.search(rf"@{re.escape(key)}(?!\w)", note) for note in self.notes)

    def says(self, words: str) -> bool:
        """Whether it has all of `words`, each as a whole word, capitals aside."""
        spoken = set(re.findall(r"[\w’-]+", self.text.casefold()))
        return all(word in spoken for word in words.casefold().split())


def sentences_at(page: LexborHTMLParser, anchor: str) -> list[Sentence]:
    """The sentences of the element with this id, or, for a heading, of the section below it.

    What a substantive note of the page says counts as said where the note is called.
    """
    found = page.css_first(f'[id="{anchor}"]')
    if found is None:
        return []
    for call in page.css("sup.note-call"):
        link = call.css_first("a[href]")
        target = unquote((link.attributes["href"] or "").lstrip("#")) if link else ""
        call.replace_with(f"⟦{target}⟧")
    sentences = [s for node in section_nodes(found) for s in sentences_of(node)]
    for note in dict.fromkeys(n for s in sentences for n in s.notes if "@" not in n):
        item = page.css_first(f'[id="{note}"]')
        sentences += notes_of(item) if item else []
    return sentences


def section_nodes(node: LexborNode) -> Iterator[LexborNode]:
    """The element itself, with the definition of a term, or what follows a heading up to the next one."""
    if node.tag not in HEADINGS:
        block = node
        while block.tag in {"sup", "a", "span", "em", "strong"} and block.parent:
            block = block.parent
        yield block
        definition = block.next
        while block.tag == "dt" and definition is not None and definition.tag in {"-text", "dd"}:
            if definition.tag == "dd":
                yield definition
            definition = definition.next
        return
    sibling = node.next
    while sibling is not None and sibling.tag not in HEADINGS:
        if sibling.is_element_node and "notes" not in (sibling.attributes.get("class") or ""):
            yield sibling
        sibling = sibling.next


def sentences_of(node: LexborNode) -> Iterator[Sentence]:
    blocks = [block for block in node.css(BLOCKS) if not (block.tag == "li" and block.css_first("p"))]
    for block in blocks or [node]:
        text = " ".join(block.text(separator=" " if block.tag == "tr" else "").split())
        for part in split_sentences(text):
            yield Sentence(CALL.sub("", part), tuple(CALL.findall(part)))


def notes_of(item: LexborNode) -> list[Sentence]:
    """The sentences of a note; a citation in it is printed there, and goes for the whole note."""
    ids = [span.attributes.get("id") or "" for span in item.css("span.citation")]
    text = " ".join(item.text().split())
    return [Sentence(part, tuple(ids)) for part in split_sentences(text)]


def split_sentences(text: str) -> Iterator[str]:
    start = 0
    for m in END.finditer(text):
        yield text[start : m.end()].strip()
        start = m.end()
    yield text[start:].strip()
