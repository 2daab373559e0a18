"""Read what is written: Markdown (rumdl), spelling (typos) and the words of the house, in one answer.

    python scripts/prose.py

Each fault has its file, line and column; on GitHub it is an annotation on the line, and the summary
of the pull request lists it. The words of the house stand in house-words.yml. Exit status 1 says that
there is something to mend.
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

from warning_lights.core.findings import Finding, report
from warning_lights.core.markdown_source import FRONT_MATTER, blank, blank_code, position

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
SHOWN = re.compile(r"^(?:title|description):(?P<text>.*)$", re.MULTILINE)


class Stopped(RuntimeError):
    """A tool gave no answer that can be read."""


@dataclass(frozen=True)
class HouseWords:
    """One block of house-words.yml."""

    pattern: re.Pattern[str]
    better: dict[str, str]  # By the word in small letters; "-" means that it is left out.
    why: str

    def message(self, written: str) -> str:
        better = self.better[" ".join(written.lower().split())]
        advice = "Leave it out" if better == "-" else f"Write {better}"
        return f"“{' '.join(written.split())}” is not a word of this site. {advice}: {lower_first(self.why)}"


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


def ours(text: str) -> str:
    """The words of a page that are ours, in their places; all else is blank. Titles are looked at too."""
    prose = blank_code(text)
    if front := FRONT_MATTER.match(text):
        for m in SHOWN.finditer(front[0]):
            prose = prose[: m.start("text")] + m["text"] + prose[m.end("text") :]
    return NOT_OURS.sub(lambda m: blank(m[0]), prose)


def wording(file: str, text: str, words: list[HouseWords]) -> Iterator[Finding]:
    """A finding for each word of the house that `text` writes otherwise."""
    prose = ours(text)
    for each in words:
        for m in each.pattern.finditer(prose):
            yield Finding(file, *position(text, m.start()), each.message(m[0]))


def markdown(root: Path) -> Iterator[Finding]:
    """What rumdl finds, by .rumdl.toml."""
    for each in json.loads(output(root, "rumdl", "check", "--output", "json", ".") or "[]"):
        how = " `make format` mends it." if each.get("fixable") else ""
        message = f"{each['message'].rstrip('.')} ({each['rule']}).{how}"
        yield Finding(Path(each["file"]).as_posix().removeprefix("./"), each["line"], each["column"], message)


def spelling(root: Path) -> Iterator[Finding]:
    """What typos finds, by typos.toml."""
    for line in output(root, "typos", "--format", "json", *SPELT).splitlines():
        each = json.loads(line)
        if each["type"] != "typo" or "line_num" not in each:
            continue
        file, number, written = each["path"].removeprefix("./"), each["line_num"], each["typo"]
        column = column_of((root / file).read_bytes(), number, each["byte_offset"])
        meant = " or ".join(each["corrections"])
        advice = f"Did you mean {meant}?" if meant else "Write it otherwise."
        taught = "If it is right as it stands, add it to typos.toml."
        yield Finding(file, number, column, f"“{written}” is misspelt. {advice} {taught}")


def column_of(content: bytes, line: int, offset: int) -> int:
    """The column, from 1 and in letters, of the byte `offset` of a line."""
    return len(content.split(b"\n")[line - 1][:offset].decode("utf-8", "replace")) + 1


def output(root: Path, tool: str, *words: str) -> str:
    """What a tool of the virtual environment prints; 0 to 2 say that it has looked."""
    command = [str(Path(sys.executable).with_name(tool)), *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in {0, 1, 2} or (done.returncode and not done.stdout.strip()):
        raise Stopped(f"{tool} stopped: {done.stderr.strip()}")
    return done.stdout


def findings(root: Path) -> Iterator[Finding]:
    """All that is to be mended in the texts of a project."""
    words = house_words(WORDS.read_text(encoding="utf-8"))
    for path in sorted(path for pattern in WRITTEN for path in root.glob(pattern)):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        yield from wording(path.relative_to(root).as_posix(), text, words)
    yield from markdown(root)
    yield from spelling(root)


def main() -> int:
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    try:
        found = sorted(set(findings(ROOT)))
    except Stopped as error:
        print(error, file=sys.stderr)
        return 1
    report(found, logging.LoggerAdapter(logging.getLogger("prose"), {}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
