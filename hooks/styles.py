"""Every page asks for one style sheet: what the theme says about text, then ours.

The theme's sheet dresses whatever Markdown can make, and a header, navigation and search that are ours
(overrides/). Of its rules only those are kept that dress something on a page of this site: the first
admonition brings its rules with it. No page loads the theme's scripts, so they are left out as well.
Add a sheet to `extra_css` in mkdocs.yml as in any MkDocs site: it is joined to the one file, whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files

log = get_plugin_logger("styles")

TARGET = "assets/styles.css"
# The theme's own parts of a page, which are ours here; text from right to left and other colour schemes.
REPLACED = re.compile(r"\.md-(?!typeset|button|code|icon|input|tag)|\[(?:dir=rtl|data-md-|role=columnheader)")
NOT_LOADED = ("assets/javascripts/", "assets/stylesheets/", "assets/images/favicon.png")

CLASSES = re.compile(r"""\sclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
CHOICE = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")  # What stands in it need not be there.
VALUE = r"""(?:"[^"]*"|\([^()"]*(?:"[^"]*"[^()"]*)*\)|[^;}"(])*"""
PROPERTY = re.compile(rf"(?<=[{{;])(?P<name>--[\w-]+):{VALUE};?")

theme: list[str] = []  # The theme's sheet, and ours; read anew by each build.
ours: list[str] = []


def on_config(config: MkDocsConfig) -> None:
    if features := ", ".join(config.theme.get("features") or []):
        log.warning(
            "mkdocs.yml: theme: features: %s: of no effect here, for the frame of the pages is our own"
            " (overrides/) and no script of the theme is loaded. Take the features out.",
            features,
        )


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    found = [f for f in files if re.fullmatch(r"assets/stylesheets/main\.\w+\.min\.css", f.src_uri)]
    if not found:
        raise PluginError("hooks/styles.py finds no style sheet of the theme: is it still Material?")
    sheets = [file for path in config.extra_css if (file := files.get_file_from_path(str(path)))]
    theme[:] = [found[0].content_string]
    ours[:] = [minified(file.content_string) for file in sheets]
    for file in list(files):
        if file in sheets or (file.src_uri.startswith(NOT_LOADED) and not in_docs(file, config)):
            files.remove(file)
    return files


def on_post_build(config: MkDocsConfig) -> None:
    """When all pages are written, and before the copy for offline and the link check."""
    site = Path(config.site_dir)
    pages = (path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    scripts = (path.read_text(encoding="utf-8") for path in site.rglob("*.js"))
    # Addresses inside stay true: TARGET and the sheets of docs/assets/ are in one folder.
    sheet = joined(slim(theme[0], classes(pages, scripts)), "\n".join(ours))
    target = site / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(sheet, encoding="utf-8")


def in_docs(file: File, config: MkDocsConfig) -> bool:
    return bool(file.abs_src_path) and Path(str(file.abs_src_path)).is_relative_to(config.docs_dir)


def classes(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """The classes that stand on pages, and every word of the scripts, which may set one."""
    found = {name for html in pages for m in CLASSES.finditer(html) for name in "".join(m.groups("")).split()}
    return found.union(*(re.findall(r"[\w-]+", script) for script in scripts))


def slim(css: str, known: Set[str]) -> str:
    """The sheet without the rules that need a class which is not among those known."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).replace('@charset "UTF-8";', "")
    return "".join(kept(css, known))


def kept(css: str, known: Set[str]) -> Iterator[str]:
    for head, body in blocks(css):
        if head.startswith(("@media", "@supports", "@layer", "@container")):
            if inner := "".join(kept(body, known)):
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        elif selectors := [each for each in parts(head) if dresses(each, known)]:
            yield f"{','.join(selectors)}{{{body}}}"


def dresses(selector: str, known: Set[str]) -> bool:
    """Whether there can be something on the pages that the selector finds."""
    return not REPLACED.search(selector) and set(CLASS.findall(CHOICE.sub("", selector))) <= known


def joined(theirs: str, own: str) -> str:
    """Both sheets, without what the theme's defines and neither uses: colours, icons, movements."""
    used = set(re.findall(r"var\((--[\w-]+)", theirs + own))
    left = PROPERTY.sub(lambda m: m[0] if m["name"] in used else "", theirs)
    if left != theirs:  # One property may be all that used another.
        return joined(left, own)
    moving = " ".join(re.findall(r"animation[\w-]*:[^;}]*", theirs + own))
    rules = (
        f"{head}{{{body}}}"
        for head, body in blocks(theirs)
        if body and (not head.startswith("@keyframes") or head.split()[-1] in moving)
    )
    return f"{''.join(rules)}\n{own}"


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
