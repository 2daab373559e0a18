"""What may be linked, and what may be suppressed: policy for the whole site, exceptions beside the link.

Policy is link-policy.toml beside mkdocs.yml; without it, nothing is forbidden:

    third-party = "error"        # or "warning", the default: what a page fetches from other hosts
    [never]
    "host.example" = "Why no page may link there."   # and every host below it

An exception is a comment on the line of the link, or alone on the line before it, with its reason:
`<!-- link-ok: Shown as a dead address on purpose. -->`; in YAML, templates, BibTeX and style sheets
`# link-ok:`, `{# link-ok:`, `% link-ok:` and `/* link-ok:`. One that suppresses nothing is a finding
itself. What [never] forbids, nothing suppresses.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from warning_lights.core import markdown_source
from warning_lights.core.findings import UPLOAD_ADVICE, Finding
from warning_lights.links.locate import Place, Places
from warning_lights.links.resolve import External
from warning_lights.links.written import Source

FILE = "link-policy.toml"
SUPPRESSION = re.compile(
    r"(?P<alone>^[ \t]*)?(?:<!--|\{#|/\*|//|[#%])[ \t]*link-ok:[ \t]*(?P<reason>.*?)[ \t]*(?:-->|#\}|\*/|$)",
    re.MULTILINE,
)
# Parameters that count readers, and are not part of the address of a page.
TRACKING = re.compile(r"(?<=[?&])(?P<name>utm_\w+|fbclid|gclid|mc_[ce]id|smid|igshid)=[^&#]*&?")
LOCAL_HOST = re.compile(r"localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.(?:localhost|invalid|test|example)")


@dataclass(frozen=True)
class Policy:
    third_party: str = "warning"
    never: dict[str, str] = field(default_factory=dict)

    def forbids(self, host: str) -> str:
        """Why `host` may not be linked, or ""."""
        parts = host.rstrip(".").split(".")
        hosts = (".".join(parts[i:]) for i in range(len(parts)))
        return next((self.never[one] for one in hosts if one in self.never), "")


def load(folder: Path) -> Policy:
    """The policy of the project in `folder`. Raises ValueError where the file is malformed."""
    path = folder / FILE
    if not path.is_file():
        return Policy()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # No TOML, or not UTF-8.
        raise ValueError(f"{FILE}: {error}.") from error
    third_party, never = data.get("third-party", "warning"), data.get("never", {})
    reasons = never.values() if isinstance(never, dict) else [None]
    if third_party not in ("error", "warning") or not all(isinstance(r, str) and r for r in reasons):
        raise ValueError(f"{FILE}: third-party is error or warning, and each host of [never] has a reason.")
    return Policy(third_party, {host.lower(): reason for host, reason in never.items()})


def policy_findings(external: dict[str, External], places: Places, policy: Policy) -> Iterator[Finding]:
    """What the policy says of each external address, at every place where someone wrote it."""
    for written, (url, files) in external.items():
        severity = "warning"
        if reason := policy.forbids(url.host):
            words, severity = f"{written} must not be linked. {reason}", "error"
        elif any(files.values()):
            words = f"{written} is fetched from another host as soon as the page opens. {UPLOAD_ADVICE}"
            severity = policy.third_party
        elif url.scheme == "http" and not LOCAL_HOST.fullmatch(url.host):
            words = f"{written} is not encrypted. Try https://."
        elif tracking := ", ".join(TRACKING.findall(written)):
            clean = re.sub(r"[?&]+(?=#|\Z)", "", TRACKING.sub("", written))
            words = f"The address tracks its readers ({tracking}). Write {clean}"
        else:
            continue
        for source, offset in places_of_address(places, written, files):
            yield Finding(*source.place(offset), words, severity, (written.strip(),))


def places_of_address(places: Places, written: str, files: Iterable[str]) -> list[Place]:
    """Each place once, though a template shows it on every page."""
    found: dict[tuple[str, int], Place] = {}
    for page in files:
        for source, offset in places.places_of_link(page, written):
            found[source.file, offset] = (source, offset)
        if found and page not in {source.page for source, _ in found.values()}:
            break  # Not written on the page itself: the other pages show the same.
    page = next(iter(files))
    return list(found.values()) or [places.place_by_words(page, written) or (Source(f"site/{page}", str), 0)]


class Suppression(NamedTuple):
    place: tuple[str, int, int]
    reason: str
    lines: tuple[int, ...]
    external: bool  # Beside an external address: stale only if that was checked.

    def covers(self, finding: Finding) -> bool:
        return bool(self.reason) and finding.file == self.place[0] and finding.line in self.lines


def read_suppressions(sources: Iterable[Source]) -> Iterator[Suppression]:
    for source in sources:
        if source.file.endswith(".py") or "link-ok:" not in source.text:
            continue
        text = markdown_source.blank_code(source.text, comments=False) if source.is_markdown else source.text
        lines = text.split("\n")
        for m in SUPPRESSION.finditer(text):
            line, column = markdown_source.position(text, max(m.start(), m.end("alone")))
            covers = (line, line + 1) if m["alone"] is not None else (line,)
            external = any("http" in lines[n - 1] for n in covers if n <= len(lines))
            yield Suppression((source.file, line, column), m["reason"], covers, external)


def suppress(findings: Iterable[Finding], sources: Iterable[Source], *, checked: bool) -> list[Finding]:
    """`findings` without those suppressed beside the link, and with those about the suppressions themselves.

    `checked`: whether external addresses were checked in this build; if not, a suppression for one may wait.
    """
    known = list(read_suppressions(sources))
    used: set[Suppression] = set()
    remaining = []
    for finding in findings:
        fits = [one for one in known if one.covers(finding)]
        if fits and " must not be linked. " not in finding.message:
            used.update(fits)
        else:
            remaining.append(finding)
    for one in known:
        if not one.reason:
            words = "link-ok: has no reason. Say why the link beside it may stay."
            remaining.append(Finding(*one.place, words))
        elif one not in used and (checked or not one.external):
            remaining.append(Finding(*one.place, "link-ok: suppresses nothing any more. Remove it."))
    return sorted(set(remaining))
