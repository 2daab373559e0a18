"""HTML goes in, Typst comes out: Pandoc reads and writes, and what it has no word for is said here."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pypandoc

from book_pages import Chapter

Node = Any  # A node of Pandoc's document: {"t": its kind, "c": its content}, as `pandoc -t json` writes it.

BATCHES = 4
# Between two chapters: from here on, pages and lines are those of the second.
BREAK = "#end-of-chapter\n#set page(margin: page-margin(pace({0})))\n#set par(..lines(pace({0})))"
ROLES = {1: "auto", 2: "subsection-role"}  # By the steps below the title of the chapter.
LISTED = 2  # Levels of each chapter that the contents show: its title and its sections.
NAMED_SPANS = {"kbd": "#kbd[", "mark": "#highlight[", "small": "#smaller["}  # Pandoc's spans for elements.


def typst(html: Sequence[str], chapters: Sequence[Chapter]) -> str:
    """The text of the book, as calls of the functions in book.typ.

    `html` is what book_render.py made of each of `chapters`. Pandoc works on several batches at once;
    how many there are does not depend on the machine, nor does what comes out.
    """
    size = -(-len(html) // BATCHES)
    batches = ["".join(html[start : start + size]) for start in range(0, len(html), size)]
    translation = Translation(chapters)
    with ThreadPoolExecutor() as pool:
        documents = [
            json.loads(text) for text in pool.map(lambda batch: pandoc(batch, "html", "json"), batches)
        ]
        for document in documents:
            translation.collect(document["blocks"])
            document["blocks"] = translation.walk(document["blocks"])
        done = pool.map(lambda d: pandoc(json.dumps(d), "json", "typst", "--wrap=none"), documents)
        return "\n\n".join(done)


def pandoc(text: str, source: str, target: str, *options: str) -> str:
    command = [pypandoc.get_pandoc_path(), "--sandbox", "-f", source, "-t", target, *options]
    return subprocess.run(command, input=text, capture_output=True, check=True, encoding="utf-8").stdout


def inline(text: str) -> Node:
    return {"t": "RawInline", "c": ["typst", text]}


def block(text: str) -> Node:
    return {"t": "RawBlock", "c": ["typst", text]}


def string(text: str) -> str:
    """`text` as a string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def data(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The `data-` attributes; Pandoc keeps the prefix of those whose name HTML knows, such as label."""
    return {name.removeprefix("data-"): value for name, value in pairs}


class Translation:
    """Goes through Pandoc's document once, and replaces what book_render.py has marked.

    A call of a function ends in ";", or Typst would take a bracket after it for its argument.
    """

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        self.chapters = chapters
        self.notes: dict[str, list[Node]] = {}
        self.called: set[str] = set()
        self.parts: tuple[str, ...] = ()
        self.opening = ""  # The call that opens the chapter, until its title is met.
        self.top = self.level = self.addresses = 0
        self.in_heading = False
        self.forms: dict[str, Callable[..., Node]] = {
            "Div": self.div,
            "Span": self.span,
            "Header": self.header,
            "Figure": self.figure,
            "Table": self.table,
            "CodeBlock": self.code_block,
            "HorizontalRule": lambda *_: block("#rule"),
        }

    def collect(self, blocks: list[Node]) -> None:
        """Remember the notes, to be put where they are called."""
        for node in blocks:
            if node["t"] == "Div":
                (_, classes, pairs), content = node["c"]
                if "book-note" in classes:
                    self.notes[data(pairs)["label"]] = content
                else:
                    self.collect(content)

    def walk(self, node: Node) -> Node:
        """What `node` becomes; in a list, one node may become several, or none."""
        if isinstance(node, list):
            done = []
            for child in node:
                new = self.walk(child)
                if isinstance(child, dict) and isinstance(new, list):
                    done.extend(new)
                else:
                    done.append(new)
            return done
        if not isinstance(node, dict):
            return node
        if form := self.forms.get(node.get("t", "")):
            return form(*node.get("c", []))
        return {key: self.walk(value) for key, value in node.items()}

    def span(self, attributes: Node, content: list[Node]) -> list[Node]:
        _, classes, pairs = attributes
        given = data(pairs)
        match next((name for name in classes if name.startswith("book-")), ""):
            case "book-anchor":
                return [self.once(f"#metadata(none)<{given['label']}>")]
            case "book-index":
                return [self.once(f"#metadata({given['number']})<index>")]
            case "book-call":
                return self.call(given["label"])
            case "book-link":
                return self.around(
                    inline(f"#{given['kind']}-link(<{given['label']}>)["), content, inline("];")
                )
            case "book-out":
                return self.around(inline(f"#link({string(given['url'])})["), content, inline("];"))
            case "book-address":
                return [self.address(given["place"], string(given["url"]))]
            case "book-cited":
                places = "".join(f"<{name}>, " for name in given["labels"].split())
                return [inline(f"#cited-at(({places}));")]
            case "book-cell":
                return self.around(inline(f"#cell({string(given['kind'])})["), content, inline("];"))
            case "book-image":
                alt = string(given.get("alt", ""))
                return [inline(f"#picture({string(given['name'])}, {alt});")] if given.get("name") else []
        for name in classes:
            if name in NAMED_SPANS:
                return self.around(inline(NAMED_SPANS[name]), content, inline("];"))
        return list(self.walk(content))

    def address(self, place: str, url: str) -> Node:
        """An address beside a link; in a note, with its number among such notes of the chapter."""
        if place == "inline":
            return inline(f"#address-inline({url});")
        self.addresses += 1
        return inline(f"#address-note({self.addresses}, {url});")

    def around(self, before: Node, content: list[Node], after: Node) -> list[Node]:
        return [before, *self.walk(content), after]

    def once(self, mark: str) -> Node:
        """A mark that the contents do not repeat when they show the heading in which it stands."""
        return inline(f"#not-in-contents[{mark}];" if self.in_heading else mark)

    def call(self, name: str) -> list[Node]:
        """The note itself where it is called first, its number where it is called again."""
        if name in self.called:
            return [inline(f"#footnote(<{name}>);")]
        if name not in self.notes:
            return []  # The page calls a note it does not have: hooks/links.py reports that.
        self.called.add(name)
        note = [{"t": "Note", "c": self.walk(self.notes[name])}, inline(f"<{name}>")]
        return [inline("#not-in-contents["), *note, inline("];")] if self.in_heading else note

    def div(self, attributes: Node, content: list[Node]) -> list[Node]:
        _, classes, pairs = attributes
        given = data(pairs)
        match next((name for name in classes if name.startswith("book-")), ""):
            case "book-chapter":
                return self.chapter(int(given["number"]), content)
            case "book-note":
                return []
            case "book-box":
                return self.around(block(f"#boxed({string(given['kind'])})["), content, block("]"))
            case "book-title":
                return self.around(block("#box-title["), content, block("]"))
            case "book-cells":
                return self.around(block("#cells["), content, block("]"))
            case "book-entry":
                return self.around(block("#entry["), content, block("]"))
        return list(self.walk(content))

    def chapter(self, number: int, content: list[Node]) -> list[Node]:
        """A chapter, opened by its title, below those parts of the book that begin with it."""
        chapter = self.chapters[number]
        old = [*self.parts, *[None] * len(chapter.parts)]
        first = next((n for n, part in enumerate(chapter.parts) if part != old[n]), len(chapter.parts))
        parts = "".join(f"({n + 1}, {string(chapter.parts[n])}), " for n in range(first, len(chapter.parts)))
        self.parts, self.top = chapter.parts, len(chapter.parts)
        self.level = self.addresses = 0
        self.opening = f"#chapter({self.top + 1}, parts: ({parts}), running: {string(chapter.title)}"
        return [block(BREAK.format(number)), *self.walk(content)]

    def header(self, level: int, attributes: Node, content: list[Node]) -> Node:
        """A heading: as deep as its page in the nav, and, as PDF/UA asks, never two steps down at once."""
        self.in_heading = True
        text = self.walk(content)
        self.in_heading = False
        name = attributes[0]
        if self.opening:
            opening, self.opening, self.level = self.opening, "", self.top + 1
            return {"t": "Plain", "c": [inline(f"{opening}, <{name}>)["), *text, inline("]")]}
        self.level = max(self.top + 2, min(self.top + level, self.level + 1))
        listed = "true" if self.level - self.top <= LISTED else "false"
        role = ROLES.get(self.level - self.top - 1, "deeper-role")
        call = f"#heading(level: {self.level}, supplement: {role}, outlined: {listed}, bookmarked: true)["
        return {"t": "Plain", "c": [inline(call), *text, inline(f"]<{name}>")]}

    def figure(self, attributes: Node, caption: Node, content: list[Node]) -> Node:
        """A picture or a table with what is said of it; a table carries its caption itself."""
        if len(content) == 1 and content[0]["t"] == "Table":
            inner = content[0]["c"]
            return self.table(inner[0], caption, *inner[2:])
        kind = "captioned" if "#picture(" in json.dumps(walked := self.walk(content)) else "with-caption"
        before, between, after = block(f"#{kind}(["), block("], ["), block("])")
        return [before, *self.walk(caption[1]), between, *walked, after]

    def table(self, attributes: Node, caption: Node, columns: Node, *parts: Node) -> Node:
        """Columns as wide as what is in them, where Pandoc would make them alike, and not centred."""
        sides = [side if side["t"] != "AlignDefault" else {"t": "AlignLeft"} for side, _ in columns]
        fitting = [[side, {"t": "ColWidthDefault"}] for side in sides]
        return {"t": "Table", "c": [["", [], []], self.walk(caption), fitting, *map(self.walk, parts)]}

    def code_block(self, attributes: Node, text: str) -> Node:
        return {"t": "CodeBlock", "c": [["", [], []], text]}
