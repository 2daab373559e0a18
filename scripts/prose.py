"""Check what is written: Markdown (rumdl), spelling (typos), preferred words and typography.

    python scripts/prose.py

Each finding has its file, line and column; on GitHub it is an annotation on the line, and the summary
of the pull request lists it. Preferred words are in house-words.yml. Exit status 1: there is an error.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from warning_lights.core.findings import Finding, record_check, report
from warning_lights.core.markdown_source import FRONT_MATTER, blank, blank_code, position
from warning_lights.writing.front_matter import UNOPENED
from warning_lights.writing.markdown import faults

ROOT = Path(__file__).resolve().parent.parent
WORDS = Path(__file__).with_name("house-words.yml")
WRITTEN = ["docs/**/*.md", "docs/data/*.csv", "README.md", "CONTRIBUTING.md", "SECURITY.md"]
SPELT = ["docs", "README.md", "CONTRIBUTING.md", "SECURITY.md"]
# What are not our words: citations, quotations, terms, titles, addresses, tags.
NOT_OURS = re.compile(
    r"\[[^\[\]]*@[^\[\]]*\]|“[^”]*”|‘[^’\n]*’|^[ ]{0,3}>.*$|(?<![*\w])\*[^*\n]+\*(?![*\w])"
    r"|(?<=\])\([^()\n]*\)|https?://\S+|<[^<>\n]+>",
    re.MULTILINE,
)
# What to type for a rule of rumdl, where its message names only the rule.
ADVICE = {
    "MD001": "Use one # more than the heading above, and not two.",
    "MD004": "Begin each item of a list with - and a space.",
    "MD009": "Delete the spaces at the end of the line.",
    "MD010": "Delete the tab, and type spaces.",
    "MD012": "Delete one of the empty lines.",
    "MD018": "Write a space after the #.",
    "MD022": "Leave an empty line before and after a heading.",
    "MD023": "Delete the spaces before the #.",
    "MD025": "A page has one heading with a single #, its title. Write ## here.",
    "MD026": "Delete the mark at the end of the heading.",
    "MD028": "Delete the empty line, or begin it with >.",
    "MD029": "Number the items 1, 2, 3.",
    "MD031": "Leave an empty line before and after code.",
    "MD032": "Leave an empty line before and after a list.",
    "MD034": "Put < before it and > after it, or write [words](address).",
    "MD040": "Write its language after the first ```, for example ```text.",
    "MD047": "Add an empty line at the end of the file.",
    "MD056": "A row has as many cells as the first one, with | between them.",
    "MD058": "Leave an empty line before and after a table.",
    "MD059": "Link words that say where the link leads.",
    "MD062": "Delete the spaces inside the brackets.",
    "MD065": "Leave an empty line after ---.",
}
LONGEST_QUOTE = 60
YEAR = r"(?:1[5-9]|20)\d\d"
# Typed on a keyboard, and printed as typed; and what to write.
TYPOGRAPHY = [
    (re.compile(r"(?<=[\w.,)”’] )--(?= [\w(“])|(?<=\w)--(?=\w)"), "–"),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
    (re.compile(rf"(?<![\d/.-])(?P<from>{YEAR})-(?P<to>{YEAR})(?![\d/-])"), "–"),
]
SHOWN = re.compile(r"^(?:title|description):(?P<text>.*)$", re.MULTILINE)


class ToolStopped(RuntimeError):
    """A tool gave no answer that can be read."""


@dataclass(frozen=True)
class HouseWords:
    """One block of house-words.yml: words to replace, what by, and why."""

    pattern: re.Pattern[str]
    better: dict[str, str]  # By the word in small letters; "-" means that it is left out.
    why: str

    def message(self, written: str) -> str:
        better = self.better[" ".join(written.lower().split())]
        advice = "Leave it out" if better == "-" else f"Write {better}"
        return f"“{' '.join(written.split())}” is not used on this site. {advice}: {lower_first(self.why)}"


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def house_words(text: str) -> list[HouseWords]:
    """The blocks of a list such as house-words.yml; raises ValueError where one cannot be meant so."""
    found = []
    for block in yaml.safe_load(text):
        words = [" ".join(word.lower().split()) for word in block["words"].split(", ")]
        better = block["better"].split(", ") if block["better"].count(", ") == len(words) - 1 else []
        pairs = dict(zip(words, better or [block["better"]] * len(words), strict=True))
        longest_first = sorted(words, key=len, reverse=True)
        either = "|".join(r"\s+".join(map(re.escape, word.split())) for word in longest_first)
        pattern = re.compile(rf"(?<![\w.-])(?:{either})(?![\w-])", re.IGNORECASE)
        found.append(HouseWords(pattern, pairs, block["why"]))
    return found


def own_text(text: str) -> str:
    """The words of a page that are ours, in their places; all else is blank. Titles count too."""
    prose = blank_code(text)
    if front := FRONT_MATTER.match(text):
        for m in SHOWN.finditer(front[0]):
            prose = prose[: m.start("text")] + m["text"] + prose[m.end("text") :]
    return NOT_OURS.sub(lambda m: blank(m[0]), prose)


def wording_findings(file: str, text: str, words: list[HouseWords]) -> Iterator[Finding]:
    """A finding for each word of `text` for which another is preferred, and for its typography."""
    prose = own_text(text)
    for each in words:
        for m in each.pattern.finditer(prose):
            yield Finding(file, *position(text, m.start()), each.message(m[0]))
    for pattern, better in TYPOGRAPHY if file.endswith(".md") else ():
        for m in pattern.finditer(prose):
            meant = f"{m['from']}{better}{m['to']}" if "from" in pattern.groupindex else better
            message = f"{m[0]} is printed as typed. Write {meant}"
            yield Finding(file, *position(text, m.start()), message, "warning")


def markdown_findings(root: Path) -> Iterator[Finding]:
    """What rumdl finds, by .rumdl.toml, but not on lines of which the build tells the cause."""
    explained: dict[str, set[int]] = {}
    for each in json.loads(tool_output(root, "rumdl", "check", "--output", "json", ".") or "[]"):
        file, line, rule = Path(each["file"]).as_posix().removeprefix("./"), each["line"], each["rule"]
        if file not in explained:
            explained[file] = lines_of_faults((root / file).read_text(encoding="utf-8-sig", errors="replace"))
        if line in explained[file]:
            continue
        message = re.sub(r"'([^']+)'", lambda m: f"“{shorten(m[1])}”", each["message"].rstrip("."))
        command = f"{rule}; on your own computer, `make format` does it" if each.get("fixable") else rule
        advice = f" {ADVICE[rule]}" if rule in ADVICE else ""
        yield Finding(file, line, each["column"], f"{message}.{advice} ({command})")


def lines_of_faults(text: str) -> set[int]:
    """The lines of which the build tells what is wrong (see warning_lights.writing)."""
    front = UNOPENED.match(text)
    after = range(front[0].count("\n") + 2 if front else 0)
    return {*after, *(position(text, offset)[0] for offset, _ in faults(text))}


def shorten(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"


def spelling_findings(root: Path) -> Iterator[Finding]:
    """What typos finds, by typos.toml."""
    for line in tool_output(root, "typos", "--format", "json", *SPELT).splitlines():
        each = json.loads(line)
        if each["type"] != "typo" or "line_num" not in each:
            continue
        file, number, written = each["path"].removeprefix("./"), each["line_num"], each["typo"]
        column = column_of((root / file).read_bytes(), number, each["byte_offset"])
        meant = " or ".join(each["corrections"])
        advice = f"Did you mean {meant}?" if meant else "Write another word."
        taught = f'If it is right, add to typos.toml, under [default.extend-words]: {written} = "{written}"'
        yield Finding(file, number, column, f"“{written}” is misspelt. {advice} {taught}")


def column_of(content: bytes, line: int, offset: int) -> int:
    """The column, from 1 and in letters, of the byte `offset` of a line."""
    return len(content.split(b"\n")[line - 1][:offset].decode("utf-8", "replace")) + 1


def tool_output(root: Path, tool: str, *words: str) -> str:
    """What a tool of the virtual environment prints; an exit status of 0 to 2 means that it ran."""
    command = [str(Path(sys.executable).with_name(tool)), *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in {0, 1, 2} or (done.returncode and not done.stdout.strip()):
        raise ToolStopped(f"{tool} stopped: {done.stderr.strip()}")
    return done.stdout


def written(root: Path) -> Iterator[Finding]:
    """What is found in Markdown and wording."""
    words = house_words(WORDS.read_text(encoding="utf-8"))
    for path in sorted(path for pattern in WRITTEN for path in root.glob(pattern)):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        yield from wording_findings(path.relative_to(root).as_posix(), text, words)
    yield from markdown_findings(root)


def findings(root: Path) -> list[Finding]:
    """All findings in the texts of a project; of two on one word, the one that gives a reason."""
    found = list(written(root))
    taken = {(each.file, each.line, each.column) for each in found}
    found += [each for each in spelling_findings(root) if (each.file, each.line, each.column) not in taken]
    return sorted(set(found))


def main() -> int:
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    try:
        found = findings(ROOT)
    except ToolStopped as error:
        print(error, file=sys.stderr)
        return 1
    record_check("text")
    report(found, logging.LoggerAdapter(logging.getLogger("prose"), {}))
    return int(any(finding.severity == "error" for finding in found))


if __name__ == "__main__":
    sys.exit(main())
