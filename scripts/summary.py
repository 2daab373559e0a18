"""What a pull request changes and what the checks found, in plain words for its writer, as Markdown.

    python scripts/summary.py --base COMMIT [--failed]

Reads the findings that the checks left in .cache/findings.jsonl, and the difference to COMMIT.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FINDINGS = ".cache/findings.jsonl"
CITATION = re.compile(r"(?<![\w@.+/])-?@[\w{]")
NO_WORDS = re.compile(r"\[[^\]]*@[^\]]*\]|https?://\S+")  # Citations and addresses.
ADDRESS = re.compile(r"https?://[^\s<>\"'{}|\\^`\])]+")
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
    gone = set(addresses(removed))
    change.addresses = [address for address in addresses(added) if address not in gone]
    return change


def words(lines: Iterable[str]) -> int:
    return sum(len(re.findall(r"\w+", NO_WORDS.sub(" ", line))) for line in lines)


def cited(lines: Iterable[str]) -> int:
    return sum(len(CITATION.findall(line)) for line in lines)


def addresses(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(m[0].rstrip(".,;:") for line in lines for m in ADDRESS.finditer(line)))


def render(change: Change, findings: list[dict[str, object]], failed: bool = False) -> str:
    """`failed` says that a step failed, whether or not a finding tells why."""
    faults = [finding for finding in findings if finding["severity"] == "error"]
    hints = [finding for finding in findings if finding["severity"] != "error"]
    lines = ["## " + ("All is well" if not faults else f"{len(faults)} to mend"), ""]
    if failed and not faults:
        lines = ["## A check stopped before it could answer", ""]
        lines += ["This is hardly your doing. The log says why: press *Details* beside the check.", ""]
    if faults:
        lines += ["Each stands on its line in *Files changed*, too.", ""]
    lines += [f"- {place(finding)} {shown(finding['message'])}" for finding in faults]
    if hints:
        lines += ["", f"### {len(hints)} to look at, none of which holds the change up", ""]
        lines += [f"- {place(finding)} {shown(finding['message'])}" for finding in hints[:20]]
    lines += ["", "### What changes", ""]
    lines += [f"- `{path}`: {state}" for state, path in change.files] or [
        "- nothing in the pages or the bibliography"
    ]
    lines += ["", f"Words: {change.words:+d}. Citations: {change.citations:+d}."]
    if change.addresses:
        lines += ["", "Addresses added; each is asked at night, and never holds a change up:", ""]
        lines += [f"- `{address}`" for address in change.addresses]
    lines += [
        "",
        "### What was checked",
        "",
        "Every citation and note, every link and anchor of the finished site, quotations, the bibliography, "
        "Markdown, spelling and wording, and that the PDF holds all of it.",
        "The built site and the PDF are in the artifact *preview* below: download it, unpack it, and open a "
        "terminal there with `python3 -m http.server`.",
    ]
    return "\n".join(lines) + "\n"


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
        text=True,
        check=True,
    ).stdout


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", required=True, help="the commit that the change starts from")
    parser.add_argument("--failed", action="store_true", help="a step before this one has failed")
    options = parser.parse_args(arguments)
    span = [f"{options.base}...HEAD", "--", "docs", "bibliography", "mkdocs.yml"]
    change = read_change(git("diff", "-z", "--name-status", *span), git("diff", "--unified=0", *span))
    path = ROOT / FINDINGS
    findings = (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
    )
    print(render(change, findings, options.failed), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
