"""What programs read of the site: linked data, llms.txt, robots.txt. MkDocs itself writes the sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def robots(address: str) -> str:
    """robots.txt (RFC 9309) of a site published at `address`."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {address}sitemap.xml\n"


def website(name: str, address: str, description: str, language: str) -> dict[str, Any]:
    """The linked data of the home page (https://schema.org/WebSite)."""
    about = {"description": description, "inLanguage": language}
    return {"@context": "https://schema.org", "@type": "WebSite", "name": name, "url": address, **about}


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The linked data of any other page: (name, address) of each step from the home page to it."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(steps, start=1)
        ],
    }


def llms(name: str, description: str, pages: Iterable[tuple[str, str, str]]) -> str:
    """llms.txt (https://llmstxt.org): of each page title, address of its Markdown, description."""
    lines = [f"# {name}", "", f"> {description}", "", "## Pages", ""]
    lines += [f"- [{title}]({address})" + (f": {about}" if about else "") for title, address, about in pages]
    return "\n".join(lines) + "\n"
