"""From what fails on the finished site to what its writer reads: place, words, and what was meant."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from mkdocs.utils import get_relative_url

from warning_lights.core.findings import Finding
from warning_lights.core.names import did_you_mean
from warning_lights.core.names import words as words_of
from warning_lights.links import leftovers
from warning_lights.links.check import Check
from warning_lights.links.external import Counts
from warning_lights.links.locate import NOTE_ID, Place, Places
from warning_lights.links.resolve import Fault
from warning_lights.links.written import Source

# Made by a theme, out of the writer's reach: reported only where someone in the project wrote it.
ONLY_IF_WRITTEN = frozenset({"reference", "empty"})
DOWNLOAD = tuple(words_of(".pdf .zip .epub .csv .tsv .xlsx .ods .docx .odt .pptx .tar.gz .tgz"))
RESERVED = re.compile(r"[%#?]")  # Stands for itself in the name of a file, and not in an address.
NOT_LINKED = frozenset({"404.html", "index.html"})


def collect(check: Check, places: Places, *, notes: bool = True, menu: bool = True) -> list[Finding]:
    """All findings of one pass, one for each cause.

    `notes` False: another hook reports labels of notes; `menu` False: another reports pages outside the nav.
    """
    text = list(markdown_findings(check, places, notes))
    explained = {(f.file, f.message) for f in text}
    at_place: dict[tuple[tuple[str, int, int], str], Finding] = {}  # One of a kind at each place.
    of_cause: dict[tuple[str, str, str, str], Finding] = {}  # The first for each cause.
    for fault in check.faults:
        if is_consequence(fault, places, explained):
            continue
        cause = (fault.kind, fault.target or fault.written, fault.fragment, fault.why)
        about = (fault.written.strip(),)
        for source, offset in places_of_fault(fault, places):
            place = source.place(offset)
            if (place, fault.kind) not in at_place:
                words = fault_message(fault, source, offset, check, places)
                at_place[place, fault.kind] = Finding(*place, words, about=about)
            of_cause.setdefault(cause, at_place[place, fault.kind])
        if fault.kind not in ONLY_IF_WRITTEN and cause not in of_cause:
            source, offset = fallback_place(fault, check, places)
            words = fault_message(fault, source, None, check, places)
            of_cause[cause] = Finding(*source.place(offset), words, about=about)
    return sorted({*text, *at_place.values(), *of_cause.values(), *unlinked_files(check, places, pages=menu)})


def places_of_fault(fault: Fault, places: Places) -> list[Place]:
    """Where the writer wrote it; [] where nobody in the project did."""
    if fault.kind == "id":
        return places.places_of_id(fault.shown_in, fault.written)
    if fault.kind == "reference":
        return places.places_of_reference(fault.shown_in, fault.written)
    return places.places_of_link(fault.shown_in, fault.written, fault.target, fault.fragment, fault.text)


def fallback_place(fault: Fault, check: Check, places: Places) -> Place:
    """Nobody wrote it in this form: a plugin made it. One place, however many pages show it."""
    if fault.kind == "file" and (uri := places.uri_of(fault.target)):
        return Source(f"{places.docs}/{uri}", str), 0
    if own := places.place_by_words(fault.shown_in, fault.written, fault.target, fault.text):
        return own
    built = Source(f"site/{fault.shown_in}", lambda: check.read(fault.shown_in).decode("utf-8", "replace"))
    forms = (fault.written, html.escape(fault.written))
    return built, max(0, *(built.text.find(form) for form in forms))


def is_consequence(fault: Fault, places: Places, explained: set[tuple[str, str]]) -> bool:
    """A note that nothing calls leads back to nowhere; the note itself is reported."""
    note = NOTE_ID.match(unquote(fault.fragment)) if fault.kind == "anchor" else None
    source = places.pages.get(fault.shown_in)
    said = [message for file, message in explained if source and file == source.file]
    return note is not None and any(f"[^{note['label']}]" in message for message in said)


def fault_message(fault: Fault, source: Source, offset: int | None, check: Check, places: Places) -> str:
    """What the writer reads; `offset` is None where nobody wrote it, so that only the site is spoken of."""
    written = fault.written.strip() if offset is None else as_written(fault, source, offset)
    if fault.kind == "page":
        uri = "" if offset is None else source.uri
        return f"{written} {page_message(fault, written, uri, source, check, places)}"
    if fault.kind == "anchor" and not fault.why:
        where = places.pages[fault.target].file if fault.target in places.pages else f"/{fault.target}"
        where = "this page" if where == source.file else where
        near = did_you_mean(unquote(fault.fragment), fault.suggestion, "#{}")
        return f"{written} leads to no place: {where} has no #{unquote(fault.fragment)}.{near}"
    meant = fault.suggestion or relative_link(written, source, places)
    return f"{written} {fault.why}{did_you_mean(written, meant)}".strip()


def relative_link(written: str, source: Source, places: Places) -> str:
    """The page that `/page/` names when the site is published in a folder, as a relative link, or ""."""
    path, number_sign, fragment = written.partition("#")
    for name in (path.strip("/") + ending for ending in ("", ".md", "/index.md")):
        if path[:1] == "/" and source.uri and name in places.files:
            return posixpath.relpath(name, posixpath.dirname(source.uri) or ".") + number_sign + fragment
    return ""


def as_written(fault: Fault, source: Source, offset: int) -> str:
    if not source.is_markdown and fault.target and source.text.startswith(fault.target, offset):
        return fault.target
    # Of HTML, the address alone: an attribute such as srcset holds several.
    own = (w.target for w in source.addresses if w.offset == offset and w.target and w.rewritten)
    return next(own, fault.written).strip()


def page_message(fault: Fault, written: str, uri: str, source: Source, check: Check, places: Places) -> str:
    """Where it leads and what was meant; `uri` is the page below docs/ that has the link, "" elsewhere."""
    path = unquote(re.split(r"[?#]", written)[0])
    if posixpath.basename(source.file) == "mkdocs.yml" and path.endswith(".md"):
        # The theme shows it on every page, where it leads to a place that nobody meant.
        return f"is in the nav, but there is no such page.{did_you_mean(path, places.uris.closest(path))}"
    fragment = "".join(written.partition("#")[1:])
    if not uri or re.match(r"[a-zA-Z][\w+.-]*:|/", path):
        meant = check.site.url_of(fault.suggestion).path + fragment if fault.suggestion else ""
        hint = did_you_mean(path + fragment, meant)
        return f"leads to {check.site.base}{fault.target}, which does not exist.{hint}"
    return file_message(fault, written, path, fragment, source, check, places)


def file_message(
    fault: Fault, written: str, path: str, fragment: str, source: Source, check: Check, places: Places
) -> str:
    """A path that is relative to the Markdown file."""
    folder = posixpath.dirname(source.uri) or "."
    joined = posixpath.normpath(posixpath.join(folder, path))
    address = f"{check.site.base}{fault.target}"
    if page := places.files.get(joined):
        if page not in check.site.files:
            return f"leads to {posixpath.join(places.docs, joined)}, which is not published."
        here, there = (check.site.url_of(file).path for file in (source.page, page))
        meant = unquote(get_relative_url(there, here)) + fragment
        return f"leads to {address}, for addresses in HTML are left as they are. Did you mean {meant}?"
    is_file = posixpath.splitext(path)[1] and not path.endswith(".html")
    leads = posixpath.normpath(posixpath.join(places.docs, joined)) if is_file else address
    nearest = places.uris.closest(joined) if is_file else places.uri_of(fault.suggestion)
    before, _, last = written.rpartition("#")
    for name, rest in ((written, ""), (before, f"#{last}")):
        whole = posixpath.normpath(posixpath.join(folder, name))
        if whole in places.files:  # A name with a character that has a meaning in an address.
            nearest, fragment = whole, rest
            break
    relative = RESERVED.sub(lambda m: quote(m[0]), posixpath.relpath(nearest, folder)) if nearest else ""
    hint = did_you_mean(path + fragment, relative and relative + fragment)
    return f"leads to {leads}, which does not exist.{hint}"


def markdown_findings(check: Check, places: Places, notes: bool) -> Iterator[Finding]:
    """What Markdown left as text on the pages, and notes that do not fit their calls."""
    for page, source in places.pages.items():
        if not source.is_markdown or page not in check.ids:
            continue
        pieces = check.leftovers.get(page)
        found = list(leftovers.left_as_text(source, pieces, places.notes, places.keys)) if pieces else []
        if notes and "[^" in source.text:
            ids = (NOTE_ID.match(one) for one in check.ids[page] if one.startswith("fnref"))
            called = {m["label"] for m in ids if m}
            said = " ".join(one for _, one in found)
            found += leftovers.note_problems(source, called, said)
        if "]:" in source.text:
            found += leftovers.repeated_labels(source)
        for offset, what in found:
            yield Finding(*source.place(offset), what, about=tuple(re.findall(r"\A<\S+>", what)))
        # An included file, which is not a page.
        for part in places.others() if pieces and not found else ():
            if part.file.endswith(".bib"):
                continue  # Its brackets are text.
            for offset, what in leftovers.left_as_text(part, pieces or [], places.notes, places.keys):
                yield Finding(*part.place(offset), what)


def unlinked_files(check: Check, places: Places, *, pages: bool) -> Iterator[Finding]:
    """Pages and downloads that no page leads to."""
    expected = check.site.files - places.not_in_nav - NOT_LINKED - check.redirects - check.linked
    for page, source in places.pages.items() if pages else ():
        if source.is_markdown and page in expected:
            words = "No page links to this one. Link to it, or name it under not_in_nav."
            yield Finding(source.file, 1, 1, words)
    for uri, file in sorted(places.files.items()):
        if file.endswith(DOWNLOAD) and file in check.site.files and file not in check.used:
            words = "No page links to this download. Link to it, or remove it."
            yield Finding(f"{places.docs}/{uri}", 0, 0, words)


def summary(check: Check, findings: list[Finding], external: Counts | None) -> str:
    """The last line of a build: pages, links by kind, external links if they were checked, faults."""
    counts = sorted((kind, number) for kind, number in check.counts.items() if number and kind != "documents")
    links = ", ".join(f"{number:,} {kind}" for kind, number in counts) or "no links"
    if external:
        links += f". External: {external.checked:,} checked, {external.unverified:,} unverified"
    faults = sum(finding.severity == "error" for finding in findings)
    notices = len(findings) - faults
    return f"checked {check.counts['documents']:,} pages: {links}. {faults} faults, {notices} notices."
