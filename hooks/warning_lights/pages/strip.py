"""What stands under a title: what a page rests on, how old its knowledge is, how long it is; its key points.

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
class Strip:
    """The page in two: `head` is its title with what belongs to it, `rest` all that follows the strip.

    `marks` are those of the sources that the page cites, the most cited first.
    """

    head: str
    rest: str
    state: tuple[str, ...]
    marks: tuple[str, ...]


def minutes(tree: LexborHTMLParser) -> int:
    """How long a page is read; what does not count is taken out of its tree."""
    for node in tree.css(NOT_READ):
        node.decompose()
    words = tree.body.text(separator=" ").split() if tree.body else ()
    return max(1, round(len(words) / WORDS_A_MINUTE))


def strip(html: str) -> Strip:
    marks = tuple(mark for mark, _ in Counter(MARK.findall(html)).most_common())
    if m := STATE.search(html):
        state = tuple(each.strip(" .") for each in re.split(r"\.\s", m["words"]))
        return Strip(html[: m.start()], html[m.end() :], state, marks)
    head, end, rest = html.partition("</h1>")
    return Strip(head + end, rest, (), marks) if end else Strip("", html, (), marks)


def with_points(html: str) -> str:
    """Each paragraph that begins with *In brief.* as a list of its sentences, which have a line each."""

    def points(m: re.Match[str]) -> str:
        lines = m["points"].split("\n")
        if len(lines) == 1:
            return f'<div class="brief">\n{m[0]}\n</div>'
        items = "".join(f"<li>{line}</li>\n" for line in lines)
        return f'<div class="brief">\n<p><em>In brief</em></p>\n<ul>\n{items}</ul>\n</div>'

    return BRIEF.sub(points, html)
