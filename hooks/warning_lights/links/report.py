"""What was checked, in one line for people and in .cache/links.json for programs.

{"version": 1,
 "pages": 12,                                  documents read
 "links": {"pages": 340, "anchors": 80, …},    addresses followed, by kind
 "findings": [{"file": "docs/index.md", "line": 3, "column": 5,   0 where none is known
               "severity": "error" | "warning", "message": "…"}],
 "outside": null | {"asked": 10, "cached": 90, "unverified": ["https://…"],
                    "answers": {"https://…": {"verdict": "alive" | "dead" | "unverified" | "excepted",
                                              "words": "…", "moved": "", "asked": 1767225600.0}}}}
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from warning_lights.core.findings import Finding
from warning_lights.links.check import Check
from warning_lights.links.lychee import Outcome


def summary(check: Check, findings: list[Finding], outcome: Outcome | None) -> str:
    """The last line of a run: pages, links by kind, what was asked elsewhere, faults."""
    counts = sorted((kind, number) for kind, number in check.counts.items() if number and kind != "documents")
    links = ", ".join(f"{number:,} {kind}" for kind, number in counts) or "no links"
    outside = ""
    if outcome:
        unverified = len(outcome.unverified)
        outside = (
            f" Elsewhere: {outcome.asked:,} asked, {outcome.cached:,} cached, {unverified:,} unverified."
        )
    faults = sum(finding.severity == "error" for finding in findings)
    notices = len(findings) - faults
    return (
        f"checked {check.counts['documents']:,} pages: {links}.{outside} {faults} faults, {notices} notices."
    )


def write(path: Path, check: Check, findings: list[Finding], outcome: Outcome | None) -> None:
    counts = dict(sorted(check.counts.items()))
    data = {
        "version": 1,
        "pages": counts.pop("documents", 0),
        "links": counts,
        "findings": [asdict(finding) for finding in findings],
        "outside": outcome
        and {
            "asked": outcome.asked,
            "cached": outcome.cached,
            "unverified": outcome.unverified,
            "answers": {url: asdict(answer) for url, answer in sorted(outcome.answers.items())},
        },
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
