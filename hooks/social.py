"""Every section has a picture for links that are shared elsewhere, made here and kept here.

Typst sets it, in the typefaces of the site. Templates find it on each page as `picture`, with `path`
and `words` (what can be read on it). While previewing, nothing is made.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import typst
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

import fonts
from warning_lights.core import project

TEMPLATE = Path(__file__).with_suffix(".typ")

previewing = False
pictures: dict[str, dict[str, str]] = {}  # By title of the section; made anew by each build.


@dataclass(frozen=True)
class Picture:
    path: str
    words: str


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global previewing
    previewing = command == "serve"


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """One for the home page, one for each section; a page outside all sections has the first."""
    if previewing or not config.site_url:
        return
    pictures.clear()
    pictures[""] = {"site": "", "title": str(config.site_name), "words": str(config.site_description or "")}
    for section in (item for item in nav.items if isinstance(item, Section)):
        words = described(section) or pictures[""]["words"]
        pictures[section.title] = {"site": str(config.site_name), "title": section.title, "words": words}
    for title, given in pictures.items():
        content = cached(given, project.root(config) / ".cache" / "social")
        files.append(File.generated(config, path(title), content=content))


def on_page_context(context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation) -> None:
    if not previewing and config.site_url:
        title = str([*page.ancestors][-1].title) if page.ancestors else ""
        given = pictures.get(title, pictures[""])
        context["picture"] = Picture(path(title), f"{given['title']}. {given['words']}")


def described(section: Section) -> str:
    """What the page at the head of a section says of it; the pages are not read yet."""
    for child in section.children:
        if isinstance(child, Page) and child.is_index:
            return str(get_data(child.file.content_string)[1].get("description") or "")
    return ""


def path(title: str) -> str:
    return f"assets/social/{'-'.join(re.findall(r'[a-z0-9]+', title.lower())) or 'home'}.png"


def cached(given: dict[str, str], folder: Path) -> bytes:
    made_from = repr(sorted(given.items())).encode() + TEMPLATE.read_bytes()
    kept = folder / f"{hashlib.sha256(made_from).hexdigest()[:16]}.png"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(draw(given))
    return kept.read_bytes()


def draw(given: dict[str, str]) -> bytes:
    picture = typst.compile(
        str(TEMPLATE),
        format="png",
        ppi=72,
        font_paths=[str(fonts.SERIF), str(fonts.SANS)],
        ignore_system_fonts=True,
        sys_inputs=given,
    )
    assert isinstance(picture, bytes), "The template has one page."
    return picture
