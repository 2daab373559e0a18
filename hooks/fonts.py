"""The letters of the site come with the site: typefaces from locked packages, cut to the characters shown.

Source Serif and Source Sans are of one family. Cut, they get names of their own, as their licence asks
(SIL Open Font License 1.1, with the reserved name “Source”); notice and licence stay inside each file.
docs/assets/site.css declares them. A character that a typeface lacks is shown in the reader's own.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
import string
from collections.abc import Iterator, Set
from importlib.metadata import version
from pathlib import Path
from typing import Any

import font_source_sans_pro
import font_source_serif_pro
from fontTools import subset
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files

SERIF = Path(font_source_serif_pro.font_directory)
SANS = Path(font_source_sans_pro.font_directory)
FACES = {
    "text": SERIF / "SourceSerifPro-Regular.ttf",
    "text-italic": SERIF / "SourceSerifPro-It.ttf",
    "text-bold": SERIF / "SourceSerifPro-Semibold.ttf",
    "sans": SANS / "SourceSansPro-Regular.ttf",
}
FEATURES = {
    "text": ["kern", "liga", "mark", "ccmp", "lnum", "onum", "pnum", "tnum"],
    "text-bold": ["kern", "liga", "mark", "ccmp"],  # Words, hardly ever figures.
}
# What templates, scripts and the next page may show beside what stands on the pages now.
ALWAYS = f"{string.ascii_letters}{string.digits} !\"%&'()+,-./:;?\u00a0§©«»·×–—‘’“”†‡…←↑→↓↩−"
HIDDEN = re.compile(r"<(code|pre|script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)  # Code has its own.
OWN_NAMES = {1, 3, 4, 6, 16, 18, 21}  # Records of the name table that hold the family's name.


@event_priority(-200)  # When every other hook has written what it adds to the pages.
def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    characters = set(ALWAYS).union(str(config.site_name), str(config.site_description), *shown(files))
    for name, path in FACES.items():
        content = cached(path, name, characters, Path(config.config_file_path).parent / ".cache" / "fonts")
        files.append(File.generated(config, f"assets/fonts/{name}.woff2", content=content))


def shown(files: Files) -> Iterator[str]:
    """The text of each page, its title and its description."""
    for file in files.documentation_pages():
        if file.page:
            yield html.unescape(HIDDEN.sub("", file.page.content or ""))
            yield f"{file.page.title}{file.page.meta.get('description', '')}"


def cached(path: Path, name: str, characters: Set[str], folder: Path) -> bytes:
    made_from = [path.name, name, version("fonttools"), *features(name), "", *sorted(characters)]
    kept = folder / f"{hashlib.sha256(''.join(made_from).encode()).hexdigest()[:16]}.woff2"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(cut(path, name, characters))
    return kept.read_bytes()


def features(name: str) -> list[str]:
    return FEATURES.get(name, FEATURES["text"])


def cut(path: Path, name: str, characters: Set[str]) -> bytes:
    """The typeface with these characters only, as WOFF2; the same bytes for the same input."""
    options = subset.Options(
        flavor="woff2",
        layout_features=features(name),
        hinting=False,
        notdef_outline=True,
        name_IDs=[*range(23)],
    )
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(each) for each in characters])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in OWN_NAMES:
            record.string = f"Warning Lights {name}".replace(" ", "-" if record.nameID == 6 else " ")
    font.recalcTimestamp = False
    file = io.BytesIO()
    subset.save_font(font, file, options)
    return file.getvalue()
