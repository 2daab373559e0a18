"""Markdown that was meant as a box, a tab, a table, code or a symbol, and that is printed as text instead.

Follows the parsers of Python-Markdown (admonition, tables) and of pymdown-extensions (details, tabbed,
superfences, blocks). Nothing here needs the finished page, so that the place is exact.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from warning_lights.core.markdown_source import FRONT_MATTER, blank, blank_code, fences, line_starts
from warning_lights.writing import front_matter

Fault = tuple[int, str]  # Offset into the Markdown file, and the message.

BOX = re.compile(r"^(?P<indent>[ \t>]*)(?P<sign>!!!|\?\?\?\+?)(?P<head>.*)$", re.MULTILINE)
BOX_HEAD = re.compile(r' ?[\w-]+(?: +[\w-]+)*(?: +"[^"]*")? *\Z')
DETAILS_HEAD = re.compile(r' ?(?:[\w-]+(?: +[\w-]+)*)?(?: +"[^"]*"| ?"[^"]*")? *\Z')
TAB = re.compile(r"^(?P<indent>[ \t>]*)===(?P<head>[^=\n].*)$", re.MULTILINE)
TAB_HEAD = re.compile(r'(?:\+!|!\+|[+!])? +"[^"]*" *\Z')
UNQUOTED_TITLE = re.compile(
    r" ?[\w-]+ +(?!(?:inline|end)\b)(?P<title>[\w-]+(?: +[\w-]+)*) *\Z"
)  # Of a box, without a title.
COLON_BOX = re.compile(r"^[ \t>]*(?P<sign>:{3,})[ \t]*\{?[ \t]*\.?(?P<name>[a-z][\w-]*)", re.MULTILINE)
BLOCK = re.compile(r"^[ \t>]*(?P<slashes>/{3,})[ \t]*(?P<name>[\w-]*)[^\n]*$", re.MULTILINE)
NEXT_LINE = re.compile(r"(?:\n[ \t>]*(?=\n))*\n(?P<indent>[ \t>]*)(?=[^\s>])")
ROW = re.compile(r"^[ \t>]*\|.*\|[ \t]*$")
DASHES = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
CELL = re.compile(r"(?:\\.|[^|\\\n])+|(?<=\|)(?=\|)")
SHORTCODE = re.compile(r"(?<![\w:/@.-]):(?P<name>[a-z][a-z0-9_+]*(?:-[a-z0-9]+)*):(?![\w:/])")
BULLET = re.compile(r"^(?P<indent>[ \t>]*)(?P<sign>[•◦▪‣])[ \t]*(?=\S)", re.MULTILINE)
CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7}) .*$|^={7}$(?=[\s\S]*^>{7} )", re.MULTILINE)
INVISIBLE = {
    "\u00ad": "soft hyphen",
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u2060": "word joiner",
    "\ufeff": "byte-order mark",
    **dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "change of direction"),
}
CONTROLS = [*range(9), 11, 12, *range(14, 32), *range(127, 160)]
INVISIBLE |= dict.fromkeys(map(chr, CONTROLS), "control character")
INVISIBLE |= {"\u061c": "change of direction", **{chr(code): "tag" for code in range(0xE0000, 0xE0080)}}
HIDDEN_CHARACTER = re.compile(f"[{''.join(INVISIBLE)}]")
BROKEN_KEY = re.compile(r"(?<![\w@.+/\\])@(?P<key>[\w:.#$%&+?<>~/-]+)\Z")
JOINERS = "\u200c\u200d"  # Part of the spelling of Persian, and of some emoji.


def faults(text: str, *, emoji: bool = False, keys: Collection[str] = ()) -> Iterator[Fault]:
    """What is wrong in a Markdown file; `emoji`: the site has an extension for `:shortcodes:`.

    `keys` are those of the bibliography, if it has one: an unknown one is reported as such.
    """
    yield from hidden_characters(text, keys)
    conflicts = list(CONFLICT.finditer(text))
    if conflicts:  # What follows from them is not a fault of its own.
        message = "This is a mark of a merge conflict. Keep one of the two versions, and delete the marks."
        yield conflicts[0].start(), message
        return
    if text.startswith("---\n") and not FRONT_MATTER.match(text):
        yield 0, "This front matter is never closed. Write --- on a line of its own after its last entry."
        return
    if front_matter.UNOPENED.match(text):
        yield 0, "This front matter is never opened. Write --- on a line of its own above it."
        return
    open_fence = unclosed_fence(text)
    if open_fence:
        yield open_fence
        text = text[: open_fence[0]]
    prose = blank_code(text)
    yield from box_faults(prose, text)
    yield from tab_faults(prose, text)
    yield from block_faults(prose)
    for m in COLON_BOX.finditer(prose):
        yield (
            m.start("sign"),
            f"This box is printed as text. Write !!! {m['name']}, and indent its text by four spaces.",
        )
    yield from table_faults(prose)
    for m in BULLET.finditer(prose):
        yield m.start("sign"), f"{m['sign']} does not make a list. Write - and a space before each item."
    yield from unclosed_bold(prose)
    for m in re.finditer("<!--", prose):
        yield m.start(), "This comment is never closed. Write --> after it."
    for m in SHORTCODE.finditer(prose) if not emoji else ():
        yield m.start(), f":{m['name']}: is printed as it is written. Write words instead."


def hidden_characters(text: str, keys: Collection[str] = ()) -> Iterator[Fault]:
    """One fault for each line with invisible characters, at the first of them."""
    last = -1
    for m in HIDDEN_CHARACTER.finditer(text):
        start, end = text.rfind("\n", 0, m.start()) + 1, text.find("\n", m.start())
        if start == last or m.start() == 0:
            continue
        around = text[m.start() - 1 : m.start()] + text[m.end() : m.end() + 1]
        if m[0] in JOINERS and len(around) == 2 and not re.search(r"[\x00-\x7f]", around):
            continue
        broken = BROKEN_KEY.search(text, start, m.start())
        if broken and keys and broken["key"] not in keys:
            continue
        last = start
        line = text[start : end if end >= 0 else None]
        count = len(HIDDEN_CHARACTER.findall(line))
        before = re.search(r"\S*\Z", text[start : m.start()])
        place = f" after “{before[0][-20:]}”" if before and before[0] else ""
        what = "An invisible character" if count == 1 else f"{count} invisible characters, the first"
        yield (
            m.start(),
            f"{what} (U+{ord(m[0]):04X}, {INVISIBLE[m[0]]}) was pasted{place}. "
            "Delete the word and type it again.",
        )


def unclosed_bold(prose: str) -> Iterator[Fault]:
    """The last ** of each paragraph with an odd number of them."""
    for paragraph in re.finditer(r"(?:^[ \t]*\S.*\n?)+", prose, re.MULTILINE):
        stars = list(re.finditer(r"(?<![\\*])\*\*(?!\*)", paragraph[0]))
        if len(stars) % 2 and re.match(r"\*\*\w", paragraph[0][stars[-1].start() :]):
            at = paragraph.start() + stars[-1].start()
            yield at, "This ** is never closed. Write ** after the last word that is to be bold."


def unclosed_fence(text: str) -> Fault | None:
    """The first fence of code that no line closes."""
    lines = FRONT_MATTER.sub(lambda m: blank(m[0]), text).split("\n")
    for first, end, sign in fences(lines):
        if end > len(lines):
            message = f"This code is never closed. Write {sign} on a line of its own after its last line."
            return text.index(sign, line_starts(text)[first]), message
    return None


def box_faults(prose: str, text: str) -> Iterator[Fault]:
    for m in BOX.finditer(prose):
        form = BOX_HEAD if m["sign"] == "!!!" else DETAILS_HEAD
        if not form.match(m["head"]):
            yield m.start("sign"), f"This box is printed as text. {corrected_head(m['sign'], m['head'])}"
        elif words := UNQUOTED_TITLE.match(m["head"]):
            head = f'{m["sign"]} {m["head"].split()[0]} "{words["title"]}"'
            yield (
                m.start("sign"),
                f"{words['title']} is not printed: a title needs quotation marks. Write {head}.",
            )
        elif not is_indented(text, m.end(), m["indent"]):
            message = "This box is empty. Begin each line of its text with four spaces."
            yield m.start("sign"), message


def tab_faults(prose: str, text: str) -> Iterator[Fault]:
    for m in TAB.finditer(prose):
        at = m.start("head") - 3
        if not TAB_HEAD.match(m["head"]):
            yield at, f"This tab is printed as text. {corrected_head('===', m['head'])}"
        elif not is_indented(text, m.end(), m["indent"]):
            yield at, "This tab is empty. Begin each line of its text with four spaces."


def corrected_head(sign: str, head: str) -> str:
    """What to write instead of the head of a box or a tab."""
    m = re.match(r"\s*(?P<kind>[\w-]*(?: +[\w-]+)*?)\s*[\"“”'‘](?P<title>.*?)[\"“”'’]?\s*\Z", head)
    if m:
        kind = m["kind"] or ("note" if sign != "===" else "")
        return f"Put its title between straight quotation marks: {sign} {kind + ' ' if kind else ''}" + (
            f'"{m["title"].strip()}"'
        )
    return (
        f'Write {sign} "{head.strip()}".'
        if sign == "==="
        else f'Write {sign} note, or {sign} note "A title".'
    )


def is_indented(text: str, end: int, indent: str) -> bool:
    """Whether the next non-empty line is indented by four spaces more than `indent`."""
    following = NEXT_LINE.match(text, end)
    needed = len(indent.expandtabs(4)) + 4
    return following is not None and len(following["indent"].expandtabs(4)) >= needed


def block_faults(prose: str) -> Iterator[Fault]:
    """Blocks such as `/// caption` that no line of as many slashes closes."""
    open_blocks: list[re.Match[str]] = []
    for m in BLOCK.finditer(prose):
        if m["name"]:
            open_blocks.append(m)
        elif open_blocks and open_blocks[-1]["slashes"] == m["slashes"]:
            open_blocks.pop()
    for m in open_blocks:
        at = m.start("slashes")
        yield at, f"{m['slashes']} {m['name']} is never closed. Write {m['slashes']} on a line after it."


def table_faults(prose: str) -> Iterator[Fault]:
    """Tables without a line of dashes, and rows with more cells than their table has columns."""
    offset, columns, before = 0, 0, ""
    lines = prose.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        indent = len(line) - len(line.lstrip(" \t>"))
        cells = list(CELL.finditer(line.rstrip(" \t|"), indent + line.startswith("|", indent)))
        if not before.strip(" \t>"):
            headed = DASHES.match(following) is not None
            columns = len(cells) if headed and "|" in line else 0
            if ROW.match(line) and not headed and not DASHES.match(line):
                dashes = "| " + " | ".join(["---"] * len(cells)) + " |"
                message = (
                    "This table is printed as text: its first row is not followed by a line of dashes. "
                    f"Add after this line: {dashes}"
                )
                yield offset + indent, message
        elif columns and len(cells) > columns:
            lost = line[cells[columns].start() :].strip(" \t|")
            message = (
                f"The table has {columns} columns, and this row {len(cells)} cells: “{lost}” is not printed."
            )
            yield offset + line.rindex(lost), f"{message} Write \\| for a line that divides no cells."
        offset += len(line) + 1
        before = line
