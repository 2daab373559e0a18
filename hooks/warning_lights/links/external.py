"""External addresses: which are checked, and what their writers read of the answers."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from warning_lights.core import markdown_source
from warning_lights.core.findings import Finding
from warning_lights.links import lychee
from warning_lights.links.locate import Places
from warning_lights.links.lychee import Answer, LycheeError
from warning_lights.links.policy import places_of_address
from warning_lights.links.resolve import External
from warning_lights.links.written import Source

DATA = (".bib", ".csv", ".tsv")
ENTRY = re.compile(r"^@\w+\s*\{.*?(?=^@|\Z)", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"^\s*(\w+)\s*=\s*[{\"]([^}\"\n]*)", re.MULTILINE)
REASON_WITH_DATE = re.compile(r".*?#.*\b20\d\d-\d\d\b")
TOML_ERROR = re.compile(r"TOML parse error at line (\d+), column (\d+)")
LOCALHOST = r"^https?://localhost[:/]"  # Examples in a text.


class Counts(NamedTuple):
    checked: int
    unverified: int


def check(
    external: dict[str, External], places: Places, project: Path, exclude: Iterable[str] = ()
) -> tuple[list[Finding], Counts]:
    """Check every external address of the site, its bibliographies and tables.

    `external` are the addresses of the finished site, `exclude` beginnings of addresses that are not checked.
    Where lychee fails, that is the only finding.
    """
    sources = {s.file: s for s in places.all_sources if (s.is_markdown and s.page) or s.file.endswith(DATA)}
    patterns = [LOCALHOST, *(f"^{re.escape(address)}" for address in exclude)]
    patterns += [f"^{re.escape(address)}(?:#|$)" for address in declared_dead(sources.values())]
    on_site = {written: without_fragment(url.href) for written, (url, _) in external.items()}
    try:
        in_sources = lychee.check_texts({s.file: s.visible for s in sources.values()}, project, patterns)
        answers = {without_fragment(one.url): one for one in in_sources}
        in_files = set(answers)
        all_addresses = {*in_files, *on_site.values()}
        more = all_addresses - {"", *in_files}  # What a template or a plugin wrote.
        answers |= lychee.check_addresses(sorted(more), project, patterns)
        # A server may stumble once.
        again = [url for url, one in answers.items() if one.status >= 500 or one.words == lychee.TIMED_OUT]
        answers |= lychee.check_addresses(again, project, patterns)
    except LycheeError as error:
        return [lychee_failure(error, project / lychee.CONFIG)], Counts(0, 0)
    found = [
        Finding(*answer_place(sources[one.file], one), f"{one.url} {words[0]}", words[1])
        for one in in_sources
        if (words := verdict_message(answers.get(without_fragment(one.url))))
    ]
    found += [
        Finding(*source.place(offset), f"{written} {words[0]}", words[1])
        for written, url in on_site.items()
        if url not in in_files and (words := verdict_message(answers.get(url)))
        for source, offset in places_of_address(places, written, external[written].files)
    ]
    found += exclude_faults(project / lychee.CONFIG, all_addresses)
    verdicts = Counter(answers[url].verdict for url in all_addresses if url in answers)
    return found, Counts(verdicts.total() - verdicts["excluded"], verdicts["unverified"])


def lychee_failure(error: LycheeError, config: Path) -> Finding:
    """The finding for a run without answers, at the line of lychee.toml that it names, if any."""
    m = TOML_ERROR.search(str(error))
    line, column = (int(m[1]), int(m[2])) if m else (0, 0)
    name = config.name if config.is_file() else "mkdocs.yml"
    return Finding(name, line, column, f"No external link was checked: lychee {error}")


def answer_place(source: Source, answer: Answer) -> tuple[str, int, int]:
    """Where the address is written; lychee names the place of the link, its definition may be far away."""
    start = markdown_source.line_starts(source.text)[answer.line - 1] + answer.column - 1
    found = (source.text.find(form, start) for form in (answer.url, answer.url.removesuffix("/")))
    return source.place(next((offset for offset in found if offset >= 0), start))


def verdict_message(answer: Answer | None) -> tuple[str, str] | None:
    """What follows the address in a finding, and its severity; None where nothing is wrong."""
    if answer is None or answer.verdict == "excluded":
        return None
    if answer.verdict == "dead":
        return f"is dead: {answer.words}. Fix it, or cite an archived copy.", "error"
    if answer.verdict == "unverified":
        return f"could not be verified: {answer.words}.", "warning"
    if answer.moved:
        return f"has moved permanently to {answer.moved}. Write the new address.", "warning"
    return (f"{answer.words}.", "warning") if answer.words else None


def without_fragment(address: str) -> str:
    return address.partition("#")[0]


def declared_dead(sources: Iterable[Source]) -> set[str]:
    """Addresses whose entry says that they are dead and names an archived copy."""
    entries = [entry for s in sources if s.file.endswith(".bib") for entry in ENTRY.findall(s.text)]
    fields = [{name.lower(): value.strip() for name, value in FIELD.findall(entry)} for entry in entries]
    return {
        one["url"]
        for one in fields
        if one.get("urlstatus", "").lower() == "dead" and one.get("archiveurl") and one.get("url")
    }


def exclude_faults(config: Path, addresses: Iterable[str]) -> Iterator[Finding]:
    """What is wrong with `exclude` in lychee.toml: no reason, no date, or no address that it matches."""
    if not config.is_file():
        return
    text = config.read_text(encoding="utf-8")
    for pattern in tomllib.loads(text).get("exclude", []):
        written = pattern if pattern in text else pattern.replace("\\", "\\\\")
        before, _, after = text.partition(written)
        line, _ = markdown_source.position(text, len(before))
        if not REASON_WITH_DATE.match(after):
            message = f"{pattern} has no reason and date beside it: # Why. Tried 2026-01."
            yield Finding(config.name, line, 1, message)
        if not any(re.search(pattern, address) for address in addresses):
            yield Finding(config.name, line, 1, f"{pattern} matches no address any more. Delete it.")
