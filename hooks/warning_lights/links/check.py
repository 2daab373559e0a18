"""Follow every address of a finished site as a browser would; say which lead nowhere.

Files in, faults out: nothing here knows of Markdown, of MkDocs or of the network. `locate` then finds
where each of them was written.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from warning_lights.links import address, formats, prose
from warning_lights.links import page as link_page
from warning_lights.links.address import Url
from warning_lights.links.names import Names
from warning_lights.links.page import Link, Page, words
from warning_lights.links.resolve import Fault, Here, Outside, Target, Targets
from warning_lights.links.site import PAGE, Site, landing

# The fragment of what these fetch says which part to show, and shows all where there is none.
FRAGMENT_IS_HINT = words("img image video audio source track input embed link script")
NAVIGATES = words("a area iframe frame form meta object embed button input")
MEDIA_FRAGMENT = re.compile(r"(?:t|xywh|track|id|svgView|viewBox|page)=|svgView\(|only-(?:light|dark)$")


class Check:
    """One pass over a site. `read` gives the bytes of a file; each is asked for once.

    `skipped` are files of the site that this build leaves out, as a preview does with the book.

    After `run`: `faults`, `counts` (of links, by kind), `outside` (by what was written) and
    `linked` (the files that some other page leads to).
    """

    def __init__(
        self, site: Site, read: Callable[[str], bytes], skipped: frozenset[str] = frozenset()
    ) -> None:
        self.site = site
        self.skipped = skipped
        self.read = read
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self.outside: dict[str, Outside] = {}
        self.linked: set[str] = set()
        self.used: set[str] = set()
        self.stubs: set[str] = set()
        self.ids: dict[str, frozenset[str]] = {}
        self.pending: dict[tuple[str, str], list[tuple[str, Link]]] = {}
        self.manifests: set[str] = set()
        self.suspect: dict[str, list[str]] = {}
        self.targets = Targets(site)
        self.resolved: dict[str, str | None] = {}  # By path: the file that is served there.
        self.near: dict[str, str] = {}  # By path: the file that was probably meant.
        self.names: dict[str, Names] = {}  # By file: its ids.

    def run(self) -> None:
        drawings: dict[str, Page] = {}
        for file in sorted(self.site.files):
            name = posixpath.basename(file)
            if file.endswith(PAGE):
                self.page(file, self.read(file))
            elif file.endswith(".svg"):
                drawings[file] = link_page.read(self.read(file))
                self.ids[file] = frozenset(drawings[file].ids)
            elif file.endswith(".css"):
                found = formats.css(self.read(file).decode("utf-8", "replace"))
                # A bare fragment means a place on whatever page the sheet is for.
                own = [url for url in found if not url.startswith("#")]
                self.links(file, [Link("style", "url()", url, fetched=True) for url in own])
            elif name == "search_index.json":
                self.data(file, formats.search_index, self.site.address)
            elif file.endswith(".xml") or file == "robots.txt":
                read = formats.feed if file.endswith(".xml") else formats.robots
                found = read(self.read(file).decode("utf-8", "replace"))
                self.links(file, [Link("loc", "text", url) for url in found])
        for file in sorted(self.manifests | {f for f in self.site.files if f.endswith(".webmanifest")}):
            self.data(file, formats.manifest, self.site.url_of(file))
        for file, drawing in drawings.items():
            self.drawing(file, drawing)
        self.fragments()
        self.wrong_type()

    def data(self, file: str, addresses: Callable[[str], list[str]], base: Url) -> None:
        try:
            found = addresses(self.read(file).decode("utf-8-sig"))
        except (ValueError, AttributeError, TypeError):
            self.faults.append(Fault("data", file, posixpath.basename(file), "is not the JSON it should be."))
            return
        self.links(
            file, [Link("json", "text", url) for url in found], Here(self.site, self.site.url_of(file), base)
        )

    def page(self, file: str, html: bytes) -> None:
        page = link_page.read(html)
        self.counts["documents"] += 1
        self.ids[file] = frozenset(page.ids | page.names)
        if page.moved:
            self.stubs.add(file)
        if leftovers := prose.leftovers(html):
            self.suspect[file] = leftovers
        self.document(file, page)

    def drawing(self, file: str, page: Page) -> None:
        """What a drawing shows, if a page shows it. In a mere picture, links to its own places are idle."""
        if file in self.used:
            opened = file in self.linked
            shown = [x for x in page.links if opened or x.tag != "a" or not x.url.startswith("#")]
            self.links(file, [link._replace(named=True) for link in shown], page=page)

    def document(self, file: str, page: Page) -> None:
        own = self.site.url_of(file)
        here = Here(self.site, own, address.parse(page.base, own) if page.base else None)
        self.links(file, page.links, here, page)
        for one in page.repeated:
            why = "is the id of two elements of one page. Give each its own."
            self.faults.append(Fault("id", file, one, why))
        self.counts["references to ids"] += len(page.references)
        for reference in page.references:
            if reference.id not in page.ids:
                near = self.near_id(file, reference.id, page.ids)
                why = f"is no id on this page, but {reference.attribute} of <{reference.tag}> names it."
                self.faults.append(Fault("reference", file, reference.id, why, near=near))
        try:
            linked = [Link("json", key, url) for key, url in formats.linked_data(page.data)]
            self.links(file, linked, here, page)
        except (ValueError, RecursionError):
            self.faults.append(Fault("data", file, "application/ld+json", "holds text that is not JSON."))
        for frame in page.frames:
            self.document(file, frame)

    def links(
        self, file: str, links: Iterable[Link], here: Here | None = None, page: Page | None = None
    ) -> None:
        """Follow `links`, which stand in `file`: on `page`, or in something that is no page."""
        here = here or Here(self.site, self.site.url_of(file))
        page = page or Page()
        ids = frozenset(page.ids | page.names)
        known: dict[str, Target] = {}
        is_own = here.base is here.own
        for link in links:
            written = link.url
            if is_own and link.tag == "a" and written[:1] == "#" and written[1:] in ids:
                self.counts["notes" if written[:3] == "#fn" else "anchors"] += 1
                continue
            target = known.get(written)
            if target is None:
                target = self.targets.of(link, here)
                if written[:1] != "#" and written:  # These mean other things in other attributes.
                    known[written] = target
            path, fragment = target.path, target.fragment
            if not link.named:
                self.empty(file, link, target)
            if link.attribute == "usemap":
                if written[1:] not in page.maps:
                    self.fault("reference", file, link, "names no map on this page.")
            elif path is not None:
                self.internal(file, link, path, fragment)
            elif fragment is not None:
                self.counts["notes" if fragment[:2] == "fn" else "anchors"] += 1
                if fragment not in ids and link.tag not in FRAGMENT_IS_HINT and not landing(fragment, ids):
                    self.missing_anchor(file, link, file, fragment, page.ids)
                elif ":~:" in fragment:
                    self.pending.setdefault((file, fragment), []).append((file, link))
            elif target.why:
                self.counts["links"] += 1
                self.fault("address", file, link, target.why)
            elif target.url is not None:
                self.external(file, link, target.url)

    def empty(self, file: str, link: Link, target: Target) -> None:
        """A link without words. One to its own page is often only a mark, such as that of a line of code."""
        if target.path is None and target.fragment:
            return
        found = (self.site.file_at(target.path) or "") if target.path is not None else ""
        why = "is a link without words: nobody sees it. Write some, or take it out."
        self.faults.append(Fault("empty", file, link.url, why, found, target.fragment or ""))

    def external(self, file: str, link: Link, url: Url) -> None:
        if url.scheme != "data":
            self.counts["outside" if url.scheme in address.SPECIAL else "mail and other"] += 1
        if url.scheme in {"http", "https"}:
            seen = self.outside.setdefault(link.url, Outside(url, {}))
            seen.seen[file] = seen.seen.get(file, False) or link.fetched

    def internal(self, file: str, link: Link, path: str, fragment: str | None) -> None:
        found = self.resolved.get(path, "")
        if found == "":
            found = self.resolved[path] = self.site.file_at(path)
        if found is None:
            self.counts["files"] += 1
            near = self.near.get(path)
            if near is None:
                near = self.near[path] = self.site.nearest(path) or ""
            self.faults.append(Fault("page", file, link.url, "", path, fragment or "", near, link.text))
            return
        is_page = found.endswith(PAGE)
        if is_page and link.tag == "img" and link.attribute != "longdesc":
            why = "is a page, not a picture."
            self.faults.append(Fault("picture", file, link.url, why, found, text=link.text))
        self.counts["pages" if is_page else "images" if link.tag == "img" else "files"] += 1
        if found in self.skipped:
            return
        self.used.add(found)
        if found != file and link.tag in NAVIGATES:
            self.linked.add(found)
        if link.tag == "link" and found.endswith((".webmanifest", "manifest.json")):
            self.manifests.add(found)
        if not fragment or link.tag in FRAGMENT_IS_HINT or link.attribute == "@id":
            return
        if fragment not in self.ids.get(found, ()):  # Not read yet, or not there.
            self.pending.setdefault((found, fragment), []).append((file, link))

    def fragments(self) -> None:
        """Judge the fragments that lead to other files, now that each of these has been read."""
        for (file, fragment), seen in self.pending.items():
            if file.endswith(".pdf"):
                if why := formats.Pdf(self.read(file)).fault(fragment):
                    self.lost_place(seen, file, fragment, why)
            elif file.endswith(PAGE) or (file.endswith(".svg") and not MEDIA_FRAGMENT.match(fragment)):
                ids = self.ids.get(file, frozenset())
                if file.endswith(".svg") and b"<font" in self.read(file):
                    continue  # An old web font: its name is no place, and newer formats stand beside it.
                if not landing(fragment, ids):
                    for one, link in seen:
                        self.missing_anchor(one, link, file, fragment, ids)
                elif ":~:" in fragment and (lost := prose.text_not_found(fragment, self.read(file))):
                    self.lost_place(
                        seen, file, fragment, f"quotes words that its page does not have: “{lost}”."
                    )

    def wrong_type(self) -> None:
        for file in sorted(self.used):
            if why := formats.wrong_type(file, self.read):
                self.faults.append(Fault("file", file, posixpath.basename(file), why, target=file))

    def lost_place(self, seen: list[tuple[str, Link]], file: str, fragment: str, why: str) -> None:
        for one, link in seen:
            self.faults.append(Fault("anchor", one, link.url, why, file, fragment, text=link.text))

    def missing_anchor(self, seen: str, link: Link, file: str, fragment: str, ids: Iterable[str]) -> None:
        near = self.near_id(file, unquote(fragment), ids)
        self.faults.append(Fault("anchor", seen, link.url, "", file, fragment, near, link.text))

    def near_id(self, file: str, wanted: str, ids: Iterable[str]) -> str:
        names = self.names.get(file)
        if names is None:
            names = self.names[file] = Names({i: i for i in sorted(ids) if not i.startswith("__")})
        key = f"{file}#{wanted}"
        if key not in self.near:
            self.near[key] = names.closest(wanted) or ""
        return self.near[key]

    def fault(self, kind: str, file: str, link: Link, why: str) -> None:
        self.faults.append(Fault(kind, file, link.url, why, text=link.text))
