"""Every picture says what it shows, and none is too heavy for a phone; how wide and high each is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import Image, UnidentifiedImageError

from warning_lights.core import markdown_source
from warning_lights.core.html import resolve_address

SUFFIXES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"}
SVG = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE)
LENGTH = rb"""\s%s\s*=\s*["']\s*([\d.]+)(?:px)?\s*["']"""
VIEW = re.compile(rb"""\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)""")
MOST_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")  # Other readers of Pillow start programs, as for PostScript.
ROTATED = {5, 6, 7, 8}  # Orientations of EXIF that lay a picture on its side.
# `alt=""` is a writer's word that a picture only decorates; no alt at all is not.
WITHOUT_ALT = re.compile(r"!\[\s*\](?=[(\[])|<img\b(?![^>]*\salt\s*=)[^>]*>", re.IGNORECASE)


def images_without_alt(text: str) -> Iterator[tuple[int, int, str]]:
    """(line, column, message) for each picture of a Markdown file that says nothing to who cannot see it."""
    for line, column in markdown_source.find_positions(text, WITHOUT_ALT):
        yield (
            line,
            column,
            "This image has no alternative text. Say between the brackets what it shows: ![A map of …](…).",
        )


def size_fault(path: Path, limit: int) -> str:
    """What is wrong with a file that is a picture of more than `limit` kilobytes; nothing with others."""
    size = path.stat().st_size
    if path.suffix.lower() not in SUFFIXES or size <= limit * 1000:
        return ""
    return (
        f"This picture has {size / 1e6:.1f} MB; {limit} kB is the limit. Make it smaller, or save it as WebP."
    )


def reading_fault(path: Path) -> str:
    """Why a file that is a picture cannot be shown whole; nothing with drawings and with others."""
    if path.suffix.lower() not in SUFFIXES - {".svg", ".avif"}:
        return ""
    try:
        with Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                millions = f"{picture.width * picture.height / 1e6:.0f}"
                return f"This picture has {millions} million points; {MOST_PIXELS // 10**6} are the limit."
            picture.load()
    except UnidentifiedImageError:
        return "This file is not a valid image. Save it again."
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        return f"This picture cannot be read: {error}. Save it again."
    return ""


def size(path: Path) -> tuple[int, int] | None:
    """(width, height) as a browser shows the picture, or None where the file does not say."""
    try:
        if path.suffix.lower() == ".svg":
            return svg_size(path.read_bytes())
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            return (height, width) if picture.getexif().get(0x0112) in ROTATED else (width, height)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # `reading_fault` says why.
        return None


def size_at(docs: Path, page: str, src: str) -> tuple[int, int] | None:
    """The size of the picture below `docs` to which the address `src` leads on the page at `page`."""
    parts = urlsplit(resolve_address(f"/{page}", src))
    path = unquote(parts.path).lstrip("/")
    return size(docs / path) if path and not parts.netloc else None


def svg_size(content: bytes) -> tuple[int, int] | None:
    """By its width and height, else by its view."""
    tag = SVG.search(content)
    if not tag:
        return None
    sides = [re.search(LENGTH % name, tag[0]) for name in (b"width", b"height")]
    view = VIEW.search(tag[0])
    width, height = (float(side[1]) if side else 0 for side in sides)
    if not (width and height) and view:
        width, height = float(view[1]), float(view[2])
    return (round(width), round(height)) if width >= 1 and height >= 1 else None
