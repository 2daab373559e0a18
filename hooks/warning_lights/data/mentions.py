"""The first mention of each term on a page becomes a link to the glossary: HTML in, HTML out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape, unescape

from warning_lights.core.html import VOID
from warning_lights.core.names import words
from warning_lights.data import rows
from warning_lights.data.terms import Term

TOKEN = re.compile(
    r"<!--.*?-->|</?(?P<tag>[a-zA-Z][\w-]*)(?P<rest>(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*)>|\Z", re.DOTALL
)
CLASSES = re.compile(r"\bclass=(?:\"([^\"]*)\"|(\S+))")
ID = re.compile(r"\sid=\"([^\"]*)\"")
# No link in a link, none in a title (set in italics) or where words name a thing, none in a quotation.
UNLINKED_TAGS = words(
    "a abbr blockquote button cite code dt em h1 h2 h3 h4 h5 h6 i kbd label mark pre q samp script select"
    " style sub summary sup svg textarea th time title var"
)
UNLINKED_CLASSES = words(
    "notes bibliography citation citation-in-text event-head toc no-terms headerlink source-head"
)
BLOCKS = words("p li td th dd dt div section figcaption blockquote")
QUOTE = re.compile(r"[“”]")


class Glossary:
    """The terms made ready for one pass over each page."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = {term.slug: term for term in terms}
        self.by_name: dict[str, Term] = {}
        names: list[tuple[str, bool]] = []
        for term in self.terms.values():
            free = term.kind == "term"
            for name in term.names:
                self.by_name.setdefault(name.casefold() if free else name, term)
                names.append((name, free))
        # The longest first, so that “Islamic State Khorasan” is not found as “Islamic State”.
        names.sort(key=lambda item: (-len(item[0]), item[0]))
        # By their first letter: of several hundred names, a few are tried at each place.
        initials: dict[str, list[str]] = {}
        for name, free in names:
            pattern = f"(?i:{name_pattern(name)})" if free else name_pattern(name)
            for initial in {name[0].lower(), name[0].upper()} if free else {name[0]}:
                initials.setdefault(re.escape(escape(initial)[0]), []).append(pattern)
        parts = (f"(?={initial})(?:{'|'.join(found)})" for initial, found in sorted(initials.items()))
        self.pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?![\w-])") if names else None

    def term_named(self, name: str) -> Term:
        plain = " ".join(unescape(name).split())
        return self.by_name[plain] if plain in self.by_name else self.by_name[plain.casefold()]

    def link_mentions(self, html: str, address: str) -> tuple[str, dict[str, str]]:
        """The page with its links, and slug -> id of the first mention; a slug completes the address."""
        if self.pattern is None:
            return html, {}
        mentions: dict[str, str] = {}
        taken = set(ID.findall(html))

        def linked(m: re.Match[str]) -> str:
            term = self.term_named(m[0])
            if term.slug in mentions:
                return m[0]
            anchor = f"mention-{term.slug}"
            while anchor in taken:
                anchor += "-"
            taken.add(anchor)
            mentions[term.slug] = anchor
            return f'<a class="term" id="{anchor}" href="{escape(address + term.slug)}">{m[0]}</a>'

        parts, done = [], 0
        for start, end in linkable_spans(html):
            parts += [html[done:start], self.pattern.sub(linked, html[start:end])]
            done = end
        return "".join([*parts, html[done:]]), mentions


def definitions_script(terms: Iterable[Term]) -> str:
    """What the card of a link to each term says, as plain text."""
    definitions = {term.slug: rows.plain_text(term.definition) for term in terms}
    return f"window.definitions={json.dumps(definitions, ensure_ascii=False)}"


def name_pattern(name: str) -> str:
    """A name as it may stand in HTML, over the end of a line too."""
    return r"\s+".join(re.escape(escape(word, quote=False)) for word in name.split())


def linkable_spans(html: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each text of the page that may hold a link."""
    stack: list[tuple[str, bool]] = []  # Open elements, and whether links are kept out of each.
    opened: Counter[str] = Counter()  # How many elements of each name are open.
    quoted = skipped = False
    start = 0
    for m in TOKEN.finditer(html):
        for quote in QUOTE.finditer(html, start, m.start()):
            if not (quoted or skipped):
                yield start, quote.start()
            quoted, start = quote[0] == "“", quote.start()
        if not (quoted or skipped):
            yield start, m.start()
        start = m.end()
        tag = (m["tag"] or "").lower()
        if not tag:
            continue
        if tag in BLOCKS:
            quoted = False
        if m[0].startswith("</"):
            closed = "" if opened[tag] else tag
            while closed != tag:  # Elements that are still open inside it end with it.
                closed = stack.pop()[0]
                opened[closed] -= 1
        elif tag not in VOID and not m[0].endswith("/>"):
            classes = CLASSES.search(m["rest"])
            names = (classes[1] or classes[2] or "").split() if classes else []
            opened[tag] += 1
            stack.append((tag, skipped or tag in UNLINKED_TAGS or not UNLINKED_CLASSES.isdisjoint(names)))
        skipped = bool(stack) and stack[-1][1]
