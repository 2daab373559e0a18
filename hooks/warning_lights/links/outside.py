"""Addresses elsewhere: which are asked, and what their writers are told of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from warning_lights.core.findings import Finding
from warning_lights.links import lychee
from warning_lights.links.address import Url, parse
from warning_lights.links.locate import Places
from warning_lights.links.lychee import DATE, EXCEPTION, Answer
from warning_lights.links.policy import ON_THIS_MACHINE, where
from warning_lights.links.resolve import Outside
from warning_lights.links.written import Source

IN_TEXT = re.compile(r"https?://[^\s\"'<>{}|\\^`]+")
DOI = re.compile(
    r"^\s*doi\s*=\s*[{\"](?:https?://(?:dx\.)?doi\.org/)?(?P<doi>10\.[^}\"\s]+)[}\"]",
    re.IGNORECASE | re.MULTILINE,
)
ENTRY = re.compile(r"^@\w+\s*\{.*?(?=^@|\Z)", re.MULTILINE | re.DOTALL)
DECLARED_DEAD = re.compile(r"^\s*urlstatus\s*=\s*[{\"]\s*dead\s*[}\"]", re.IGNORECASE | re.MULTILINE)
ARCHIVED = re.compile(r"^\s*archiveurl\s*=\s*[{\"]\s*https?://", re.IGNORECASE | re.MULTILINE)
URL_FIELD = re.compile(r"^\s*url\s*=\s*[{\"]\s*(?P<url>[^}\"\s]+)", re.IGNORECASE | re.MULTILINE)
DATA = (".bib", ".csv", ".tsv")


def data_addresses(sources: Iterable[Source]) -> dict[str, tuple[Source, int]]:
    """Addresses in bibliographies and tables, each at its first place."""
    found: dict[str, tuple[Source, int]] = {}
    for source in sources:
        if not source.file.endswith(DATA):
            continue
        for m in IN_TEXT.finditer(source.text):
            url = m[0].rstrip(".,;:)]")
            if parse(url):
                found.setdefault(url, (source, m.start()))
        for m in DOI.finditer(source.text) if source.file.endswith(".bib") else ():
            found.setdefault(f"https://doi.org/{m['doi']}", (source, m.start("doi")))
    return found


def declared_dead(sources: Iterable[Source]) -> set[str]:
    """Addresses whose entry says that they are dead and names an archived copy."""
    return {
        m["url"]
        for source in sources
        if source.file.endswith(".bib")
        for entry in ENTRY.findall(source.text)
        if DECLARED_DEAD.search(entry) and ARCHIVED.search(entry) and (m := URL_FIELD.search(entry))
    }


def checkable(url: Url, skip: tuple[str, ...]) -> str:
    """The address to ask for, without its fragment; "" for what is not asked at all."""
    address = str(url._replace(fragment=None))
    # Whoever tests asks a server on this machine by its number; names of it are examples in a text.
    if (
        not url.host
        or url.host == "localhost"
        or re.fullmatch(r".*\.(?:invalid|test|example|localhost)", url.host)
    ):
        return ""
    return "" if address.startswith(skip) else address


def with_https(address: str) -> str:
    """The encrypted twin of a plain address, which is asked too; "" where there is none."""
    url = parse(address)
    if url is None or url.scheme != "http" or url.port or ON_THIS_MACHINE.fullmatch(url.host):
        return ""
    return str(url._replace(scheme="https"))


def told(
    answers: dict[str, Answer],
    outside: dict[str, Outside],
    data: dict[str, tuple[Source, int]],
    places: Places,
) -> Iterator[Finding]:
    """What writers are told, at every place of an address that is dead, unverified or moved."""
    for written, (url, seen) in outside.items():
        address = str(url._replace(fragment=None))
        if words := said(address, answers):
            for source, offset in where(places, written, seen):
                yield Finding(*source.place(offset), f"{written} {words[0]}", words[1])
    shown = {str(url._replace(fragment=None)) for url, _ in outside.values()}
    for address, (source, offset) in data.items():
        parsed = parse(address)
        asked = str(parsed._replace(fragment=None)) if parsed else ""
        if asked not in shown and (words := said(asked, answers)):
            yield Finding(*source.place(offset), f"{address} {words[0]}", words[1])


def said(address: str, answers: dict[str, Answer]) -> tuple[str, str] | None:
    answer = answers.get(address)
    if answer is None:
        return None
    if answer.verdict == "dead":
        return f"is dead: {answer.words}. Mend it, or cite an archived copy.", "error"
    if answer.verdict == "unverified":
        return f"could not be verified: {answer.words}.", "warning"
    if answer.moved:
        return f"has moved for good to {answer.moved}. Write that.", "warning"
    twin = answers.get(with_https(address))
    if twin and twin.verdict == "alive":
        return "answers under https:// too. Write that.", "warning"
    return (f"{answer.words}.", "warning") if answer.words else None


def exceptions(config: Path, addresses: Iterable[str]) -> Iterator[Finding]:
    """What is wrong with `exclude` in lychee.toml: no reason, no date, or nothing left to except."""
    if not config.is_file():
        return
    text = config.read_text(encoding="utf-8")
    known = list(addresses)
    block = re.search(r"^exclude\s*=\s*\[(?P<items>.*?)^\]", text, re.MULTILINE | re.DOTALL)
    for m in EXCEPTION.finditer(block["items"]) if block else ():
        assert block is not None
        line = text.count("\n", 0, block.start("items") + m.start("pattern")) + 1
        pattern = m["pattern"] if m["quote"].startswith("'") else m["pattern"].replace("\\\\", "\\")
        if not m["reason"] or not DATE.search(m["reason"]):
            yield Finding(
                config.name, line, 1, f"{pattern} has no reason and date beside it: # Why. Tried 2026-01."
            )
        if not any(re.search(pattern, address) for address in known):
            yield Finding(config.name, line, 1, f"{pattern} matches no address any more. Take it out.")


def check(
    outside: dict[str, Outside], places: Places, project: Path, skip: tuple[str, ...], log: object
) -> tuple[list[Finding], lychee.Outcome]:
    """Ask every address that the site, its bibliographies and tables hold; findings, and what was asked."""
    data = data_addresses(places.everything)
    suppressed = declared_dead(places.everything)
    urls = [url for url, _ in outside.values()] + [url for one in data if (url := parse(one))]
    wanted = {a for url in urls if (a := checkable(url, skip)) and a not in suppressed}
    twins = {twin for address in wanted if (twin := with_https(address))}
    outcome = lychee.ask(wanted | twins, project, progress=progress_to(log))
    found = [
        *told(outcome.answers, outside, data, places),
        *exceptions(project / lychee.CONFIG, wanted),
    ]
    return found, outcome


def progress_to(log: object) -> lychee.Progress:
    """Say how far the asking has come, about ten times in all."""
    info = getattr(log, "info", print)

    def progress(done: int, total: int) -> None:
        if done == total or done % max(10, total // 10) == 0:
            info("asked %d of %d addresses.", done, total)

    return progress
