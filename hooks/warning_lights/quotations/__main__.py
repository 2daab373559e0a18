"""`make quotations SOURCES=folder`: hold every quotation against its source, and keep the ledger.

What holds is entered, what does not is refused and shown as a word diff against the nearest passage.
Then the pages are measured: the longest run of words each shares with a source outside quotation
marks, and the share of it that is quoted. Exit code 1 where something is refused or copied.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from mkdocs.config import load_config

from warning_lights.bibliography.files import bib_texts
from warning_lights.core import project
from warning_lights.core.options import options as read_options
from warning_lights.core.table import read as read_table
from warning_lights.notes.syntax import Cite
from warning_lights.quotations import copying, match
from warning_lights.quotations import ledger as quote_ledger
from warning_lights.quotations.check import Options, collect
from warning_lights.quotations.copying import Measure
from warning_lights.quotations.extract import Quotation
from warning_lights.quotations.ledger import BrokenLedger, Entry, Ledger


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0] or not Path(arguments[0]).is_dir():
        print(
            "Name the folder with the texts of the sources: make quotations SOURCES=folder", file=sys.stderr
        )
        return 2
    logging.disable(logging.WARNING)  # What a build would say of the site is not asked for here.
    config = load_config("mkdocs.yml")
    options, wrong = read_options(config, "quotations", Options)
    for finding in wrong:
        print(finding, file=sys.stderr)
    root = project.root(config)
    docs = Path(config.docs_dir)
    texts = bib_texts(config) | {
        project.relative(path, config): project.read(path)
        for path in sorted([*docs.rglob("*.md"), *docs.rglob("*.csv")])
    }
    path = root / options.ledger
    try:
        ledger = quote_ledger.load(path.read_text(encoding="utf-8") if path.is_file() else "")
    except BrokenLedger as error:
        message, line, column = error.args
        print(f"{options.ledger}:{line}:{column}: {message}", file=sys.stderr)
        return 2
    sources = read_sources(Path(arguments[0]), ledger)
    found = collect(texts)
    renewed, refused = verify(found, ledger, sources, date.today().isoformat())
    path.write_text(quote_ledger.dump(renewed), encoding="utf-8")
    copied = list(over(texts, found, sources, options))
    for line in [*refused, *copied]:
        print(line)
    for source in renewed:
        read = "read" if source.key in sources else "not read: its entries stay as they are"
        print(f"{source.key}: {len(source.quotations)} quotations in the ledger; its text was {read}.")
    print(f"{sum(map(len, found.values()))} quotations, {len(refused)} refused; {len(copied)} runs too long.")
    return 1 if refused or copied else 0


def read_sources(folder: Path, ledger: Ledger) -> dict[str, str]:
    """key -> text, for each source that the folder has, under its key or another of its names."""
    found = {}
    for source in ledger:
        for name in [f"{source.key}.txt", *source.files]:
            if (folder / name).is_file():
                found[source.key] = project.read(folder / name)
                break
    return found


def verify(
    found: Mapping[str, list[Quotation]], ledger: Ledger, sources: Mapping[str, str], today: str
) -> tuple[Ledger, list[str]]:
    """The ledger with what holds, and a message for each quotation that does not."""
    texts = {key: match.Source(text) for key, text in sources.items()}
    old = {(source.key, q.text): q for source in ledger for q in source.quotations}
    kept: dict[str, dict[str, Entry]] = {source.key: {} for source in ledger}
    refused = []
    for file, listed in found.items():
        for quotation in listed:
            key, entry, message = judge(quotation, ledger, texts, old, today)
            if entry is None:
                refused.append(f"{file}:{quotation.line}:{quotation.column}: {message}")
            else:
                kept[key].setdefault(entry.text, entry)
    renewed = [
        quote_ledger.SourceEntry(s.key, s.files, s.carries, list(kept[s.key].values())) for s in ledger
    ]
    return renewed, refused


def judge(
    quotation: Quotation,
    ledger: Ledger,
    texts: Mapping[str, match.Source],
    old: Mapping[tuple[str, str], Entry],
    today: str,
) -> tuple[str, Entry | None, str]:
    """(source, entry, "") for a quotation that holds, else ("", None, why not)."""
    candidates = list(quote_ledger.sources_for(quotation, ledger))
    if quotation.problem or not quotation.cites:
        return "", None, quote_ledger.compare(quotation, ledger)[1]
    if not candidates:
        return (
            "",
            None,
            f"“{quotation.text}” is cited from @{quotation.cites[0].key}, and no source carries it.",
        )
    for source, cite in candidates:
        before = old.get((source.key, quotation.text))
        if source.key not in texts:
            if before:
                return source.key, before, ""
        elif texts[source.key].holds(quotation.text):
            return source.key, before or Entry(quotation.text, place(cite), today), ""
    read = [source.key for source, _ in candidates if source.key in texts]
    if not read:
        return "", None, f"“{quotation.text}”: the text of {candidates[0][0].key} is not in the folder."
    diff = texts[read[0]].nearest(quotation.text)
    return "", None, f"“{quotation.text}” does not stand in {read[0]}. Nearest: {diff}"


def place(cite: Cite) -> str:
    return ", ".join(filter(None, [f"@{cite.key}", cite.locator]))


def over(
    texts: Mapping[str, str],
    found: Mapping[str, list[Quotation]],
    sources: Mapping[str, str],
    options: Options,
) -> Iterator[str]:
    """A message for each run that is too long; prints what was measured on each page."""
    prepared = {key: copying.prepare(text) for key, text in sources.items()}
    bibliographies = [text for path, text in texts.items() if path.endswith(".bib")]
    exempt = copying.names(bibliographies, glossary_names(texts))
    for path, text in texts.items():
        kind = path.rsplit(".", 1)[-1]
        measured = copying.measure(text, found[path], prepared, exempt, kind=kind)
        print(summary(path, measured))
        for key, runs in measured.runs.items():
            for run in runs:
                if run.counted > options.copied_words:
                    yield (
                        f"{path}:{run.line}:{run.column}: {run.counted} words in a row are those of {key}: "
                        f"“{run.text}”. Say it in other words, or quote it."
                    )


def summary(path: str, measured: Measure) -> str:
    longest = max((runs[0].counted for runs in measured.runs.values() if runs), default=0)
    share = measured.quoted / measured.words if measured.words else 0
    run = f"longest shared run {longest} words" if longest else "no shared run"
    return f"{path}: {run}, {share:.1%} of {measured.words} words quoted"


def glossary_names(texts: Mapping[str, str]) -> Iterator[str]:
    """People, organisations, media and places: a name cannot be said in other words."""
    for path, text in texts.items():
        if path.endswith("glossary.csv"):
            for row in read_table(text).rows:
                if {"term", "kind", "aliases"} <= row.keys() and row["kind"].value != "term":
                    yield from [row["term"].value, *filter(None, row["aliases"].value.split("; "))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
