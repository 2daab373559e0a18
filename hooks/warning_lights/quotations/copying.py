"""How much of a source a page repeats: the longest run of shared words outside quotation marks.

Words are compared without capitals and punctuation. Names and titles of the bibliography may stand
in a run, but are not counted. A quotation, a citation and the end of a paragraph each end a run.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from warning_lights.bibliography.bibtex import valid_entries
from warning_lights.core.markdown_source import blank, blank_code, position
from warning_lights.quotations.extract import CITATION, Quotation, annotation_fields, blank_markup, blocks
from warning_lights.quotations.match import APOSTROPHES, join_lines
from warning_lights.quotations.note_markers import without_markers

WORD = re.compile(r"\w+(?:'\w+)*")
SEED = 4  # Words; shorter runs are not looked for.
QUOTED = re.compile(r"“[^“”\n]*”")
RUN_END = "\0"  # Overwrites what ends a run, character by character.


@dataclass(frozen=True)
class Run:
    """Words that a page shares with a source; `counted` leaves out names and titles."""

    text: str
    counted: int
    line: int
    column: int


@dataclass(frozen=True)
class Measure:
    """What is measured on one file: its runs by source, longest first, and the share that is quoted."""

    runs: dict[str, list[Run]]
    words: int
    quoted: int


@dataclass(frozen=True)
class IndexedWords:
    """The words of a source, and where each run of SEED words begins."""

    words: tuple[str, ...]
    seeds: dict[tuple[str, ...], list[int]]


def index_words(source: str) -> IndexedWords:
    words = tuple(m[0] for m in normalized_words(without_markers(join_lines(source))))
    seeds: dict[tuple[str, ...], list[int]] = {}
    for i in range(len(words) - SEED + 1):
        seeds.setdefault(words[i : i + SEED], []).append(i)
    return IndexedWords(words, seeds)


def normalized_words(text: str) -> Iterator[re.Match[str]]:
    """Each word in one spelling; offsets are those of `text`."""
    lowered = "".join(c if len(low := c.lower()) != 1 else low for c in text.translate(APOSTROPHES))
    return WORD.finditer(lowered.replace("\u00ad", " "))


def measure(
    text: str,
    quotations: Sequence[Quotation],
    sources: dict[str, IndexedWords],
    exempt: Collection[tuple[str, ...]],
    *,
    kind: str = "md",
) -> Measure:
    """Measure one file; `kind` is its ending, md, csv or bib, and says what of it is text."""
    blanked = own_text(text, kind)
    quoted = sum(len(WORD.findall(blanked[q.start : q.end])) for q in quotations if not q.problem)
    total = len(WORD.findall(CITATION.sub(" ", blanked)))
    for q in quotations:
        if not q.problem:
            blanked = blanked[: q.start] + overwrite(blanked[q.start : q.end]) + blanked[q.end :]
    for pattern in (QUOTED, CITATION):
        blanked = pattern.sub(lambda m: overwrite(m[0]), blanked)
    runs: dict[str, list[Run]] = {}
    for start, end in blocks(blanked):
        offset = start
        for part in re.split(f"({RUN_END}+)", blanked[start:end]):
            for key, source in sources.items():
                runs.setdefault(key, []).extend(shared_runs(text, part, offset, source, exempt))
            offset += len(part)
    for found in runs.values():
        found.sort(key=lambda run: (-run.counted, run.line, run.column))
    return Measure(runs, total, quoted)


def overwrite(text: str) -> str:
    return re.sub(r"[^\n]", RUN_END, text)


def own_text(text: str, kind: str) -> str:
    """The file with everything but our own text overwritten by spaces; offsets stay."""
    if kind == "md":
        return blank_markup(blank_code(text))
    if kind == "csv":
        return text.replace('"', " ")
    result, offset = [], 0
    for _, start, end in annotation_fields(text):
        result += [blank(text[offset:start]), text[start:end]]
        offset = end
    return "".join([*result, blank(text[offset:])])


def shared_runs(
    text: str, part: str, offset: int, source: IndexedWords, exempt: Collection[tuple[str, ...]]
) -> Iterator[Run]:
    """Each longest run that `part`, which begins at `offset` of `text`, shares with the source."""
    found = list(normalized_words(part))
    words = tuple(m[0] for m in found)
    named = exempt_indexes(words, exempt)
    i = 0
    while i <= len(words) - SEED:
        best = 0
        for j in source.seeds.get(words[i : i + SEED], []):
            length = SEED
            while words[i + length : i + length + 1] == source.words[j + length : j + length + 1] != ():
                length += 1
            best = max(best, length)
        if best:
            counted = sum(k not in named for k in range(i, i + best))
            first, last = found[i].start(), found[i + best - 1].end()
            line, column = position(text, offset + first)
            yield Run(" ".join(part[first:last].split()), counted, line, column)
            i += best - SEED + 1
        else:
            i += 1


def exempt_indexes(words: tuple[str, ...], exempt: Collection[tuple[str, ...]]) -> set[int]:
    """Which of the words belong to a name or a title."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for name in exempt:
        by_first.setdefault(name[0], []).append(name)
    named: set[int] = set()
    for i, word in enumerate(words):
        for name in by_first.get(word, []):
            if words[i : i + len(name)] == name:
                named.update(range(i, i + len(name)))
    return named


def exempt_names(bibliographies: Iterable[str], others: Iterable[str] = ()) -> set[tuple[str, ...]]:
    """The titles and names of all .bib files, and `others`, as words."""
    texts = list(others)
    for bib in bibliographies:
        for entry in valid_entries(bib):
            for name in ("title", "subtitle", "journaltitle", "organization", "publisher", "series"):
                if name in entry.fields:
                    texts.append(entry.fields[name].value)
            for people in (entry.fields[n].value for n in ("author", "editor") if n in entry.fields):
                for person in re.split(r"\sand\s", people):
                    family, _, given = person.partition(",")
                    texts.append(f"{given} {family}")
    forms = {tuple(m[0] for m in normalized_words(re.sub(r"[{}\\]", "", text))) for text in texts}
    return {form for form in forms if form}
