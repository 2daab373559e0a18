"""The files below docs/ are of known kinds, run nothing, and are as small as a reader needs."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as etree
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from warning_lights.pages import safety
from warning_lights.pages.pictures import SUFFIXES

KINDS = {".md", ".csv", ".pdf", *SUFFIXES}
OTHER_HOST = re.compile(r"""(?:(?:href|src)\s*=|url\(|@import)\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)
# ISO 32000-2, 12.6.4: actions that do more than show a place of the file or open an address.
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToR", "/GoToE"}
MOST_NESTED = 500  # Elements inside each other.
# Of these namespaces a browser reads attributes; others are notes of a drawing program.
BROWSER_NAMESPACES = ("{http://www.w3.org/1999/", "{http://www.w3.org/2001/")
# What a style sheet says word for word: strings, addresses, and comments with a licence.
CSS_LITERAL = r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\(\s*[^"'\s)][^)]*\)|/\*!.*?\*/"""
COMMENT_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)  # Of a script.
SVG, XHTML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml"


def faults(path: Path, docs: Path, named: Collection[str]) -> Iterator[str]:
    """What is wrong with a file of the folder `docs`.

    `named` are the style sheets and scripts, below `docs`, that the site itself uses.
    """
    ending = path.suffix.lower()
    if ending not in KINDS and path.relative_to(docs).as_posix() not in named:
        known = ", ".join(sorted(KINDS))
        yield f"Files of this kind are not published. A page, a table or a picture ends in one of {known}."
    elif ending == ".svg":
        yield from dict.fromkeys(drawing_faults(path.read_bytes()))
    elif ending == ".pdf":
        yield from pdf_faults(path)


def drawing_faults(content: bytes) -> Iterator[str]:
    """What is wrong with a drawing, which a browser reads as XML and without the policy of a page."""
    if re.search(rb"<!DOCTYPE|<!ENTITY|<\?(?!xml[\s?])", content, re.IGNORECASE):
        yield "This drawing has a document type or an instruction. Export it as plain SVG."
        return
    try:
        root = etree.fromstring(content)
    except (etree.ParseError, ValueError, LookupError) as error:
        yield f"This drawing cannot be read: {error}. Export it again."
        return
    if depth(root) > MOST_NESTED:
        yield "Elements of this drawing are nested too deeply. Simplify it, and export it again."
        return
    for element in root.iter():
        space, _, name = str(element.tag).rpartition("}")
        tag = name.lower()
        if space not in {"{" + SVG, ""}:
            if space == "{" + XHTML:
                yield f"<{tag}> is HTML, which no drawing needs."
            continue  # Notes that a drawing program keeps for itself.
        attributes = {
            key.rpartition("}")[2]: value
            for key, value in element.attrib.items()
            if key.startswith(BROWSER_NAMESPACES) or (key[:1] != "{" and key != "style")
        }
        if tag not in {"style", "metadata"}:  # What a style could ask for is looked for below.
            refused = safety.element_faults(tag, attributes, drawn=tag in safety.DRAWING)
            yield from (fault.message for fault in refused)
    # As it is read, and not as it is encoded; in CSS, a backslash may write any character.
    values = [(key, value) for element in root.iter() for key, value in element.attrib.items()]
    css = [value for key, value in values if key == "style" or "(" in value]
    css += ["".join(element.itertext()) for element in root.iter("{" + SVG + "}style")]
    text = "\n".join([*(f'{key.rpartition("}")[2]}="{value}"' for key, value in values), *css])
    if OTHER_HOST.search(re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)) or "\\" in "".join(css):
        yield "This drawing loads a resource from another host. Embed it."


def depth(root: etree.Element) -> int:
    """How deeply elements are nested."""
    levels, level = 0, [root]
    while level:
        levels, level = levels + 1, [child for element in level for child in element]
    return levels


def pdf_faults(path: Path) -> Iterator[str]:
    """What in a PDF runs when it is opened, in compressed objects too."""
    import pikepdf  # Only for a site that holds a PDF.

    try:
        with pikepdf.open(path) as pdf:
            opened = pdf.Root.get("/OpenAction")
            asks = isinstance(opened, pikepdf.Dictionary) and "/URI" in opened
            if asks or any(map(has_action, pdf.objects)):
                yield "This PDF holds a program or an action that runs. Export it without JavaScript."
    except pikepdf.PasswordError:
        yield "This PDF is protected by a password. Export it without."
    except pikepdf.PdfError:
        yield "This PDF cannot be read. Export it again."


def has_action(item: Any) -> bool:
    """Whether an object of a PDF, or one written inside it, is an action of ACTIONS or a script."""
    import pikepdf

    if isinstance(item, pikepdf.Array):
        inside = list(item.as_list())
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        if {"/JS", "/XFA"} & {*item.keys()} or str(item.get("/S", "")) in ACTIONS:
            return True
        inside = [value for _, value in item.items()]
    else:
        return False
    return any(
        has_action(each) for each in inside if isinstance(each, pikepdf.Object) and not each.is_indirect
    )


def symbolic_links(folder: Path) -> Iterator[Path]:
    """The symbolic links below a folder; none is followed."""
    for path, folders, files in os.walk(folder):
        yield from (Path(path, name) for name in sorted([*folders, *files]) if Path(path, name).is_symlink())


def joined_styles(sheets: Collection[str]) -> str:
    """One style sheet, without comments other than licences (`/*!`) and without spaces that mean nothing."""
    css = re.sub(
        rf"(?P<literal>{CSS_LITERAL})|/\*.*?\*/",
        lambda m: m["literal"] or "",
        "\n".join(sheets),
        flags=re.DOTALL,
    )
    parts = re.split(f"({CSS_LITERAL})", css, flags=re.DOTALL)
    parts[::2] = map(without_spaces, parts[::2])
    return "".join(parts).strip()


def without_spaces(css: str) -> str:
    """A part of a style sheet that holds no string, with only those spaces that separate words."""
    css = re.sub(r"\s*([{}\n])\s*", r"\1", css).replace(";}", "}")
    return re.sub(r"([{;])\s*([\w-]+):\s+", r"\1\2:", css)


def without_comment_lines(script: str) -> str:
    """A script without lines that are comments; one with a literal of several lines stays as it is."""
    code = COMMENT_LINE.sub("", script)
    continues = any(line.count("`") % 2 or line.endswith("\\") for line in code.split("\n"))
    return script if continues else code
