"""The citations of a whole site: each page's calls and commands are gathered, then its lists are filled."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mkdocs.utils import get_relative_url

from warning_lights.bibliography import lint
from warning_lights.bibliography.exports import DOWNLOADS
from warning_lights.bibliography.load import Bibliography
from warning_lights.core import markdown_source
from warning_lights.core.findings import Finding
from warning_lights.core.fragments import fragment
from warning_lights.core.html import plain_text
from warning_lights.lists import commands
from warning_lights.lists.commands import Command
from warning_lights.lists.heads import source_facts
from warning_lights.lists.listing import CitingPlace, Lists
from warning_lights.notes.extension import NotesExtension, locate_problems
from warning_lights.notes.numbering import Call
from warning_lights.notes.printing import Verified


@dataclass
class PageCitations:
    """What one page holds: its commands for lists, and its calls; `url` is its address below the site."""

    commands: list[Command] = field(default_factory=list)
    url: str = ""
    title: str = ""
    calls: Sequence[Call] = ()


class Site:
    """Made for one build. Pages are known by their path below docs/, `source` is how a writer knows a file.

    `command` finds the commands for lists; `exported` holds path in the site -> text of the files for
    reference managers.
    """

    def __init__(self, library: Bibliography, command: re.Pattern[str], verified: Verified) -> None:
        self.library = library
        self.command = command
        self.findings = list(library.findings)
        self.exported: dict[str, str] = {}
        self.pages: dict[str, PageCitations] = {}
        self.home_pages: dict[str, str] = {}  # Key of an entry -> the page that lists it.
        self.extension = NotesExtension(
            library.references,
            destinations=library.destinations,
            verified=verified,
            uncitable=library.uncitable,
        )

    def find_lists(self, pages: Mapping[str, str]) -> bool:
        """Whether any of the pages, as path -> Markdown, lists entries of the bibliography.

        An entry that no list takes, as a pasted one without a keyword of the site, goes into the last list
        that a keyword chooses on the page with most such lists.
        """
        references = self.library.references
        most: tuple[str, list[str]] = ("", [])
        for path, text in pages.items():
            found = commands.extract_commands(text, self.command, references).commands
            for anchor in commands.list_anchors(found, references):
                self.home_pages.setdefault(anchor.removeprefix("ref:"), path)
            chosen = [
                command.options["keyword"]
                for command in found
                if not command.name and {*command.options} == {"keyword"}
            ]
            most = max(most, (path, chosen), key=lambda page: len(page[1]))
        places = self.library.destinations.places.entries
        for key, entry in references.items() if most[1] else ():
            if key not in self.home_pages and key not in places:
                keywords = f"{entry.fields.get('keywords', '')}, {most[1][-1]}"
                references[key] = replace(entry, fields={**entry.fields, "keywords": keywords})
                self.home_pages[key] = most[0]
        return bool(self.home_pages)

    def cited_for_script(self) -> str:
        """What each note of a source is cited for, for docs/assets/notes.js."""
        entries = self.library.references.items()
        statements = {key: said for key, entry in entries if (said := entry.cited_for)}
        return f"window.citedFor={json.dumps(statements, ensure_ascii=False)}" if statements else ""

    def begin_page(self, path: str, markdown: str, source: str, text: str) -> str:
        """The Markdown of a page with placeholders for its commands; `text` is its whole file."""
        self.extension.entry_hrefs = self.entry_hrefs(path)
        page = commands.extract_commands(markdown, self.command, self.library.references)
        self.pages[path] = PageCitations(page.commands)
        for written, problem in page.problems:
            place = next(markdown_source.find_positions(text, re.compile(re.escape(written))), (0, 0))
            self.findings.append(Finding(source, *place, f"{written}: {problem}."))
        return page.markdown

    def end_page(self, path: str, url: str, title: str, source: str, text: str) -> set[str]:
        """Take the notes of the page that was converted last; returns the ids that its lists will have."""
        notes, page = self.extension.page, self.pages[path]
        page.url, page.title, page.calls = url, plain_text(title), notes.calls
        self.findings += [Finding(source, *place) for place in locate_problems(notes.problems, text)]
        return set(commands.list_anchors(page.commands, self.library.references))

    def filled_pages(self, contents: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """(path, HTML) of each page that has lists, with these in their places."""
        for path, page in self.pages.items():
            if page.commands and path in contents:
                lists = Lists(
                    references=self.library.references,
                    destinations=self.library.destinations,
                    cited_at=self.citing_places(page.url),
                    reports=self.library.reports,
                    entry_address=partial(self.entry_address, seen_from=path),
                    downloads=get_relative_url(DOWNLOADS, page.url).rstrip("/") + "/",
                    exported=self.exported,
                )
                yield path, commands.fill_placeholders(contents[path], page.commands, lists)

    def citing_places(self, url: str) -> dict[str, list[CitingPlace]]:
        """For each key, all calls that cite it, in the order of the pages, as seen from the page at `url`."""
        found: dict[str, list[CitingPlace]] = {}
        for page in self.pages.values():
            href = "" if page.url == url else get_relative_url(page.url, url)
            for call in page.calls:
                anchor = f"{href}#{fragment(call.anchor)}"
                place = CitingPlace(anchor, page.title, call.heading, call.sentence)
                for key in dict.fromkeys(call.keys):
                    found.setdefault(key, []).append(place)
        return found

    def summary(self) -> str:
        """What was counted; entries that no page cites are added to the findings."""
        cited = {key for page in self.pages.values() for call in page.calls for key in call.keys}
        entries = {key: reference.place for key, reference in self.library.references.items()}
        if self.home_pages:
            self.findings += lint.uncited_entries(entries, cited | self.library.report_keys)
        calls = sum(len(page.calls) for page in self.pages.values())
        return (
            f"{calls} citations and notes on {len(self.pages)} pages, "
            f"{len(cited)} of {len(entries)} entries cited."
        )

    def citation_counts(self) -> dict[str, int]:
        """For the first screen: citations, those with a link out; notes of sources, those cited."""
        calls = [call.keys for page in self.pages.values() for call in page.calls if call.keys]
        cited = {key for keys in calls for key in keys}
        destinations = self.library.destinations
        places = [p for source in destinations.places.sources.values() for p in source.passages.values()]
        notes = {p.entry for p in places if p.entry and p.locator.startswith("n. ")}
        return {
            "citations": len(calls),
            "linked": sum(all(destinations.destination_of(key).href for key in keys) for keys in calls),
            "notes": len(notes),
            "covered": len(notes & cited),
        }

    def sources(self) -> list[dict[str, str]]:
        """The sources that have a page of their own (`\\source[key]`), in the order of the pages."""
        return [
            {"url": page.url, **source_facts(command.key, self.library.references, self.library.destinations)}
            for page in self.pages.values()
            for command in page.commands
            if command.name == "source" and command.key in self.library.references
        ]

    def entry_hrefs(self, path: str) -> dict[str, str]:
        """The address of each entry as a writer would put it into the page at `path`."""
        here = posixpath.dirname(path) or "."
        hrefs = {
            home: "" if home == path else posixpath.relpath(home, here)
            for home in {*self.home_pages.values()}
        }
        return {key: f"{hrefs[home]}#{fragment('ref:' + key)}" for key, home in self.home_pages.items()}

    def entry_address(self, key: str, seen_from: str) -> str:
        """The address of an entry as a reader of the page `seen_from` follows it."""
        home = self.home_pages.get(key, seen_from)
        url = "" if home == seen_from else get_relative_url(self.pages[home].url, self.pages[seen_from].url)
        return f"{url}#{fragment('ref:' + key)}"
