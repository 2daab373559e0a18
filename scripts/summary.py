"""What a pull request changes and what the checks found, in plain words for its writer, as Markdown.

    python scripts/summary.py --base COMMIT [--failed] [--try-links] [--output FILE]

Reads the findings that the checks left in .cache/findings.jsonl, and the difference to COMMIT. Adds
notices on sentences without a citation and on facts that are no longer stated. With --try-links, the
addresses that the change adds are tried. On GitHub, prints an annotation for each finding: those on
lines of the change come first, since ten are shown.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import added_links
import claims
import facts
from added_links import ADDRESS
from differences import Change, change_since
from warning_lights.core.findings import Finding, annotation

ROOT = Path(__file__).resolve().parent.parent
FINDINGS = ".cache/findings.jsonl"
ANNOTATED = 10  # Findings of a step that GitHub shows beside the lines.
MOST = 100  # Findings in one list: GitHub takes a summary of 1 MiB, and nobody reads that.
PREVIEW = "site/downloads/*-offline.zip"
MARKUP = re.compile(
    rf"(?P<code>(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))|{ADDRESS.pattern}"
    r"|!?\[[^\[\]`]*\](?:\([^()`]*\))?|(?P<plain>[<@*_~`\[\]])"
)
CHECKS = {  # By the name that a check gives itself when it has finished.
    "site": "citations and notes, links and anchors of the finished site, quotations, the bibliography, "
    "tables, the menu, and that the PDF has all of it",
    "text": "Markdown, spelling and wording",
}


def render(
    change: Change,
    findings: Iterable[Finding],
    *,
    checked: Iterable[str] = tuple(CHECKS),
    failed: bool = False,
    answers: Mapping[str, str] | None = None,
    preview: str = "",
) -> str:
    """The summary. `failed` says that a step failed, whether or not a finding tells why.

    `checked` are the checks that have finished; `answers` is what to say of each added address, if they
    were tried; `preview` is the name of the file to download.
    """
    findings = sort_findings(findings, change)
    errors = [finding for finding in findings if finding.severity == "error"]
    notices = [finding for finding in findings if finding.severity != "error"]
    lines = ["## No errors found" if not errors else f"## {with_plural(len(errors), 'error')} to fix", ""]
    if failed and not errors:
        lines = ["## A check stopped before it was finished", ""]
        lines += ["No finding says why. Press *Details* beside the check: the log ends with the reason.", ""]
    if errors:
        which = (
            "Each is shown on its line" if len(errors) <= ANNOTATED else "The first are shown on their lines"
        )
        lines += [f"{which} in *Files changed*, too.", "", *finding_lines(errors)]
    if notices:
        lines += ["", f"### Notices ({len(notices)}), which do not block the change", ""]
        lines += finding_lines(notices)
    lines += ["", "### What changes", ""]
    lines += [f"- `{path}`: {state}" for state, path in change.files] or [
        "- nothing in the pages or the bibliography"
    ]
    lines += ["", f"Words: {change.words:+d}. Citations: {change.citations:+d}."]
    if change.addresses:
        when = "What they answered now" if answers is not None else "They are tried each night, and that"
        lines += ["", "### Addresses of other sites that it adds", ""]
        lines += [f"{when} does not fail the check.", ""]
        lines += [f"- `{one}` {escape((answers or {}).get(one, ''))}".rstrip() for one in change.addresses]
    lines += ["", "### What was checked", ""]
    finished = set(checked)
    lines += [f"- Checked: {what}." for name, what in CHECKS.items() if name in finished]
    lines += [
        f"- **Not checked**, because a step stopped before: {what}."
        for name, what in CHECKS.items()
        if name not in finished
    ]
    if preview:
        lines += [
            "",
            f"To see the site with your change, and its PDF: download *{preview}* below, "
            "unpack it, and open `index.html` in its folder.",
        ]
    return "\n".join(lines) + "\n"


def with_plural(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")


def sort_findings(findings: Iterable[Finding], change: Change) -> list[Finding]:
    """Errors first; of these, those on added lines, then in files of the change; anchors.txt last.

    Notices on files that the change does not touch are not for its writer, and are left out.
    """

    def rank(finding: Finding) -> tuple[object, ...]:
        return (
            finding.severity != "error",
            finding.line not in change.added.get(finding.file, {}),
            not change.touches(finding.file),
            finding.file == "anchors.txt",
            finding,
        )

    return sorted(
        (each for each in set(findings) if each.severity == "error" or change.touches(each.file)),
        key=rank,
    )


def finding_lines(findings: list[Finding]) -> list[str]:
    more = [f"- and {len(findings) - MOST} more: see the log of the check"] if len(findings) > MOST else []
    return [f"- {place_of(finding)} {escape(finding.message)}" for finding in findings[:MOST]] + more


def escape(message: str) -> str:
    """A message as text: what is Markdown in it shows as it was written, and no address becomes a link."""

    def marked(m: re.Match[str]) -> str:
        if m["plain"]:
            return {"<": "&lt;", "@": "@<!-- -->"}.get(m[0], f"\\{m[0]}")
        return m[0] if m["code"] else f"`{m[0]}`"

    return MARKUP.sub(marked, message)


def place_of(finding: Finding) -> str:
    line = f":{finding.line}" if finding.line else ""
    return f"`{finding.file}{line}`"


def notices(change: Change, root: Path, known: set[tuple[str, int]]) -> Iterable[Finding]:
    """Sentences without a citation, and facts that are no longer stated.

    `known` are the (file, line) of findings, of which no more need be said.
    """
    for file, added in change.added.items():
        path = root / file
        if file.endswith(".md") and path.is_file():
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            found = claims.uncited_sentences(file, text, added.keys(), change.removed.get(file, ()))
            yield from (one for one in found if (one.file, one.line) not in known)
    if (root / "site/index.html").is_file():
        yield from facts.findings(root, root / "site", change.removed)


def read_findings(path: Path) -> tuple[list[Finding], list[str]]:
    """The findings of all checks, and the names of the checks that have finished."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    records = [json.loads(line) for line in lines]
    return (
        [Finding(**record) for record in records if "file" in record],
        [record["checked"] for record in records if "checked" in record],
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", required=True, help="the commit that the change starts from")
    parser.add_argument("--failed", action="store_true", help="a step before this one has failed")
    parser.add_argument("--try-links", action="store_true", help="try the addresses that the change adds")
    parser.add_argument("--output", type=Path, help="the file to append the summary to")
    options = parser.parse_args(arguments)
    change = change_since(options.base, ROOT)
    findings, checked = read_findings(ROOT / FINDINGS)
    findings += notices(change, ROOT, {(each.file, each.line) for each in findings})
    answers = added_links.check(change.addresses, ROOT) if options.try_links else None
    preview = next((path.name for path in ROOT.glob(PREVIEW)), "")
    text = render(change, findings, checked=checked, failed=options.failed, answers=answers, preview=preview)
    if options.output:
        with options.output.open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        print(text, end="")
    for finding in sort_findings(findings, change) if os.environ.get("GITHUB_ACTIONS") == "true" else ():
        print(annotation(finding), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
