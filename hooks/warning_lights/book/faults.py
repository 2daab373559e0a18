"""What cannot be printed becomes a finding for the writer, at the place where it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from selectolax.lexbor import LexborNode

from warning_lights.book.content import Chapter, classes, elements
from warning_lights.book.typeset import Fault, without_glyph
from warning_lights.book.writer import PRINTABLE
from warning_lights.core.findings import Finding
from warning_lights.core.html import HEADINGS
from warning_lights.core.markdown_source import position

PLACE = re.compile(r"chapter-(\d+)\.typ:(\d+):(\d+)")
MOST_LETTERS = 4  # Letters that a message names.
LATIN = "Write it in words or in Latin letters."
WEB_ONLY = 'Say it in words, and put it in an element with class="web-only".'
BY_SCRIPT = {"arithmatex": "A formula", "mermaid": "A diagram"}  # Drawn in the browser, so not in the HTML.
CODE_POINT = re.compile(r"disallowed codepoint `\"\\u\{([0-9a-f]+)\}\"`")  # Of PDF/A.
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def unprintable_elements(chapter: Chapter, body: LexborNode) -> Iterator[Finding]:
    """A finding for everything on a page that the book has no form for."""
    for node in elements(body):
        name = node.tag or ""
        script = next((what for each, what in BY_SCRIPT.items() if each in classes(node)), "")
        if name in HEADINGS and not node.text(strip=True):
            message = "A heading has no words. Write some, or remove it."
            yield chapter.finding(rf"<{name}\b|^#+[ \t]*$", message)
        elif name not in PRINTABLE:
            message = f"<{name}> cannot be printed in the book. {WEB_ONLY}"
            yield chapter.finding(rf"<{re.escape(name)}(?!\w)", message, f"<{name}>")
        elif script:
            first_words = node.text().strip("\\()[]$ \n").split()[:3]
            message = f"{script} drawn by a script cannot be printed in the book. {WEB_ONLY}"
            yield chapter.finding(r"\s+".join(map(re.escape, first_words)), message)


def explain_fault(
    fault: Fault,
    chapters: Sequence[Chapter],
    sources: Sequence[tuple[str, str]],
    pictures: Mapping[str, tuple[Chapter, str]],
    files: Mapping[str, bytes],
) -> list[Finding]:
    """At least one finding for a fault: at the page and the words, or the picture, where Typst stopped.

    `sources` are (path, text) of what may hold a letter without a glyph, `pictures` name the chapter that
    shows each and a pattern for the place, `files` are those that Typst read.
    """
    if m := CODE_POINT.search(str(fault)):
        return glyph_findings([chr(int(m[1], 16))], chapters, sources)
    if fault.no_glyph:
        read = "".join(held.decode() for name, held in files.items() if name.endswith((".typ", "data.json")))
        if found := glyph_findings(without_glyph(read), chapters, sources):
            return found
    message = f"The book cannot show this: {fault}."
    text, chapter = "", None
    if m := PLACE.search(fault.diagnostic):
        line = files[f"chapter-{m[1]}.typ"].decode().splitlines()[int(m[2]) - 1]
        text, chapter = next(iter(STRING.findall(line, int(m[3]) - 1)), ""), chapters[int(m[1])]
    for name, (shows, pattern) in pictures.items():
        if name == text or (chapter is None and name in fault.diagnostic):
            return [shows.finding(pattern, message)]
    if chapter is not None:
        return [chapter.finding(r"\s+".join(map(re.escape, text.split()[:4])), message)]
    return [Finding("mkdocs.yml", 0, 0, f"The book cannot be made: {fault}.")]


def glyph_findings(
    letters: Sequence[str], chapters: Sequence[Chapter], sources: Sequence[tuple[str, str]]
) -> list[Finding]:
    """A finding for each line of a source where one of `letters` is written first."""
    places: dict[tuple[str, int], tuple[int, list[str]]] = {}
    for letter in letters:
        shown = next((c.file for c in chapters if letter in c.html), "mkdocs.yml")
        file, text = next(((file, text) for file, text in sources if letter in text), (shown, ""))
        line, column = position(text, text.index(letter)) if text else (0, 0)
        first, others = places.setdefault((file, line), (column, []))
        places[file, line] = (min(first, column), [*others, letter])
    return [
        Finding(
            file,
            line,
            column,
            f"No font of the PDF has {name_letters(found)}. {LATIN}{page_advice(file)}",
            about=tuple(found),
        )
        for (file, line), (column, found) in places.items()
    ]


def name_letters(letters: list[str]) -> str:
    names = [
        f"{one} (U+{ord(one):04X})" if one.isprintable() else f"U+{ord(one):04X}"
        for one in letters[:MOST_LETTERS]
    ]
    more = f" and {len(letters) - MOST_LETTERS} more" if len(letters) > MOST_LETTERS else ""
    return ", ".join(names) + more


def page_advice(file: str) -> str:
    other = " Or let only the website show it: <span class=web-only>…</span>."
    return other if file.endswith(".md") else ""
