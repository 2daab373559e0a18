"""The letters of the site come with the site: typefaces from locked packages, cut to the characters in use.

Source Serif and Source Sans are of one family. Cut, they get names of their own, as their licence asks
(SIL Open Font License 1.1, with the reserved name “Source”); notice and licence stay inside each file.
docs/assets/site.css declares them. A character that a typeface lacks is shown in the reader's own.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Set
from importlib.metadata import version
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro
from fontTools import subset
from mkdocs.config.defaults import MkDocsConfig
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
# What templates, citations and numbering put on a page beside its own words.
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "\u00a0§©«»·×–—‘’“”†‡…←↑→↓↩−"
OWN_NAMES = {1, 3, 4, 6, 16, 18, 21}  # Records of the name table that hold the family's name.


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    root = Path(config.config_file_path).parent
    texts = [file.content_string for file in files.documentation_pages()]
    texts += [path.read_text("utf-8", errors="replace") for path in sorted(root.glob("bibliography/*.bib"))]
    characters = set(ALWAYS).union(*texts)
    for name, path in FACES.items():
        content = cached(path, name, characters, root / ".cache" / "fonts")
        files.append(File.generated(config, f"assets/fonts/{name}.woff2", content=content))
    return files


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
