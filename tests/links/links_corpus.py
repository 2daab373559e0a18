"""The corpus of the link check: one clean site full of traps, and many ways to break it, one each.

A case is a file of tests/links/cases/: `page` (the text of docs/page.md), `files` (further files of
the project), `config` (put before mkdocs.yml, in place of the same keys there), and `at`, the one
place that must be reported. Used by the tests and by benchmarks/link_recall.py.
"""

from __future__ import annotations

import io
import logging
import re
import shutil
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CLEAN = ROOT / "tests" / "sites" / "links"
CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))
HOOK = ROOT / "hooks" / "links.py"
PAGE = "# Case\n\nNothing wrong.\n"
FINDING = re.compile(r"links: (?P<file>[^\s:]+)(?::(?P<line>\d+))?(?::(?P<column>\d+))?: (?P<message>.*)")


@dataclass(frozen=True)
class Case:
    name: str
    page: str
    files: dict[str, str]
    config: str
    at: str

    @property
    def is_page(self) -> bool:
        """Whether the case is one page alone, so that many can share a site."""
        return not self.files and not self.config


def load(path: Path) -> Case:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Case(
        path.stem, data.get("page", PAGE), data.get("files", {}), data.get("config", ""), data.get("at", "")
    )


def write_site(folder: Path, case: Case | None = None) -> Path:
    """The clean site, changed by `case`, in `folder`; gives back its mkdocs.yml."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(CLEAN, folder)
    config = (CLEAN / "mkdocs.yml").read_text(encoding="utf-8")
    if case:
        for key in re.findall(r"^(\w+):", case.config, re.MULTILINE):
            config = re.sub(rf"^{key}:.*\n(?:[ -].*\n)*", "", config, flags=re.MULTILINE)
        config = case.config + config
        for name, text in {"docs/page.md": case.page, **case.files}.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
    path = folder / "mkdocs.yml"
    path.write_text(f"{config}hooks: [{HOOK}]\n", encoding="utf-8")
    return path


def build(config: Path, site: Path) -> list[str]:
    """Build in this process, for speed; what was logged as a warning or worse, hook's prefix and all."""
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config

    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    log = logging.getLogger("mkdocs")
    keep = Keep(logging.WARNING)
    log.addHandler(keep)
    try:
        with redirect_stdout(io.StringIO()):
            loaded = load_config(str(config), site_dir=str(site))
            loaded.plugins.on_startup(command="build", dirty=False)
            mkdocs_build(loaded)
            loaded.plugins.on_shutdown()
    finally:
        log.removeHandler(keep)
    return lines


def places(lines: list[str]) -> list[str]:
    """`docs/page.md:3` for each finding of the link check among `lines`."""
    found = [m for line in lines if (m := FINDING.match(line))]
    return [f"{m['file']}:{m['line'] or 0}" for m in found]
