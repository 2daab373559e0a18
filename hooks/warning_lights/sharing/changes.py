"""The changes of the pages, from the history of the project: as a list, and as an Atom feed.

A change is a commit that touches a page, or the table that a page is made from; its subject is its title.
Without a history (a downloaded copy, a shallow clone) there are few, or none.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, takewhile
from xml.sax.saxutils import escape, quoteattr

from mkdocs.utils import get_relative_url

from warning_lights.core import dates
from warning_lights.core.history import Commit

FEED = "feed.xml"
FEWEST_WORDS = 3  # A shorter title says nothing to a reader.


@dataclass(frozen=True)
class Change:
    """A commit, the addresses of the pages that it changed, and the files of pages that are gone."""

    commit: str
    when: datetime
    title: str
    pages: tuple[str, ...]
    gone: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """Where to look first; the home page, if all that changed is gone."""
        return self.pages[0] if self.pages else ""

    @property
    def day(self) -> str:
        """The same wherever the change was made."""
        return dates.day_in_words(self.when.astimezone(UTC))

    @property
    def html(self) -> str:
        """The title as text: no tag, no link and no citation comes of what is written in it."""
        return re.sub(r"[\[\]]", r"\g<0><wbr>", html.escape(self.title))


@dataclass(frozen=True)
class Options:
    """`since` is the last commit that is not listed, for a site that began as a copy of another."""

    since: str = ""


def commits_since(commits: Iterable[Commit], last: str) -> Iterator[Commit]:
    """The commits, newest first, before the one whose hash begins with `last`; all where it is empty."""
    return takewhile(lambda commit: not last or not commit.hash.startswith(last), commits)


def changes(commits: Iterable[Commit], pages: Mapping[str, str], docs: str) -> Iterator[Change]:
    """The commits that changed a page, in their order.

    `pages` maps the path of a file to the address of its page; a Markdown file of the folder `docs` that
    it does not name is one that no longer exists.
    """
    for commit in commits:
        if len(commit.subject.split()) < FEWEST_WORDS:
            continue
        names = [name for name in commit.files if name.startswith(f"{docs}/")]
        touched = tuple(dict.fromkeys(pages[name] for name in names if name in pages))
        gone = tuple(name for name in names if name not in pages and name.endswith(".md"))
        if touched or gone:
            yield Change(commit.hash, commit.when, commit.subject, touched, gone)


def changes_html(listed: Sequence[Change], titles: Mapping[str, str], here: str) -> Iterator[str]:
    """HTML: the days, and below each its changes; no headings, for what is made anew has no anchors."""
    if not listed:
        return
    newest_first = sorted(listed, key=lambda change: change.when, reverse=True)
    yield '<dl class="changes">'
    for day, group in groupby(newest_first, key=lambda change: change.day):
        changed = list(group)
        yield f'<dt><time datetime="{changed[0].when.astimezone(UTC):%Y-%m-%d}">{day}</time></dt>'
        for change in changed:
            links = [
                f'<a href="{html.escape(get_relative_url(page, here))}">'
                f"{html.escape(html.unescape(titles[page]))}</a>"
                for page in change.pages
            ]
            links += [f"{html.escape(page_name(path))} (no longer here)" for path in change.gone]
            yield f"<dd><p>{change.html.rstrip('.')}.<br><small>On {', '.join(links)}</small></p></dd>"
    yield "</dl>"


def page_name(path: str) -> str:
    """The name of a deleted page, whose title is lost, from the name of its file."""
    stem = posixpath.splitext(path)[0]
    name = posixpath.basename(posixpath.dirname(stem) if stem.endswith("/index") else stem)
    return name.replace("-", " ").replace("_", " ")


def atom_feed(found: Sequence[Change], name: str, address: str) -> str:
    """The changes as Atom (RFC 4287)."""
    entries = "".join(
        f"<entry><id>{escape(address)}#change-{each.commit}</id><title>{escape(each.title)}</title>"
        f"<updated>{each.when.isoformat()}</updated>"
        f"<link href={quoteattr(address + each.page)}/>"
        f"<summary>{escape(each.title)}.</summary></entry>\n"
        for each in found
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{escape(address)}</id><title>{escape(name)}: changes</title>"
        f"<updated>{found[0].when.isoformat()}</updated><author><name>{escape(name)}</name></author>"
        f'<link href={quoteattr(address)}/><link rel="self" href={quoteattr(address + FEED)}/>\n'
        f"{entries}</feed>\n"
    )
