"""Every term is explained once, and each page leads to it at the first mention.

`<!-- glossary: data/glossary.csv -->` on a line of its own becomes the terms of that file, by alphabet.
On every other page the first mention of a term becomes a link, whose card has the definition, and
each term lists the pages that mention it. The front matter of a page can say `glossary: false`; options for
the site stand in `extra: glossary:` of mkdocs.yml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from warning_lights.bibliography.files import known_keys
from warning_lights.core import directives
from warning_lights.core.findings import Finding
from warning_lights.core.options import load_options
from warning_lights.core.project import in_reading_order, linked_file, report, source_of
from warning_lights.data import terms as glossary_terms
from warning_lights.data.mentions import Glossary, definitions_script
from warning_lights.data.terms import Options, Term

log = get_plugin_logger("glossary")

OCCURS = re.compile(r'<p class="occurs" data-occurs="(?P<slug>[^"]*)"></p>\n?')

# The page with the terms and its terms, for one build; emptied when the next begins.
glossaries: dict[File, list[Term]] = {}


def on_pre_build(config: MkDocsConfig) -> None:
    glossaries.clear()


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    def markdown_of_terms(paths: list[str], place: directives.Place) -> str:
        file = linked_file(paths[0], page.file, files)
        if file is None:
            message = f"{paths[0]} does not exist."
            report([Finding(source_of(page.file, config), *place, message)], log, config)
            return ""
        terms, problems = glossary_terms.read(file.content_string, known_keys(config))
        source = source_of(file, config)
        report([Finding(source, *problem) for problem in problems], log, config)
        glossaries[page.file] = terms
        return "\n".join(glossary_terms.glossary_markdown(terms))

    return directives.replace_directives(markdown, "glossary", page.file.content_string, markdown_of_terms)


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    options = load_options(config, "glossary", Options, log)
    for home, terms in glossaries.items():
        glossary = Glossary(term for term in terms if term.kind in options.kinds)
        mentions: dict[File, dict[str, str]] = {}
        for file in in_reading_order(files):
            page = file.page
            if file in glossaries or file.src_uri in options.skip or page is None or not page.content:
                continue
            if page.meta.get("glossary", True):
                here = get_relative_url(home.url, file.url)
                page.content, mentions[file] = glossary.link_mentions(page.content, f"{here}#term-")
        if home.page and home.page.content:
            home.page.content = with_occurrences(home.page.content, home, mentions)
        mentioned = {slug for slugs in mentions.values() for slug in slugs}
        log.info("%d terms, %d of them mentioned on other pages.", len(terms), len(mentioned))
    if glossaries:  # For docs/assets/notes.js, which asks for them when the first card opens.
        definitions = definitions_script(term for terms in glossaries.values() for term in terms)
        files.append(File.generated(config, "assets/definitions.js", content=definitions))


def with_occurrences(html: str, home: File, mentions: Mapping[File, Mapping[str, str]]) -> str:
    """The glossary with links to the first mention of each term on each page, in the order of pages."""

    def links(m: re.Match[str]) -> str:
        places = [
            f'<a href="{escape(get_relative_url(file.url, home.url))}#{escape(slugs[m["slug"]])}">'
            f"{file.page.title}</a>"
            for file, slugs in mentions.items()
            if m["slug"] in slugs and file.page is not None
        ]
        return f'<p class="occurs">Mentioned in {", ".join(places)}</p>\n' if places else ""

    return OCCURS.sub(links, html)
