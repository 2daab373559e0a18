"""What is new: the last changes of pages, from the history, on the home page and as an Atom feed.

A change is a commit that touches a page; its first line is its title. Without a
history (a downloaded copy, a shallow clone of one commit) there is less to tell, or nothing.
Templates find the list as `changes`, the newest first.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import project

FEED = "feed.xml"
FEWEST_WORDS = 3  # A title shorter than that says nothing to a reader.
NEWEST = 20


@dataclass(frozen=True)
class Change:
    """A commit, and the address of the page that it changed (of the first, if of several)."""

    commit: str
    when: datetime
    title: str
    page: str

    @property
    def day(self) -> str:
        return f"{self.when.day} {self.when:%B %Y}"


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    top = project.root(config)
    pages = {project.source_of(f, config): f.url for f in files.documentation_pages()}
    found = list(changes(git_log(top, config.docs_dir), pages))[:NEWEST]
    env.globals["changes"] = found
    if found and config.site_url:
        content = feed(found, str(config.site_name), str(config.site_url))
        files.append(File.generated(config, FEED, content=content))


def git_log(top: Path, docs: str) -> str:
    """Commits that touch a page, newest first: a record of hash, date, title, then its files."""
    command = ["git", "-C", str(top), "-c", "core.quotePath=false", "log", "--no-merges", "--name-only"]
    command += ["--relative", "--format=%x00%H%x1f%cI%x1f%s", "--", f"{docs}/*.md"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def changes(log: str, pages: dict[str, str]) -> Iterator[Change]:
    """`pages` maps the path of a file to the address of its page; one that is gone leads to the home page."""
    for record in log.split("\0")[1:]:
        head, _, files = record.partition("\n")
        commit, when, title = head.split("\x1f")
        if len(title.split()) >= FEWEST_WORDS:
            touched = [pages[file] for file in sorted(files.split("\n")) if file in pages]
            yield Change(commit, datetime.fromisoformat(when), title, touched[0] if touched else "")


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
