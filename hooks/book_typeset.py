"""Typst sets volumes of the book, and tells what is in them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst

from book_paces import better_paces

NO_GLYPH = "could not be displayed with"
# What the losses are counted by: the label, address or alternative text of each thing in the book.
KINDS = {"heading": "label", "footnote": "label", "link": "dest", "image": "alt", "<cited>": "value"}
TRIES = 3  # To set a volume so that no chapter in it ends badly.

Place = tuple[int, float]  # A page of the volume, counted from 1, and points from its top.


class NoGlyphs(Exception):
    """No font of the book has these signs."""

    def __init__(self, signs: list[str]) -> None:
        super().__init__(" ".join(signs))
        self.signs = signs


class Fault(Exception):
    """What else Typst refuses to set, in its own words."""


@dataclass(frozen=True)
class Report:
    """What a volume holds, as `report` in book.typ tells it.

    `firsts` are the first pages of its chapters, `ends` where their text ends (page, millimetres from the
    top), `paces` how they are set (see book_paces.py); `places` are those that were asked for; `index` are
    terms by number, and `headings` labels, with their places. `content` is by kind (a key of KINDS) what
    has been printed, in order.
    """

    pages: int
    firsts: Sequence[int]
    ends: Sequence[tuple[int, float]]
    paces: Mapping[str, int]
    places: Sequence[Place]
    index: Sequence[tuple[int, Place]]
    headings: Sequence[tuple[str, Place]]
    content: Mapping[str, list[str]] = field(default_factory=dict)


def tried(folder: Path, names: Sequence[str]) -> list[Report]:
    """Set each `name`.typ, with the data in `name`.json, at paces that suit its chapters. Raises Fault."""
    return in_a_process(folder, "try", *names)


def printed(folder: Path, name: str, seconds: int) -> Report:
    """Print `name`.typ, with the data in `name`.json, to `name`.pdf; its date is `seconds`. Raises Fault."""
    return in_a_process(folder, str(seconds), name)[0]


def in_a_process(folder: Path, task: str, *names: str) -> list[Report]:
    """What `main` answers; a process of its own, for Typst keeps all that it has set for a next time."""
    command = [sys.executable, __file__, str(folder), task, *names]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise Fault(answer["error"])
    return [Report(**report) for report in answer["reports"]]


def main(folder: Path, task: str, *names: str) -> dict[str, Any]:
    """Reports as dictionaries, or the error. `task` is "try", or the date of what is printed, in seconds."""
    try:
        if task == "try":
            return {"reports": [at_best_paces(folder, name) for name in names]}
        return {"reports": [in_print(folder, name, int(task)) for name in names]}
    except RuntimeError as error:  # A TypstError, or what a query raises in its place.
        return {"error": str(getattr(error, "message", error))}


def at_best_paces(folder: Path, name: str) -> dict[str, Any]:
    file, typesetter = folder / f"{name}.json", compiler(folder, name)
    data = json.loads(file.read_text(encoding="utf-8"))
    report = reported(typesetter)
    for _ in range(TRIES - 1):
        better = better_paces(
            data["chapters"], report["firsts"], report["ends"], report["pages"], data["paces"]
        )
        if not better:
            break
        data["paces"] |= better
        file.write_text(json.dumps(data), encoding="utf-8")
        report = reported(typesetter)
    return report


def in_print(folder: Path, name: str, seconds: int) -> dict[str, Any]:
    typesetter = compiler(folder, name)
    # Accessible, and fit for an archive: Typst refuses whatever breaks either standard.
    pdf = typesetter.compile(format="pdf", pdf_standards=["ua-1", "a-3a"], timestamp=seconds)
    assert isinstance(pdf, bytes), "A PDF is one file, also where its pages are many."
    (folder / f"{name}.pdf").write_bytes(pdf)
    content = {kind: strings(json.loads(typesetter.query(kind, field=f))) for kind, f in KINDS.items()}
    return {**reported(typesetter), "content": content}


def compiler(folder: Path, name: str) -> typst.Compiler:
    return typst.Compiler(
        str(folder / f"{name}.typ"), root=str(folder), ignore_system_fonts=True, sys_inputs={"volume": name}
    )


def reported(typesetter: typst.Compiler) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(typesetter.query("<report>", field="value", one=True))
    return report


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
                str(page),
                root=str(root),
                ignore_system_fonts=True,
                sys_inputs={"volume": "front"},
                format="pdf",
                pdf_standards="ua-1",
            )
        except typst.TypstError as error:
            if NO_GLYPH not in error.message:
                raise
            found.append(sign)
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), *sys.argv[2:])))
