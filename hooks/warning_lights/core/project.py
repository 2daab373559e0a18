"""Where things lie in the project, for every hook that names a file to its writer."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File


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


def templates(config: MkDocsConfig) -> list[Path]:
    """The templates of the site itself, not those of its theme."""
    return sorted(Path(config.theme.custom_dir).rglob("*.html")) if config.theme.custom_dir else []
