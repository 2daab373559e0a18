"""The index of the search, search/search_index.json, which docs/assets/search.js reads when it is opened.

`docs` are the entries of `pages.search`; `names` are groups of names for one thing, from `extra: search:
names:` of mkdocs.yml: a search for one finds the others. `examples` are offered before anything is typed.
A page with `hide: [search]` is left out.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

from warning_lights.core.html import plain_text
from warning_lights.core.options import load_options
from warning_lights.pages.search import page_entries

log = get_plugin_logger("search")

TARGET = "search/search_index.json"


@dataclass(frozen=True)
class Search:
    names: list[list[str]] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    settings = load_options(config, "search", Search, log)
    docs = {
        (entry["kind"], entry["title"], entry["text"]): entry  # A reference is in several lists.
        for file in reversed(files.documentation_pages())
        if file.page and file.page.content and "search" not in (file.page.meta.get("hide") or [])
        for entry in reversed([*page_entries(file.page.content, file.url, plain_text(str(file.page.title)))])
    }
    index = {"config": {"lang": ["en"]}, "docs": [*reversed(docs.values())], **asdict(settings)}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    files.append(File.generated(config, TARGET, content=text))
