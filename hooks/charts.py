"""A fence that names a CSV file becomes a chart or a table, made at build time.

`chart` holds YAML: `data` (the file, as in a link), `title`, `alt` (what the chart says), `citation`, then
`mark`, `encoding` and the like in Vega-Lite's own words; `dates` names columns of dates (each also gives
`…_from` and `…_to`), `columns` those shown in the table. Needs vl-convert-python.
`table` holds `data`, `columns` (heading: column, or a list of columns), `ids` and `empty`.
Both may have `where` (column: value, or a list of values). Needs pymdownx.superfences.
Every row of the file needs a citation; `extra.data.values` of mkdocs.yml lists the words of a column.
"""

from __future__ import annotations

import posixpath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from warning_lights.bibliography.files import known_keys
from warning_lights.core import project
from warning_lights.core.findings import Finding, report
from warning_lights.core.table import Table, read
from warning_lights.data import charts, fences, rows, tables
from warning_lights.data.fences import FencesExtension

log = get_plugin_logger("charts")

SUPERFENCES = "pymdownx.superfences"


class Build:
    """What one build remembers; made anew by each, since `mkdocs serve` builds many times."""

    def __init__(self) -> None:
        self.page: File | None = None  # The page being converted.
        self.files: Files | None = None
        self.tables: dict[str, Table] = {}
        self.values: rows.Values = {}
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
            place = fences.place_of(body, here.page.content_string)
            here.findings.append(Finding(project.source_of(here.page, config), *place, message))

    cache = project.root(config) / ".cache" / "charts"
    here.values = rows.vocabulary((config.extra.get("data") or {}).get("values") or {})
    makers = {"chart": charts.maker(table, here.values, cache), "table": tables.maker(table, here.values)}
    extension = FencesExtension(makers, problem)
    options = config.mdx_configs.setdefault(SUPERFENCES, {})
    others = [fence for fence in options.get("custom_fences", []) if fence["name"] not in makers]
    options["custom_fences"] = [*others, *extension.superfences()]
    kept = [e for e in config.markdown_extensions if not isinstance(e, FencesExtension)]
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
        for line, column, message in tables.problems(table, known, build.values):
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
