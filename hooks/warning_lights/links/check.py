"""Follow every address of a finished site as a browser would; say which lead nowhere.

Files in, faults out: nothing here knows of Markdown, of MkDocs or of the network. `locate` then finds
where each of them was written.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import unquote

from warning_lights.core.names import Names, words
from warning_lights.links import address, formats, prose
from warning_lights.links import page as link_page
from warning_lights.links.address import Url
from warning_lights.links.page import Link, Page
from warning_lights.links.resolve import Document, External, Fault, Target
from warning_lights.links.site import PAGE, Site, has_place

# The fragment of what these fetch says which part to show, and shows all where there is none.
FRAGMENT_IS_HINT = words("img image video audio source track input embed link script")
NAVIGATES = words("a area iframe frame form meta object embed button input")
MEDIA_FRAGMENT = re.compile(r"(?:t|xywh|track|id|svgView|viewBox|page)=|svgView\(|only-(?:light|dark)$")


class Check:
    """One pass over a site. `read` gives the bytes of a file.

    `left_out` are files of the site that this build does not write, as a preview does not write the book.

    After `run`: `faults`, `counts` (of links, by kind), `external` (by what was written), `used` and `linked`
    (the files that another one shows or leads to), `ids` of each file, `redirects` (pages that only redirect)
    and `leftovers` (by page: pieces of prose in which Markdown was left as text).
    """

    def __init__(
        self, site: Site, read: Callable[[str], bytes], left_out: frozenset[str] = frozenset()
    ) -> None:
        self.site = site
        self.read = read
        self.left_out = left_out
        self.faults: list[Fault] = []
        self.counts: Counter[str] = Counter()
        self.external: dict[str, External] = {}
        self.linked: set[str] = set()
        self.used: set[str] = set()
        self.redirects: set[str] = set()
        self.pages: dict[str, Page] = {}  # Drawings too.
        self.ids: dict[str, frozenset[str]] = {}
        self.leftovers: dict[str, list[str]] = {}
        self.pdf_places = cache(lambda file: formats.pdf_places(read(file)))
        self.names = cache(lambda file: Names({i: i for i in sorted(self.ids[file]) if i[:2] != "__"}))

    def run(self) -> None:
        """First what links can lead to in each file, then where its links lead."""
        files = sorted(self.site.files - self.left_out)
        for file in files:
            if file.endswith((*PAGE, ".svg")):
                self.read_page(file, self.read(file))
        for file in files:
            if file.endswith(PAGE):
                self.counts["documents"] += 1
                self.check_document(file, self.pages[file])
            elif file.endswith(".css"):
                found = formats.css_addresses(self.read(file).decode("utf-8", "replace"))
                # A bare fragment means a place on whatever page the sheet is for.
                own = [url for url in found if not url.startswith("#")]
                self.follow_links(file, [Link("style", "url()", url, fetched=True) for url in own])
            elif read := next((read for end, read in formats.READERS.items() if file.endswith(end)), None):
                self.check_data(file, read)
        for file in sorted(file for file in self.used if file.endswith("manifest.json")):
            self.check_data(file, formats.manifest_addresses)
        for file in sorted(file for file in self.used if file.endswith(".svg")):
            # In a mere picture, links to its own places are idle.
            opened, page = file in self.linked, self.pages[file]
            shown = [link for link in page.links if opened or link.tag != "a" or link.url[:1] != "#"]
            self.follow_links(file, [link._replace(named=True) for link in shown], page=page)
        for file in sorted(self.used):
            if why := formats.type_fault(file, self.read):
                self.faults.append(Fault("file", file, posixpath.basename(file), why, target=file))

    def read_page(self, file: str, content: bytes) -> None:
        page = self.pages[file] = link_page.read_page(content)
        self.ids[file] = frozenset(page.ids | page.names)
        if page.is_redirect:
            self.redirects.add(file)
        if file.endswith(PAGE) and (leftovers := prose.leftovers(content)):
            self.leftovers[file] = leftovers

    def check_data(self, file: str, read: Callable[[bytes], list[str]]) -> None:
        try:
            found = read(self.read(file))
        except (ValueError, AttributeError, TypeError):
            self.faults.append(Fault("data", file, posixpath.basename(file), "is malformed."))
            return
        base = self.site.address if read is formats.search_addresses else None
        self.follow_links(file, [Link("data", "text", url) for url in found], Document(self.site, file, base))

    def check_document(self, file: str, page: Page) -> None:
        here = Document(self.site, file, page.base)
        self.follow_links(file, page.links, here, page)
        for one in page.repeated:
            why = "is the id of two elements of one page. Give each its own."
            self.faults.append(Fault("id", file, one, why))
        self.counts["references to ids"] += len(page.references)
        for tag, attribute, one in page.references:
            if one not in page.ids:
                why = f"is not an id on this page, but {attribute} of <{tag}> names it."
                self.faults.append(Fault("reference", file, one, why, suggestion=self.suggest_id(file, one)))
        try:
            linked = [Link("json", key, url) for key, url in formats.linked_data_addresses(page.data)]
            self.follow_links(file, linked, here, page)
        except (ValueError, RecursionError):
            self.faults.append(Fault("data", file, "application/ld+json", "holds text that is not JSON."))
        for frame in page.frames:
            self.check_document(file, frame)

    def follow_links(
        self, file: str, links: Iterable[Link], here: Document | None = None, page: Page | None = None
    ) -> None:
        """Follow `links`, which are in `file`: on `page`, or in something that is not a page."""
        here = here or Document(self.site, file)
        page = page or Page()
        ids = frozenset(page.ids | page.names)
        for link in links:
            target = here.resolve(link)
            if not link.named:
                self.report_empty(file, link, target)
            if link.attribute == "usemap":
                if link.url[1:] not in page.maps:
                    self.add_fault("reference", file, link, "names no map on this page.")
            elif target.path is not None:
                self.follow_internal(file, link, target.path, target.fragment)
            elif target.fragment is not None:
                self.counts["notes" if target.fragment[:2] == "fn" else "anchors"] += 1
                if link.tag not in FRAGMENT_IS_HINT and not has_place(target.fragment, ids):
                    self.report_missing_place(file, link, file, target.fragment)
                elif ":~:" in target.fragment:
                    self.check_fragment(file, link, file, target.fragment)
            elif target.why:
                self.counts["links"] += 1
                self.add_fault("address", file, link, target.why)
            elif target.url is not None:
                self.add_external(file, link, target.url)

    def report_empty(self, file: str, link: Link, target: Target) -> None:
        """A link without words. One to its own page is often a symbol, such as that of a line of code."""
        if target.path is not None or not target.fragment:
            found = (self.site.file_at(target.path) or "") if target.path is not None else ""
            why = "is a link without words: nobody sees it. Write some, or remove it."
            self.add_fault("empty", file, link, why, found, target.fragment or "")

    def add_external(self, file: str, link: Link, url: Url) -> None:
        if url.scheme != "data":
            self.counts["external" if url.scheme in address.SPECIAL else "mail and other"] += 1
        if url.scheme in {"http", "https"}:
            files = self.external.setdefault(link.url, External(url, {})).files
            files[file] = files.get(file, False) or link.fetched

    def follow_internal(self, file: str, link: Link, path: str, fragment: str | None) -> None:
        found = self.site.file_at(path)
        if found is None:
            self.counts["files"] += 1
            self.add_fault("page", file, link, "", path, fragment or "", self.site.nearest_file(path) or "")
            return
        is_page = found.endswith(PAGE)
        if is_page and link.tag == "img" and link.attribute != "longdesc":
            self.add_fault("picture", file, link, "is a page, not a picture.", found)
        self.counts["pages" if is_page else "images" if link.tag == "img" else "files"] += 1
        if found in self.left_out:
            return
        self.used.add(found)
        if found != file and link.tag in NAVIGATES:
            self.linked.add(found)
        is_place = fragment and link.tag not in FRAGMENT_IS_HINT and link.attribute != "@id"
        if fragment and is_place and fragment not in self.ids.get(found, ()):
            self.check_fragment(file, link, found, fragment)

    def check_fragment(self, shown_in: str, link: Link, file: str, fragment: str) -> None:
        """Judge a fragment that leads into `file`, where no id is spelled like it."""
        why, is_svg = "", file.endswith(".svg")
        if file.endswith(".pdf"):
            why = formats.pdf_fault(self.pdf_places(file), fragment)
        elif is_svg and (MEDIA_FRAGMENT.match(fragment) or b"<font" in self.read(file)):
            return  # An old web font: its name is not a place, and newer formats come with it.
        elif file in self.ids and not has_place(fragment, self.ids[file]):
            self.report_missing_place(shown_in, link, file, fragment)
        elif ":~:" in fragment and (lost := prose.text_not_found(fragment, self.read(file))):
            why = f"quotes words that its page does not have: “{lost}”."
        if why:
            self.add_fault("anchor", shown_in, link, why, file, fragment)

    def report_missing_place(self, shown_in: str, link: Link, file: str, fragment: str) -> None:
        self.add_fault("anchor", shown_in, link, "", file, fragment, self.suggest_id(file, unquote(fragment)))

    def suggest_id(self, file: str, wanted: str) -> str:
        """The id of `file` that was probably meant."""
        return self.names(file).closest(wanted) or ""

    def add_fault(
        self, kind: str, file: str, link: Link, why: str, target: str = "", fragment: str = "", hint: str = ""
    ) -> None:
        self.faults.append(Fault(kind, file, link.url, why, target, fragment, hint, link.text))
