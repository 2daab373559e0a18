"""Run MkDocs, so that whatever stops it or is said by it alone is a finding, too.

    python scripts/build.py build --strict --site-dir site
    python scripts/build.py serve

Before MkDocs reads mkdocs.yml, its syntax is checked; a fault there would stop it without a place. What
MkDocs and plugins log without file and line becomes a finding of the file that they name.
"""

from __future__ import annotations

import errno
import logging
import re
import secrets
import sys
import traceback
from pathlib import Path
from typing import Any

import click
from mkdocs import __main__ as mkdocs

from warning_lights.core.findings import Finding, one_line, publish, record_check, report
from warning_lights.writing import config

ROOT = Path.cwd()  # The folder of mkdocs.yml.
SETTING = re.compile(r"Config value '(?P<name>\w+)'")
NAMED = re.compile(r"(?P<file>[\w./-]+\.(?:md|csv|bib|yml|yaml|html|css|js|py))(?::(?P<line>\d+))?(?!\w)")
# Of our own adapters, which name the place themselves.
log = logging.LoggerAdapter(logging.getLogger("mkdocs.build"), {})


class Messages(logging.Handler):
    """Collects the warnings of MkDocs and of plugins that are not findings already."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[Finding] = []

    def emit(self, record: logging.LogRecord) -> None:
        arguments = record.args if isinstance(record.args, tuple) else ()
        message = record.getMessage()
        if "see the lines above" in message or any(isinstance(each, Finding) for each in arguments):
            return  # A finding, or the end of a build of which findings tell the cause.
        self.found.append(finding(message, ROOT))


def one_line_record(*given: Any, **more: Any) -> logging.LogRecord:
    """A record of the log whose message is one line, so that no part of it is a command for GitHub."""
    record = logging.LogRecord(*given, **more)
    message = record.getMessage()
    if one_line(message) != message:
        record.msg, record.args = one_line(message), ()
    return record


def finding(message: str, root: Path) -> Finding:
    """A message of MkDocs as a finding: at the file that it names, else at its setting in mkdocs.yml."""
    message = " ".join(message.split())
    if m := SETTING.search(message):
        text = (root / config.FILE).read_text(encoding="utf-8", errors="replace")
        at = re.search(rf"^{m['name']}\s*:", text, re.MULTILINE)
        return Finding(config.FILE, text.count("\n", 0, at.start()) + 1 if at else 0, 1 if at else 0, message)
    for m in NAMED.finditer(message):
        for path in (m["file"], f"docs/{m['file']}"):
            if (root / path).is_file():
                return Finding(path, int(m["line"] or 0), 0, message)
    return Finding(config.FILE, 0, 0, message)


def main(arguments: list[str]) -> int:
    text = (ROOT / config.FILE).read_text(encoding="utf-8", errors="replace")
    if fault := config.syntax_fault(text):
        report([fault], log)
        return 1
    messages = Messages()
    logging.getLogger("mkdocs").addHandler(messages)
    logging.setLogRecordFactory(one_line_record)
    try:
        mkdocs.cli.main(args=arguments, prog_name="mkdocs", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        if "strict mode" in str(error):  # All was built and checked, and there are findings.
            record_check("site")
        return error.exit_code
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            message = "The port is in use: is another preview open? Choose another: make serve PORT=8001"
            print(message, file=sys.stderr)
            return 1
        messages.found.append(finding(f"The build stopped: {type(error).__name__}: {error}", ROOT))
        # A line of a traceback is not a command for GitHub.
        token = secrets.token_hex(16)
        print(f"::stop-commands::{token}", traceback.format_exc(), f"::{token}::", sep="\n", file=sys.stderr)
        return 1
    finally:
        publish(messages.found)
    record_check("site")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
