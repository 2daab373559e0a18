"""Every entry of the .bib files, formatted: mkdocs-bibtex reads and formats, once a build."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

from warning_lights.bibliography.bibtex import latex_to_text, valid_entries
from warning_lights.bibliography.latex import MATH, balance_braces
from warning_lights.bibliography.lint import YEAR, is_valid_date
from warning_lights.bibliography.pandoc import PandocFailed, run_pandoc
from warning_lights.core.html import plain_text
from warning_lights.core.names import alphanumeric

FULL_STOP = re.compile(r"\.(?P<after>(?:</?\w[^>]*>|[”’\"'])*)\Z")
COMMANDS = re.compile(rf"{MATH.pattern}|\\(?:href|url)\s*\{{[^{{}}]*\}}|\\[A-Za-z]{{2,}}")
# Names of languages as babel has them (BibLaTeX manual, langid), and their tags (BCP 47).
LANGUAGES: dict[str, str] = json.loads(Path(__file__).with_name("languages.json").read_text("utf-8"))
CONTAINERS = ("journaltitle", "journal", "booktitle", "maintitle", "volume")
# What Pandoc's citeproc writes around each entry, and some styles inside it.
FORMATTED = re.compile(
    r'<div id="ref-(?P<key>[^"]*)" class="csl-entry"[^>]*>(?P<html>.*?)</div>'
    r'(?=\s*(?:<div id="ref-|</div>\s*(?:\Z|<section)))',
    re.DOTALL,
)
FOOTNOTE = re.compile(r'<a href="#fn\d+" class="footnote-ref".*?</a>', re.DOTALL)
LABEL = re.compile(r'<div class="csl-left-margin">.*?</div>', re.DOTALL)
RIGHT_COLUMN = re.compile(r'\A<div class="csl-right-inline">(.*)</div>\Z', re.DOTALL)
LEADING_NAMES = re.compile(r"\A(?P<names>[^“<\d]*?\w[^“<\d]*?),?\s+(?=(?:<span[^>]*>)*(?:“|<em>|<i>|<a ))")


@dataclass(frozen=True)
class Reference:
    """One entry: its reference as HTML, and its fields as plain text."""

    key: str
    html: str
    names: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    place: tuple[str, int, int] = ("", 0, 0)  # File, line and column of its key.
    first: tuple[str, str] = ("", "")  # The first author, as the style has the name, and inverted.

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """Where the entry stands in a list by inverted names: by author, date and title."""
        title = re.sub(r"\W+", " ", self.fields.get("title", self.key)).strip()
        title = re.sub(r"^(?:the|an?) ", "", title.casefold())
        date = self.fields.get("date", self.fields.get("year", ""))
        return (self.first[1].casefold() or title, date, title)

    @property
    def inverted_html(self) -> str:
        """The reference as HTML with the name of its first author inverted, as in a list by names."""
        direct, inverted = self.first
        after = self.html[len(direct) :]
        if not direct or not self.html.startswith(direct) or not re.match(r"[\s,.;]|\Z", after):
            return self.html
        return inverted + after

    @property
    def html_without_author(self) -> str:
        """The reference from its title on, where the names stand first."""
        m = LEADING_NAMES.match(self.html)
        return self.html[m.end() :] if m else self.html

    @property
    def address(self) -> str:
        """The address of the work, or that of its DOI; "" where neither is known."""
        doi = self.fields.get("doi", "")
        return self.fields.get("url", "") or (f"https://doi.org/{doi}" if doi else "")

    @property
    def author_names(self) -> str:
        """All authors in full, as the style names them."""
        m = LEADING_NAMES.match(self.html)
        return unescape(m["names"]) if m else ""

    @property
    def cited_for(self) -> str:
        """What a note of a source is cited for there, as its annotation says: `the statement that …`."""
        return self.fields.get("annotation", "").partition("Cited for ")[2]

    @cached_property
    def related(self) -> list[str]:
        """The keys in the field `related`: works that this entry cites."""
        return [key for key in re.split(r"[,\s]+", self.fields.get("related", "")) if key]

    @property
    def keywords(self) -> frozenset[str]:
        return frozenset(re.split(r"\s*[,;]\s*", self.fields.get("keywords", "").strip()))


def load(
    entries: Mapping[str, Any], clean: str, texts: Mapping[str, str], style: Path
) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of a Reference for each entry of pybtex, as JSON can hold them, and key -> what went wrong.

    `clean` are the same entries as BibLaTeX; `texts` are the .bib files, as path -> text. An entry that
    cannot be formatted is set by its names and title. Raises PandocFailed where Pandoc can format nothing.
    """
    blocks = {entry.key: clean[entry.start : entry.end] for entry in valid_entries(clean)}
    formatted, faults = format_entries(blocks, style)
    for key, entry in entries.items():
        if key in formatted and key not in faults and (missing := omitted_fields(entry, formatted[key])):
            faults[key] = f": the citation style leaves out its {' and '.join(missing)}. Change the style."
    where = entry_positions(texts)
    made = {
        key: {
            "html": mark_language(formatted.get(key, ""), entry) or names_and_title(entry),
            "names": short_names(entry),
            "fields": plain_fields(entry),
            "place": where.get(key, ("", 0, 0)),
            "first": first_author(entry),
        }
        for key, entry in entries.items()
    }
    return made, faults


