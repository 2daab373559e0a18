"""The typefaces of the site come with the site: from locked packages, cut to the characters shown.

Source Serif and Source Sans are of one family. Cut, they get names of their own, as their licence asks
(SIL Open Font License 1.1, with the reserved name “Source”); notice and licence stay inside each file.
docs/assets/site.css declares them. A character that a typeface lacks is shown in the reader's own.
"""

from __future__ import annotations

import html
import io
import re
import string
from collections.abc import Set
from importlib.metadata import version
from pathlib import Path

import font_source_sans_pro
import font_source_serif_pro

from warning_lights.core.cache import cached

SERIF = Path(font_source_serif_pro.font_directory)
SANS = Path(font_source_sans_pro.font_directory)
FACES = {
    "text": SERIF / "SourceSerifPro-Regular.ttf",
    "text-italic": SERIF / "SourceSerifPro-It.ttf",
    "text-bold": SERIF / "SourceSerifPro-Semibold.ttf",
    "sans": SANS / "SourceSansPro-Regular.ttf",
}
FOLDERS = (SERIF, SANS)
FEATURES = {
    "text": ["kern", "liga", "mark", "ccmp", "lnum", "onum", "pnum", "tnum"],
    "text-bold": ["kern", "liga", "mark", "ccmp"],  # Words, hardly ever figures.
}
# What templates, scripts and the next page may show in addition to what the pages show now.
ALWAYS_INCLUDED = f"{string.ascii_letters}{string.digits} !\"%&'()+,-./:;?\u00a0§©«»·×–—‘’“”†‡…←↑→↓↩−"
NOT_DISPLAYED = re.compile(r"<(code|pre|script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)  # Code has its own.
FAMILY_NAME_RECORDS = {1, 3, 4, 6, 16, 18, 21}  # Records of the name table that hold the family's name.


def displayed_text(html_text: str) -> str:
    """The text of a page that is set in a typeface of the site: all but code."""
    return html.unescape(NOT_DISPLAYED.sub("", html_text))


def cached_subset(name: str, characters: Set[str], family: str, cache: Path | None) -> bytes:
    """The face `name` of FACES with these characters only, as WOFF2; the same bytes for the same input."""
    path = FACES[name]
    given = [name, family, version("fonttools"), *features(name), *sorted(characters)]
    return cached(
        cache,
        f"font-{name}",
        [path.read_bytes(), *given],
        lambda: subset_font(path, name, characters, family),
    )


def features(name: str) -> list[str]:
    return FEATURES.get(name, FEATURES["text"])


def subset_font(path: Path, name: str, characters: Set[str], family: str) -> bytes:
    from fontTools import subset  # Takes longer to import than a build without a new character may cost.

    options = subset.Options(
        flavor="woff2",
        layout_features=features(name),
        hinting=False,
        notdef_outline=True,
        name_IDs=[*range(23)],
    )
    font = subset.load_font(io.BytesIO(path.read_bytes()), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(each) for each in characters])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in FAMILY_NAME_RECORDS:
            record.string = f"{family} {name}".replace(" ", "-" if record.nameID == 6 else " ")
    font.recalcTimestamp = False
    file = io.BytesIO()
    subset.save_font(font, file, options)
    return file.getvalue()
