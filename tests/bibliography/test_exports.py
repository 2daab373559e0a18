"""What reference managers get, read back by libraries that did not write it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import rispy
from pybtex.database import parse_string

from conftest import ROOT
from warning_lights.bibliography import exports
from warning_lights.bibliography.bibtex import BrokenEntry, Entry, latex_to_text, scan
from warning_lights.bibliography.clean import clean_entries

TEXTS = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "bibliography").glob("*.bib"))]
CLEAN, _ = clean_entries({str(number): text for number, text in enumerate(TEXTS)})
MADE = exports.export_entries(TEXTS, CLEAN)
ENTRIES = {e.key: e for text in TEXTS for e in scan(text) if not isinstance(e, BrokenEntry)}


def value(entry: Entry, name: str) -> str:
    return latex_to_text(entry.fields[name].value[1:-1]) if name in entry.fields else ""


def printed_title(entry: Entry) -> str:
    return ": ".join(filter(None, [value(entry, "title"), value(entry, "subtitle")]))


def families(entry: Entry) -> list[str]:
    names = entry.fields["author"].value[1:-1].split(" and ") if "author" in entry.fields else []
    return [latex_to_text(name.partition(",")[0]) for name in names]


def test_every_entry_is_exported_in_every_format() -> None:
    assert set(MADE) == set(ENTRIES)
    assert all(set(entry) == set(exports.FORMATS) for entry in MADE.values())


@pytest.mark.parametrize("key", ENTRIES)
def test_biblatex_is_read_back_by_pybtex(key: str) -> None:
    entry = parse_string(MADE[key]["bib"], "bibtex").entries[key]
    assert latex_to_text(entry.fields["title"]) == value(ENTRIES[key], "title")
    assert entry.fields.get("date", "") == value(ENTRIES[key], "date")


@pytest.mark.parametrize("key", ENTRIES)
def test_csl_json_has_author_title_and_date(key: str) -> None:
    (item,) = json.loads(MADE[key]["json"])
    entry = ENTRIES[key]
    assert item["title"] == printed_title(entry)
    assert [a.get("family") or a["literal"] for a in item.get("author", [])] == families(entry)
    date = value(entry, "date")
    assert item.get("issued", {}).get("date-parts", [[]])[0] == [
        int(part) for part in date.split("-") if part
    ]
    assert item["type"]


def test_ris_is_read_back_by_rispy() -> None:
    records = {record["id"]: record for record in rispy.loads(exports.export_all(MADE, "ris"))}
    assert set(records) == set(ENTRIES)
    for key, record in records.items():
        entry = ENTRIES[key]
        assert record["title"] == printed_title(entry)
        assert [name.partition(",")[0] for name in record.get("authors", [])] == families(entry)
        date = value(entry, "date")
        assert record.get("year", "") == date[:4]
        assert record.get("date", "") == (date.replace("-", "/") if "-" in date else "")


def test_ris_starts_each_record_with_its_type() -> None:
    lines = exports.export_all(MADE, "ris").splitlines()
    assert all(line[2:6] == "  - " or line == "" for line in lines if not line.startswith("ER"))
    assert lines[0].startswith("TY  - ")


def test_the_whole_bibliography_is_the_sum_of_its_entries() -> None:
    assert len(json.loads(exports.export_all(MADE, "json"))) == len(ENTRIES)
    assert len(parse_string(exports.export_all(MADE, "bib"), "bibtex").entries) == len(ENTRIES)


def test_keys_become_file_names_that_differ() -> None:
    keys = ["a:b", "a_b", "a/b", "doe 2020", ".hidden", "Тоҷ", "中国(2)"]
    names = [exports.file_name(key) for key in keys]
    assert names[0] == "a~3ab"
    assert len(set(names)) == len(keys)
    assert not any(re.search(r"[/:()\s]|^\.", name) for name in names)


def test_a_chapter_keeps_editor_pages_and_the_title_of_its_book() -> None:
    bib = (
        "@incollection{glen2021paths,\n  author = {Glen, Una},\n  title = {Old Paths},\n"
        "  editor = {Wood, Al and von Thal, Kurt},\n  booktitle = {The Handbook of Paths and Ways},\n"
        "  booksubtitle = {With $4 Maps},\n  publisher = {Press},\n  date = {2021},\n  edition = {2},\n"
        "  pages = {9--20},\n}\n"
    )
    made = exports.export_entries([bib], clean_entries({"a.bib": bib})[0])["glen2021paths"]
    (record,) = rispy.loads(made["ris"])
    assert record["secondary_authors"] == ["Wood, Al", "von Thal, Kurt"]
    assert (record["start_page"], record["end_page"], record["edition"]) == ("9", "20", "2")
    assert record["secondary_title"] == "The Handbook of Paths and Ways: With $4 Maps"
    (item,) = json.loads(made["json"])
    assert item["container-title"] == record["secondary_title"]
    assert item["title"] == "Old Paths"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"a \$4 and 31\% \& x", "a $4 and 31% & x"),
        ("31% of $4 -- {U.S.}", "31% of $4 – U.S."),
        (r"{\AE}gir \emph{and} the $k$-means \textasciicircum{}2", "Ægir and the k-means ^2"),
    ],
)
def test_latex_becomes_the_text_it_prints(latex: str, text: str) -> None:
    assert latex_to_text(latex) == text


def test_a_published_file_has_no_private_field(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    plain_entry = (
        "% A comment stays.\n@online{b2020,\n  title = {B},\n  annotation = {Cited for a fact.},\n}\n"
    )
    private = "  file = {/Users/a/b.pdf},\n  annotation = {Call Bob},\n  abstract = {Long},\n  owner = {a},\n"
    path.write_text(plain_entry + "@online{a2020,\n" + private + "  title = {A},\n}\n", encoding="utf-8")
    assert exports.public_content(path).decode() == plain_entry + "@online{a2020,\n  title        = {A},\n}\n"


def test_an_entry_that_takes_from_others_is_whole_in_its_own_file() -> None:
    bib = (
        "@string{jn = {The Big Journal}}\n@xdata{x, publisher = {Press}}\n"
        "@article{a, title = {T}, journaltitle = jn, date = {2020}, month = jan}\n"
        "@book{b, title = {B}, xdata = {x}, date = {2020}}\n"
        "@collection{c, title = {Ways}, editor = {A, B}}\n@incollection{d, title = {D}, crossref = {c}}\n"
        "@book{e,title={As written},date={2020}}\n"
    )
    made = exports.export_entries([bib], clean_entries({"a.bib": bib})[0])
    assert "journaltitle = {The Big Journal}" in made["a"]["bib"]
    assert "publisher = {Press}" in made["b"]["bib"]
    assert "booktitle = {Ways}" in made["d"]["bib"]
    assert made["e"]["bib"] == "@book{e,title={As written},date={2020}}\n"


def test_the_number_of_an_article_stands_for_its_pages() -> None:
    text = (
        "@article{a, author = {Poe, Al}, title = {On A}, journaltitle = {J}, eid = {e0123}, date = {2020}}\n"
    )
    made = exports.export_entries([text], clean_entries({"a.bib": text})[0])["a"]
    assert "\nSP  - e0123\n" in made["ris"]
    assert json.loads(made["json"])[0]["page"] == "e0123"


@pytest.mark.parametrize(
    ("volume", "titles", "ris"),
    [
        (
            "@book{v, crossref = {mv}, title = {Part One}, volume = {1}, date = {2001}}\n",
            {"title": "The Whole Work", "volume-title": "Part One"},
            ["TI  - Part One", "T2  - The Whole Work"],
        ),
        (
            "@incollection{v, author = {Poe, Al}, crossref = {c}, title = {A Chapter}}\n"
            "@collection{c, crossref = {mv}, title = {Part One}, volume = {1}, date = {2001}}\n",
            {"title": "A Chapter", "container-title": "The Whole Work", "volume-title": "Part One"},
            ["TI  - A Chapter", "T2  - Part One"],
        ),
    ],
)
def test_a_volume_keeps_the_title_of_the_whole(volume: str, titles: dict[str, str], ris: list[str]) -> None:
    text = f"{volume}@mvbook{{mv, author = {{Roe, Bo}}, title = {{The Whole Work}}, date = {{2001}}}}\n"
    made = exports.export_entries([text], clean_entries({"a.bib": text})[0])["v"]
    (item,) = json.loads(made["json"])
    assert {name: item.get(name) for name in titles} == titles
    assert [line for line in made["ris"].splitlines() if line.startswith(("TI", "T2"))] == ris
