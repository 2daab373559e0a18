"""Every page asks for one style sheet: what the theme says about text, then ours.

The theme's sheet is for its own header, navigation, search and footer too; those parts are ours
(overrides/), so their rules are left out, and so are the theme's scripts, which no page loads.
Add a sheet to `extra_css` in mkdocs.yml as in any MkDocs site: it is joined to the one file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

TARGET = "assets/styles.css"
# What the theme says of text and of what stands in text; its other parts are ours here.
REPLACED = re.compile(r"\.md-(?!typeset|button|code|icon|input|tag)|\.(?:giscus|mermaid|glightbox)\b")
NOT_LOADED = ("assets/javascripts/", "assets/stylesheets/", "assets/images/favicon.png")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    theme = [f for f in files if re.fullmatch(r"assets/stylesheets/main\.\w+\.min\.css", f.src_uri)]
    if not theme:
        raise PluginError("hooks/styles.py finds no style sheet of the theme: is it still Material?")
    ours = [file for path in config.extra_css if (file := files.get_file_from_path(str(path)))]
    sheets = [slim(theme[0].content_string), *(minified(file.content_string) for file in ours)]
    for file in list(files):
        if file in ours or (file.src_uri.startswith(NOT_LOADED) and not in_docs(file, config)):
            files.remove(file)
    # Addresses inside stay true: TARGET and the sheets of docs/assets/ are in one folder.
    files.append(File.generated(config, TARGET, content="\n".join(sheets)))
    return files


def in_docs(file: File, config: MkDocsConfig) -> bool:
    return bool(file.abs_src_path) and Path(str(file.abs_src_path)).is_relative_to(config.docs_dir)


def slim(css: str) -> str:
    """The sheet without the rules that only dress parts of the page that are not there."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).replace('@charset "UTF-8";', "")
    return "".join(kept(css))


def kept(css: str) -> Iterator[str]:
    for head, body in blocks(css):
        if head.startswith(("@media", "@supports", "@layer", "@container")):
            if inner := "".join(kept(body)):
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            selectors = [each for each in parts(head) if not REPLACED.search(each)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


def blocks(css: str) -> Iterator[tuple[str, str]]:
    """(what stands before a brace, what stands between it and its partner), from first to last."""
    start = depth = opened = 0
    for m in re.finditer(r"[{}]|\"[^\"]*\"|'[^']*'", css):
        if m[0] == "{":
            opened = opened if depth else m.start()
            depth += 1
        elif m[0] == "}":
            depth -= 1
            if not depth:
                yield css[start:opened].strip(), css[opened + 1 : m.start()]
                start = m.end()


def parts(head: str) -> list[str]:
    """The selectors of a rule, cut at the commas that stand in no bracket."""
    found, depth = [""], 0
    for character in head:
        depth += (character in "([") - (character in ")]")
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return found


def minified(css: str) -> str:
    """Our own sheet without comments and indents: simple, and packing does the rest."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()
