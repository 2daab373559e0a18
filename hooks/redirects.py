"""Make a page at each old address that the front matter of a moved page names (`aliases:`)."""

from __future__ import annotations

import posixpath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url, meta

from warning_lights.core.findings import Finding
from warning_lights.core.markdown_source import position
from warning_lights.core.project import report, source_of
from warning_lights.pages import redirects

log = get_plugin_logger("redirects")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    pages = {
        file.src_uri: file
        for file in files.documentation_pages()
        if redirects.ALIASES_LINE.search(file.content_string)
    }
    wanted: dict[str, list[str]] = {}
    problems: list[tuple[str, str]] = []
    for uri, file in pages.items():
        try:
            wanted[uri] = redirects.aliases(meta.get_data(file.content_string)[1])
        except redirects.BadAlias as error:
            problems.append((uri, str(error)))
    existing = {name for names in wanted.values() for name in names if files.get_file_from_path(name)}
    problems += redirects.conflicts(wanted, existing)
    report((finding(pages[uri], problem, config) for uri, problem in problems), log, config)
    for uri, names in wanted.items():
        for name in names:
            there, here = pages[uri], File(name, None, "", config.use_directory_urls)
            if files.get_file_from_path(here.dest_uri) or name in existing:
                continue
            url = there.url.removeprefix("./")
            canonical = posixpath.join(config.site_url, url) if config.site_url else ""
            html = redirects.redirect_page(get_relative_url(there.url, here.url), canonical)
            files.append(File.generated(config, here.dest_uri, content=html))
    return files


def finding(file: File, problem: str, config: MkDocsConfig) -> Finding:
    m = redirects.ALIASES_LINE.search(file.content_string)
    place = position(file.content_string, m.start()) if m else (1, 1)
    return Finding(source_of(file, config), *place, problem)
