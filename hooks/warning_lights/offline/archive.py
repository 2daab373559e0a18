"""The finished site as one zip, the same bytes for the same content."""

from __future__ import annotations

import hashlib
import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from warning_lights.core import dates
from warning_lights.core.history import Revision
from warning_lights.offline import pages

# Of no use without a server: the page for wrong addresses, what search engines read, maps of scripts.
EXCLUDED = ("404.html", "sitemap.xml", "sitemap.xml.gz", "*.map")


def offline_files(site: Path, address: str, left_out: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """(path, content) of each file of the copy, as it must be to work from disk."""
    paths = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    paths = {
        n: p
        for n, p in paths.items()
        if not any(Path(n).match(pattern) for pattern in [*EXCLUDED, *left_out])
    }
    rewriter = pages.AddressRewriter(paths.keys() | {pages.INDEX_SCRIPT}, address)
    for name, path in paths.items():
        if name == pages.INDEX:
            index = rewriter.search_script(path.read_text(encoding="utf-8"))
            yield pages.INDEX_SCRIPT, index.encode()
        elif name.endswith(".html"):
            yield name, rewriter.rewrite_page(path.read_text(encoding="utf-8"), name).encode()
        elif name.endswith(".css"):
            yield name, pages.without_font_wait(path.read_text(encoding="utf-8")).encode()
        else:
            yield name, path.read_bytes()


def zip_files(content: Mapping[str, bytes], folder: str, made_from: Revision) -> bytes:
    """The zip, which unpacks into `folder`; the same bytes wherever and whenever it is packed."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name in sorted(content):
            info = zipfile.ZipInfo(posixpath.join(folder, name), made_from.date.timetuple()[:6])
            info.create_system = 3  # Unix, also when packed elsewhere: else permissions mean nothing.
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content[name])
    return whole.getvalue()


def downloads_table(copies: Iterable[Path], made_from: Revision) -> str:
    """The finished copies in a table."""
    rows = "".join(
        f"<tr><td><code>{escape(path.name)}</code></td><td>{size_in_words(path.stat().st_size)}</td>"
        f"<td><code>{hashlib.sha256(path.read_bytes()).hexdigest()}</code></td></tr>"
        for path in sorted(copies)
    )
    date = dates.day_in_words(made_from.date)
    return (
        f"<table><caption>Made from the content of {date}</caption><thead><tr><th>File</th><th>Size</th>"
        f"<th>SHA-256</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def size_in_words(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} kB"