def mark_language(html: str, entry: Any) -> str:
    """A reference whose title is marked as text of the language that the entry names (WCAG 3.1.2)."""
    name = entry.fields.get("langid", "").lower()
    language = LANGUAGES.get(name, name if len(name) == 2 else "")
    if not language or language == "en":
        return html
    if "<a href=" in html:  # The link is the title.
        return html.replace("<a href=", f'<a lang="{language}" href=', 1)
    title = escape(latex_to_text(entry.fields.get("title", "")))
    return html.replace(title, f'<span lang="{language}">{title}</span>', 1) if title else html


def entry_positions(texts: Mapping[str, str]) -> dict[str, tuple[str, int, int]]:
    """key -> (file, line, column), for .bib files as path -> text."""
    entries = [(file, entry) for file, text in texts.items() for entry in valid_entries(text)]
    return {entry.key: (file, entry.line, entry.column) for file, entry in entries}


def format_entries(blocks: Mapping[str, str], style: Path) -> tuple[dict[str, str], dict[str, str]]:
    """key -> HTML from one run over all entries, and key -> fault; the faulty ones are found by halving."""
    try:
        html, not_printed = pandoc_html("\n".join(blocks.values()), style)
    except PandocFailed as error:
        if len(blocks) < 2:
            pandoc_html("@misc{a, title = {A}}", style)  # Where this fails, no entry is to blame.
            return {}, dict.fromkeys(blocks, f" cannot be formatted: {error}")
        items, middle = list(blocks.items()), len(blocks) // 2
        halves = [format_entries(dict(half), style) for half in (items[:middle], items[middle:])]
        return halves[0][0] | halves[1][0], halves[0][1] | halves[1][1]
    faults = {key: ": the citation style prints nothing for this entry." for key in blocks if key not in html}
    for key, block in blocks.items():
        if unknown := [command for command in dict.fromkeys(not_printed) if command in block]:
            advice = "Write the words without the command, and a symbol as itself."
            faults[key] = f": nothing is printed of {' and '.join(unknown)}. {advice}"
    return html, faults


