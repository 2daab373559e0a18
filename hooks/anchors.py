"""Report each address that was published and that the site has lost; `make anchors` lists new ones."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from warning_lights.core.project import read_text, report, root, source_of
from warning_lights.pages import anchors, redirects

log = get_plugin_logger("anchors")


def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> None:
    if any(file.page and file.page.content is None for file in files.documentation_pages()):
        return  # A build of changed pages only (`--dirty`) does not know the others.
    path = root(config) / anchors.LEDGER
    ledger = read_text(path) if path.is_file() else ""
    listed = [file for file in files.documentation_pages() if file.page]
    pages = {address_of(file): ledger_page(file, files, config) for file in listed}
    if os.environ.get("UPDATE_ANCHORS") == "true":
        path.write_text(anchors.updated_ledger(ledger, pages, os.environ.get("REASON", "")), encoding="utf-8")
        ledger = read_text(path)
    report(anchors.check(ledger, pages), log, config)


def address_of(file: File) -> str:
    return file.url.removeprefix("./") or anchors.HOME


def ledger_page(file: File, files: Files, config: MkDocsConfig) -> anchors.Page:
    assert file.page is not None
    found = anchors.Page(
        anchors.anchors(file.page.content or ""), source_of(file, config), file.content_string
    )
    table = files.get_file_from_path(str(file.page.meta.get("edit", "")))
    found.table = source_of(table, config) if table else ""
    with suppress(redirects.BadAlias):  # Reported by redirects.py.
        names = redirects.aliases(file.page.meta)
        found.moved_from = [address_of(File(name, None, "", config.use_directory_urls)) for name in names]
    return found
