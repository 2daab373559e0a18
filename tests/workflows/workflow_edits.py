"""Edits as people make them in a browser, applied to a clone: the state before, the change, the findings.

Each edit of `contributions.yml` has a page of its own, `docs/edits/NAME.md`, so that whatever is said of
this page is said of the edit. Pages and entries that exist before the change are committed first.
"""

from __future__ import annotations

import base64
import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from workflow_steps import Clone

from warning_lights.core.findings import Finding

EDITS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "contributions.yml").read_text(encoding="utf-8")
)
HEAD = "---\ntitle: {}\ndescription: A page.\n---\n# {}\n\n"
PAGE = HEAD + "A sentence [@doe2020base].\n"
ENTRY = """@online{{{key},
  author = {{Doe, Ann}},
  title = {{A text called {key}}},
  organization = {{{{Example}}}},
  date = {{2020-05-01}},
  url = {{https://example.org/{key}}},
  keywords = {{work}},
}}
"""
KEYS = ["doe2020base", "roe2021passages", "lamp-6", "lamp-14", "lamp-46"]
PASSAGES = (
    "locator,paragraph,entry,names,prefix,start,end,suffix\npara. 1,,,,,The lamps were,lit at,\n"
    "para. 2,,,,,Nobody knew who,lit them,\n"
)
VERIFIED = """lamp-46:
  files: [lamp.txt]
  carries: []
  quotations:
  - {text: that the lamps were all lit at dusk, place: "@lamp-46", verified: 2026-01-01}
"""
PICTURE = base64.b64decode(  # One grey pixel.
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
INDEX = HEAD.format("Edits", "Edits") + "".join(f"A text [@{key}].\n" for key in KEYS)
INDEX += "They saw “that the lamps were all lit at dusk” [@lamp-46].\n"


@dataclass
class Applied:
    """Where an edit stands in the clone: its files, and the first line of what it adds to a shared file."""

    files: set[str] = field(default_factory=set)
    lines: dict[str, int] = field(default_factory=dict)

    def has(self, finding: Finding) -> bool:
        line = self.lines.get(finding.file)
        return finding.file in self.files or (line is not None and line == finding.line)


def prepare(folder: Path, edits: dict[str, dict[str, Any]]) -> None:
    """The state before: a page for each edit, the entries that it cites, and all in the menu."""
    pages = ["edits/index.md"]
    (folder / "docs/edits").mkdir()
    (folder / "docs/edits/index.md").write_text(INDEX, encoding="utf-8")
    (folder / "bibliography/edits.bib").write_text(
        "\n".join(ENTRY.format(key=key) for key in KEYS), encoding="utf-8"
    )
    (folder / "bibliography/passages").mkdir(exist_ok=True)
    (folder / "bibliography/passages/roe2021passages.csv").write_text(PASSAGES, encoding="utf-8")
    with (folder / "bibliography/quotations.yml").open("a", encoding="utf-8") as ledger:
        ledger.write(VERIFIED)
    for name, edit in edits.items():
        if "new" in edit:
            continue
        text = PAGE.format(f"Edit {name}", f"Edit {name}") + (
            f"\n{edit['before']}\n" if edit.get("before") else ""
        )
        (folder / f"docs/edits/{name}.md").write_text(text, encoding="utf-8")
        pages.append(f"edits/{name}.md")
    config = folder / "mkdocs.yml"
    menu = "  - Edits:\n" + "".join(f"      - {page}\n" for page in pages)
    text = config.read_text(encoding="utf-8")
    config.write_text(
        re.sub(
            r"(?m)^nav:\n(?:[ #-].*\n|\n)*?(?=\S|\Z)", lambda m: m[0].rstrip() + f"\n{menu}\n", text, count=1
        )
    )


def apply(folder: Path, name: str, edit: dict[str, Any]) -> Applied:
    """Make the change of one edit."""
    done = Applied({f"docs/edits/{name}.md"})
    page = folder / f"docs/edits/{name}.md"
    if "new" in edit:
        page = folder / edit["new"]
        page.parent.mkdir(parents=True, exist_ok=True)
        done.files.add(edit["new"])
        page.write_text(edit["after"], encoding="utf-8")
    elif "whole" in edit:
        page.write_text(edit["whole"], encoding="utf-8")
    elif "rename" in edit:
        page.rename(folder / edit["rename"])
        config = folder / "mkdocs.yml"
        text = config.read_text(encoding="utf-8")
        config.write_text(
            text.replace(f"edits/{name}.md", edit["rename"].removeprefix("docs/")), encoding="utf-8"
        )
        done.files.add(edit["rename"])
    elif edit.get("delete"):
        page.unlink()
    elif "after" in edit:
        text = page.read_text(encoding="utf-8")
        before, after = f"\n{edit['before']}\n" if edit.get("before") else "", f"\n{edit['after']}\n"
        page.write_text(text.removesuffix(before) + (after if edit["after"] else ""), encoding="utf-8")
    if edit.get("windows"):
        text = page.read_text(encoding="utf-8").replace("\n", "\r\n")
        page.write_bytes(b"\xef\xbb\xbf" + text.encode())
    for file, cells in edit.get("rows", {}).items():
        path = folder / file
        text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
        done.lines[file] = text.count("\n") + 1
        path.write_text(f"{text}{row_like_the_first(text, cells)}\n", encoding="utf-8")
    for file, content in edit.get("files", {}).items():
        path = folder / file
        data = PICTURE + b"\0" * content if isinstance(content, int) else content.encode()
        path.write_bytes(data)
        done.files.add(file)
    for file, (old, new) in edit.get("replace", {}).items():
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name}: {file} has no {old}"
        done.lines[file] = text.count("\n", 0, text.index(old)) + 1 + new.count("\n")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return done


def row_like_the_first(table: str, cells: dict[str, str]) -> str:
    """The first row of a table with other values; a cell named `unquoted` is added without its quotes."""
    first = next(csv.DictReader(table.splitlines()))
    line = io.StringIO()
    values = {**first, **cells}
    extra = values.pop("unquoted", "")
    csv.writer(line, lineterminator="").writerow(values.values())
    return line.getvalue() + extra


def changed(clone: Clone, edits: dict[str, dict[str, Any]]) -> dict[str, Applied]:
    """Commit the state before and the edits, each as one commit."""
    prepare(clone.folder, edits)
    with (clone.folder / "anchors.txt").open("a", encoding="utf-8") as ledger:
        for name, edit in edits.items():
            for anchor in edit.get("published", ()):
                ledger.write(f"edits/{name}/{anchor}\n".replace("/./", "/"))
    clone.commit("The state before")
    applied = {name: apply(clone.folder, name, edit) for name, edit in edits.items()}
    clone.commit("The edits")
    return applied
