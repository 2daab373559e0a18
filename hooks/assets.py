"""The files of a site that are not pages: styles joined, scripts without comments, kinds and sizes checked.

The style sheets of `extra_css` become assets/styles.css; what the theme has for its own frame is left out.
Options in `extra: pictures:` of mkdocs.yml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from warning_lights.bibliography.files import bib_files
from warning_lights.core.findings import Finding
from warning_lights.core.options import load_options
from warning_lights.core.project import leave_out, left_out, read_text, relative, report, source_of, templates
from warning_lights.pages import assets, pictures

log = get_plugin_logger("assets")

# Of the theme, which the frame of the pages (overrides/) does not load.
NOT_LOADED = ("assets/javascripts/", "assets/stylesheets/", "assets/images/favicon.png")
ASSET_PATH = re.compile(r"assets/[\w./-]+\.(?:js|css)")


@dataclass(frozen=True)
class Options:
    kilobytes: int = 500  # The largest picture.


def on_config(config: MkDocsConfig) -> None:
    """Refuse symbolic links before MkDocs follows them, out of the project or in a circle."""
    folders = [Path(config.docs_dir), *(path.parent for path in bib_files(config))]
    links = {link for folder in folders for link in assets.symbolic_links(folder)}
    message = "This is a symbolic link. Put the file itself here."
    report(
        (Finding(relative(link.parent, config) + "/" + link.name, 0, 0, message) for link in links),
        log,
        config,
    )
    if links:
        raise PluginError("Symbolic links are not followed; see the lines above.")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    options = load_options(config, "pictures", Options, log)
    findings: list[Finding] = []
    docs = Path(config.docs_dir)
    named = {*map(str, config.extra_css), *map(str, config.extra_javascript)}
    named.update(*(ASSET_PATH.findall(read_text(path)) for path in templates(config)))
    sheets = [file for path in config.extra_css if (file := files.get_file_from_path(str(path)))]
    for file in list(files):
        path = Path(file.abs_src_path) if file.abs_src_path else None
        if path and path.is_relative_to(docs):
            refused = list(assets.faults(path, docs, named))
            unreadable = pictures.reading_fault(path)
            if refused or unreadable:
                leave_out(file.dest_uri, config)
            found = [*refused, unreadable or pictures.size_fault(path, options.kilobytes)]
            findings += [Finding(source_of(file, config), 0, 0, message) for message in found if message]
            if file.src_uri in named and path.suffix == ".js":
                file.content_string = assets.without_comment_lines(file.content_string)
        elif file.src_uri.startswith(NOT_LOADED):
            files.remove(file)
    report(findings, log, config)
    for file in sheets:
        files.remove(file)
    joined = assets.joined_styles([file.content_string for file in sheets])
    files.append(File.generated(config, "assets/styles.css", content=joined))
    return files


def on_env(env: Any, *, config: MkDocsConfig, files: Files) -> None:
    """Not even a build that is not strict publishes what is left out; until here links lead to it."""
    names = left_out(config)
    for file in [file for file in files if file.dest_uri in names]:
        files.remove(file)
