"""The table of facts: each stands on the site, at its anchor, in a sentence with the right citation.

`facts.csv` names for each fact the page, the anchor (of a heading, an event, a term or a call), the
key that the sentence must cite, and words by which the sentence is known.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

import facts
from conftest import ROOT, Build
from site_sentences import Sentence, sentences_at

FACTS = facts.read_rows(Path(__file__).parent / "facts.csv")

PAGE = (
    '<h2 id="a">A</h2><p>In the U.S. the lamps'
    '<sup class="note-call"><a href="#fn:@x:para-3">1</a></sup> were lit.'
    '<sup class="note-call"><a href="#fn:see-@doe2020:n-4+@y">2</a></sup> Nobody knew.'
    '<sup class="note-call"><a href="#fn:n">3</a></sup></p><ul><li>An item.</li></ul><h2>B</h2><p>Other.</p>'
    '<section class="notes"><ol><li id="fn:n"><p>Some knew <span class="citation" id="fn:n/@z">(Z)</span>.'
    " So it was.</p></li></ol></section>"
)


def test_sentences_know_their_citations() -> None:
    first, second, item, *notes = sentences_at(LexborHTMLParser(PAGE), "a")
    assert first == Sentence("In the U.S. the lamps were lit.", ("fn:@x:para-3", "fn:see-@doe2020:n-4+@y"))
    assert all(map(first.cites, ["x", "y", "doe2020"]))
    assert not first.cites("doe")
    assert not second.cites("x")
    assert first.says("LAMPS lit")
    assert not first.says("lamp")
    assert item.text == "An item."
    assert [(note.text, note.cites("z")) for note in notes] == [
        ("Some knew (Z).", True),
        ("So it was.", True),
    ]
    assert sentences_at(LexborHTMLParser(PAGE), "none") == []


def test_the_table_is_whole() -> None:
    assert len({row["fact"] for row in FACTS}) == len(FACTS) >= 150
    for row in FACTS:
        assert (ROOT / "docs" / row["page"]).is_file(), row


@pytest.mark.parametrize("row", FACTS, ids=[row["fact"] for row in FACTS])
def test_fact(row: dict[str, str], built_site: Build) -> None:
    assert facts.fault_of(row, built_site.site) == ""
