"""A fence that names a CSV file becomes a chart or a table, made at build time.

`chart` holds YAML: `data` (the file, as in a link), `title`, `alt`, `citation`, then `mark`, `encoding` and
the like in Vega-Lite's own words; `dates` (columns, each also as `…_from` and `…_to`), `columns` shown in the
table, `links` (page.md#start-of-an-id), `map` (data/maps.py). `table`: `data`, `columns`, `ids`, `empty`,
`across` (column: its values, a column each, which join the columns of `cells`).
All may have `where` (column: value, or a list). Every row needs a citation. Needs pymdownx.superfences.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from warning_lights.bibliography.files import known_keys
from warning_lights.core import project
from warning_lights.core.findings import Finding
from warning_lights.core.options import load_options
from warning_lights.core.table import Table, parse_table
from warning_lights.data import charts, fences, maps, rows, tables
from warning_lights.data.fences import FenceError, FencesExtension, Maker

log = get_plugin_logger("charts")


@dataclass
class Build:
    page: File | None = None  # The page being converted.
    files: Files | None = None
    tables: dict[str, Table] = field(default_factory=dict)
    values: rows.Values = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


build = Build()


def on_config(config: MkDocsConfig) -> None:
    global build
    build = Build()
    here = build

    def address_of(path: str) -> str:
        name, _, anchor = path.partition("#")
        file = project.linked_file(name, here.page, here.files)
        if file is None or here.page is None:
            raise FenceError(f"{name} does not exist. Give the path as in a link on this page.")
        return f"{file.url_relative_to(here.page)}#{anchor}"

    def report_problem(body: str, place: tuple[str, ...], message: str) -> str:
        if here.page:
            line_and_column = fences.position_in_fence(body, place, here.page.content_string)
            here.findings.append(Finding(project.source_of(here.page, config), *line_and_column, message))
        data = fences.data_path(body)
        return data if project.linked_file(data, here.page, here.files) else ""

    here.values = rows.vocabulary(load_options(config, "data", rows.Options, log).values)
    table_at = partial(read_table, build=here, config=config)
    context = tables.Context(table_at, here.values, address_of, project.root(config) / ".cache" / "charts")
    makers: dict[str, Maker] = {
        "chart": partial(charts.make, context),
        "map": partial(maps.make, context),
        "table": partial(tables.make, context),
    }
    extension = FencesExtension(makers, report_problem)
    superfences = config.mdx_configs.setdefault("pymdownx.superfences", {})
    superfences["custom_fences"] = extension.custom_fences(superfences.get("custom_fences", []))
    config.markdown_extensions.append(extension)  # type: ignore[arg-type]


def on_files(files: Files, config: MkDocsConfig) -> None:
    build.files = files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    build.page = page.file


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    project.report(build.findings, log, config)


def read_table(path: str, build: Build, config: MkDocsConfig) -> Table | None:
    """The table at `path`, which is written as a link on the page being converted."""
    file = project.linked_file(path, build.page, build.files)
    if file is None:
        return None
    if file.src_uri not in build.tables:
        parsed = parse_table(file.content_string)
        table, problems = tables.checked_table(parsed, known_keys(config), build.values)
        source = project.source_of(file, config)
        build.findings += [Finding(source, *problem) for problem in problems]
        build.tables[file.src_uri] = table
    return build.tables[file.src_uri]
