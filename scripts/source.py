"""Add a source: a page from the template, an entry in the bibliography, a line in the nav.

    make source KEY=doe2024title TITLE="A title" URL=https://example.org/page

What is not given is asked for. An existing key or page is refused, and then nothing is written.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from warning_lights.bibliography import lint
from warning_lights.bibliography.bibtex import Entry, scan

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).with_name("source.md")
KEY = re.compile(r"[a-z]+\d{4}[a-z]*")


class Refused(ValueError):
    """Why nothing is written."""


def add(root: Path, key: str, title: str, url: str) -> list[Path]:
    """Write page, entry and nav line below `root`; returns the files touched. Raises Refused."""
    key, title, url = key.strip(), " ".join(title.split()), url.strip()
    if not KEY.fullmatch(key):
        raise Refused(f"“{key}” is no key: write author, year and a word, for example doe2024title.")
    if not title:
        raise Refused("A source needs a title.")
    if fault := lint.fault_of_address(url):
        raise Refused(f"The address {fault}")
    if '"' in title or "{" in title:
        raise Refused("Write the title with “curly” quotation marks and without braces.")
    for path in sorted((root / "bibliography").glob("*.bib")):
        for entry in scan(path.read_text(encoding="utf-8")):
            if isinstance(entry, Entry) and entry.key.lower() == key.lower():
                raise Refused(f"{key} is in {path.relative_to(root)}:{entry.line} already.")
    name = "-".join(re.findall(r"[a-z0-9]+", title.lower())[:6]) or key
    page, bib, config = (
        root / "docs/sources" / f"{name}.md",
        root / "bibliography/sources.bib",
        root / "mkdocs.yml",
    )
    if page.exists():
        raise Refused(f"{page.relative_to(root)} is there already.")
    nav = with_page(config.read_text(encoding="utf-8"), f"sources/{name}.md")
    # All is known to be well: only now is anything written.
    short = title if len(title) < 90 else title[:89].rsplit(" ", 1)[0] + "…"
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=yaml_text(title), short=short.replace(":", ","), key=key
    )
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text.replace(f"# {yaml_text(title)}", f"# {title}"), encoding="utf-8")
    entries = bib.read_text(encoding="utf-8").rstrip()
    bib.write_text(f"{entries}\n\n{bib_entry(key, title, url)}", encoding="utf-8")
    config.write_text(nav, encoding="utf-8")
    return [page, bib, config]


def bib_entry(key: str, title: str, url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return (
        f"@online{{{key},\n  title        = {{{braced(title)}}},\n  organization = {{{{{host}}}}},\n"
        f"  url          = {{{url}}},\n  keywords     = {{source}},\n}}\n"
    )


def braced(title: str) -> str:
    """The title with braces around what a style may lower-case: acronyms, and names in a plain sentence."""
    words = title.split(" ")
    small = sum(word[:1].islower() for word in words[1:])
    sentence_case = small * 2 >= len(words) - 1
    return " ".join(
        f"{{{word}}}" if lint.ACRONYM.search(word) or (i and sentence_case and word[:1].isupper()) else word
        for i, word in enumerate(words)
    )


def with_page(config: str, page: str) -> str:
    """mkdocs.yml with the page behind the last one of the section Sources."""
    lines = config.split("\n")
    known = [i for i, line in enumerate(lines) if re.match(r"\s+- sources/\S+\.md\s*(?:#.*)?$", line)]
    if not known:
        raise Refused("mkdocs.yml has no page of sources/ in its nav to put the new one behind.")
    indent = lines[known[-1]][: -len(lines[known[-1]].lstrip())]
    return "\n".join([*lines[: known[-1] + 1], f"{indent}- {page}", *lines[known[-1] + 1 :]])


def yaml_text(text: str) -> str:
    """Text as a YAML value, quoted where a colon or the like would be read as syntax."""
    return f'"{text}"' if re.search(r"[:#]|^[\W\d]", text) else text


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, help_ in {"key": "doe2024title", "title": "the title as printed", "url": "https://…"}.items():
        parser.add_argument(f"--{name}", default="", help=help_)
    options = parser.parse_args(arguments)
    try:
        key = options.key or input("Key (author, year and a word, for example doe2024title): ")
        title = options.title or input("Title as printed: ")
        url = options.url or input("Address: ")
        touched = add(ROOT, key, title, url)
    except Refused as error:
        print(f"{error} Nothing was written.", file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 1
    print("Written:")
    for path in touched:
        print(f"  {path.relative_to(ROOT)}")
    print("Next: add author, outlet and date to the entry, write the page, and look at it with `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
