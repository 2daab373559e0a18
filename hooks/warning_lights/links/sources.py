"""The files of an MkDocs project in which people write links, for `link_places`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from warning_lights.core import project
from warning_lights.links.locate import Places
from warning_lights.links.page import words
from warning_lights.links.written import Source

TEXT = words(
    ".md .markdown .html .htm .xhtml .xml .svg .css .js .mjs .json .webmanifest"
    " .yml .yaml .toml .csv .tsv .bib .txt .py .j2 .jinja .jinja2"
)
# Not the project's own words.
PASSED_OVER = frozenset(
    {"node_modules", "venv", "env", "tests", "test", "site", "build", "dist", "__pycache__"}
)
LARGEST = 2_000_000


def places(config: MkDocsConfig, files: Files) -> Places:
    root = project.root(config)
    docs = Path(config.docs_dir).resolve()
    named = relative(docs, root)
    published = [file for file in files if file.inclusion is not InclusionLevel.EXCLUDED]
    pages = [
        Source(f"{named}/{file.src_uri}", reader(file), file.src_uri, file.dest_uri)
        for file in published
        if file.is_documentation_page() or is_own_text(file, docs)
    ]
    uris = {
        file.src_uri: file.dest_uri for file in files if file.is_documentation_page() or is_below(file, docs)
    }
    found = Places(pages, lambda: list(others(config, root, docs)), uris)
    found.docs = named
    found.meant = {file.dest_uri for file in published if file.inclusion is InclusionLevel.NOT_IN_NAV}
    return found


def is_below(file: File, docs: Path) -> bool:
    return file.abs_src_path is not None and Path(file.abs_src_path).is_relative_to(docs)


def is_own_text(file: File, docs: Path) -> bool:
    return is_below(file, docs) and Path(file.src_uri).suffix in TEXT


def reader(file: File) -> Callable[[], str]:
    def load() -> str:
        try:
            return file.content_string
        except UnicodeDecodeError:  # A table in an older encoding: its places count, not its letters.
            return file.content_bytes.decode("utf-8", "replace")

    return load


def relative(path: Path, root: Path) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def others(config: MkDocsConfig, root: Path, docs: Path) -> Iterator[Source]:
    """mkdocs.yml, the templates, then every other text of the project outside docs/."""
    first = Path(config.config_file_path).resolve()
    yield Source(relative(first, root), read(first))
    custom = Path(config.theme.custom_dir).resolve() if config.theme.custom_dir else None
    site = Path(config.site_dir).resolve()
    for folder in [custom, root] if custom else [root]:
        for path in texts_below(folder):
            if path == first or path.is_relative_to(docs) or path.is_relative_to(site):
                continue
            if folder is root and custom and path.is_relative_to(custom):
                continue
            yield Source(relative(path, root), read(path))


def texts_below(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in PASSED_OVER and not f.startswith("."))
        for name in sorted(names):
            path = Path(top, name)
            if path.suffix in TEXT and path.stat().st_size < LARGEST:
                yield path


def read(path: Path) -> Callable[[], str]:
    return lambda: path.read_text(encoding="utf-8", errors="replace")
