"""Pandoc with a limit of time and memory, and its reason where it fails."""

from __future__ import annotations

import subprocess

SECONDS = 60
LIMITS = ("+RTS", "-M2g", "-RTS")  # https://pandoc.org/MANUAL.html#a-note-on-security


class PandocFailed(RuntimeError):
    """Why Pandoc gave no answer, in one line."""


def run_pandoc(text: str, *options: str) -> str:
    """What Pandoc makes of `text` by its `options`, such as `--to=html`; raises PandocFailed."""
    import pypandoc  # Slow to import, and seldom needed: results are cached.

    try:
        command = [pypandoc.get_pandoc_path(), *LIMITS, *options]
        done = subprocess.run(
            command, input=text, capture_output=True, encoding="utf-8", errors="replace", timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise PandocFailed(f"Pandoc gave no answer within {SECONDS} seconds") from None
    except OSError as error:
        raise PandocFailed(f"Pandoc cannot be run: {error}") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise PandocFailed(" ".join(lines[:3]) or f"Pandoc ended with status {done.returncode}")
    return done.stdout
