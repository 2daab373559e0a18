"""Sentences that a change adds to a page that cites, and that cite nothing themselves."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator

from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import blank_code
from warning_lights.notes.sentences import sentence_ends
from warning_lights.notes.syntax import CITED

NOTE = re.compile(r"\[\^[^\]\n]+\](?!:)")
BEFORE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?:\[\^[^\]]+\]:[ \t]*)?")
NO_PROSE = re.compile(r"^[ \t>]*(?:#|\||!!!|\?\?\?|===|///|<|\[[^\]^]+\]:)")
CITATION = re.compile(r"\[[^\[\]]*@[^\[\]]*\]")
LINK = re.compile(r"!?\[(?P<words>[^\[\]]*)\]\([^()]*\)")
FEWEST_WORDS = 5
SAME = 0.6  # Of two sentences: the one is the other, reworded.


def uncited_sentences(
    file: str, text: str, added: Collection[int], removed: Collection[str] = ()
) -> Iterator[Finding]:
    """A notice for each sentence on the lines `added` of a page; `removed` are lines that are gone.

    A sentence without a citation that was only reworded is passed over, and so is a page without citations.
    """
    prose = blank_code(text)
    if not CITED.search(prose):
        return
    before = [one for line in removed for one, _ in sentences(line) if not cites(one)]
    for number, line in enumerate(prose.split("\n"), start=1):
        if number not in added or NO_PROSE.match(line):
            continue
        for sentence, column in sentences(line):
            plain = LINK.sub("", sentence)
            if cites(sentence) or len(re.findall(r"\w+", plain)) < FEWEST_WORDS or similar(sentence, before):
                continue
            shown = sentence if len(sentence) <= 60 else sentence[:60].rsplit(" ", 1)[0] + "…"
            message = f"“{shown}” has no citation. If it says what a source says, cite it: [@key, para. 3]."
            yield Finding(file, number, column, message, "warning")


def sentences(line: str) -> Iterator[tuple[str, int]]:
    """(sentence, column) of each whole sentence of a line, which may end in a citation."""
    start = BEFORE.match(line)
    at = start.end() if start else 0
    # A citation after the full stop belongs to the sentence before it.
    ends = [begin for begin, _ in sentence_ends(line) if not CITATION.match(line, begin)]
    for end in [*(end for end in ends if end > at), len(line)]:
        sentence = line[at:end].strip()
        if re.search(r"[.!?…][”’\")\]]*(?:\s*\[[^\[\]]*\])?\Z", sentence):
            yield sentence, at + 1
        at = end


def cites(sentence: str) -> bool:
    return bool(CITED.search(sentence) or NOTE.search(sentence))


def similar(sentence: str, others: Collection[str]) -> bool:
    return any(difflib.SequenceMatcher(None, sentence, other).ratio() > SAME for other in others)
