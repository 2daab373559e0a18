"""Typst sets the book in one run, and reports what is in it.

`python typeset.py FOLDER SECONDS` compiles FOLDER/main.typ to FOLDER/main.pdf, dated SECONDS after 1970, and
prints what it holds, or what was wrong: a process of its own can be stopped, and gives its memory back.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import font_source_serif_pro
import pikepdf
import typst

TEMPLATE = Path(__file__).with_name("book.typ")
FONTS = [font_source_serif_pro.font_directory]  # The serif of the site; Typst brings its fallbacks.
LIMIT = 300  # Seconds.
NO_GLYPH = "could not be displayed with"
ROUNDS = 8


class Fault(Exception):
    """What Typst refuses to set, in its own words, and where in the code: the diagnostics of its compiler."""

    def __init__(self, message: str, diagnostic: str = "") -> None:
        super().__init__(message)
        self.diagnostic = diagnostic
        self.no_glyph = NO_GLYPH in message


@dataclass(frozen=True)
class Typeset:
    """The PDF, and what it holds, in order.

    `content` is by kind the labels of headings and footnotes, the targets of links, the alternative texts of
    images, and the labels in lists of places that are cited.
    """

    pdf: bytes
    content: Mapping[str, list[str]]


def typeset(files: Mapping[str, bytes], seconds: int) -> Typeset:
    """Set main.typ, which `files` holds with all that it includes and reads. Raises Fault."""
    with tempfile.TemporaryDirectory(prefix="book-") as folder:
        root = Path(folder)
        for name, content in {**files, TEMPLATE.name: TEMPLATE.read_bytes()}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        answer = run_in_process(root, str(seconds))
        return Typeset(compress_pdf(root / "main.pdf"), answer["content"])


def run_in_process(*arguments: str | Path) -> dict[str, Any]:
    """What `main` answers."""
    command = [sys.executable, "-P", __file__, *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=LIMIT)
    except subprocess.TimeoutExpired as error:
        raise Fault(f"it took longer than {LIMIT} seconds") from error
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise Fault(f"its process ended with {done.returncode}: {last}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise Fault(answer["error"], answer["diagnostic"])
    return answer


def main(folder: Path, seconds: int) -> dict[str, Any]:
    try:
        compiler = typst.Compiler(
            str(folder / "main.typ"), root=str(folder), ignore_system_fonts=True, font_paths=FONTS
        )
        # Accessible, and fit for an archive: Typst refuses what breaks either standard.
        pdf = compiler.compile(format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=seconds)
        assert isinstance(pdf, bytes), "A PDF is one file, also where its pages are many."
        (folder / "main.pdf").write_bytes(pdf)
        return {"content": json.loads(compiler.query("<report>", field="value", one=True))}
    except RuntimeError as error:  # A TypstError, or what a query raises in its place.
        message, diagnostic = getattr(error, "message", error), getattr(error, "diagnostic", "")
        return {"error": str(message), "diagnostic": str(diagnostic)}


def without_glyph(text: str) -> list[str]:
    """Those letters of `text` that no font of the book has.

    Typst names only the first, so each is tried by itself.
    """
    unusual = sorted({letter for letter in text if not " " <= letter <= "~" and letter not in "\t\n\r\f"})
    found = []
    for letter in unusual:
        sample = f'#import "/{TEMPLATE.name}": sample\n#sample("\\u{{{ord(letter):x}}}")'
        try:
            compiler = typst.Compiler(
                sample.encode(), root=TEMPLATE.parent, ignore_system_fonts=True, font_paths=FONTS
            )
            compiler.compile(format="pdf", pdf_standards="ua-1")
        except typst.TypstError as error:
            if NO_GLYPH not in error.message:
                raise
            found.append(letter)
    return found


def compress_pdf(path: Path) -> bytes:
    """The PDF with its many small objects compressed together: a third of the size.

    Where compressed data end in a carriage return, as one stream in 256 does, some checkers take it and the
    line feed after it for the end of a line, and the data for one byte too short. So a line end is added to
    such a page, and to an object in such a stream a key that no reader knows (ISO 32000-2, Annex E).
    """
    with pikepdf.open(path) as pdf:
        # False is what holds without it, and pdfinfo (Poppler) takes it for an error.
        del pdf.Root.MarkInfo["/Suspects"]
        for page in pdf.pages:
            if page.Contents.read_raw_bytes().endswith(b"\r"):
                page.Contents.write(page.Contents.read_bytes() + b"\n")
        whole = save_pdf(pdf)
    for _ in range(ROUNDS):  # One is nearly always enough.
        if not (wrong := list(streams_to_lengthen(whole))):
            break
        with pikepdf.open(io.BytesIO(whole)) as pdf:
            for number in wrong:
                lengthen_stream(pdf, number)
            whole = save_pdf(pdf)
    return whole


def save_pdf(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def streams_to_lengthen(pdf: bytes) -> Iterator[int]:
    """The numbers of the object streams whose data end in a carriage return."""
    for m in re.finditer(b"\r\nendstream", pdf):
        begin = pdf.rfind(b" 0 obj\n<< /Type /ObjStm", 0, m.start())
        if begin >= 0 and pdf.find(b"endstream", begin, m.start()) < 0:
            yield int(pdf[pdf.rfind(b"\n", 0, begin) : begin])


def lengthen_stream(pdf: pikepdf.Pdf, number: int) -> None:
    """Make the object stream with this number longer by a private key in the first dictionary that it has."""
    stream = pdf.get_object(number, 0)
    held = stream.read_bytes().split()[: 2 * int(stream.N) : 2]  # Numbers of objects, and their offsets.
    objects = (pdf.get_object(int(each), 0) for each in held)
    first = next(each for each in objects if isinstance(each, pikepdf.Dictionary))
    first.XXLonger = int(first.get("/XXLonger", 0)) + 1


def first_pages(pdf: bytes) -> dict[str, int]:
    """The address of each chapter, percent-encoded, and the number of its first page."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        places = pikepdf.NameTree(document.Root.Names.Dests)
        return {
            str(name).removesuffix("#"): document.pages.index(pikepdf.Page(place[0])) + 1
            for name, place in places.items()
            if str(name).endswith("#")
        }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
