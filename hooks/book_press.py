"""Typst sets the book, and tells what is in it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import typst

TEMPLATE = Path(__file__).with_name("book.typ")
NO_GLYPH = "could not be displayed with"
# What the losses are counted by: the label, address or alternative text of each thing in the book.
KINDS = {"heading": "label", "footnote": "label", "link": "dest", "image": "alt", "<cited>": "value"}


PDF = "book.pdf"
TRIES = 3  # To set the book again so that no chapter ends with a page of two lines.
LONG = 3_000_000  # Letters: a book longer than this is set once, for it would take too long.
TOP, LITTLE = 30, 26  # Millimetres: the margin above the text, and five lines of text.
GAINS = {1: 3, 2: 7, 3: 16}  # Millimetres that a page gains by each pace.
SHORTER, LOSS = 4, 14  # The pace that makes pages shorter by so much, so that more comes to the last.
MOST = 190  # Millimetres of text on the last page: with more, it could overflow into another.
COVER = (1, 0)


class NoGlyphs(Exception):
    """No font of the book has these signs."""

    def __init__(self, signs: list[str]) -> None:
        super().__init__(" ".join(signs))
        self.signs = signs


class Fault(Exception):
    """What else Typst refuses to set, in its own words."""


@dataclass(frozen=True)
class Printed:
    """The finished book, and by kind (a key of KINDS) what Typst has set in it, in order."""

    pdf: bytes
    content: Mapping[str, list[str]]


def press(text: str, data: Mapping[str, object], files: Mapping[str, bytes], seconds: int) -> Printed:
    """Set `text`, which calls functions of book.typ; `data` is what book.typ prints around it.

    `files` are pictures and attachments by the names that the text and the data give them.
    Raises NoGlyphs or Fault.
    """
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        root = Path(folder)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        (root / "book.typ").write_bytes(TEMPLATE.read_bytes())
        main = f'#import "book.typ": *\n#show: book\n\n{text}\n\n#closing\n'
        (root / "main.typ").write_text(main, encoding="utf-8")
        paces: dict[str, int] = {}
        found: dict[str, Any] = {}
        for left in reversed(range(TRIES if len(text) < LONG else 1)):
            (root / "data.json").write_text(json.dumps({**data, "paces": paces}), encoding="utf-8")
            found = typeset(root, seconds, "" if left else "last")
            if NO_GLYPH in found.get("error", ""):
                raise NoGlyphs(missing(root, text + json.dumps(data, ensure_ascii=False)))
            if "error" in found:
                raise Fault(found["error"])
            if "closer" not in found:
                break
            paces |= found["closer"]
        return Printed(packed(root / PDF), {kind: strings(found[kind]) for kind in KINDS})


def typeset(root: Path, seconds: int, last: str) -> dict[str, Any]:
    """What `main` below prints, from a process of its own: Typst keeps some 700 MB for a next time."""
    command = [sys.executable, __file__, str(root), str(seconds), last]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main(root: Path, seconds: int, last: str) -> dict[str, object]:
    """Write the PDF and give what stands in it by kind; or else what paces are closer, or the error.

    Where closer paces are left to try, no PDF is written.
    """
    compiler = typst.Compiler(str(root / "main.typ"), root=str(root), ignore_system_fonts=True)
    paces = json.loads((root / "data.json").read_text(encoding="utf-8"))["paces"]
    try:
        ends = [] if last else json.loads(compiler.query("<end>", field="value"))
        if closer := better_paces(ends, paces):
            return {"closer": closer}
        # Accessible, and fit for an archive: Typst refuses whatever breaks either standard.
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=seconds)
    except RuntimeError as error:  # A TypstError, or what a query raises in its place.
        return {"error": str(getattr(error, "message", error))}
    assert isinstance(pdf, bytes), "A PDF is one file, also where its pages are many."
    (root / PDF).write_bytes(pdf)
    return {kind: json.loads(compiler.query(kind, field=field)) for kind, field in KINDS.items()}


def better_paces(ends: Sequence[Sequence[float]], paces: Mapping[str, int]) -> dict[str, int]:
    """For each chapter whose last page holds next to nothing, the next pace to try (see book.typ).

    `ends` are pages and millimetres from the top, first of the contents, which are chapter -1, then of
    each chapter. Where it surely helps, the other pages give some of their lines to the last; else what
    stands too much is shared out among them, which is closer to what the chapter was, but less certain.
    """
    better = {}
    for number, ((before, _), (page, height)) in enumerate(pairwise([COVER, *ends]), start=-1):
        pages, too_much = page - before - 1, height - TOP
        if pages and too_much < LITTLE:
            fitting = next((p for p, gain in GAINS.items() if too_much < gain * pages), SHORTER)
            sure = number >= 0 and 1.5 * LITTLE < too_much + LOSS * pages < MOST
            first, second = (SHORTER, fitting) if sure else (fitting, SHORTER)
            pace = second if paces.get(str(number)) == first else first
            if pace != paces.get(str(number)):
                better[str(number)] = pace
    return better


def packed(path: Path) -> bytes:
    """The PDF with its many small objects compressed together: a third of the size."""
    whole = io.BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(whole, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return whole.getvalue()


def strings(values: Sequence[object]) -> list[str]:
    """The values of a query, one by one, without the brackets of a label."""
    flat = [v for value in values for v in (value if isinstance(value, list) else [value])]
    return [re.sub(r"\A<(.*)>\Z", r"\1", value) for value in flat if isinstance(value, str)]


def missing(root: Path, text: str) -> list[str]:
    """Those signs of `text` that no font has. Typst names only the first, so each is tried by itself."""
    page = root / "signs.typ"
    found = []
    for sign in sorted({sign for sign in text if ord(sign) > 126}):
        page.write_text(f'#import "book.typ": sample\n#sample("\\u{{{ord(sign):x}}}")', encoding="utf-8")
        try:
            typst.compile(
                str(page), root=str(root), ignore_system_fonts=True, format="pdf", pdf_standards="ua-1"
            )
        except typst.TypstError as error:
            if NO_GLYPH not in error.message:
                raise
            found.append(sign)
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
