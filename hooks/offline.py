"""The whole site is one zip that opens from disk, without a request to the network.

Listed after book.py, whose PDF it includes, and before links.py, which reads the finished site. In place of
`<!-- downloads -->` on a page comes a table of both with size and checksum; not in the copies themselves,
for no file can hold its own checksum. Options in `extra: offline:` of mkdocs.yml.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files

from warning_lights.core.directives import directive_pattern
from warning_lights.core.options import SitePath, load_options
from warning_lights.core.preview import on_startup as on_startup
from warning_lights.core.preview import previewing
from warning_lights.core.project import leave_out, revision
from warning_lights.offline.archive import downloads_table, offline_files, size_in_words, zip_files

log = get_plugin_logger("offline")

PLACEHOLDER = directive_pattern("downloads", anywhere=True)


@dataclass(frozen=True)
class Options:
    file: SitePath = "downloads/site.zip"
    folder: str = "site"  # What the zip unpacks into.


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    options = load_options(config, "offline", Options, log)
    config.extra.setdefault("downloads", {})["zip"] = options.file


def on_post_build(config: MkDocsConfig) -> None:
    options = load_options(config, "offline", Options, log)
    if previewing():
        leave_out(options.file, config)
        return
    site, made_from = Path(config.site_dir), revision(config)
    content = dict(offline_files(site, config.site_url or "", [options.file]))
    target = site / options.file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(zip_files(content, options.folder, made_from))
    pdf = config.extra.get("downloads", {}).get("pdf")
    copies = [target, *([site / pdf["path"]] if pdf else [])]
    table = downloads_table(copies, made_from)
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        if PLACEHOLDER.search(text):
            path.write_text(PLACEHOLDER.sub(lambda _: table, text), encoding="utf-8")
    log.info("packed %d files, %s.", len(content), size_in_words(target.stat().st_size))
