"""Add a source: a page from the template, an entry in the bibliography, a line in the nav.

    make source KEY=doe2024title TITLE="A title" URL=https://example.org/page
    make source FROM=export.ris

The command asks for what is not given; a file of a reference manager gives all three, by its first entry.
The values come from the environment, so that neither make nor a shell reads what is in a title. An existing
key, page or address is refused, and then nothing is written.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import entries
from warning_lights.bibliography import clean
from warning_lights.bibliography.bibtex import valid_entries
from warning_lights.links import policy as link_policy

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = Path(__file__).with_name("source.md")
KEY = re.compile(r"[a-z]+(?:-[a-z]+)*\d{4}[a-z0-9]*(?:-[a-z0-9]+)*")
# In a value of BibLaTeX and in Markdown, what would not be printed as it is.
LATEX = str.maketrans(
    {
        **{character: f"\\{character}" for character in "$&%#_"},
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
ACRONYM = re.compile(r"\b(?:[A-Z]\.){2,}|\b[A-Z]{2,}\d*\b|\b[a-z]+[A-Z]\w*")
MARKDOWN = re.compile(r"[\\`*_\[\]<>]")


class Refused(ValueError):
    """Why nothing is written."""


def add(root: Path, key: str, title: str, url: str, entry: str = "") -> list[Path]:
    """Write page, entry and nav line below `root`; returns the files touched. Raises Refused.

    `entry` is the text of the entry where a file has one; else it is made of the three values.
    """
    key, title, url = key.strip(), " ".join(title.split()), url.strip()
    if not KEY.fullmatch(key):
        raise Refused(f"“{key}” is not a valid key: write author, year and a word, for example doe2024title.")
    if not title:
        raise Refused("A source needs a title.")
    if fault := clean.address_fault(url):
        raise Refused(f"The address {fault}")
    if re.search(r"[{}\\]", title):
        raise Refused("Write the title without braces and backslashes.")
    if reason := forbidden(root, url):
        raise Refused(f"The address must not be linked. {reason}")
    refuse_known(root, key, url)
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
        title=yaml_text(title),
        description=yaml_text(f"A summary of {short}, with every claim cited."),
        heading=MARKDOWN.sub(r"\\\g<0>", title),
        key=key,
    )
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    before = bib.read_text(encoding="utf-8").rstrip() + "\n\n" if bib.is_file() else ""
    bib.write_text(before + (entry or bib_entry(key, title, url)), encoding="utf-8")
    config.write_text(nav, encoding="utf-8")
    return [page, bib, config]


def forbidden(root: Path, url: str) -> str:
    """Why the policy of the site forbids the host of this address, or ""."""
    return link_policy.load(root).forbids(urlsplit(url).hostname or "")


def refuse_known(root: Path, key: str, url: str) -> None:
    for path in sorted((root / "bibliography").glob("*.bib")):
        for entry in valid_entries(path.read_text(encoding="utf-8-sig")):
            place = f"{path.relative_to(root)}:{entry.line}"
            if entry.key.lower() == key.lower():
                raise Refused(f"{key} is in {place} already.")
            if "url" in entry.fields and entry.fields["url"].value.strip('{}" ') == url:
                raise Refused(f"The address is in {place} already, as {entry.key}.")


def bib_entry(key: str, title: str, url: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    written = with_braces(title).translate(LATEX)
    return (
        f"@online{{{key},\n  title        = {{{written}}},\n  organization = {{{{{host}}}}},\n"
        f"  url          = {{{url}}},\n  keywords     = {{source}},\n}}\n"
    )


def with_braces(title: str) -> str:
    """The title with braces around what a style may lower-case: acronyms, and names in a plain sentence."""
    words = title.split(" ")
    small = sum(word[:1].islower() for word in words[1:])
    sentence_case = small * 2 >= len(words) - 1
    return " ".join(
        f"{{{word}}}" if ACRONYM.search(word) or (i and sentence_case and word[:1].isupper()) else word
        for i, word in enumerate(words)
    )


def with_page(config: str, page: str) -> str:
    """mkdocs.yml with the page after the last one of the section Sources."""
    lines = config.split("\n")
    known = [i for i, line in enumerate(lines) if re.match(r"\s+- sources/\S+\.md\s*(?:#.*)?$", line)]
    if not known:
        raise Refused("mkdocs.yml has no page of sources/ in its nav after which to put the new one.")
    indent = lines[known[-1]][: -len(lines[known[-1]].lstrip())]
    return "\n".join([*lines[: known[-1] + 1], f"{indent}- {page}", *lines[known[-1] + 1 :]])


def yaml_text(text: str) -> str:
    """Text as a YAML value, quoted where a colon or the like would be read as syntax."""
    return text if re.fullmatch(r"[^\W\d][\w ,.()’“”–-]*", text) else json.dumps(text, ensure_ascii=False)


def ask(name: str, question: str, found: str = "") -> str:
    """The value of the environment, else what a file has, else the answer to a question."""
    return os.environ.get(name, "") or found or input(f"{question}: ")


def from_file(path: Path) -> tuple[str, str, str, str]:
    """Key, title, address and text of the first entry of a file."""
    new = entries.read(path)[0]
    (entry,) = valid_entries(new.text)
    values = {name: re.sub(r"[{}]|\\(?=[$&%#_])", "", item.value) for name, item in entry.fields.items()}
    doi = values.get("doi", "")
    key = new.key if KEY.fullmatch(new.key) else entries.key_of(entry)
    text = new.text.replace(f"{{{new.key},", f"{{{key},", 1)
    return key, values.get("title", ""), values.get("url") or (doi and f"https://doi.org/{doi}"), text


def as_source(text: str, url: str) -> str:
    """The text of an entry with the keyword of a source, and with an address where it has none."""
    address = "" if re.search(r"^\s*(?:url|doi)\s*=", text, re.MULTILINE) else f"  url = {{{url}}},\n"
    return f"{text.rstrip().removesuffix('}')}{address}  keywords = {{source}},\n}}\n"


def main() -> int:
    try:
        key = title = url = entry = ""
        if path := os.environ.get("FROM", ""):
            key, title, url, entry = from_file(Path(path).expanduser())
        # The key of a file is in its entry already.
        key = key or ask("KEY", "Key (author, year and a word, for example doe2024title)")
        title = ask("TITLE", "Title as printed", title)
        url = ask("URL", "Address", url)
        entry = entry and as_source(entry, url)
        touched = add(ROOT, key, title, url, entry)
    except (Refused, entries.Refused) as error:
        print(f"{error} Nothing was written.", file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 1
    print("Written:")
    for touched_path in touched:
        print(f"  {touched_path.relative_to(ROOT)}")
    print("Next: add what the entry lacks, write the page, and look at it with `make serve`.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
