"""The changes of the pages: a list in place of `<!-- changes -->`, the newest for templates, and a feed.

Templates find the newest as `changes`, and the address of the page that lists all as `changes_page`.
Listed after hooks/search.py: nobody looks for changes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from warning_lights.core import project
from warning_lights.core.directives import directive_pattern
from warning_lights.core.history import history
from warning_lights.core.options import load_options
from warning_lights.sharing import changes

log = get_plugin_logger("changes")

PLACEHOLDER = directive_pattern("changes", anywhere=True)
NEWEST = 20
FEED_LINK = '\n<p>A feed reader gets the newest of them from <a href="{}">the feed</a>.</p>'
NO_HISTORY = "<p>No list of changes in this copy.</p>"


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Fill in the list of changes, give the newest to the templates, and write the feed."""
    pages = [file.page for file in files.documentation_pages() if file.page]
    addresses: dict[str, str] = {}
    for page in pages:
        table = files.get_file_from_path(str(page.meta.get("edit", "")))
        for file in filter(None, [page.file, table]):
            addresses.setdefault(project.source_of(file, config), page.file.url)
    docs = project.relative(Path(config.docs_dir), config)
    options = load_options(config, "changes", changes.Options, log)
    commits = changes.commits_since(history(project.root(config)), options.since)
    found = list(changes.changes(commits, addresses, docs))
    if options.since and found:
        found[-1] = replace(found[-1], gone=())  # It removed the pages of the site that this one began from.
    env.globals |= {"changes": found[:NEWEST], "changes_page": ""}
    titles = {page.file.url: str(page.title) for page in pages}
    for page in pages:
        if page.content and PLACEHOLDER.search(page.content):
            env.globals["changes_page"] = page.file.url
            text = "\n".join(changes.changes_html(found, titles, page.file.url)) or NO_HISTORY
            if found and config.site_url:
                text += FEED_LINK.format(get_relative_url(changes.FEED, page.file.url))
            page.content = PLACEHOLDER.sub(lambda _, text=text: text, page.content)  # type: ignore[misc]
    if found and config.site_url:
        feed = changes.atom_feed(found[:NEWEST], str(config.site_name), str(config.site_url))
        files.append(File.generated(config, changes.FEED, content=feed))
