"""The files below docs/ are of known kinds, do nothing by themselves, and are as small as a reader needs."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from warning_lights.pages import safety
from warning_lights.pages.pictures import ENDINGS

KINDS = {".md", ".csv", ".pdf", *ENDINGS}
ACTS = (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/AA", b"/EmbeddedFile")
ELSEWHERE = re.compile(
    r"""(?:href|src)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//""", re.IGNORECASE
)


def faults(path: Path, docs: Path, named: Collection[str]) -> Iterator[str]:
    """What is wrong with a file of the folder `docs`.

    `named` are the style sheets and scripts, below `docs`, that the site itself uses.
    """
    ending = path.suffix.lower()
    if ending not in KINDS and path.relative_to(docs).as_posix() not in named:
        known = ", ".join(sorted(KINDS))
        yield f"Files of this kind are not published. A page, a table or a picture ends in one of {known}."
    elif ending == ".svg":
        text = path.read_text(encoding="utf-8", errors="replace")
        body = re.sub(r"<\?xml.*?\?>|<!DOCTYPE[^>]*>", "", text, flags=re.DOTALL)
        # A sheet inside a drawing draws; it can ask nobody for anything, which the line below sees to.
        yield from dict.fromkeys(message for *_, message in safety.faults(body, also={"style"}))
        if ELSEWHERE.search(body):
            yield "This drawing asks another host for something. Put it into the file."
    elif ending == ".pdf":
        content = path.read_bytes()
        for name in ACTS:
            if re.search(re.escape(name) + rb"\b", content):
                yield f"This PDF holds {name.decode()}, which acts when it is opened. Export it without."


def symbolic_links(folder: Path) -> Iterator[Path]:
    """The symbolic links below a folder; none is followed."""
    for path, folders, files in os.walk(folder):
        yield from (Path(path, name) for name in sorted([*folders, *files]) if Path(path, name).is_symlink())


def joined_styles(sheets: Collection[str]) -> str:
    """One style sheet, without comments other than licences (`/*!`) and without indents."""
    css = re.sub(r"/\*(?!!).*?\*/", "", "\n".join(sheets), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", css).strip()
