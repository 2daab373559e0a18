"""Every chart is drawn at build time, and its numbers can be downloaded.

A fence named `chart` holds YAML: `data` (a CSV file, as in a link), `title`, `alt` (what the chart
tells), `citation`, then `mark`, `encoding` and the like in Vega-Lite's own words; `dates` names columns
of dates, `columns` those shown in the table. Needs pymdownx.superfences and vl-convert-python.
Every row of the file needs a citation in its column `citation`.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from warning_lights.bibliography.files import known_keys
from warning_lights.core import project
from warning_lights.core.findings import Finding, report
from warning_lights.core.markdown_source import position
from warning_lights.core.table import Table, read
from warning_lights.data import charts
from warning_lights.data.charts import ChartsExtension

log = get_plugin_logger("charts")

SUPERFENCES = "pymdownx.superfences"
FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[ \t]*\{?[ \t]*\.?chart\b.*\n", re.MULTILINE)


class Build:
    """What one build remembers; made anew by each, since `mkdocs serve` builds many times."""

    def __init__(self) -> None:
        self.page: File | None = None  # The page being converted.
        self.files: Files | None = None
        self.tables: dict[str, Table] = {}
        self.findings: list[Finding] = []


build = Build()


def on_config(config: MkDocsConfig) -> None:
    global build
    build = Build()
    here = build

    def table(path: str) -> Table | None:
        return read_table(path, here)

    def problem(body: str, message: str) -> None:
        if here.page:
            place = place_of(body, here.page.content_string)
            here.findings.append(Finding(project.source_of(here.page, config), *place, message))

    extension = ChartsExtension(table, problem, project.root(config) / ".cache" / "charts")
    options = config.mdx_configs.setdefault(SUPERFENCES, {})
    others = [fence for fence in options.get("custom_fences", []) if fence["name"] != "chart"]
    options["custom_fences"] = [*others, {"name": "chart", "class": "chart", "format": extension.fence}]
    kept = [e for e in config.markdown_extensions if not isinstance(e, ChartsExtension)]
    config.markdown_extensions[:] = [*kept, extension]  # type: ignore[list-item]


def on_files(files: Files, config: MkDocsConfig) -> None:
    build.files = files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    build.page = page.file


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    known = known_keys(config)
    for path, table in build.tables.items():
        file = files.get_file_from_path(path)
        assert file is not None, "The table was read from it."
        for line, column, message in charts.problems(table, known):
            build.findings.append(Finding(project.source_of(file, config), line, column, message))
    report(build.findings, log)


def read_table(path: str, build: Build) -> Table | None:
    """The table at `path`, which is written as a link on the page being converted."""
    if build.page is None or build.files is None:
        return None
    uri = posixpath.normpath(posixpath.join(posixpath.dirname(build.page.src_uri), path))
    file = build.files.get_file_from_path(uri)
    if file is None:
        return None
    if uri not in build.tables:
        build.tables[uri] = read(file.content_string)
    return build.tables[uri]


def place_of(body: str, text: str) -> tuple[int, int]:
    """(line, column) of the fence that holds `body`, or (0, 0)."""
    wanted = " ".join(body.split())
    for m in FENCE.finditer(text):
        if " ".join(text[m.end() :].split()).startswith(wanted):
            return position(text, m.start())
    return 0, 0
