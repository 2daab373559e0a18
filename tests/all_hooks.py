"""A small site of any content, built by mkdocs.yml as it stands: every hook, extension and template."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from conftest import ROOT, Build, mkdocs_build

BuildAll = Callable[..., Build]
FRONT = "---\ntitle: Page\ndescription: A page.\n---\n"
HOME = "---\ntitle: Home\ndescription: A page.\ntemplate: home.html\n---\n# Home\n"
BIB = """@online{doe2024title,
  title        = {A plain title},
  author       = {Doe, Ann},
  organization = {{example.org}},
  date         = {2024},
  url          = {https://example.org/a},
  keywords     = {source},
}
"""
BIBLIOGRAPHY = FRONT + "# Bibliography\n\nSee [@doe2024title].\n\n\\full_bibliography\n"


# A page of everything, which shows data/numbers.csv and a picture grey.png.
EVERYTHING = (
    FRONT
    + """# Everything

A claim [@doe2024title], another with words.[^own]

| Left | Right | Centre |
| :--- | ---: | :---: |
| a [@doe2024title] | 1 | x |

![A grey square](grey.png)

“A plain title” is its title [@doe2024title].

??? note "Details"

    A claim inside [@doe2024title].

=== "One"

    First.

=== "Two"

    Second.

<div class="box"><p>Raw <b>HTML</b> and a claim.</p></div>

```chart
data: data/numbers.csv
title: Numbers
alt: Two numbers.
citation: "[@doe2024title]"
mark: bar
encoding:
  x: {field: name, type: nominal}
  y: {field: number, type: quantitative}
```

[^own]: Words of the note, with a claim [@doe2024title].
"""
)
NUMBERS = "name,number,citation\na,1,[@doe2024title]\nb,2,[@doe2024title]\n"


class Settings(yaml.SafeLoader):
    """Reads mkdocs.yml; a value from the environment counts as its default."""


def default(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    assert isinstance(node, yaml.SequenceNode)
    return loader.construct_sequence(node)[-1]


Settings.add_constructor("!ENV", default)


def settings() -> dict[str, Any]:
    """mkdocs.yml without its nav and the names of this site's pages; hooks by their full paths."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, Loader=Settings)
    for name in ("nav", "watch"):
        del found[name]
    found["hooks"] = [str(ROOT / name) for name in found["hooks"]]
    found["theme"]["custom_dir"] = str(ROOT / "overrides")
    found["extra"].pop("doors")
    found["extra"].get("book", {}).pop("sources", None)
    return found


def build_all(folder: Path, pages: dict[str, str | bytes], *, bib: str = BIB, strict: bool = True) -> Build:
    """Build `pages` (path below docs/ -> content) and a page with the bibliography in `folder`."""
    project = folder / "project"
    shutil.rmtree(project / "docs", ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "assets", project / "docs" / "assets")
    (project / "bibliography").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "bibliography" / "style.csl", project / "bibliography")
    (project / "bibliography" / "a.bib").write_text(bib, encoding="utf-8")
    content = {"index.md": FRONT + "# Home\n", "bibliography.md": BIBLIOGRAPHY, **pages}
    for path, text in content.items():
        target = project / "docs" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = settings()
    found["nav"] = [path for path in content if path.endswith(".md")]
    (project / "mkdocs.yml").write_text(yaml.safe_dump(found, sort_keys=False), encoding="utf-8")
    return mkdocs_build(project / "mkdocs.yml", folder / "site", *([] if strict else ["--no-strict"]))
