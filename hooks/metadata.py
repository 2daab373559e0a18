"""Every page can be cited, and a reference manager can read it.

Adds to each page Highwire and Dublin Core tags (which Zotero reads), JSON-LD (schema.org), and *Cite
this page* with files in BibLaTeX, CSL-JSON and RIS. Works with any theme. Options, all optional, in
`extra: metadata:` of mkdocs.yml: `author` (else the site's author or name) and `licence` (an address).
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from datetime import date
from html import escape, unescape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from warning_lights.bibliography import exports
from warning_lights.core.history import revision
from warning_lights.core.project import relative, root

log = get_plugin_logger("metadata")

changed: dict[str, date] = {}  # Day of the last change of each file; empty while previewing.
previewing = False


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global previewing
    previewing = command == "serve"


def on_pre_build(config: MkDocsConfig) -> None:
    changed.clear()
    if not previewing:
        changed.update(days_of_change(root(config), Path(config.docs_dir)))


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Write the files that *Cite this page* links to: titles are known, and nothing is copied yet."""
    for file in files.documentation_pages():
        if file.page and not previewing:
            item = describe(file.page, config)
            for form, content in in_all_formats(item).items():
                target = unquote(cite_file(file.url, form))  # An address; the file has the name itself.
                files.append(File.generated(config, target, content=content))


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    if previewing:
        return output
    item = describe(page, config)
    head = head_tags(item, str(config.site_name))
    links = {form: get_relative_url(cite_file(page.url, form), page.url) for form in exports.FORMATS}
    output = output.replace("</head>", f"{head}\n</head>", 1)
    # The end of the article is the place; a theme without one gets the block at the end of its page.
    for end in ("</article>", "</main>", "</body>"):
        if end in output:
            before, _, after = output.rpartition(end)
            return f"{before}{cite_block(item, links)}\n{end}{after}"
    return output


def describe(page: Page, config: MkDocsConfig) -> dict[str, Any]:
    """A page as a CSL item."""
    options = config.extra.get("metadata", {})
    source = page.file.abs_src_path
    day = changed.get(relative(Path(source), config) if source else "")
    day = day or revision(root(config)).date.date()
    # A title from the front matter is text; one from the heading is HTML.
    title = str(page.meta["title"]) if "title" in page.meta else unescape(str(page.title))
    return {
        "id": cite_key(str(config.site_name), page.url),
        "type": "webpage",
        "author": [{"literal": str(options.get("author") or config.site_author or config.site_name)}],
        "title": title,
        "container-title": str(config.site_name),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "URL": page.canonical_url or page.url,
        "language": str(getattr(config.theme, "locale", None) or config.theme.get("language", "en")),
        "license": str(options.get("licence", "")),
        "abstract": str(page.meta.get("description") or ""),
    }


def days_of_change(top: Path, folder: Path) -> dict[str, date]:
    """path -> day of its last commit, for the files of `folder`; nothing outside a repository."""
    command = ["git", "-C", str(top), "-c", "core.quotePath=false", "log", "--format=%x00%cs", "--name-only"]
    try:
        log = subprocess.run(
            [*command, "--relative", "--", str(folder)], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    days: dict[str, date] = {}
    for commit in log.split("\0")[1:]:
        day, _, paths = commit.partition("\n")
        for path in filter(None, paths.splitlines()):
            days.setdefault(path, date.fromisoformat(day))
    return days


def cite_key(site: str, url: str) -> str:
    return "-".join(re.findall(r"\w+", f"{site} {url.removesuffix('.html')}".lower()))


def cite_file(url: str, form: str) -> str:
    """The file for one format, beside the page."""
    if url.endswith(".html"):
        return f"{url.removesuffix('.html')}.cite.{form}"
    return f"{'' if url in {'', '.', './'} else url}cite.{form}"


def in_all_formats(item: Mapping[str, Any]) -> dict[str, str]:
    csl = {name: value for name, value in item.items() if value}
    return {"bib": biblatex(item), "json": exports.dumps([csl]), "ris": exports.ris([csl])}


def biblatex(item: Mapping[str, Any]) -> str:
    fields = {
        "author": latex(item["author"][0]["literal"]),
        "title": latex(item["title"]),
        "organization": latex(item["container-title"]),
        "date": "-".join(f"{part:02d}" for part in item["issued"]["date-parts"][0]),
        "url": item["URL"],
    }
    lines = "".join(f"  {name:<12} = {{{value}}},\n" for name, value in fields.items())
    return f"@online{{{item['id']},\n{lines}}}\n"


def latex(text: str) -> str:
    """Text as the value of a field, in braces that keep its capitals."""
    return "{" + re.sub(r"([&%$#_{}])", r"\\\1", text) + "}"


def head_tags(item: Mapping[str, Any], site: str) -> str:
    """Highwire Press tags as Google Scholar and Zotero read them, Dublin Core for the rights, JSON-LD."""
    day = [f"{part:02d}" for part in item["issued"]["date-parts"][0]]
    tags = {
        "citation_title": item["title"],
        "citation_author": item["author"][0]["literal"],
        "citation_publication_date": "/".join(day),
        "citation_publisher": site,
        "citation_public_url": item["URL"],
        "citation_language": item["language"],
        "DC.title": item["title"],
        "DC.date": "-".join(day),
        "DC.rights": item["license"],
    }
    metas = [f'<meta name="{name}" content="{escape(str(value))}">' for name, value in tags.items() if value]
    author = {"@type": "Organization", "name": item["author"][0]["literal"]}
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": item["URL"],
        "url": item["URL"],
        "headline": item["title"],
        "description": item["abstract"],
        "dateModified": "-".join(day),
        "inLanguage": item["language"],
        "license": item["license"],
        "author": author,
        "publisher": author,
        "isPartOf": {"@type": "WebSite", "name": site},
    }
    text = json.dumps({name: value for name, value in data.items() if value}, ensure_ascii=False)
    text = text.replace("</", "<\\/")  # `</script>` in a title would end the element.
    return "\n".join([*metas, f'<script type="application/ld+json">{text}</script>'])


def cite_block(item: Mapping[str, Any], links: Mapping[str, str]) -> str:
    year, month, day = item["issued"]["date-parts"][0]
    when = f"{day} {date(year, month, day):%B} {year}"
    author = item["author"][0]["literal"]
    by = "" if author == item["container-title"] else f"{escape(author)}, "
    files = " · ".join(
        f'<a href="{escape(links[form])}" download>{label}</a>' for form, label in exports.FORMATS.items()
    )
    site = f"<em>{escape(item['container-title'])}</em>"
    title = "" if item["title"] == item["container-title"] else f"“{escape(item['title'])},” "
    return (
        '<details class="cite-page"><summary>Cite this page</summary>\n'
        f"<p>{by}{title}{site}, {when}, {escape(item['URL'])}.</p>\n<p>Save as {files}</p>\n</details>"
    )
