"""The glossary: rows in, terms and messages out; then links on pages, and back from the terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from conftest import BIBTEX, Build, one
from warning_lights.book.index import read_terms as terms_of_book
from warning_lights.data import terms as glossary_terms
from warning_lights.data.mentions import Glossary, definitions_script
from warning_lights.data.terms import COLUMNS, Term

CASES = Path(__file__).parent / "cases" / "glossary"
HEAD = ",".join(COLUMNS) + "\n"
TERMS = [
    Term("Islamic State", "organisation", "A militant *organisation*.", ("IS",), "[@a]", 2),
    Term("Islamic State Khorasan", "organisation", "Its branch in the “region”.", ("ISK", "ISIS-K"), "", 3),
    Term("Old & New", "media", "A paper.", (), "", 4),
    Term("takfir", "term", "A verdict [@a, p. 3].", ("the verdict",), "", 5),
    Term("Da’i", "person", "A preacher.", (), "", 6),
]


@pytest.mark.parametrize("case", sorted(CASES.glob("rows_*.yml")), ids=lambda path: path.stem)
def test_rows(case: Path) -> None:
    data: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    terms, problems = glossary_terms.read(HEAD + data["rows"], {"a", "b"})
    assert [f"{line}:{column}: {message}" for line, column, message in problems] == data.get("reports", [])
    if "terms" in data:
        assert [term.slug for term in terms] == data["terms"]
    markup = "\n".join(glossary_terms.glossary_markdown(terms))
    for part in data.get("markup", []):
        assert part in markup


@pytest.mark.parametrize("case", sorted(CASES.glob("page_*.yml")), ids=lambda path: path.stem)
def test_page(case: Path) -> None:
    """Links are shown as {words|slug}."""
    data: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    html, mentions = Glossary(TERMS).link_mentions(data["page"], "g/#term-")
    shown = re.sub(r'<a class="term" id="[^"]*" href="g/#term-([^"]*)"[^>]*>([^<]*)</a>', r"{\2|\1}", html)
    assert shown == data.get("shown", data["page"])
    assert len(mentions) == html.count('<a class="term"')


PIECES = [
    "ISK",
    "takfir ",
    "<p>",
    "</p>",
    "<a href='x'>",
    "</a>",
    "“",
    "”",
    "<b",
    ">",
    "<!--",
    "-->",
    "&amp;",
    "<br>",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
@settings(deadline=None, max_examples=300)
def test_nothing_but_links_is_added(page: str) -> None:
    html, mentions = Glossary(TERMS).link_mentions(page, "g/#")
    assert re.sub(r'<a class="term"[^>]*>([^<]*)</a>', r"\1", html) == page
    assert html.count('class="term"') == len(mentions)


def test_the_time_grows_with_the_length_of_a_page() -> None:
    page = "<b>" * 20_000 + "ISK" + "</i>" * 20_000
    start = process_time()
    assert len(Glossary(TERMS).link_mentions(page, "g/#")[1]) == 1
    assert process_time() - start < 3, "Seconds mean that each end is compared with all starts."


def test_the_definition_on_a_card_is_plain_text() -> None:
    said = definitions_script(TERMS)
    assert '"islamic-state": "A militant organisation."' in said
    assert '"islamic-state-khorasan": "Its branch in the “region”."' in said
    assert '"takfir": "A verdict."' in said


def test_no_id_is_taken_twice() -> None:
    _, mentions = Glossary(TERMS).link_mentions('<p id="mention-takfir">IS, ISK and takfir</p>', "g/#term-")
    assert mentions["takfir"] == "mention-takfir-"


def test_without_terms_a_page_stays_as_it_is() -> None:
    assert Glossary([]).link_mentions("<p>ISK</p>", "g/#") == ("<p>ISK</p>", {})


@given(st.text(alphabet='ab,"\n\r;-.[@] “<', max_size=80))
@settings(deadline=None, max_examples=200)
def test_no_table_makes_it_raise(text: str) -> None:
    terms, _ = glossary_terms.read(HEAD + text, {"a"})
    Glossary(terms).link_mentions("<p>ab</p>", "g/#")
    list(glossary_terms.glossary_markdown(terms))


CONFIG = (
    f"{BIBTEX}"
    "markdown_extensions: [attr_list, md_in_html, def_list]\nextra:\n  glossary:\n    skip: [quiet.md]\n"
)
BIB = "@book{a, author = {Doe, Ann}, title = {Lamps}, year = {2020}, publisher = {P}}\n"
ROWS = 'Lamp Board,organisation,"The board, of lamps.",LB; The Board,"[@a, p. 3]"\nlamp,term,A light.,,[@a]\n'


def test_in_a_build(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {
            "index.md": "# The Lamp Board\n\nThe **LB** met; a Lamp [@a] of the LB.\n",
            "sub/page.md": "# Sub page\n\nThe Board and the lamp.\n",
            "quiet.md": "# Quiet\n\nThe Board.\n",
            "off.md": "---\nglossary: false\n---\n# Off\n\nThe Board.\n",
            "words.md": "# Words\n\n<!-- glossary: data/glossary.csv -->\n",
            "data/glossary.csv": HEAD + ROWS,
        },
        hooks=("citations.py", "glossary.py"),
        config=CONFIG,
        files={"bib/a.bib": BIB},
    )
    assert site.code == 0, site.output
    home = LexborHTMLParser(site.read("index.html"))
    assert [(a.text(), a.attributes["href"]) for a in home.css("a.term")] == [
        ("LB", "words/#term-lamp-board"),
        ("Lamp", "words/#term-lamp"),
    ]
    assert '"lamp": "A light."' in site.read("assets/definitions.js")
    words = LexborHTMLParser(site.read("words/index.html"))
    term = one(words, "#term-lamp-board")
    assert term.attributes["data-also"] == "LB; The Board"
    assert [(a.text(), a.attributes["href"]) for a in words.css(".occurs a")][2:] == [
        ("The Lamp Board", "../#mention-lamp-board"),
        ("Sub page", "../sub/page/#mention-lamp-board"),
    ]
    assert not words.css("a.term")
    assert not LexborHTMLParser(site.read("quiet/index.html")).css("a.term")
    assert not LexborHTMLParser(site.read("off/index.html")).css("a.term")
    assert one(words, "dl.glossary #term-lamp-board + dd sup.note-call a").attributes["href"] == "#fn:@a:p-3"
    body = words.body
    assert body is not None
    names = terms_of_book("words/", body).numbers
    assert {"Lamp Board", "LB", "The Board", "lamp"} <= set(names), "The book makes its index from these."


def test_unicode_text_of_a_spreadsheet_is_one_finding(build_site: Callable[..., Build]) -> None:
    rows = [["lamp", "term", "A light, or two.", "", "[@a]"]]
    text = "\r\n".join("\t".join(row) for row in [list(COLUMNS), *rows])
    site = build_site(
        {"index.md": "# Home\n\n<!-- glossary: data/glossary.csv -->\n", "data/glossary.csv": ""},
        hooks=("writing.py", "citations.py", "glossary.py"),
        config=CONFIG,
        files={"bib/a.bib": BIB, "docs/data/glossary.csv": text.encode("utf-16")},
    )
    assert "docs/data/glossary.csv:1:1: This file is UTF-16." in site.output
    assert site.output.count("docs/data/glossary.csv") == 1, site.output
    assert 'id="term-lamp"' in site.read("index.html")


def test_faults_in_a_build_have_their_place(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {
            "index.md": "# Home\n\n<!-- glossary: data/glossary.csv -->\n\n<!-- glossary: none.csv -->\n",
            "data/glossary.csv": HEAD + ROWS + "LB,organization,A board.,,[@b]\n",
        },
        hooks=("citations.py", "glossary.py"),
        config=CONFIG,
        files={"bib/a.bib": BIB},
    )
    assert site.code == 1
    for line in [
        "docs/index.md:5:1: none.csv does not exist.",
        "docs/data/glossary.csv:4:1: LB is a name of the term in line 2 already.",
        "docs/data/glossary.csv:4:4: “organization” is not a kind of term. Did you mean organisation?",
        "docs/data/glossary.csv:4:27: [@b] is not in the bibliography.",
    ]:
        assert line in site.output
