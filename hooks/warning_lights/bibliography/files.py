"""The .bib files that the bibtex plugin of a site reads."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from warning_lights.bibliography.bibtex import BrokenBib, scan
from warning_lights.core.project import read, relative, root


def bib_files(config: MkDocsConfig) -> list[Path]:
    """The .bib files that the bibtex plugin reads; none without the plugin."""
    plugin = next(
        (config.plugins[name] for name in ("bibtex", "mkdocs-bibtex") if name in config.plugins), None
    )
    if plugin is None:
        return []
    if plugin.config["bib_file"]:
        path = root(config) / plugin.config["bib_file"]
        return [path] if path.is_file() else []  # One fetched from elsewhere is not a file of the project.
    return sorted((root(config) / plugin.config["bib_dir"]).rglob("*.bib"))


def bib_texts(config: MkDocsConfig) -> dict[str, str]:
    """The same as path -> text."""
    return {relative(path, config): read(path) for path in bib_files(config)}


def known_keys(config: MkDocsConfig) -> frozenset[str]:
    """Every key of the bibliography; none without the bibtex plugin."""
    return frozenset(
        entry.key
        for text in bib_texts(config).values()
        for entry in scan(text)
        if not isinstance(entry, BrokenBib)
    )
