"""What is new: each change of a page, from the history, as a list, on the home page and as an Atom feed.

A change is a commit that touches a page, or the table that a page is made from (`edit:` in its front
matter); its first line is its title. Where a page holds the comment `<!-- changes -->`, all of them
are listed by day, the newest first, with links to the pages. Without a history (a downloaded copy, a
shallow clone of one commit) there is less to tell, or nothing. Templates find the list as `changes`,
and the address of the page that lists all as `changes_page`.
"""

from __future__ import annotations

import html
import posixpath
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.utils import get_relative_url

from warning_lights.core import project

FEED = "feed.xml"
FEWEST_WORDS = 3  # A title shorter than that says nothing to a reader.
NEWEST = 20
PLACE = re.compile(r"<!--[ \t]*changes[ \t]*-->")
FEED_TOLD = '\n<p>A feed reader gets the newest of them from <a href="{}">the feed</a>.</p>'
NOTHING = "<p>This copy was made without the history of its pages.</p>"


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
        day = self.when.astimezone(UTC)
        return f"{day.day} {day:%B %Y}"

    @property
    def html(self) -> str:
        """The title as text: no tag, no link and no citation comes of what is written in it."""
        return re.sub(r"[\[\]]", r"\g<0><wbr>", html.escape(self.title))


@event_priority(-60)  # When all pages have been read, and the search has what it needs of them.
def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    top = project.root(config)
    addresses: dict[str, str] = {}
    for file in files.documentation_pages():
        for path in paths(file, files, config):
            addresses.setdefault(path, file.url)
    all_changes = list(changes(git_log(top, config.docs_dir), addresses))
    found = all_changes[:NEWEST]
    env.globals["changes"] = found
    env.globals["changes_page"] = ""
    titles = {file.url: str(file.page.title) for file in files.documentation_pages() if file.page}
    for file in files.documentation_pages():
        if file.page and file.page.content and PLACE.search(file.page.content):
            env.globals["changes_page"] = file.url
            told = FEED_TOLD.format(get_relative_url(FEED, file.url)) if found and config.site_url else ""
            text = "\n".join(listing(all_changes, titles, file.url)) + told or NOTHING
            file.page.content = PLACE.sub(text.replace("\\", r"\\"), file.page.content)
    if found and config.site_url:
        content = feed(found, str(config.site_name), str(config.site_url))
        files.append(File.generated(config, FEED, content=content))


def paths(file: File, files: Files, config: MkDocsConfig) -> Iterator[str]:
    """The files that a page is made from: its own, and the table that its front matter names."""
    yield project.source_of(file, config)
    table = files.get_file_from_path(str(file.page.meta.get("edit", ""))) if file.page else None
    if table:
        yield project.source_of(table, config)


def git_log(top: Path, docs: str) -> str:
    """Commits that touch a page or a table, newest first: hash, date and title, then the files."""
    command = ["git", "-C", str(top), "-c", "core.quotePath=false", "log", "--no-merges", "--name-only"]
    command += ["--no-renames", "--relative", "--format=%x00%H%x1f%cI%x1f%s"]
    command += ["--", f"{docs}/*.md", f"{docs}/*.csv"]
    try:
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def changes(log: str, pages: Mapping[str, str]) -> Iterator[Change]:
    """`pages` maps the path of a file to the address of its page; a page in no map is gone."""
    for record in log.split("\0")[1:]:
        head, _, files = record.partition("\n")
        commit, when, title = head.split("\x1f")
        if len(title.split()) < FEWEST_WORDS:
            continue
        names = sorted(filter(None, files.split("\n")))
        touched = tuple(dict.fromkeys(pages[name] for name in names if name in pages))
        gone = tuple(name for name in names if name not in pages and name.endswith(".md"))
        if touched or gone:
            yield Change(commit, datetime.fromisoformat(when), title, touched, gone)


def listing(found: Sequence[Change], titles: Mapping[str, str], here: str) -> Iterator[str]:
    """HTML: the days, and below each its changes; no headings, for what is made anew has no anchors."""
    if not found:
        return
    newest_first = sorted(found, key=lambda change: change.when, reverse=True)
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
            links += [f"{html.escape(name_of(path))} (no longer here)" for path in change.gone]
            yield f"<dd><p>{change.html.rstrip('.')}.<br><small>On {', '.join(links)}</small></p></dd>"
    yield "</dl>"


def name_of(path: str) -> str:
    """A page that is gone has lost its title: its name, made of its file."""
    stem = posixpath.splitext(path)[0]
    name = posixpath.basename(posixpath.dirname(stem) if stem.endswith("/index") else stem)
    return name.replace("-", " ").replace("_", " ")


def feed(found: Sequence[Change], name: str, address: str) -> str:
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
