"""Where things lie in the project, for every hook that names a file to its writer."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File

from bib_source import BrokenBib, scan


def root(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml."""
    return Path(config.config_file_path or ".").resolve().parent


def relative(path: Path, config: MkDocsConfig) -> str:
    """A path from there, with slashes; one outside the project as it is."""
    path = path.resolve()
    return path.relative_to(root(config)).as_posix() if path.is_relative_to(root(config)) else str(path)


def source_of(file: File, config: MkDocsConfig) -> str:
    """The file as its writer knows it: `docs/index.md`; one that a hook made gives its address."""
    path = Path(file.abs_src_path).resolve() if file.abs_src_path else None
    if path is None or not path.is_relative_to(root(config)):
        return file.src_uri
    return relative(path, config)


def read(path: Path) -> str:
    """A text file, also with a byte-order mark or a byte that is not UTF-8."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


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
