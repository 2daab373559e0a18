"""`make sources SOURCES=folder`: compare passages, quotations and links with the texts of the sources.

1. The words that find each citable place are made and checked; changes are written and shown. An empty
   `passages/<key>.csv` is filled with the paragraphs and the notes of the text.
2. Each quotation is compared word for word; what agrees is entered in the ledger, the rest refused with
   a word diff against the nearest passage.
3. The pages are measured: the longest run of words each shares with a source outside quotation marks.
4. The finished site, where there is one, is read: every link to a passage must find it in the text.

Exit code 1 where a passage is missing, doubled or no longer found, where a quotation is refused, a run of
words too long or a link wrong; 2 where the command cannot work.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from datetime import date
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from warning_lights.bibliography import passages
from warning_lights.bibliography.bibtex import Entry, valid_entries
from warning_lights.bibliography.files import bib_texts, passage_files
from warning_lights.bibliography.lint import bare_value
from warning_lights.core import project
from warning_lights.core.options import read_options
from warning_lights.core.table import parse_table
from warning_lights.quotations import copying, passage_check
from warning_lights.quotations import ledger as quote_ledger
from warning_lights.quotations.check import Options, collect_quotations
from warning_lights.quotations.copying import Measure
from warning_lights.quotations.extract import Quotation
from warning_lights.quotations.ledger import BrokenLedger, Ledger
from warning_lights.quotations.passage_words import initial_places, make_passages
from warning_lights.quotations.verify import verify_quotations


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0] or not Path(arguments[0]).is_dir():
        print("Name the folder with the texts of the sources: make sources SOURCES=folder", file=sys.stderr)
        return 2
    logging.disable(logging.WARNING)  # Only what this command finds is printed.
    config = load_config("mkdocs.yml")
    options, wrong = read_options(config, "quotations", Options)
    for finding in wrong:
        print(finding, file=sys.stderr)
    path = project.root(config) / options.ledger
    try:
        ledger = quote_ledger.read(path)
    except BrokenLedger as error:
        print(error.finding(options.ledger), file=sys.stderr)
        return 2
    bibliographies = bib_texts(config)
    entries = [entry for text in bibliographies.values() for entry in valid_entries(text)]
    sources = read_sources(Path(arguments[0]), [entry.key for entry in entries], ledger)
    docs = Path(config.docs_dir)
    texts = bibliographies | {
        project.relative(path, config): project.read_text(path)
        for path in sorted([*docs.rglob("*.md"), *docs.rglob("*.csv")])
    }
    misplaced = list(renew_passages(config, sources))
    found = collect_quotations(texts)
    renewed, refused = verify_quotations(found, ledger, sources, date.today())
    if renewed != ledger:
        path.write_text(quote_ledger.dump(renewed), encoding="utf-8")
    copied = list(copied_runs(texts, found, sources, options))
    wrong_links = list(check_links(Path(config.site_dir), entries, sources))
    for line in [*misplaced, *refused, *copied, *wrong_links]:
        print(line)
    for source in renewed:
        read = "read" if source.key in sources else "not read: its entries stay as they are"
        print(f"{source.key}: {len(source.quotations)} quotations in the ledger; its text was {read}.")
    print(
        f"{len(misplaced)} passages wrong; {sum(map(len, found.values()))} quotations, "
        f"{len(refused)} refused; {len(copied)} runs too long; {len(wrong_links)} links wrong."
    )
    return 1 if misplaced or refused or copied or wrong_links else 0


def renew_passages(config: MkDocsConfig, sources: Mapping[str, str]) -> Iterator[str]:
    """Make and check the passages of each source that was read; yields what is wrong, prints what changed."""
    for path in passage_files(config):
        file, key = project.relative(path, config), path.stem
        if key not in sources:
            print(f"{file}: not compared, for the text of {key} is not in the folder.")
            continue
        text = project.read_text(path)
        old, problems = passages.parse(key, text)
        if not text.strip():
            old, problems = initial_places(key, sources[key]), []
            print(f"{file}: filled with {old.extent('')}. Check that a reader counts them so.")
        made, faults = make_passages(old, sources[key])
        changed = [locator for locator, passage in made.passages.items() if passage != old.passages[locator]]
        for locator in changed:
            before, after = (",".join(map(str, astuple(s.passages[locator])[1:-1])) for s in (old, made))
            print(f"{file}: {locator}: {before} is now {after}")
        if changed:
            path.write_text(passages.dump(made), encoding="utf-8")
        print(f"{file}: {len(made.passages)} passages compared with the text, {len(changed)} changed.")
        yield from (
            f"{file}:{line}:{column}: {message}"
            for line, column, message in problems
            if "no words" not in message
        )
        yield from (f"{file}: {fault}." for fault in faults)


def check_links(site: Path, entries: Iterable[Entry], sources: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the links of the finished site to passages of these sources."""
    if not site.is_dir():
        print("The site is not built: no link was compared. Run make site first.")
        return
    texts = {bare_value(each.fields.get("url")): sources[each.key] for each in entries if each.key in sources}
    report = passage_check.check(site, texts)
    print(
        f"{report.calls} calls of notes: {report.outside} lead to another site, {report.to_passage} of them "
        f"to a passage; {report.passages} different links compared with the texts."
    )
    yield from (f"{place}: its note leads to no other site." for place in report.inside)
    yield from report.faults


def read_sources(folder: Path, keys: Iterable[str], ledger: Ledger) -> dict[str, str]:
    """key -> text, for each source that the folder has, under its key or another of its names."""
    names = {key: [f"{key}.txt"] for key in keys}
    for source in ledger:
        names.setdefault(source.key, [f"{source.key}.txt"]).extend(source.files)
    files = {key: next(filter(Path.is_file, map(folder.joinpath, each)), None) for key, each in names.items()}
    return {key: project.read_text(path) for key, path in files.items() if path}


def copied_runs(
    texts: Mapping[str, str],
    found: Mapping[str, list[Quotation]],
    sources: Mapping[str, str],
    options: Options,
) -> Iterator[str]:
    """A message for each run that is too long; prints what was measured on each page."""
    prepared = {key: copying.index_words(text) for key, text in sources.items()}
    bibliographies = [text for path, text in texts.items() if path.endswith(".bib")]
    exempt = copying.exempt_names(bibliographies, glossary_names(texts))
    for path, text in texts.items():
        kind = path.rsplit(".", 1)[-1]
        measured = copying.measure(text, found[path], prepared, exempt, kind=kind)
        print(page_summary(path, measured))
        for key, runs in measured.runs.items():
            for run in runs:
                if run.counted > options.copied_words:
                    yield (
                        f"{path}:{run.line}:{run.column}: {run.counted} words in a row are those of {key}: "
                        f"“{run.text}”. Say it in other words, or quote it."
                    )


def page_summary(path: str, measured: Measure) -> str:
    longest = max((runs[0].counted for runs in measured.runs.values() if runs), default=0)
    share = measured.quoted / measured.words if measured.words else 0
    run = f"longest shared run {longest} words" if longest else "no shared run"
    return f"{path}: {run}, {share:.1%} of {measured.words} words quoted"


def glossary_names(texts: Mapping[str, str]) -> Iterator[str]:
    """People, organisations, media and places: a name cannot be said in other words."""
    for path, text in texts.items():
        if path.endswith("glossary.csv"):
            for row in parse_table(text).rows:
                if {"term", "kind", "aliases"} <= row.keys() and row["kind"].value != "term":
                    yield from [row["term"].value, *filter(None, row["aliases"].value.split("; "))]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
