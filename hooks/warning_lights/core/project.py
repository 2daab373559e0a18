"""Paths of the project, and which findings have been reported."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from warning_lights.core import encoding, history
from warning_lights.core.findings import Finding, Log, unreported
from warning_lights.core.findings import report as report_findings


def root(config: MkDocsConfig) -> Path:
    """The folder of mkdocs.yml."""
    return Path(os.path.abspath(config.config_file_path or ".")).parent


def relative(path: Path, config: MkDocsConfig) -> str:
    """A path relative to that folder, with slashes; one outside the project as it is."""
    inside = os.path.relpath(path, root(config))
    return str(path) if inside.startswith(f"..{os.sep}") else inside.replace(os.sep, "/")


def source_of(file: File, config: MkDocsConfig) -> str:
    """The path of a file in the project, `docs/index.md`; of a generated file, its path in the site."""
    path = relative(Path(file.abs_src_path), config) if file.abs_src_path else ""
    return file.src_uri if not path or os.path.isabs(path) else path


def leave_out(file: str, config: MkDocsConfig) -> None:
    """Note that this build does not write `file` of the site, such as the book in a preview.

    The hook that makes the file calls this; the link check then ignores links to it.
    """
    config.extra.setdefault("left_out", set()).add(file)


def left_out(config: MkDocsConfig) -> frozenset[str]:
    """The files of the site that this build does not write, relative to its root."""
    return frozenset(config.extra.get("left_out", ()))


def site_inputs(config: MkDocsConfig) -> set[str]:
    """The files and folders that the site depends on: pages, entries, templates, hooks and mkdocs.yml."""
    bibtex = config.plugins.get("bibtex")
    named = {config.config_file_path, config.docs_dir, config.theme.custom_dir}
    named |= {os.path.dirname(hook) for hook in config.hooks} | ({bibtex.config.bib_dir} if bibtex else set())
    return {relative(root(config) / name, config) for name in named if name}


def report(findings: Iterable[Finding], log: Log, config: MkDocsConfig) -> None:
    """Report what no hook has reported in this build: one fault may be met by several rooms."""
    reported: Counter[object] = config.extra.setdefault("reported", Counter())
    report_findings(unreported(findings, reported), log)


def linked_file(path: str, page: File | None, files: Files | None) -> File | None:
    """The file that a link on a page leads to; none if there is no such file, or no page yet."""
    if page is None or files is None:
        return None
    return files.get_file_from_path(posixpath.normpath(posixpath.join(posixpath.dirname(page.src_uri), path)))


def read_text(path: Path) -> str:
    """A text file, also with a byte-order mark or a byte that is not UTF-8, and one of UTF-16."""
    with path.open("rb") as file:
        name = "utf-16" if file.read(2) in encoding.UTF_16 else "utf-8-sig"
    return path.read_text(encoding=name, errors="replace")


def templates(config: MkDocsConfig) -> list[Path]:
    """The templates of the site itself, not those of its theme."""
    return sorted(Path(config.theme.custom_dir).rglob("*.html")) if config.theme.custom_dir else []


def in_reading_order(files: Files) -> list[File]:
    """The pages as the nav has them, then those that it does not name."""
    pages = [file.page for file in files.documentation_pages() if file.page]
    chain = [page for page in pages if not page.previous_page and page.next_page]
    for page in chain:  # It grows while it is walked.
        if page.next_page:
            chain.append(page.next_page)
    return list(dict.fromkeys(page.file for page in [*chain, *pages]))


def revision(config: MkDocsConfig) -> history.Revision:
    """The last commit that changed what the site is made of: one of tests alone changes no page."""
    return history.revision(root(config), site_inputs(config))
