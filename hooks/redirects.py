"""A page that has moved leaves a page behind that leads to its new place, anchor and all.

In mkdocs.yml, old file to new one, both as they are or were named below docs/:

    extra:
      redirects:
        sources/old.md: sources/new.md

(The plugin mkdocs-redirects does the same with another script on each page, which the policy of the
site would have to list one by one, and brings a second site generator with it.)
"""

from __future__ import annotations

import posixpath
from html import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

log = get_plugin_logger("redirects")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Moved</title>
<meta name="robots" content="noindex">
<noscript><meta http-equiv="refresh" content="0; url={target}"></noscript>
<link rel="canonical" href="{canonical}">
</head>
<body>
<main><h1>This page has moved</h1><p><a href="{target}">It is here now</a></p></main>
<script>
var place = document.links[0];
location.replace(location.hash ? place.href.split("#")[0] + location.hash : place.href);
</script>
</body>
</html>
"""


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    for old, new in (config.extra.get("redirects") or {}).items():
        target, _, anchor = str(new).partition("#")
        there = files.get_file_from_path(target)
        if files.get_file_from_path(old):
            log.warning("mkdocs.yml: %s still exists, so that nothing can lead from it to %s.", old, new)
        elif there is None:
            log.warning("mkdocs.yml: %s leads to %s, which does not exist in docs/.", old, new)
        else:
            here = File(old, None, "", config.use_directory_urls)
            anchor = f"#{anchor}" if anchor else ""
            html = page(get_relative_url(there.url, here.url) + anchor, there.url, config)
            files.append(File.generated(config, here.dest_uri, content=html))
    return files


def page(target: str, url: str, config: MkDocsConfig) -> str:
    canonical = posixpath.join(config.site_url or "", "" if url in {".", "./"} else url)
    return PAGE.format(target=escape(target), canonical=escape(canonical or target))
