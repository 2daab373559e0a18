"""What Markdown writes becomes usable with a keyboard, a screen reader, a small window."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

ARTICLE = re.compile(r"(?<=<article).*(?=</article>)", re.DOTALL)
HEADING = re.compile(r'(?P<start><h[23]\b[^>]*\bid="(?P<id>[^"]+)"[^>]*>.*?)(?P<end></h[23]>)', re.DOTALL)
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
EMPTY_HEAD = re.compile(r"<th(?P<attributes>[^>]*)>\s*</th>")
ALIGNED = re.compile(r"""(?P<cell><t[hd]\b[^>]*?)\s+style=["']text-align:\s*(?P<side>\w+);?["']""")
CODE = re.compile(r"(<pre\b[^>]*>(?:<span></span>)?<code)(?![^>]*tabindex)")
IMAGE = re.compile(r"""<img\b(?P<attributes>(?:"[^"]*"|'[^']*'|[^>"'])*)>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
CELL = re.compile(r"<t(?P<kind>[hd])\b[^>]*>(?P<content>.*?)(?=</t[hd]>)", re.DOTALL)
NOT_IN_LABEL = re.compile(r"<sup\b.*?</sup>|<[^>]*>", re.DOTALL)
# Columns for which a phone has no room: there each row is a card, with the heads as labels.
FEWEST_CARD_COLUMNS = 3
Size = Callable[[str], tuple[int, int] | None]


def make_usable(html: str, size: Size = lambda src: None) -> str:
    """The HTML of an article; `size` gives width and height of the image at an address, if they are known."""
    html = CODE.sub(r'\1 tabindex="0"', html)  # A long line is reached with the arrow keys.
    first = re.match(r"(?:(?!<img\b|<h2\b).)*(?=<img\b)", html, re.DOTALL | re.IGNORECASE)
    first_picture = first.end() if first else -1  # A picture above the first section is seen at once.
    html = IMAGE.sub(lambda m: complete_image(m, size, lazy=m.start() != first_picture), html)
    return TABLE.sub(lambda m: scrollable_table(m[0]), html)


def complete_image(m: re.Match[str], size: Size, *, lazy: bool) -> str:
    """The picture with its size, fetched when it comes near; attributes that are written stay."""
    given = {name.lower(): "".join(rest) for name, *rest in ATTRIBUTE.findall(m["attributes"])}
    wanted = {"loading": "lazy", "decoding": "async"} if lazy else {}
    if found := size(given.get("src", "")):
        wanted |= proportions(given.get("width", ""), given.get("height", ""), *found)
    added = "".join(f' {name}="{value}"' for name, value in wanted.items() if name not in given)
    return f"<img{added}{m['attributes']}>"


def proportions(given_width: str, given_height: str, width: int, height: int) -> dict[str, str]:
    """Width and height for the page: of the picture itself, or in proportion to the one that is given."""
    if given_width.isdecimal():
        height = round(height * int(given_width) / width)
    elif given_height.isdecimal():
        width = round(width * int(given_height) / height)
    elif given_width or given_height:  # In per cent, for example: the browser knows the rest.
        return {}
    return {"width": str(width), "height": str(height)}


def scrollable_table(html: str) -> str:
    """A table in a box of its own, which scrolls where the window is narrow; not the page."""
    html = EMPTY_HEAD.sub(r"<td\g<attributes>></td>", html)  # An empty cell heads nothing.
    html = ALIGNED.sub(r'\g<cell> class="align-\g<side>"', html)
    focus = "" if "<a " in html else ' tabindex="0" role="group" aria-label="Table"'
    head = ROW.search(html)
    cells = CELL.finditer(head[0]) if head else ()
    labels = [" ".join(NOT_IN_LABEL.sub("", m["content"]).split()) for m in cells]
    if len(labels) < FEWEST_CARD_COLUMNS:
        return f'<div class="scroll"{focus}>{html}</div>'
    return f'<div class="scroll cards"{focus}>{ROW.sub(lambda m: label_cells(m[0], labels), html)}</div>'


def label_cells(row: str, labels: list[str]) -> str:
    """The cells of a row with the heads of their columns; the first one names the row."""
    left = iter(["", *labels[1:]])

    def cell(m: re.Match[str]) -> str:
        label = next(left, "").replace('"', "&quot;")
        return f'<td data-label="{label}"{m[0][3:]}' if label and m["kind"] == "d" else m[0]

    return CELL.sub(cell, row)


def with_report_links(html: str, repository: str, address: str) -> str:
    """The page at `address`, and beside each heading a link to the form for mistakes."""

    def with_link(m: re.Match[str]) -> str:
        url = escape(report_url(repository, f"{address}#{m['id']}"))
        words = 'title="Report a mistake here" aria-label="Report a mistake in this section"'
        return f'{m["start"]}<a class="report" href="{url}" {words}>!</a>{m["end"]}'

    return HEADING.sub(with_link, html)


def report_url(repository: str, place: str) -> str:
    """The issue form `mistake.yml`, with the address of the place filled in."""
    query = urlencode({"template": "mistake.yml", "page": place})
    return f"{repository.rstrip('/')}/issues/new?{query}"
