"""What is shown below a title: the sources of a page, how old its knowledge is, its length, its key points.

Written as prose, one sentence a line: a paragraph that begins with “State of knowledge:”, one that begins
with *In brief.*, of which each sentence is a point.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

STATE = re.compile(r"<p>(?P<words>State of knowledge: [^<]*)</p>\n?")
BRIEF = re.compile(r"<p><em>In brief\.</em>\s+(?P<points>.*?)</p>", re.DOTALL)
MARK = re.compile(r'data-mark="([^"]+)"')
NOT_READ = ".notes, .chart-data, .exports, .headerlink, .note-call, svg"
WORDS_A_MINUTE = 230


@dataclass(frozen=True)
class PageHeader:
    """The page in two: `head` is its title with what belongs to it, `rest` all that follows the header.

    `state` are the sentences of its state of knowledge; `marks` are the short names of the sources that it
    cites, the most cited first.
    """

    head: str
    rest: str
    state: tuple[str, ...]
    marks: tuple[str, ...]


def reading_minutes(tree: LexborHTMLParser) -> int:
    """How many minutes it takes to read a page; what does not count is removed from its tree."""
    for node in tree.css(NOT_READ):
        node.decompose()
    words = tree.body.text(separator=" ").split() if tree.body else ()
    return max(1, round(len(words) / WORDS_A_MINUTE))


def split_header(html: str) -> PageHeader:
    marks = tuple(mark for mark, _ in Counter(MARK.findall(html)).most_common())
    if m := STATE.search(html):
        state = tuple(each.strip(" .") for each in re.split(r"\.\s", m["words"]))
        return PageHeader(html[: m.start()], html[m.end() :], state, marks)
    head, end, rest = html.partition("</h1>")
    return PageHeader(head + end, rest, (), marks) if end else PageHeader("", html, (), marks)


def with_key_points(html: str) -> str:
    """Each paragraph that begins with *In brief.* as a list of its sentences, which have a line each."""

    def points(m: re.Match[str]) -> str:
        # A point is read by itself, so each has its number.
        lines = m["points"].replace('"note-call repeated"', '"note-call"').split("\n")
        if len(lines) == 1:
            return f'<div class="brief">\n{m[0]}\n</div>'
        items = "".join(f"<li>{line}</li>\n" for line in lines)
        return f'<div class="brief">\n<p><em>In brief</em></p>\n<ul>\n{items}</ul>\n</div>'

    return BRIEF.sub(points, html)
