"""The typefaces of the site as files of the site, cut to the characters that its pages show.

Listed after all hooks that write to the text of pages.
"""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from warning_lights.core.project import root
from warning_lights.pages import fonts


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    pages = [file.page for file in files.documentation_pages() if file.page]
    texts = [fonts.displayed_text(page.content or "") for page in pages]
    texts += [f"{page.title}{page.meta.get('description', '')}" for page in pages]
    characters = set(fonts.ALWAYS_INCLUDED).union(str(config.site_name), str(config.site_description), *texts)
    for name in fonts.FACES:
        content = fonts.cached_subset(name, characters, str(config.site_name), root(config) / ".cache")
        files.append(File.generated(config, f"assets/fonts/{name}.woff2", content=content))
