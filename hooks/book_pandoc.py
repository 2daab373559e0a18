"""Pandoc's document: its nodes, how they are put together, and the Typst that Pandoc makes of them.

A node is `{"t": its kind, "c": its content}`, as `pandoc -t json` writes it. Lists of nodes may mix
inlines and blocks until `blocks` sorts them.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, pairwise
from typing import Any

import pypandoc

Node = dict[str, Any]

API = [1, 23, 1]  # The version of Pandoc's document; another Pandoc says if it reads a newer one.
BATCHES = 4
BETWEEN = "\0"  # Between two chapters; no page holds it, for HTML does not allow it.
PLAIN_ATTRIBUTES = ["", [], []]  # No id, no classes, nothing else: Pandoc would write them as labels.
# fmt: off
BLOCKS = frozenset({
    "BlockQuote", "BulletList", "CodeBlock", "DefinitionList", "OrderedList", "Para", "Plain", "RawBlock",
    "Table",
})
# fmt: on
PARAGRAPHS = frozenset({"BlockQuote", "CodeBlock", "Para"})  # What stands beside them is a paragraph too.
SPACE: Node = {"t": "Space"}
WHITE = re.compile(r"[ \t\n\f\r]+")  # What HTML takes for space; others, such as U+00A0, are signs.
# Signs that begin a list or a heading in Typst, or would name a field of what stands before them.
MARKER = re.compile(r"(?:\d+\.|[-+/]|=+)(?= |\Z)|\.(?=\w)")


def inline(typst: str) -> Node:
    return {"t": "RawInline", "c": ["typst", typst]}


def block(typst: str) -> Node:
    return {"t": "RawBlock", "c": ["typst", typst]}


def call(function: str, content: Iterable[Node]) -> list[Node]:
    """`#function[content];`: without the ";", Typst would take a bracket after it for an argument."""
    return [inline(f"#{function}["), *content, inline("];")]


def block_call(function: str, content: Iterable[Node]) -> list[Node]:
    return [block(f"#{function}["), *content, block("]")]


def string(text: str) -> str:
    """`text` as a string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def words(text: str) -> list[Node]:
    """The nodes of a text, with space at its ends as nodes of its own.

    Pandoc reads each word as a node, for it may break lines between them. It need not here, and one
    node for many words takes half the time.
    """
    spaced = WHITE.sub(" ", text)
    inner = spaced.strip(" ")
    if not inner:
        return [SPACE] if spaced else []
    nodes: list[Node]
    if m := MARKER.match(inner):
        # A list can also begin after a bracket, as in a cell: Pandoc thinks only of the beginning of a line.
        nodes = [inline(f"\\{m[0]}"), *words(inner[m.end() :])]
    else:
        nodes = [{"t": "Str", "c": inner}]
    before = [SPACE] if spaced[0] == " " else []
    after = [SPACE] if spaced[-1] == " " else []
    return before + nodes + after


def joined(parts: Iterable[list[Node]]) -> list[Node]:
    """All nodes of `parts`, with texts that touch made one, so that Pandoc sees "/" and "/" as "//"."""
    done: list[Node] = []
    for nodes in parts:
        if nodes and done and done[-1]["t"] == nodes[0]["t"] == "Str":
            nodes = words(done.pop()["c"] + nodes[0]["c"]) + nodes[1:]
        done += nodes
    return done


def formed(nodes: Iterable[Node], form: Callable[[list[Node]], list[Node]]) -> list[Node]:
    """`nodes` with what `form` makes of each run of inlines, also of those in a paragraph."""
    done: list[Node] = []
    for is_block, group in groupby(nodes, key=lambda node: node["t"] in BLOCKS):
        run = list(group)
        if is_block:
            done += [{**n, "c": form(n["c"])} if n["t"] in {"Para", "Plain"} else n for n in run]
        else:
            done += form(run) if trimmed(run) else run
    return done


def blocks(nodes: Iterable[Node]) -> list[Node]:
    """`nodes` as blocks; texts that stand alone or among lists and boxes become no paragraphs."""
    done: list[Node] = []
    for is_block, group in groupby(nodes, key=lambda node: node["t"] in BLOCKS):
        run = list(group)
        if is_block:
            done += run
        elif text := trimmed(run):
            done.append({"t": "Plain", "c": text})
    # Two texts in a row must be paragraphs as well, or Typst would take them for one.
    loose = any(node["t"] in PARAGRAPHS for node in done) or any(
        one["t"] == two["t"] == "Plain" for one, two in pairwise(done)
    )
    return [{"t": "Para", "c": node["c"]} if loose and node["t"] == "Plain" else node for node in done]


def paragraphs(nodes: Iterable[Node]) -> list[Node]:
    """`nodes` as blocks, each text a paragraph."""
    return [{"t": "Para", "c": node["c"]} if node["t"] == "Plain" else node for node in blocks(nodes)]


def trimmed(run: list[Node]) -> list[Node]:
    start, end = 0, len(run)
    while start < end and run[start] is SPACE:
        start += 1
    while end > start and run[end - 1] is SPACE:
        end -= 1
    return run[start:end]


def typst(documents: Sequence[list[Node]]) -> list[str]:
    """What Pandoc makes of each document, as Typst.

    It works on some batches of like size at once; how many there are does not depend on the machine,
    nor does what comes out.
    """
    written = [json.dumps([*document, block(BETWEEN)])[1:-1] for document in documents]
    whole, before = sum(map(len, written)), 0
    batches: list[list[str]] = [[] for _ in range(BATCHES)]
    for text in written:
        batches[before * BATCHES // whole].append(text)
        before += len(text)
    with ThreadPoolExecutor() as pool:
        done = pool.map(pandoc, filter(None, batches))
        return [text.strip("\n") for batch in done for text in batch.split(BETWEEN)[:-1]]


def pandoc(documents: Sequence[str]) -> str:
    """The Typst of documents whose nodes are written as JSON, without the brackets around them."""
    head = json.dumps({"pandoc-api-version": API, "meta": {}})
    text = f'{head[:-1]}, "blocks": [{",".join(documents)}]}}'
    command = [pypandoc.get_pandoc_path(), "--sandbox", "-f", "json", "-t", "typst", "--wrap=none"]
    return subprocess.run(command, input=text, capture_output=True, check=True, encoding="utf-8").stdout
