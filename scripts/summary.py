"""What a pull request changes and what the checks found, in plain words for its writer, as Markdown.

    python scripts/summary.py --base COMMIT [--failed] [--ask]

Reads the findings that the checks left in .cache/findings.jsonl, and the difference to COMMIT. With
--ask, the addresses that the change adds are tried, and the summary says whether they answer.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import added_links
from added_links import ADDRESS

ROOT = Path(__file__).resolve().parent.parent
FINDINGS = ".cache/findings.jsonl"
TOUCHED = ["docs", "bibliography", "mkdocs.yml"]
WRITTEN = ["docs/*.md", "docs/data/*.csv", "bibliography/*.bib"]  # Where words and addresses are counted.
ANNOTATED = 10  # Findings of a step that GitHub shows beside the lines.
MOST = 100  # Findings in one list: GitHub takes a summary of 1 MiB, and nobody reads that.
PREVIEW = "site/downloads/warning-lights-offline.zip"
CITATION = re.compile(r"(?<![\w@.+/])-?@[\w{]")
NO_WORDS = re.compile(r"\[[^\]]*@[^\]]*\]|https?://\S+")  # Citations and addresses.
MARKUP = re.compile(
    rf"(?P<code>`[^`]*`)|{ADDRESS.pattern}|!?\[[^\[\]`]*\](?:\([^()`]*\))?|(?P<plain>[<@*_~`\[\]])"
)
STATES = {"A": "new", "M": "changed", "D": "taken out", "R": "moved"}


@dataclass
class Change:
    """What the difference holds: files with their state, and what its added lines add."""

    files: list[tuple[str, str]] = field(default_factory=list)  # (state, path or "old → new")
    words: int = 0
    citations: int = 0
    addresses: list[str] = field(default_factory=list)


def read_change(names: str, patch: str) -> Change:
    """From the output of `git diff --name-status -z` and of `git diff --unified=0`."""
    change = Change()
    parts = iter(names.split("\0"))
    for state in filter(None, parts):
        path = next(parts)
        if state[0] == "R":
            path = f"{path} → {next(parts)}"
        change.files.append((STATES.get(state[0], "changed"), path))
    added = [line[1:] for line in patch.splitlines() if line.startswith("+") and not line.startswith("+++")]
    removed = [line[1:] for line in patch.splitlines() if line.startswith("-") and not line.startswith("---")]
    change.words = words(added) - words(removed)
    change.citations = cited(added) - cited(removed)
    gone = set(added_links.added(removed))
    change.addresses = [address for address in added_links.added(added) if address not in gone]
    return change


def words(lines: Iterable[str]) -> int:
    return sum(len(re.findall(r"\w+", NO_WORDS.sub(" ", line))) for line in lines)


def cited(lines: Iterable[str]) -> int:
    return sum(len(CITATION.findall(line)) for line in lines)


def render(
    change: Change,
    findings: list[dict[str, object]],
    *,
    failed: bool = False,
    answers: Mapping[str, str] | None = None,
    preview: bool = False,
) -> str:
    """The summary. `failed` says that a step failed, whether or not a finding tells why.

    `answers` is what to say of each added address, if they were asked; `preview`: whether there is one.
    """
    faults = [finding for finding in findings if finding["severity"] == "error"]
    hints = [finding for finding in findings if finding["severity"] != "error"]
    lines = ["## " + ("All is well" if not faults else f"{len(faults)} to mend"), ""]
    if failed and not faults:
        lines = ["## A check stopped before it could answer", ""]
        lines += ["This is hardly your doing. The log says why: press *Details* beside the check.", ""]
    if faults:
        which = "Each stands on its line" if len(faults) <= ANNOTATED else "The first stand on their lines"
        lines += [f"{which} in *Files changed*, too.", ""]
        lines += listed(faults)
    if hints:
        lines += ["", f"### {len(hints)} to look at, none of which holds the change up", "", *listed(hints)]
    lines += ["", "### What changes", ""]
    lines += [f"- `{path}`: {state}" for state, path in change.files] or [
        "- nothing in the pages or the bibliography"
    ]
    lines += ["", f"Words: {change.words:+d}. Citations: {change.citations:+d}."]
    if change.addresses:
        when = "What they answered just now" if answers is not None else "They are tried at night, and that"
        lines += ["", "### Addresses of other sites that it adds", ""]
        lines += [f"{when} does not fail the check.", ""]
        lines += [f"- `{one}` {shown((answers or {}).get(one, ''))}".rstrip() for one in change.addresses]
    lines += [
        "",
        "### What was checked",
        "",
        "Every citation and note, every link and anchor of the finished site, quotations, the bibliography, "
        "Markdown, spelling and wording, and that the PDF holds all of it.",
    ]
    if preview:
        lines += [
            "To see the site with your change, and its PDF: download *warning-lights-offline.zip* below, "
            "unpack it, and open `index.html` in the folder that it makes.",
        ]
    return "\n".join(lines) + "\n"


def listed(findings: list[dict[str, object]]) -> list[str]:
    more = [f"- and {len(findings) - MOST} more: see the log of the check"] if len(findings) > MOST else []
    return [f"- {place(finding)} {shown(finding['message'])}" for finding in findings[:MOST]] + more


def shown(message: object) -> str:
    """A message as text: what is Markdown in it shows as it was written, and no address becomes a link."""

    def marked(m: re.Match[str]) -> str:
        if m["plain"]:
            return {"<": "&lt;", "@": "@<!-- -->"}.get(m[0], f"\\{m[0]}")
        return m[0] if m["code"] else f"`{m[0]}`"

    return MARKUP.sub(marked, str(message))


def place(finding: dict[str, object]) -> str:
    line = f":{finding['line']}" if finding["line"] else ""
    return f"`{finding['file']}{line}`"


def git(*words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(ROOT), "-c", "core.quotePath=false", *words],
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # A file in another encoding is reported by the checks, not here.
        check=True,
    ).stdout


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", required=True, help="the commit that the change starts from")
    parser.add_argument("--failed", action="store_true", help="a step before this one has failed")
    parser.add_argument("--ask", action="store_true", help="try the addresses that the change adds")
    options = parser.parse_args(arguments)
    span = f"{options.base}...HEAD"
    change = read_change(
        git("diff", "-z", "--name-status", span, "--", *TOUCHED),
        git("diff", "--unified=0", span, "--", *WRITTEN),
    )
    path = ROOT / FINDINGS
    findings = (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
    )
    answers = added_links.told(change.addresses, ROOT) if options.ask else None
    preview = (ROOT / PREVIEW).is_file()
    print(render(change, findings, failed=options.failed, answers=answers, preview=preview), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
