"""How long the book takes, how large it is and what memory it needs, for this site and ten times its pages.

`python benchmarks/book_pages.py 1 10`, from the folder of mkdocs.yml; the finished pages are read once.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from warning_lights.book import Book, make
from warning_lights.core.findings import Finding

ROOT = Path(__file__).resolve().parent.parent


def read_site() -> Book:
    """The book of this site, as the hook would make it."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=tempfile.mkdtemp())
    hook = next(hook for name, hook in config.plugins.items() if Path(name).name == "book.py")
    books: list[Book] = []

    def made(book: Book, cache: Path) -> tuple[bytes, list[Finding]]:
        books.append(book)
        return b"", []

    hook.make = made
    build(config)
    return books[0]


def times(book: Book, number: int) -> Book:
    """The same book with each chapter `number` times, each time in a folder of the site of its own."""
    copies = [
        replace(chapter, url=f"copy-{copy}/{chapter.url}" if copy else chapter.url)
        for copy in range(number)
        for chapter in book.chapters
    ]
    return replace(book, chapters=copies)


def main() -> None:
    book = read_site()
    for number in map(int, sys.argv[1:] or ["1"]):
        begun = time.perf_counter()
        pdf, findings = make(times(book, number), None)
        seconds = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"{number:3} × {len(book.chapters)} pages: {seconds:.1f} s, {len(pdf) / 1e6:.2f} MB,"
            f" {peak:.0f} MiB at most, {len(findings)} findings"
        )


if __name__ == "__main__":
    main()
