"""One form for all that the hooks find: file, line, column, what is wrong, what to do instead."""

from __future__ import annotations

import json
import logging
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

# The advice on a picture of another host, wherever it is found.
UPLOAD_ADVICE = "Upload a copy to docs/assets/ (on GitHub: Add file, Upload files), and name it here."
# Of a terminal, and those that turn the direction of what is shown.
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Log = logging.LoggerAdapter[logging.Logger]


@dataclass(frozen=True, order=True)
class Finding:
    """A fault, at the place where its writer can fix it.

    `file` is relative to the folder of mkdocs.yml and written with slashes; `line` and `column`
    count from 1, and 0 stands for "the file as a whole". `about` names what is wrong at that place, such as
    the address of a link: what several rooms refuse is reported by the first alone.
    """

    file: str
    line: int
    column: int
    message: str
    severity: str = "error"  # "error" stops a strict build; "warning" is only shown.
    about: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """A finding is one line wherever it is shown: nothing in it is a command of a log."""
        object.__setattr__(self, "file", one_line(self.file))
        object.__setattr__(self, "message", one_line(self.message))

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place}: {self.message}"


def one_line(text: str) -> str:
    """Line ends and tabs as spaces, and characters that control a terminal as their code points."""
    text = re.sub(r"\s*[^\S \u00a0]\s*", " ", text)
    return CONTROL_CHARACTER.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def unreported(findings: Iterable[Finding], reported: Counter[object]) -> list[Finding]:
    """The findings that no earlier call with the same `reported` has returned, in order.

    Left out is also one whose every `about` an earlier call has returned at the same line, as often as it was
    returned: of two pictures on a line of which one is known, the second is new. `reported` counts both the
    findings and what they are about, and is updated.
    """
    new: list[Finding] = []
    known: Counter[object] = Counter()  # What a finding was left out for.
    causes: Counter[object] = Counter()
    for finding in sorted(each for each in set(findings) if each not in reported):
        about = [(finding.file, finding.line, each) for each in finding.about]
        if about and all(reported[each] > known[each] for each in about):
            known.update(about)
            continue
        new.append(finding)
        causes.update(about if finding.severity == "error" else ())
    reported.update(new)
    reported.update(causes)
    return new


def report(findings: Iterable[Finding], log: Log) -> None:
    """Log each finding once, in order of file and line, and publish it.

    An error is logged as a warning: `mkdocs serve` still shows the page, `--strict` stops the build.
    """
    findings = sorted(set(findings))
    for finding in findings:
        log.log(logging.WARNING if finding.severity == "error" else logging.INFO, "%s", finding)
    publish(findings)


def publish(findings: Iterable[Finding]) -> None:
    """Append each as a line of JSON to the file that FINDINGS_FILE names; else, on GitHub, annotate its line.

    GitHub shows ten annotations of a step: who reads the file chooses the ten that matter.
    """
    if path := os.environ.get("FINDINGS_FILE"):
        with open(path, "a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(finding), ensure_ascii=False) + "\n" for finding in findings)
    elif os.environ.get("GITHUB_ACTIONS") == "true":
        for finding in findings:
            print(annotation(finding), flush=True)


def record_check(name: str) -> None:
    """Note in the same file that a check has finished."""
    if path := os.environ.get("FINDINGS_FILE"):
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"checked": name}) + "\n")


def annotation(finding: Finding) -> str:
    """The finding as a workflow command, which GitHub shows beside the line.

    Escapes follow https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    """

    file, message = (text.replace("%", "%25") for text in (finding.file, finding.message))
    where = [f"file={file.replace(':', '%3A').replace(',', '%2C')}"]
    if finding.line:
        where.append(f"line={finding.line}")
        if finding.column:
            where.append(f"col={finding.column}")
    return f"::{finding.severity} {','.join(where)}::{message}"
