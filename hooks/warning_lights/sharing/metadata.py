"""A page as a reference: tags in its head, *Cite this page*, and files for reference managers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

from warning_lights.bibliography import exports
from warning_lights.core.fragments import slug

LATEX = str.maketrans(
    {character: f"\\{character}" for character in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def webpage(
    url: str, title: str, day: date, *, site: str, author: str, language: str, licence: str, abstract: str
) -> dict[str, Any]:
    """A page as a CSL-JSON item without an id; all texts are plain."""
    return {
        "type": "webpage",
        "author": [{"literal": author}],
        "title": title,
        "container-title": site,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "URL": url,
        "language": language,
        "license": licence,
        "abstract": abstract,
    }


def cite_key(site: str, url: str) -> str:
    return slug(f"{site} {url.removesuffix('.html')}") or "home"


def cite_path(url: str, form: str) -> str:
    """The file for one format, beside the page."""
    if url.endswith(".html"):
        return f"{url.removesuffix('.html')}.cite.{form}"
    return f"{'' if url in {'', '.', './'} else url}cite.{form}"


def citation_formats(item: Mapping[str, Any]) -> dict[str, str]:
    csl = {name: value for name, value in item.items() if value}
    return {"bib": biblatex(item), "json": exports.dump_json([csl]), "ris": exports.dump_ris([csl])}


def biblatex(item: Mapping[str, Any]) -> str:
    fields = {
        "author": latex_value(item["author"][0]["literal"]),
        "title": latex_value(item["title"]),
        "organization": latex_value(item["container-title"]),
        "date": "-".join(f"{part:02d}" for part in item["issued"]["date-parts"][0]),
        "url": item["URL"],
    }
    values = {name: f"{{{text}}}" for name, text in fields.items() if text}
    return exports.bibtex_entry("online", item["id"], values)


def latex_value(text: str) -> str:
    """Text as the value of a field, in braces that keep its capitals."""
    return "{" + text.translate(LATEX) + "}"


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
    text = text.replace("<", "\\u003c")  # `</script>` or `<!--<script>` in a title would end the element.
    return "\n".join([*metas, f'<script type="application/ld+json">{text}</script>'])


def cite_block(item: Mapping[str, Any], links: Mapping[str, str], permanent: str = "") -> str:
    """How to cite the page in four styles, as a popover that opens and closes without a script.

    `links` are the files for reference managers, `permanent` the address of this revision, if there is one.
    """
    year, month, day = item["issued"]["date-parts"][0]
    author, site, title, url = (
        item["author"][0]["literal"],
        item["container-title"],
        item["title"],
        item["URL"],
    )
    month_name = f"{date(year, month, day):%B}"
    by = "" if author == site else f"{author}, "
    named, within = ("", "") if title == site else (f"“{title},” ", f"{site}. ")
    styles = {
        "Chicago": ", ".join(filter(None, [f"{by}{named}{site}", f"{day} {month_name} {year}", url])) + ".",
        "APA": f"{author}. ({year}, {month_name} {day}). {title}. {within}{url}".strip(),
        "BibLaTeX": biblatex(item).strip(),
        "RIS": exports.dump_ris([{name: value for name, value in item.items() if value}]).strip(),
    }
    parts = "".join(
        f'<h3>{name} <button class="tool needs-js" type="button" data-copies>Copy</button></h3>'
        f"<pre>{escape(text)}</pre>\n"
        for name, text in styles.items()
    )
    files = " · ".join(
        f'<a href="{escape(links[form])}" download>{label}</a>' for form, label in exports.FORMATS.items()
    )
    this = f'<p>This revision: <a href="{escape(permanent)}">{escape(permanent)}</a></p>\n' * bool(permanent)
    return (
        '<div class="cite-page" id="cite" popover aria-label="Cite this page">\n'
        f"{parts}{this}<p>Save as {files}</p>\n"
        '<button class="tool" type="button" popovertarget="cite" popovertargetaction="hide">Close</button>\n'
        "</div>"
    )
