"""Where the writer wrote what fails on the finished site: file, line and column.

A reader meets `../setup/#step`, the writer wrote `setup.md#step`; a reader meets a dead link on every
page, the writer wrote it once, in a template. Looked up only for faults, so a clean site pays nothing.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from urllib.parse import unquote

from warning_lights.core.names import Names, alphanumeric
from warning_lights.links.written import NOTE_DEFINITION, Source, attribute_addresses

EMPTY_ATTRIBUTE = re.compile(
    r"\b(?:href|src|poster|data|formaction)(?:\s*=\s*(?:\"\s*\"|'\s*')|(?=\s*/?>)|(?=\s+[a-z-]+=))",
    re.IGNORECASE,
)
NOTE_ID = re.compile(r"fn(?:ref)?\d*[:-](?P<label>.+?)(?:-\d+)?$")

KEY = re.compile(r"^@\w+\s*\{\s*([^\s,]+)", re.MULTILINE)

Place = tuple[Source, int]  # A file, and the offset in its text.


class Places:
    """Finds the writer's place of what was found on the site.

    `pages` are the Markdown files of the pages, `others` gives all further texts of the project (called
    only when a page does not hold what is looked for), `files` maps each path below the folder `docs` to the
    file of the site that it becomes, and `not_in_nav` holds the pages left out of the nav on purpose.
    """

    def __init__(
        self,
        pages: Iterable[Source],
        others: Callable[[], list[Source]],
        files: dict[str, str],
        docs: str = "docs",
        not_in_nav: Iterable[str] = (),
    ) -> None:
        self.pages = {source.page: source for source in pages}
        self.others = cache(others)
        self.files = files
        self.docs = docs
        self.not_in_nav = frozenset(not_in_nav)

    @property
    def all_sources(self) -> list[Source]:
        """Pages last: excerpts and lists show on one page what was written on another."""
        return [*self.others(), *self.pages.values()]

    @cached_property
    def uris(self) -> Names:
        return Names({uri: uri for uri in sorted(self.files)})

    def uri_of(self, page: str) -> str:
        """The path below docs/ of what becomes `page`, or ""."""
        return next((uri for uri, file in self.files.items() if file == page), "")

    def resolve_target(self, source: Source, target: str) -> tuple[str, str]:
        """(file of the site, fragment) to which MkDocs resolves a link written in `source`."""
        path, _, fragment = target.partition("#")
        path = unquote(path.partition("?")[0])
        if not path:
            return source.page, unquote(fragment)
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(source.uri), path)).lstrip("/")
        return self.files.get(joined, ""), unquote(fragment)

    def places_of_link(
        self, shown_in: str, written: str, target: str = "", fragment: str = "", words: str = ""
    ) -> list[Place]:
        """Every place where someone wrote the link `written` of the file `shown_in`; [] where nobody did.

        `target` and `fragment` are where it leads, `words` its text.
        """
        own = self.pages.get(shown_in)
        note = NOTE_ID.match(unquote(fragment))
        # Named in the nav as a file that exists, it is not what fails here.
        from_root = "" if target in self.files else target
        for source in [*filter(None, [own]), *self.all_sources]:
            found = self.link_offsets(source, written, target, fragment, words)
            found = found or text_offsets(source, written, from_root)
            if note and source is own and not found:
                key = re.escape(note["label"].removeprefix("@").partition(":")[0])
                calls = re.finditer(rf"(?<!\\)\[\^{re.escape(note['label'])}\]|@\{{?{key}", source.visible)
                found = [m.start() for m in calls]
            if found:
                return [(source, offset) for offset in found]
        return []

    def link_offsets(self, source: Source, written: str, target: str, fragment: str, words: str) -> list[int]:
        bare = unquote(html.unescape(written).strip())
        # A page is found at its file or, where that is missing, at its address.
        wanted = [(target, unquote(fragment)), (posixpath.join(target, "index.html"), unquote(fragment))]
        same = []
        for one in source.addresses:
            leads = self.resolve_target(source, one.target) if one.target and one.rewritten else ("", "")
            same_text = unquote(one.target.strip()) == bare
            if (same_text and (not leads[0] or one.target[:1] == "#")) or (target and leads in wanted):
                same.append(one)
        # A broken link that is only shown, in code set off by spaces, has other words around it.
        said = [one for one in same if alphanumeric(one.text) == alphanumeric(words)]
        return sorted({one.offset for one in said or same})

    def place_by_words(self, shown_in: str, written: str, target: str = "", words: str = "") -> Place | None:
        """Where a plugin made the link out of something else: its words, or the name of its target."""
        own = self.pages.get(shown_in)
        if own is None:
            return None
        names = [words.strip(), posixpath.basename(unquote(target or written).rstrip("/")).partition("#")[0]]
        for name in names:
            if len(name) > 2 and (offset := own.visible.find(name)) >= 0:
                return own, offset
        return own, 0

    def places_of_id(self, shown_in: str, name: str) -> list[Place]:
        """The last place where someone gave the id `name` to something on the page `shown_in`."""
        word = re.escape(name)
        given = re.compile(rf"(?:\{{[^{{}}\n]*?#|\b(?:id|name)\s*=\s*[\"']?){word}(?=[\s\"'}}>/])")
        for source in [self.pages[shown_in]] if shown_in in self.pages else self.all_sources:
            if found := [m.end() - len(name) for m in given.finditer(source.visible)]:
                return [(source, found[-1])]
        return []

    def places_of_reference(self, shown_in: str, name: str) -> list[Place]:
        """Where someone wrote an attribute that names the id `name`."""
        for source in [*filter(None, [self.pages.get(shown_in)]), *self.others()]:
            for one in source.addresses or attribute_addresses(source.visible):
                if name in one.target.split():
                    return [(source, one.offset)]
        return []

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of the bibliographies."""
        texts = (source.text for source in self.others() if source.file.endswith(".bib"))
        return frozenset(key for text in texts for key in KEY.findall(text))

    @cached_property
    def notes(self) -> dict[str, str]:
        """Label of each note: the first page that defines it."""
        pages = [source for source in self.pages.values() if source.is_markdown]
        definitions = [(s.file, m["label"]) for s in pages for m in NOTE_DEFINITION.finditer(s.visible)]
        return {label: file for file, label in reversed(definitions)}


def text_offsets(source: Source, written: str, target: str = "") -> list[int]:
    """The offsets of `written`, word for word, whatever the language of the file around it.

    A template or mkdocs.yml writes `target`, from the root, where each page shows its own dots before it.
    """
    if not written.strip():
        return [m.start() for m in EMPTY_ATTRIBUTE.finditer(source.visible)]
    forms = [written, html.escape(written), unquote(written), written.strip()]
    if not source.is_markdown:
        filled = re.split(r"\{\{|\{%|%7B", written)[0]  # Up to what something was to fill in.
        doi = written.removeprefix("https://doi.org/")  # As the field doi has it.
        forms += [doi, target, target.removesuffix("/"), filled if "://" in filled else ""]
    for form in dict.fromkeys(forms):
        pattern = rf"(?<![\w./%-]){re.escape(form)}(?![\w/%-])"
        if len(form) > 1 and (found := [m.start() for m in re.finditer(pattern, source.visible)]):
            return found
    return []
