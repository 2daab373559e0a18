"""Links and notes that Markdown did not understand: what it left as text, and labels used twice.

`left_as_text` judges by the finished page, because only there it shows what became of a bracket;
the Markdown file then says where it is written. Standard: https://spec.commonmark.org/ (links), and
https://python-markdown.github.io/extensions/footnotes/ (notes).
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from typing import NamedTuple
from urllib.parse import unquote

from warning_lights.core.html import VOID
from warning_lights.core.markdown_source import opening_bracket
from warning_lights.core.names import alphanumeric, guess
from warning_lights.links.prose import BOUNDARY, BRACKET, INLINE
from warning_lights.links.written import NOTE_DEFINITION, Source

NOTE = re.compile(r"(?<!\\)\[\^(?P<label>[^\]\n]+)\]")
LINK_DEFINITION = re.compile(
    r"^[ \t>]*\[(?P<label>[^\]\[^@][^\]\[\n]*)\]:[ \t]*(?P<url><[^<>\n]*>|\S+)"
    r"[ \t]*(?:[\"'(].*[\"')])?[ \t]*$",  # Only a title may follow: prose may begin with a bracket.
    re.MULTILINE,
)
ADDRESS = re.compile(
    r"<?(?:[a-z][a-z0-9+.-]*://|mailto:|\.{0,2}/|#\w|www\.)|.*/$"
    r"|.*\.(?:md|html?|pdf|png|jpe?g|svg|gif|csv|zip)(?:[#?]|>?[.,;:!]*$)",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"\]\[(?P<label>[^\[\]]*)\]")
TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<attributes>[^<>]*)>")
# What is written in Markdown or HTML and does not show: addresses of links, tags, lists of attributes.
NOT_SHOWN = re.compile(r"<[^<>]*>|(?<=\])\([^()\n]*\)|(?<=\])\[[^\[\]\n]*\]|\{[^{}\n]*\}")
CONTEXT_LENGTH = 12

Problem = tuple[int, str]  # Offset into the Markdown file, and what is wrong there.


class Bracket(NamedTuple):
    """A bracket of a Markdown file that may be left as text, from `start` to `end`."""

    start: int
    end: int
    match: re.Match[str]
    words: str = ""  # Of a link by reference, and its label.
    label: str = ""


def left_as_text(
    source: Source, pieces: list[str], elsewhere: dict[str, str], keys: Set[str] = frozenset()
) -> Iterator[Problem]:
    """What the page shows as brackets, though its writer meant a link, a note or a citation.

    `pieces` are those of the page's prose with such brackets (see `prose.leftovers`); `elsewhere` maps the
    labels of notes to a file that defines them; `keys` are those of the bibliographies.
    """
    text = source.visible
    notes = [m["label"] for m in NOTE_DEFINITION.finditer(text)]
    references = [m["label"] for m in LINK_DEFINITION.finditer(text)]
    undefined: list[tuple[int, str]] = []
    unread: set[int] = set()
    for bracket in sorted(visible_brackets(source, pieces, keys), key=lambda bracket: bracket.start):
        start, note, label = bracket.start, bracket.match["note"], bracket.label
        tag = enclosing_tag(text, start)
        defined = note in notes or normalized_label(label) in map(normalized_label, references)
        if defined or (tag and not note and not label):
            if tag and not re.search(rf"</{tag['name']}\b", text[start:], re.IGNORECASE):
                yield tag.start(), f"<{tag['name']}> is never closed, so what follows it is not read."
            elif tag is None or tag.start() not in unread:
                yield start, f"{source.text[start : bracket.end]} was left as text: {not_read_message(tag)}"
            unread |= {tag.start()} if tag else set()
        elif note:
            undefined.append((start, note))
        elif what := bracket_message(bracket, text, references):
            yield start, what
    yield from undefined_notes(text, undefined, notes, elsewhere)


def bracket_message(bracket: Bracket, text: str, references: list[str]) -> str:
    """What is wrong with a bracket where Markdown is read; "" for what may be meant literally."""
    m, left = bracket.match, f"{text[bracket.start : bracket.end]} was left as text:"
    match m.lastgroup:
        case "cite":
            return f"{left} {'one @ is enough' if '@@' in m[0] else 'nothing reads citations here'}."
        case "label":
            return f"[{bracket.label}] is not defined on this page.{guess(bracket.label, references, '[{}]')}"
        case "swapped":
            words, address = bracket.words, m["swapped"]
            return f"({words})[{address}] has its brackets swapped. Write [{words}]({address})."
        case "braced":
            return f"{left} an address stands in round brackets."
        case "address" if m[0][:2] in {"] ", "]\n"}:
            return f"{left} remove the space between the brackets."
        case "address" if text[m.end() : m.end() + 1] != ")":
            return f"{left} its bracket is never closed."
        case "address":
            return f"{left} {not_read_message(None)}"
    return ""  # A key or an inline note, which some texts have for themselves.


def visible_brackets(source: Source, pieces: list[str], keys: Set[str]) -> Iterator[Bracket]:
    """The brackets of the file that show on the page.

    Of several alike, those with the same text before, and of these no more than the page shows: first those
    in HTML that Markdown does not read.
    """
    alike: defaultdict[tuple[str, str, str], list[Bracket]] = defaultdict(list)
    for bracket in brackets(source, keys):
        literal = "" if bracket.label else html.unescape(bracket.match[0])
        words, label = (alphanumeric(NOT_SHOWN.sub("", part)) for part in (bracket.words, bracket.label))
        alike[literal, words, label].append(bracket)
    for form, same in alike.items():
        before = [text for piece in pieces for text in text_before(*form, piece)]
        for exactly in (True, False):
            found = [one for one in same if any(is_after(source.text, one, text, exactly) for text in before)]
            if found:
                found.sort(key=lambda bracket: enclosing_tag(source.visible, bracket.start) is None)
                yield from found[: len(before)]
                break


def brackets(source: Source, keys: Set[str]) -> Iterator[Bracket]:
    text = source.visible
    for m in BRACKET.finditer(text):
        start = m.start()
        if text[start - 1 : start] == "\\":
            continue
        if m["note"] or m["cite"] or m["inline"] or m["bare"] in keys:
            yield Bracket(start, m.end(), m)
        elif m["label"] is not None:
            opened = opening_bracket(text, start)
            link_words = source.text[opened + 1 : start]
            label = source.text[m.start("label") : m.end("label")].strip() or link_words.strip()
            # After a word or a bracket it is a place of an array.
            is_link = opened >= 0 and not re.match(r"[\w\])`\\]", source.text[opened - 1 : opened] or " ")
            if is_link and label:
                yield Bracket(opened, m.end(), m, link_words, label)
        elif m["swapped"] and ADDRESS.match(m["swapped"]):
            opened = max(0, text.rfind("(", 0, start))
            yield Bracket(opened, m.end(), m, text[opened + 1 : start])
        elif (address := m["address"] or m["braced"]) and ADDRESS.match(address):
            yield Bracket(max(0, opening_bracket(text, start)), m.end(), m)


def text_before(literal: str, words: str, label: str, piece: str) -> Iterator[str]:
    """The text in `piece` before each `literal`, or before each link by reference of these words."""
    if literal:
        yield from (piece[: m.start()] for m in re.finditer(re.escape(literal), piece))
        return
    for m in REFERENCE.finditer(piece):
        opened = opening_bracket(piece, m.start())
        shown_words = alphanumeric(piece[max(opened, 0) : m.start()])
        if opened >= 0 and (words, label) == (shown_words, alphanumeric(m["label"]) or shown_words):
            yield piece[:opened]


def is_after(text: str, bracket: Bracket, before: str, exactly: bool) -> bool:
    """Whether the text before the bracket is the same on the page and in the file."""
    start = bracket.start if bracket.label else bracket.match.start()
    in_file = text[max(0, start - 200) : start]
    if near := alphanumeric(before.rpartition(BOUNDARY)[2][-60:])[-CONTEXT_LENGTH:]:
        return alphanumeric(html.unescape(in_file)).endswith(near)
    # Markup is before it, or nothing.
    if re.search(r"\w[ \t]*\Z", in_file):
        return False
    return not exactly or alphanumeric(NOT_SHOWN.sub("", in_file)).endswith(
        alphanumeric(before[-60:])[-CONTEXT_LENGTH:]
    )


def enclosing_tag(text: str, offset: int) -> re.Match[str] | None:
    """The element of HTML around `offset` whose content Markdown does not read, or None."""
    tags: list[re.Match[str]] = []
    for m in TAG.finditer(text, 0, offset):
        name = m["name"].lower()
        if m["end"]:
            names = [tag["name"].lower() for tag in tags]
            del tags[len(names) - 1 - names[::-1].index(name) if name in names else len(names) :]
        elif name not in VOID | INLINE and not m["attributes"].endswith("/"):
            tags.append(m)
    return tags[-1] if tags and not re.search(r"\bmarkdown\b", tags[-1]["attributes"]) else None


def not_read_message(tag: re.Match[str] | None) -> str:
    if tag is None:
        return "notes, citations and links are not read at this place."
    how = 'Add markdown="span" to it, or write <a href=…> for a link.'
    return f"notes, citations and links are not read in <{tag['name']}>. {how}"


def normalized_label(label: str) -> str:
    return " ".join(label.lower().split())


def undefined_notes(
    text: str, notes: list[tuple[int, str]], labels: list[str], elsewhere: dict[str, str]
) -> Iterator[Problem]:
    alone = {n for n, _ in notes if not text[text.rfind("\n", 0, n) + 1 : n].strip(" \t>")}
    openers = {label: start for start, label in notes if start in alone}
    times = Counter(label for _, label in notes)
    for start, label in notes:
        if label in openers and times[label] > 1:
            # One cause: the definition. Its calls come right with it.
            if start == openers[label]:
                yield start, f"[^{label}] has no colon after it, so it defines nothing. Write [^{label}]:"
            continue
        hint = guess(label, labels, "[^{}]")
        if not hint and label in elsewhere:
            hint = f" {elsewhere[label]} defines it, but a note holds on its own page only."
        yield start, f"[^{label}] is not defined on this page.{hint}"


def note_problems(source: Source, called: set[str], explained: str = "") -> Iterator[Problem]:
    """Notes defined twice, and notes that nothing calls.

    `called` are the labels that the finished page calls. `explained` is what was already said of the
    page: a note named there as the one probably meant is not reported again as never called.
    """
    text = source.visible
    defined = [(m.start("label") - 2, m["label"]) for m in NOTE_DEFINITION.finditer(text)]
    places = {offset for offset, _ in defined}
    calls = {m["label"] for m in NOTE.finditer(text) if m.start() not in places}
    seen: set[str] = set()
    for offset, label in defined:
        if label in seen:
            yield offset, f"[^{label}] is defined a second time. Give one of the two another label."
        elif label not in called | calls and f"[^{label}]?" not in explained:
            yield offset, f"[^{label}] is never called. Call it, or remove it."
        seen.add(label)


def repeated_labels(source: Source) -> Iterator[Problem]:
    """Labels of links that are defined twice, with two addresses."""
    known: dict[str, str] = {}
    for m in LINK_DEFINITION.finditer(source.visible):
        label = normalized_label(m["label"])
        url = unquote(m["url"].strip("<>"))
        if known.setdefault(label, url) != url:
            yield m.start("label") - 1, f"[{m['label']}] is defined a second time, with another address."
