"""The .bib files that the bibtex plugin of a site reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from warning_lights.bibliography.bibtex import valid_entries
from warning_lights.bibliography.destinations import Places
from warning_lights.bibliography.passages import parse
from warning_lights.core.findings import Finding
from warning_lights.core.project import read_text, relative, root


def plugin_of(config: MkDocsConfig) -> Any:
    """The mkdocs-bibtex plugin of a site, or None."""
    return config.plugins.get("bibtex") or config.plugins.get("mkdocs-bibtex")


def bibtex_plugin(config: MkDocsConfig) -> Any:
    """The same; raises PluginError where there is none."""
    if (plugin := plugin_of(config)) is not None:
        return plugin
    raise PluginError(
        "hooks/citations.py needs the plugin: add `- bibtex` with its bib_dir to plugins in mkdocs.yml."
    )


def bib_files(config: MkDocsConfig) -> list[Path]:
    """The .bib files that the bibtex plugin reads; none without the plugin."""
    plugin = plugin_of(config)
    if plugin is None:
        return []
    if plugin.config["bib_file"]:
        path = root(config) / plugin.config["bib_file"]
        return [path] if path.is_file() else []  # One fetched from elsewhere is not a file of the project.
    return sorted((root(config) / plugin.config["bib_dir"]).rglob("*.bib"))


def bib_texts(config: MkDocsConfig) -> dict[str, str]:
    """The same as path -> text."""
    return {relative(path, config): read_text(path) for path in bib_files(config)}


class KnownKeys(frozenset[str]):
    """Every key of the bibliography, and the places of the sources that have some registered."""

    places: Places = Places({})


def report_texts(config: MkDocsConfig) -> dict[str, str]:
    """Each `reports.csv` that lies beside a .bib file, as path -> text."""
    paths = {path.parent / "reports.csv" for path in bib_files(config)}
    return {relative(path, config): read_text(path) for path in sorted(paths) if path.is_file()}


def known_keys(config: MkDocsConfig) -> KnownKeys:
    """What can be cited; nothing without the bibtex plugin."""
    keys = KnownKeys(entry.key for text in bib_texts(config).values() for entry in valid_entries(text))
    keys.places = load_places(config)[0]
    return keys


def passage_files(config: MkDocsConfig) -> list[Path]:
    """The files of citable places: `passages/<key>.csv` beside the .bib files."""
    return sorted({path for bib in bib_files(config) for path in (bib.parent / "passages").glob("*.csv")})


def load_places(config: MkDocsConfig) -> tuple[Places, list[Finding]]:
    """The citable places of all sources that have a file, and what is wrong in these files."""
    sources, findings = {}, []
    for path in passage_files(config):
        sources[path.stem], problems = parse(path.stem, read_text(path))
        findings += [Finding(relative(path, config), *problem) for problem in problems]
    return Places(sources), findings
