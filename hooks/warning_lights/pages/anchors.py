"""An address that was published stays: whoever linked to a page, a heading or an entry still arrives.

The ledger, `anchors.txt` beside mkdocs.yml, lists each on a line of its own: `sources/page/` for a
page, `sources/page/#heading` for a heading, entry, event, term or named note. A note of a citation is
not listed: its id holds key and locator, so that it changes when the citation is corrected.

A line may say why its address went: `sources/page/#heading  retired: the section was split`. For a page
it covers all anchors of the page.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markdown.extensions.toc import slugify
from selectolax.lexbor import LexborHTMLParser

from warning_lights.core.findings import Finding
from warning_lights.core.html import HEADINGS
from warning_lights.core.markdown_source import blank_code, position

LEDGER = "anchors.txt"
# Without the notes of citations.
OTHER_ANCHORS = "dt[id], li.note[id]:not([id*='@']), .entry[id], [id^=event-]"
LISTED = ", ".join([*(f"{tag}[id]" for tag in HEADINGS), OTHER_ANCHORS])
LINE = re.compile(r"(?P<page>(?:[^\s#]+/|[^\s#]+\.html|\./)?)(?:#(?P<anchor>\S+))?(?P<rest>\s+.*|)\Z")
RETIRED = re.compile(r"\s+retired:\s*(?P<reason>.*?)\s*\Z")
HEADING = re.compile(r"^(?P<start>#{1,6}[ \t]+(?P<title>.*?))[ \t]*#*[ \t]*$", re.MULTILINE)
MARKUP = re.compile(r"\s*\{[^{}]*\}|\[[^\[\]]*@[^\[\]]*\]|\[\^[^\]]*\]|[*_`\[\]]|\([^()]*\)")
HOME = "./"
# What is made from a row or an entry: its kind in the id, what a writer calls it, what restores it.
KINDS = {
    "ref:": ("entry", "key"),
    "event-": ("event", "id"),
    "term-": ("term", "name"),
    "fn:": ("note", "label"),
}
ROW = re.compile(rf"(?P<kind>{'|'.join(KINDS)})(?P<name>.+)")


@dataclass(frozen=True)
class Line:
    """A line of the ledger; `anchor` is empty for a page, `reason` says why it is retired."""

    number: int
    page: str
    anchor: str
    reason: str | None = None

    @property
    def name(self) -> str:
        return f"{self.page}#{self.anchor}" if self.anchor else self.page


@dataclass
class Page:
    """A page of the site: its anchors (id -> title of a heading, or ""), and the file that writes it."""

    anchors: dict[str, str]
    file: str = ""
    text: str = ""
    table: str = ""  # The table that the page is made from.
    moved_from: list[str] = field(default_factory=list)  # Addresses that lead here.


def anchors(html: str) -> dict[str, str]:
    """The anchors of a page that others may link to, in its order, with the titles of headings."""
    found = {}
    for node in LexborHTMLParser(html).css(LISTED):
        is_heading = node.tag in HEADINGS
        for link in node.css(".headerlink") if is_heading else ():
            link.decompose()
        found[node.attributes["id"] or ""] = " ".join(node.text().split()) if is_heading else ""
    return found


def parse(ledger: str) -> tuple[list[Line], list[Finding]]:
    """The lines of a ledger, and what is wrong with others."""
    lines, findings = [], []
    for number, text in enumerate(ledger.splitlines(), start=1):
        if not text.strip() or text.startswith(("%", "# ")):
            continue
        m = LINE.match(text.rstrip())
        retired = RETIRED.fullmatch(m["rest"]) if m and m["rest"] else None
        if not m or (m["rest"] and not retired) or not (m["page"] or m["anchor"]):
            message = f"“{text.strip()}” is not a valid address. Write page/ or page/#anchor."
            findings.append(Finding(LEDGER, number, 1, message))
        elif retired and not retired["reason"]:
            message = f"{text.split()[0]} is retired without a reason. Add the reason after “retired: ”."
            findings.append(Finding(LEDGER, number, 1, message))
        else:
            reason = retired["reason"] if retired else None
            lines.append(Line(number, m["page"] or HOME, m["anchor"] or "", reason))
    return lines, findings


def check(ledger: str, pages: Mapping[str, Page]) -> Iterator[Finding]:
    """Findings for each address of the ledger that the site has lost: one for a page, one for an anchor.

    `pages` are the pages of the site by their addresses; the home page is `./`.
    """
    lines, findings = parse(ledger)
    yield from findings
    current = with_aliases(pages)
    retired = {line.page for line in lines if line.reason and not line.anchor}
    listed = {(line.page, line.anchor) for line in lines}
    lost: dict[str, list[Line]] = {}
    for line in lines:
        if line.reason and exists(line, current):
            message = f"{line.name} is retired, but it exists. Remove “retired:” and what follows."
            yield Finding(LEDGER, line.number, 1, message)
        elif not line.reason and not exists(line, current) and line.page not in retired:
            lost.setdefault(line.page, []).append(line)
    for address, gone in lost.items():
        if address in current:
            new = {
                name: title
                for name, title in current[address].anchors.items()
                if (address, name) not in listed and title
            }
            yield from lost_anchors(current[address], gone, new)
        else:
            yield lost_page(address, [line for line in lines if line.page == address], pages, listed)


def with_aliases(pages: Mapping[str, Page]) -> dict[str, Page]:
    """The pages by all addresses that lead to them."""
    return {old: page for page in pages.values() for old in page.moved_from} | dict(pages)


def exists(line: Line, pages: Mapping[str, Page]) -> bool:
    page = pages.get(line.page)
    return page is not None and (not line.anchor or line.anchor in page.anchors)


def lost_page(
    address: str, lines: list[Line], pages: Mapping[str, Page], listed: set[tuple[str, str]]
) -> Finding:
    """One finding for a page and all of its anchors, at the page that has most of these anchors now."""
    old = re.sub(r"(?:/|\.html)$", "", address) + ".md"
    names = {line.anchor for line in lines if line.anchor}
    shared = {url: len(names & {*page.anchors}) for url, page in pages.items() if (url, "") not in listed}
    new = max(shared, key=lambda url: shared[url], default="")
    add = f"between the two lines of dashes: aliases: [{old}]"
    if new and shared[new] * 2 >= max(1, len(names)):
        message = (
            f"This page seems to be {old} under a new name. So that links to the old address still work, "
        )
        return Finding(pages[new].file, 1, 1, f"{message}add to its front matter, {add}")
    message = (
        f"This page was published at {address}, and is missing. If it moved, add to the front matter of "
    )
    return Finding(f"docs/{old}", 0, 0, f"{message}the new page, {add}. {removal_advice(lines[0], address)}")


def removal_advice(line: Line, name: str) -> str:
    """What to do where nothing is to be restored."""
    return (
        f"If it was removed for good, write in {LEDGER}, line {line.number}: {name} retired: and the reason."
    )


def lost_anchors(page: Page, gone: list[Line], new: dict[str, str]) -> Iterator[Finding]:
    """A finding for each anchor; for a heading at the one that was probably renamed."""
    headings = [line.anchor for line in gone if not ROW.match(line.anchor)]
    in_order = dict(zip(headings, new, strict=True)) if len(headings) == len(new) else {}
    for line in gone:
        gone_for_good = removal_advice(line, line.name)
        if row := ROW.match(line.anchor):
            what, restored = KINDS[row["kind"]]
            message = f"The {what} {row['name']} was published, and is missing. Restore its {restored}."
            place = (page.table, 0, 0) if page.table else (page.file, 1, 1)
            yield Finding(*place, f"{message} {gone_for_good}")
        elif near := in_order.get(line.anchor) or likely_heading(line.anchor, new, alone=len(gone) == 1):
            title = new.pop(near)
            heading = find_heading(page.text, near)
            start = heading["start"] if heading else f"## {title}"
            line_column = position(page.text, heading.start()) if heading else (1, 1)
            message = (
                f"This heading was published as #{line.anchor}, to which others may link. So that their "
                f"links still work, write: {start} {{#{line.anchor}}}"
            )
            yield Finding(page.file, *line_column, message)
        else:
            message = (
                f"The section #{line.anchor} was published, and is missing. If its heading was renamed, "
                f"write {{#{line.anchor}}} at the end of the heading. {gone_for_good}"
            )
            yield Finding(page.file, 1, 1, message)


def likely_heading(anchor: str, new: Mapping[str, str], *, alone: bool) -> str:
    """The new heading that the anchor was probably renamed to, or ""; `alone`: no other is missing."""
    near = difflib.get_close_matches(anchor, new, n=1, cutoff=0.4)
    return near[0] if near else next(iter(new), "") if alone else ""


def find_heading(text: str, anchor: str) -> re.Match[str] | None:
    """The line of Markdown that makes the heading with the id `anchor`."""
    for m in HEADING.finditer(blank_code(text)):
        if slugify(MARKUP.sub("", m["title"]), "-") == anchor:
            return HEADING.match(text, m.start())
    return None


def updated_ledger(ledger: str, pages: Mapping[str, Page], reason: str = "") -> str:
    """The ledger with each new address after the others of its page; its lines stay.

    With a `reason`, each address that the site has lost is retired for it.
    """
    lines = ledger.splitlines()
    listed = parse(ledger)[0]
    known = {line.name for line in listed}
    current = with_aliases(pages)
    for line in listed if reason else ():
        if not line.reason and not exists(line, current):
            lines[line.number - 1] += f"  retired: {reason}"
    of_page: dict[str, list[int]] = {}
    for number, text in enumerate(lines):
        of_page.setdefault(text.partition("#")[0].split(" ")[0], []).append(number)
    for url, page in pages.items():
        names = [url, *(f"{url}#{anchor}" for anchor in page.anchors)]
        new = [name for name in dict.fromkeys(names) if name not in known]
        if url not in of_page:
            lines += new
            continue
        first, last = of_page[url][0], of_page[url][-1]
        if url in new:
            lines[first] = f"{new.pop(0)}\n{lines[first]}"
        lines[last] = "\n".join([lines[last], *new])
    return "\n".join(lines) + "\n"