def pandoc_html(bibtex: str, style: Path) -> tuple[dict[str, str], list[str]]:
    """key -> HTML of every entry, and the commands of LaTeX that are not printed; raises PandocFailed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.bib"
        path.write_text(bibtex, encoding="utf-8")
        log = Path(folder) / "log.json"
        options = ("--from=markdown", "--to=html", "--citeproc", "--wrap=none", f"--log={log}")
        html = run_pandoc('---\nnocite: "@*"\n---\n', *options, f"--bibliography={path}", f"--csl={style}")
        messages = json.loads(log.read_text(encoding="utf-8"))
    not_printed = [
        each["contents"]["c"][1].strip() for each in messages if each["type"] == "InlineNotRendered"
    ]
    not_printed += ["\\footnote"] if FOOTNOTE.search(html) else []
    # Without the number or label that some styles set before an entry.
    unlabelled = {
        unescape(m["key"]): LABEL.sub("", FOOTNOTE.sub("", m["html"])).strip()
        for m in FORMATTED.finditer(html)
    }
    return {key: RIGHT_COLUMN.sub(r"\1", entry).strip() for key, entry in unlabelled.items()}, not_printed


def omitted_fields(entry: Any, html: str) -> list[str]:
    """The fields that distinguish a work from others and that its reference does not show."""
    printed = letters_of(plain_text(html))
    # What stands in a formula, or what a command of LaTeX prints, is left to Pandoc.
    wanted = {name: plain_pieces(entry.fields.get(name, "")) for name in ("title", *CONTAINERS)}
    for role in ("author", "editor"):
        if people := entry.persons.get(role):
            wanted[role] = plain_pieces(" ".join(people[0].last_names))
            break
    date = entry.fields.get("date", "") or entry.fields.get("year", "")
    year = re.search(r"\d{4}", date) if is_valid_date(date) or YEAR.fullmatch(date) else None
    if year and not re.match(r"\s*[-/.]|.*/[-.\d]*$", entry.fields.get("date", "")):
        wanted["date"] = [str(int(year[0]))]
    return [name for name, parts in wanted.items() if any(letters_of(part) not in printed for part in parts)]


def letters_of(text: str) -> str:
    """Letters and digits alone, without marks: Pandoc and pybtex write `\\"\\i` with other characters."""
    letters = (letter for letter in normalize("NFKD", text) if not combining(letter))
    return alphanumeric("".join(letters)).replace("ı", "i")


def plain_pieces(latex: str) -> list[str]:
    return [latex_to_text(balance_braces(part)) for part in COMMANDS.split(latex)]


def short_names(entry: Any) -> str:
    """The names for a sentence: `Wray`, `Ingram and Mines`, `Jadoon et al.`, else the title."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    families = [latex_to_text(" ".join(person.prelast_names + person.last_names)) for person in people]
    if not families:
        return latex_to_text(entry.fields.get("organization", "") or entry.fields.get("title", ""))
    if len(families) > 2:
        return f"{families[0]} et al."
    return " and ".join(families)


def names_and_title(entry: Any) -> str:
    parts = [short_names(entry), latex_to_text(entry.fields.get("title", ""))]
    return escape(", ".join(filter(None, parts)))


def first_author(entry: Any) -> tuple[str, str]:
    """(`Ann Doe`, `Doe, Ann`) of an entry's first author; of an organisation, its name twice."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    if not people:
        return "", ""
    given = latex_to_text(" ".join(people[0].first_names + people[0].middle_names))
    family = latex_to_text(" ".join(people[0].prelast_names + people[0].last_names))
    return (f"{given} {family}", f"{family}, {given}") if given else (family, family)


def plain_fields(entry: Any) -> dict[str, str]:
    raw = {"url", "doi", "keywords", "related", "isbn"}
    return {
        name.lower(): value if name.lower() in raw else latex_to_text(value)
        for name, value in entry.fields.items()
    }


def join_reference(html: str, after: str, joint: str = ", ", *, full_stop: bool) -> tuple[str, str]:
    """A reference and what follows it, as (HTML, text): the full stop goes to the end, or goes.

    `…, 2024.` with `para. 3` is `…, 2024` and `, para. 3.`; `Data.”` is `Data,”` and ` para. 3.`
    """
    m = FULL_STOP.search(html)
    if not after:
        return (html, "") if full_stop or not m else (html[: m.start()] + m["after"], "")
    stop = "." if full_stop and not after.endswith(".") else ""
    if m and joint.startswith(",") and re.search(r"[”’\"']", m["after"]):
        return f"{html[: m.start()]},{m['after']}", f" {after}{stop}"
    body = html[: m.start()] + m["after"] if m else html
    return body, f"{joint}{after}{stop}"
