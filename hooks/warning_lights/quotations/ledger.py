"""The ledger of quotations: which ones were compared with their source, and when.

`bibliography/quotations.yml` holds for each source the names of its text, the keys that are quoted
from it, and the verified quotations as they stand on our pages; never more of the source than that.
"""

from __future__ import annotations

import difflib
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from warning_lights.core import encoding
from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import position
from warning_lights.core.yaml_faults import explain_yaml_error
from warning_lights.notes.syntax import Cite
from warning_lights.quotations.extract import Quotation
from warning_lights.quotations.match import join_tokens, tokenize, word_diff

HEAD = """\
# Every quotation on the site, as compared word for word with its source. Written by `make sources`;
# a build refuses a quotation that is not here. Only our own quotations stand here, no other text.
# `files`: what the text of a source is called in the folder; `carries`: what is quoted from that text
# too, such as the notes of an article and the items of a digest.
"""
WHAT_TO_DO = (
    "If it is right, write its place in the citation, and leave it: a maintainer compares it with the "
    "source, and enters it (make sources)."
)


class BrokenLedger(ValueError):
    """What keeps the ledger from being read, and where."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column

    def finding(self, file: str) -> Finding:
        return Finding(file, self.line, self.column, str(self))


@dataclass(frozen=True)
class Entry:
    """A verified quotation; `place` is the citation it had, `line` where it stands in the ledger."""

    text: str
    place: str
    verified: date
    line: int = 0


@dataclass
class SourceEntry:
    key: str
    files: list[str] = field(default_factory=list)
    carries: list[str] = field(default_factory=list)
    quotations: list[Entry] = field(default_factory=list)

    def covers(self, key: str) -> bool:
        return key == self.key or any(fnmatchcase(key, pattern) for pattern in self.carries)


Ledger = list[SourceEntry]


def read(path: Path) -> Ledger:
    """The ledger in a file, empty where there is no such file; raises BrokenLedger."""
    content = path.read_bytes().removeprefix(BOM_UTF8) if path.is_file() else b""
    if fault := encoding.fault(content, "Save the file as UTF-8."):
        line, column, message = fault
        raise BrokenLedger(message, line, column)
    return load(content.decode("utf-8"))


def load(text: str) -> Ledger:
    """The ledger in `text`; raises BrokenLedger."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data: dict[str, Any] = yaml.safe_load(text) or {}
    except yaml.MarkedYAMLError as error:
        line, column, message = explain_yaml_error(error, text)
        raise BrokenLedger(f"This cannot be read as YAML: {message}", line, column) from None
    except yaml.reader.ReaderError as error:
        message = f"YAML does not allow the character U+{ord(text[error.position]):04X}. Remove it."
        raise BrokenLedger(message, *position(text, error.position)) from None
    except ValueError as error:
        raise BrokenLedger(f"A date is not valid: {error}.", 1, 1) from None
    lines = entry_lines(node)
    ledger = []
    try:
        for key, source in data.items():
            entries = [
                Entry(str(q["text"]), str(q["place"]), q["verified"], lines.get((key, i), 0))
                for i, q in enumerate(source.get("quotations") or [])
            ]
            if not all(type(entry.verified) is date for entry in entries):
                raise TypeError
            files, carries = (list(map(str, source.get(name) or [])) for name in ("files", "carries"))
            ledger.append(SourceEntry(str(key), files, carries, entries))
    except (AttributeError, KeyError, TypeError):
        message = "Each source needs files, carries and quotations, and each quotation text, place, verified."
        raise BrokenLedger(message, 1, 1) from None
    return ledger


def verified_quotations(path: Path) -> dict[str, list[tuple[str, date]]]:
    """The quotations of a ledger by their citation, with the day of each; none from one that is broken."""
    found: dict[str, list[tuple[str, date]]] = {}
    with suppress(BrokenLedger):
        for source in read(path):
            for entry in source.quotations:
                found.setdefault(entry.place, []).append((entry.text, entry.verified))
    return found


def entry_lines(root: Any) -> dict[tuple[str, int], int]:
    """The line of each quotation, by the key of its source and its number."""
    found = {}
    for key, source in root.value if isinstance(root, yaml.MappingNode) else []:
        for name, listing in source.value if isinstance(source, yaml.MappingNode) else []:
            if name.value == "quotations" and isinstance(listing, yaml.SequenceNode):
                for i, item in enumerate(listing.value):
                    found[key.value, i] = item.start_mark.line + 1
    return found


def dump(ledger: Ledger) -> str:
    """The ledger as text; the same ledger gives the same text, one fact a line."""
    data = {
        source.key: {
            "files": source.files,
            "carries": source.carries,
            "quotations": [
                {"text": q.text, "place": q.place, "verified": q.verified}
                for q in sorted(source.quotations, key=lambda q: q.text.casefold())
            ],
        }
        for source in ledger
    }
    body = yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10**6)
    return HEAD + body


class Dumper(yaml.SafeDumper):
    """Sets each text in quotation marks and each list of names on one line."""


def set_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if re.fullmatch(r"[a-z][a-z0-9]*", text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def set_list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    short = all(isinstance(item, str) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


Dumper.add_representer(str, set_text)
Dumper.add_representer(list, set_list)


def sources_for(quotation: Quotation, ledger: Ledger) -> Iterator[tuple[SourceEntry, Cite]]:
    """The sources that a quotation's citations lead to, with the first citation of each."""
    seen = set()
    for cite in quotation.cites:
        for source in ledger:
            if source.covers(cite.key) and source.key not in seen:
                seen.add(source.key)
                yield source, cite


def compare(quotation: Quotation, ledger: Ledger) -> tuple[Entry | None, str]:
    """The entry of a quotation, or None and what is wrong."""
    if quotation.problem:
        return None, quotation.problem
    shown = quotation.text if len(quotation.text) <= 80 else quotation.text[:77] + "…"
    if not quotation.cites:
        return None, (
            f"The quotation “{shown}” has no citation. Cite its source in the same sentence; "
            "the title of a work is set in italics."
        )
    candidates = [entry for source, _ in sources_for(quotation, ledger) for entry in source.quotations]
    for entry in candidates:
        if entry.text == quotation.text:
            return entry, ""
    for source in ledger:
        if any(entry.text == quotation.text for entry in source.quotations):
            cited = ", ".join(dict.fromkeys(f"@{cite.key}" for cite in quotation.cites))
            return None, f"“{shown}” was verified in {source.key}, but is cited from {cited}."
    message = f"“{shown}” is not in the ledger of verified quotations."
    if near := nearest_entry(quotation.text, candidates):
        difference = letters_diff(quotation.text, near.text)
        message = f"“{shown}” was changed since it was verified on {near.verified}: {difference}. Restore it."
    return None, f"{message} {WHAT_TO_DO}"


def nearest_entry(text: str, entries: Sequence[Entry]) -> Entry | None:
    near = difflib.get_close_matches(text, [entry.text for entry in entries], n=1, cutoff=0.7)
    return next((entry for entry in entries if near and entry.text == near[0]), None)


def letters_diff(ours: str, verified: str) -> str:
    """What changed as a word diff, explained; where no word did, the verified text as a whole."""
    if join_tokens(tokenize(ours)) == join_tokens(tokenize(verified)):
        return f"verified was “{verified}”"
    return f"{word_diff(ours.split(), verified.split())} ([-what stands here-] {{+what was verified+}})"
