"""Install the packages of a lock file into the environment that runs this, and show how far it has got.

    .venv/bin/python scripts/install.py requirements.txt

What pip says is shown only where it fails; that pypi.org cannot be reached is said in one line.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = re.compile(r"^[A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==", re.MULTILINE)
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|Failed to establish|Connection broken"
)


def main(lock: Path) -> int:
    count = len(PACKAGE.findall(lock.read_text(encoding="utf-8")))
    command = [sys.executable, "-m", "pip", "install", "--require-hashes", "--progress-bar", "off"]
    command += ["--only-binary", ":all:"]  # No package is built, and none of its code run, to install it.
    command += ["--retries", "2", "--timeout", "20", "--requirement", str(lock)]
    output, done = [], 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            output.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                done += 1
                print_progress(f"    {min(done, count)} of {count} packages", done)
            elif line.startswith("Installing collected packages"):
                print_progress("    Unpacking them", 0)
    if sys.stdout.isatty():
        print()
    if not pip.returncode:
        return 0
    text = "".join(output)
    if NO_NETWORK.search(text):
        print(
            f"The packages of {lock} cannot be fetched: is there a network? Nothing else is wrong.",
            file=sys.stderr,
        )
    else:
        print(text, file=sys.stderr)
    return 1


def print_progress(text: str, done: int) -> None:
    """The state on one line of a terminal; in a log, now and then."""
    if sys.stdout.isatty():
        print(f"\r{text:<40}", end="", flush=True)
    elif done % 20 == 0:
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
