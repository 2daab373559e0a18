"""The files of an MkDocs project in which people write links."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from warning_lights.core import project
from warning_lights.core.names import words
from warning_lights.links.locate import Places
from warning_lights.links.written import Source

TEXT_SUFFIXES = words(
    ".md .markdown .html .htm .xhtml .xml .svg .css .js .mjs .json .webmanifest"
    " .yml .yaml .toml .csv .tsv .bib .txt .py .j2 .jinja .jinja2"
)
# Not the project's own words.
IGNORED_FOLDERS = words("node_modules venv env tests test site build dist __pycache__")
LARGEST = 2_000_000  # Bytes.


def places(config: MkDocsConfig, files: Files) -> Places:
    docs = Path(config.docs_dir)
    own = {file for file in files if file.abs_src_path and Path(file.abs_src_path).is_relative_to(docs)}
    name = os.path.relpath(docs, project.root(config)).replace(os.sep, "/")
    published = [file for file in files if file.inclusion is not InclusionLevel.EXCLUDED]
    return Places(
        [
            Source(f"{name}/{file.src_uri}", partial(read_file, file), file.src_uri, file.dest_uri)
            for file in published
            if file.is_documentation_page() or (file in own and Path(file.src_uri).suffix in TEXT_SUFFIXES)
        ],
        lambda: list(other_sources(config, docs)),
        {file.src_uri: file.dest_uri for file in files if file.is_documentation_page() or file in own},
        name,
        [file.dest_uri for file in published if file.inclusion is InclusionLevel.NOT_IN_NAV],
    )


def read_file(file: File) -> str:
    try:
        return file.content_string
    except UnicodeDecodeError:  # A table in an older encoding: its places count, not its letters.
        return file.content_bytes.decode("utf-8", "replace")


def other_sources(config: MkDocsConfig, docs: Path) -> Iterator[Source]:
    """mkdocs.yml, the templates, then every other text of the project outside docs/."""
    root = project.root(config)
    templates = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
    paths = [Path(os.path.abspath(config.config_file_path))]
    paths += [path for folder in [*templates, root] for path in text_files_below(folder)]
    for path in dict.fromkeys(paths):
        if not path.is_relative_to(docs) and not path.is_relative_to(config.site_dir):
            name = os.path.relpath(path, root).replace(os.sep, "/")
            yield Source(name, partial(path.read_text, encoding="utf-8", errors="replace"))


def text_files_below(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in IGNORED_FOLDERS and not f.startswith("."))
        for path in (Path(top, name) for name in sorted(names)):
            if path.suffix in TEXT_SUFFIXES and path.stat().st_size < LARGEST:
                yield path
