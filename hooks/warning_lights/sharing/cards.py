"""The picture that is shown where a link to a section is shared, set by Typst in the site's typefaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import typst

from warning_lights.core.cache import cached, code_of, key_of
from warning_lights.core.fragments import slug

TEMPLATE = Path(__file__).with_name("card.typ")


def path_of(title: str) -> str:
    """The path of a section's card on the site; that of the home page for an empty title."""
    return f"assets/social/{slug(title) or 'home'}.png"


def card(texts: Mapping[str, str], fonts: Sequence[Path], cache: Path | None) -> bytes:
    """A PNG of `texts`: `site` (may be empty), `title` and `words`; `fonts` are folders of typefaces."""
    given = dict(sorted(texts.items()))
    name = f"card-{key_of([given['title']])[:8]}"
    depends_on = [version("typst"), code_of(TEMPLATE.parent, *fonts), *given.values()]

    def draw() -> bytes:
        picture = typst.compile(
            str(TEMPLATE),
            format="png",
            ppi=72,
            font_paths=[str(folder) for folder in fonts],
            ignore_system_fonts=True,
            sys_inputs=given,
        )
        assert isinstance(picture, bytes), "The template has one page."
        return picture

    return cached(cache, name, depends_on, draw)
