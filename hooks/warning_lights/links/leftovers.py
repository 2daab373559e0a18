"""Links and notes that Markdown did not understand: what it left as text, and labels used twice.

`left_as_text` judges by the finished page, because only there it shows what became of a bracket;
the Markdown file then says where it stands. Standard: https://spec.commonmark.org/ (links), and
https://python-markdown.github.io/extensions/footnotes/ (notes).
"""

from __future__ import annotations

import difflib
import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from warning_lights.links.prose import CLUE
from warning_lights.links.written import Source, opening, squeezed

NOTE = re.compile(r"(?<!\\)\[\^(?P<label>[^\]\n]+)\]")
NOTE_DEFINITION = re.compile(r"^[ \t>]*\[\^(?P<label>[^\]\n]+)\]:", re.MULTILINE)
LINK_DEFINITION = re.compile(
    r"^[ \t>]*\[(?P<label>[^\]\[^@][^\]\[\n]*)\]:[ \t]*(?P<url><[^<>\n]*>|\S+)"
    r"[ \t]*(?:[\"'(].*[\"')])?[ \t]*$",  # Only a title may follow: prose may begin with a bracket.
    re.MULTILINE,
)
ADDRESS = re.compile(
    r"<?(?:[a-z][a-z0-9+.-]*://|mailto:|\.{0,2}/|#\w|www\.)|.*\.(?:md|html?|pdf|png|jpe?g|svg|gif|csv|zip)(?:[#?]|>?[.,;:!]*$)|.*/$",
    re.I,
)
AROUND = 12

Found = tuple[int, str]  # Offset into the Markdown file, and what is wrong there.


def left_as_text(source: Source, leftovers: list[str], elsewhere: dict[str, str]) -> Iterator[Found]:
    """What stands on the page as brackets, though its writer meant a link, a note or a citation.

    `leftovers` are the pieces of prose with such brackets (see `link_page.leftovers`); `elsewhere` maps the
    labels of notes to the file that defines them.
    """
    text = source.visible
    labels = [m["label"] for m in NOTE_DEFINITION.finditer(text)]
    references = [m["label"] for m in LINK_DEFINITION.finditer(text)]
    notes: list[tuple[int, str]] = []
    for m in CLUE.finditer(text):
        start = m.start()
        if text[start - 1 : start] == "\\" or not shows(text, m, leftovers):
            continue
        if m["note"]:
            notes.append((start, m["note"]))
        elif m["cite"]:
            why = "one @ is enough" if "@@" in m[0] else "nothing reads citations here"
            yield start, f"{m[0]} was left as text: {why}."
        elif m["label"] is not None:
            if source.text[start - 1 : start] in {"`", ")"}:
                continue  # Places of an array, not a link.
            if found := undefined_reference(m, references):
                yield start, found
        elif m["swapped"] and ADDRESS.match(m["swapped"]):
            opened = text.rfind("(", 0, start)
            words = text[opened + 1 : start] if opened >= 0 else "words"
            yield (
                max(opened, 0),
                f"({words})[{m['swapped']}] has its brackets swapped. Write [{words}]({m['swapped']}).",
            )
        elif (address := m["address"] or m["braced"]) and ADDRESS.match(address):
            opened = opening(text, start)
            yield max(opened, 0), f"{text[max(opened, 0) : m.end()]} was left as text: {reason(text, m)}"
    yield from undefined_notes(text, notes, labels, elsewhere)


def shows(text: str, m: re.Match[str], leftovers: list[str]) -> bool:
    """Whether this bracket of the Markdown file, and not only one like it, shows on the page."""
    literal = html.unescape(m[0])
    # Emphasis between the first brackets is markup by now; between the second it is not.
    core = literal[literal.find("][") :] if m["label"] is not None else literal
    before = squeezed(html.unescape(text[max(0, m.start() - 200) : m.start() + len(m[0]) - len(core)]))
    for piece in leftovers:
        at = piece.find(core)
        while at >= 0:
            near = squeezed(piece[max(0, at - 60) : at])[-AROUND:]
            if before.endswith(near):
                return True
            at = piece.find(core, at + 1)
    return False


def reason(text: str, m: re.Match[str]) -> str:
    if m["braced"]:
        return "an address stands in round brackets."
    if m[0].startswith("] ") or m[0].startswith("]\n"):
        return "take out the space between the brackets."
    if text[m.end() : m.end() + 1] != ")":
        return "its bracket is never closed."
    return (
        "Markdown is not read at this place. In HTML, write <a href=…>, or add markdown to the tag around it."
    )


def undefined_reference(m: re.Match[str], known: list[str]) -> str:
    label = m["label"] or m["words"]
    return f"[{label}] is not defined on this page.{nearest(label, known)}" if label.strip() else ""


def nearest(label: str, known: Iterable[str], form: str = "[{}]") -> str:
    by_lower = {k.lower(): k for k in known}
    near = difflib.get_close_matches(label.lower(), by_lower, n=1)
    return f" Did you mean {form.format(by_lower[near[0]])}?" if near else ""


def undefined_notes(
    text: str, notes: list[tuple[int, str]], labels: list[str], elsewhere: dict[str, str]
) -> Iterator[Found]:
    alone = {n for n, _ in notes if not text[text.rfind("\n", 0, n) + 1 : n].strip(" \t>")}
    openers = {label: start for start, label in notes if start in alone}
    times = Counter(label for _, label in notes)
    for start, label in notes:
        if label in openers and times[label] > 1:
            # One cause: the definition. Its calls come right with it.
            if start == openers[label]:
                yield (
                    start,
                    f"[^{label}] has no colon after it, so it defines nothing. Write [^{label}]: first.",
                )
            continue
        hint = nearest(label, labels, "[^{}]")
        if not hint and label in elsewhere:
            hint = f" {elsewhere[label]} defines it, but a note holds on its own page only."
        yield start, f"[^{label}] is not defined on this page.{hint}"


def notes_at_odds(source: Source, called: set[str], explained: str = "") -> Iterator[Found]:
    """Notes defined twice, and notes that nothing calls.

    `called` are the labels that the finished page calls. `explained` is what was already said of the
    page: a note named there as the one probably meant is not reported again as never called.
    """
    text = source.visible
    defined = [(m.end() - len(m["label"]) - 4, m["label"]) for m in NOTE_DEFINITION.finditer(text)]
    places = {offset for offset, _ in defined}
    calls = {m["label"] for m in NOTE.finditer(text) if m.start() not in places}
    seen: set[str] = set()
    for offset, label in defined:
        if label in seen:
            yield offset, f"[^{label}] is defined a second time. Give one of the two another label."
        elif label not in called | calls and f"[^{label}]?" not in explained:
            yield offset, f"[^{label}] is never called. Call it, or take it out."
        seen.add(label)


def labels_at_odds(source: Source) -> Iterator[Found]:
    """Labels of links that are defined twice, with two addresses."""
    known: dict[str, str] = {}
    for m in LINK_DEFINITION.finditer(source.visible):
        label = " ".join(m["label"].lower().split())
        url = unquote(m["url"].strip("<>"))
        if known.setdefault(label, url) != url:
            yield (
                m.start() + m[0].index("["),
                f"[{m['label']}] is defined a second time, with another address.",
            )
