"""Each section of a page can be reported with its place filled in, by the issue form `mistake.yml`."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlencode

HEADING = re.compile(r'(?P<start><h[23]\b[^>]*\bid="(?P<id>[^"]+)"[^>]*>.*?)(?P<end></h[23]>)', re.DOTALL)


def with_report_links(html: str, repository: str, address: str) -> str:
    """The page with a link beside each heading; `address` is that of the page."""
    return HEADING.sub(lambda m: with_report(m, repository, address), html)


def with_report(heading: re.Match[str], repository: str, address: str) -> str:
    """The heading with a link that opens the form for mistakes, page and heading filled in."""
    link = report_link(repository, f"{address}#{heading['id']}")
    return (
        f'{heading["start"]}<a class="report" href="{escape(link)}" rel="noopener"'
        f' title="Report a mistake here" aria-label="Report a mistake in this section">!</a>{heading["end"]}'
    )


def report_link(repository: str, place: str) -> str:
    query = urlencode({"template": "mistake.yml", "page": place})
    return f"{repository.rstrip('/')}/issues/new?{query}"
