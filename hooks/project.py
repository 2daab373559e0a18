"""The files of a project as its writer names them."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File


def project(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml."""
    return Path(config.config_file_path or ".").resolve().parent


def relative(path: Path, config: MkDocsConfig) -> str:
    """A path from there, with slashes; one outside the project as it is."""
    path = path.resolve()
    return path.relative_to(project(config)).as_posix() if path.is_relative_to(project(config)) else str(path)


def source_of(file: File, config: MkDocsConfig) -> str:
    """The file that a page is written in; a page made by a plugin has none, and gives its name."""
    return relative(Path(file.abs_src_path), config) if file.abs_src_path else file.src_uri


def read(path: Path) -> str:
    """A text file, also with a byte-order mark or a byte that is not UTF-8."""
    return path.read_text(encoding="utf-8-sig", errors="replace")
