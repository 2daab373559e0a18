"""What Markdown writes becomes what every reader can use: with a keyboard, a screen reader, a small window.

Changes the finished page and not its content, so that the book and other forms get what was written.
"""

from __future__ import annotations

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

ARTICLE = re.compile(r"(?<=<article).*(?=</article>)", re.DOTALL)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
EMPTY_HEAD = re.compile(r"<th(?P<attributes>[^>]*)>\s*</th>")
ALIGNED = re.compile(r"""(?P<cell><t[hd]\b[^>]*?)\s+style=["']text-align:\s*(?P<side>\w+);?["']""")
CODE = re.compile(r"(<pre\b[^>]*>(?:<span></span>)?<code)(?![^>]*tabindex)")
IMAGE = re.compile(r"<img\b(?![^>]*\bloading=)")


@event_priority(-20)  # When others have added to the page.
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return ARTICLE.sub(lambda m: usable(m[0]), output, count=1)


def usable(html: str) -> str:
    html = CODE.sub(r'\1 tabindex="0"', html)  # A long line is reached with the arrow keys.
    html = IMAGE.sub('<img loading="lazy" decoding="async"', html)
    return TABLE.sub(lambda m: table(m[0]), html)


def table(html: str) -> str:
    """A table in a box of its own, which scrolls where the window is narrow; not the page."""
    html = EMPTY_HEAD.sub(r"<td\g<attributes>></td>", html)  # An empty cell heads nothing.
    html = ALIGNED.sub(r'\g<cell> class="align-\g<side>"', html)
    focus = "" if "<a " in html else ' tabindex="0" role="group" aria-label="Table"'
    return f'<div class="scroll"{focus}>{html}</div>'
