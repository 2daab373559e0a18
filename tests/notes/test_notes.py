"""Notes and citations: a page in; its HTML and the messages out."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import markdown
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from warning_lights.bibliography.references import Reference
from warning_lights.notes.extension import NotesExtension, locate_problems
from warning_lights.notes.syntax import closing_bracket

CASES = Path(__file__).parent / "cases"
# What the site itself switches on.
EXTENSIONS = [
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.blocks.caption",
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]
REFERENCES = {
    key: Reference(key, f"Ann {key.title()}, “Title of {key},” <em>Outlet</em>, 2024.", names=key.title())
    for key in [
        "a",
        "b",
        "c",
        "k2",
        "doe2020",
        "x:y.z-1_2/3",
        "ünal2020",
        "lamp-6",
        "lamp-14",
        "https://example.org/a;b",
    ]
} | {
    "quote": Reference("quote", "“A title that ends its reference.”", names="A title"),
    "anonymous": Reference("anonymous", "“No author here,” Outlet, 2024.", names="Outlet"),
}


def convert(page: str) -> tuple[str, list[str]]:
    extension = NotesExtension(REFERENCES)
    extension.entry_hrefs = {key: f"#ref:{key}" for key in REFERENCES}
    result = markdown.markdown(page, extensions=[*EXTENSIONS, extension])
    return result, [
        f"{line}:{column}: {text}" for line, column, text in locate_problems(extension.page.problems, page)
    ]


def visible(markup: str) -> str:
    """The words of a page as a reader sees them, calls as [1]."""
    tree = LexborHTMLParser(markup)
    for call in tree.css("sup.note-call"):
        call.replace_with(f"[{call.text()}]")
    return " ".join((tree.body.text(separator="") if tree.body else "").split())


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yml")), ids=lambda path: path.stem)
def test_case(case: Path) -> None:
    data: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    result, reports = convert(data["page"])
    assert reports == data.get("reports", [])
    if "text" in data:
        assert visible(result.partition('<section aria-labelledby="page-notes"')[0]) == data["text"]
    notes = [
        re.sub(
            r"[ \xa0]*(?:↩[ \xa0]?)?(?: ?\b[a-z]\b)*$",
            "",
            " ".join(node.text().replace(" Bibliography", "").split()),
        )
        for node in LexborHTMLParser(result).css("li.note")
    ]
    if "notes" in data:
        assert notes == data["notes"]
    for part in data.get("html", []):
        assert part in result
    for part in data.get("without", []):
        assert part not in result


def test_every_case_says_something() -> None:
    for case in CASES.glob("*.yml"):
        data = yaml.safe_load(case.read_text(encoding="utf-8"))
        assert set(data) - {"page"}, f"{case.name} expects nothing"


@pytest.mark.parametrize("case", sorted(CASES.glob("*.yml")), ids=lambda path: path.stem)
def test_every_call_and_note_find_each_other(case: Path) -> None:
    result, _ = convert(yaml.safe_load(case.read_text(encoding="utf-8"))["page"])
    tree = LexborHTMLParser(result)
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    for link in tree.css("a[role^=doc-]"):
        # Letters outside ASCII are encoded in an address, not in an id.
        assert unquote(link.attributes["href"] or "#").removeprefix("#") in {
            html.unescape(i or "") for i in ids
        }
    called = [int(node.text()) for node in tree.css("sup.note-call a")]
    first = list(dict.fromkeys(called))
    assert first == list(range(1, len(first) + 1)), "numbers rise in reading order"


SIGNS = st.sampled_from(
    [
        "[@a]",
        "[@",
        "@a",
        "[^n]",
        "[^n]: x",
        "[",
        "]",
        "(",
        ")",
        "`",
        "```",
        "\n",
        "\n\n",
        "    ",
        "> ",
        "- ",
        "| ",
        ";",
        "-@",
        ", p. 3",
        "\\",
        "{",
        "}",
        "<b>",
        "<!--",
        "-->",
        "é",
        "\x02",
        "\x03",
        "*",
        "_",
        "!!! note\n",
    ]
)


@given(st.lists(SIGNS | st.text(max_size=5), max_size=40).map("".join))
@settings(deadline=None, max_examples=400)
def test_no_text_makes_it_raise(page: str) -> None:
    convert(page)


@given(st.text(alphabet=st.characters(exclude_characters="@^", exclude_categories=["Cs"]), max_size=200))
@settings(deadline=None, max_examples=300)
def test_text_without_a_citation_comes_out_unchanged(page: str) -> None:
    assert convert(page)[0] == markdown.markdown(page, extensions=EXTENSIONS)


@pytest.mark.parametrize(
    ("page", "sentences"),
    [
        ("Dr. Hill met Gen. Wood [@a]. Short. Another cites nothing.", ["Dr. Hill met Gen. Wood."]),
        ("See p. 4 of the text [@a, p. 5].", ["See p. 4 of the text."]),
        ("The first [@a, p. 6], the second [@b], a third [@c].", ["The first, the second, a third."] * 3),
        ("Гурӯҳ ҳамла кард. Онҳо гурехтанд [@a, p. 8]. Сипас баргаштанд.", ["Онҳо гурехтанд."]),
        ("All fled (as Hill says [@a]). So “told [@b]”.", ["All fled (as Hill says).", "So “told”."]),
        ("He (why [@a]?) – so – left [@b]—late.", ["He (why?) – so – left—late."] * 2),
        ("वे भाग गए [@a]। फिर लौटे [@b]।", ["वे भाग गए।", "फिर लौटे।"]),
        ("On Mt. Hill, at Ash & Co. Ltd, approx. Half left [@a].", ["On Mt. Hill, at Ash & Co.…"]),
        ("他们袭击了。他们逃跑了[@a]。后来回来了。", ["他们逃跑了。"]),
        ("هل هاجموا؟ هربوا [@a]. ثم عادوا.", ["هربوا."]),
        ("In the U.S. he left [@a]. It cost $3.5 [@b]!", ["In the U.S. he left.", "It cost $3.5!"]),
        ("One.[@a] Two “ends.” [@b] Three.", ["One.", "Two “ends.”"]),
        ("|A|B|\n|---|---|\n|2020|few [@a]|\n|2021 [@b]|many|", ["2020: few", "2021: many"]),
        ("A claim.[^n]\n\n[^n]: As printed [@a]; so [@b].", ["A claim.", *["As printed; so."] * 2]),
    ],
)  # fmt: skip
def test_a_back_reference_shows_the_sentence_that_cites(page: str, sentences: list[str]) -> None:
    extension = NotesExtension(REFERENCES)
    markdown.markdown(page, extensions=[*EXTENSIONS, extension])
    assert [call.sentence for call in extension.page.calls] == sentences


def test_two_thousand_citations_in_a_paragraph_take_no_minutes() -> None:
    page = " ".join(f"Claim {i} [@a, p. {i}]. Claim {i} again [@b]." for i in range(1000))
    start = time.perf_counter()
    convert(page)
    assert time.perf_counter() - start < 6


def test_brackets_without_end_take_no_minutes() -> None:
    start = time.perf_counter()
    for i in range(8000):
        assert closing_bracket("[" * 8000, i) == -1
    assert time.perf_counter() - start < 3


def test_the_same_citation_twice_in_a_note_has_two_anchors_and_another_its_own() -> None:
    page = "A claim.[^n]\n\n[^n]: As in [@anonymous], [@a], and again [@a]."
    extension = NotesExtension(REFERENCES)
    markdown.markdown(page, extensions=[*EXTENSIONS, extension])
    assert [call.anchor for call in extension.page.calls] == [
        "fnref:n",
        "fn:n/@anonymous",
        "fn:n/@a",
        "fn:n/@a/2",
    ]
