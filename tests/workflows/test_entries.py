"""New sources and entries: from what is typed and from files of reference managers, unharmed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import entries
import source
from conftest import ROOT
from warning_lights.bibliography.bibtex import Entry, scan

BIB = "@online{doe2020base,\n  author = {Doe, Ann},\n  title = {Base},\n  url = {https://example.org/base},\n}\n"
CONFIG = (
    "site_name: Test\nnav:\n  - index.md\n  - Sources:\n      - sources/index.md\n      - sources/base.md\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with what `make source` reads and writes."""
    (tmp_path / "bibliography").mkdir()
    (tmp_path / "docs/sources").mkdir(parents=True)
    (tmp_path / "bibliography/sources.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "docs/sources/base.md").write_text("# Base\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "link-policy.toml").write_text('[never]\n"t.me" = "A channel."\n', encoding="utf-8")
    return tmp_path


def contents(project: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


def test_a_source_gets_its_page_its_entry_and_its_place_in_the_nav(project: Path) -> None:
    source.add(project, "doe2024plain", "A plain title about the U.S. and Kabul", "https://example.org/x")
    page = (project / "docs/sources/a-plain-title-about-the-u.md").read_text(encoding="utf-8")
    assert "# A plain title about the U.S. and Kabul\n" in page
    assert "This page summarises *A plain title about the U.S. and Kabul* [@doe2024plain]." in page
    entry = (project / "bibliography/sources.bib").read_text(encoding="utf-8")
    assert "title        = {A plain title about the {U.S.} and {Kabul}}," in entry
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    assert "      - sources/base.md\n      - sources/a-plain-title-about-the-u.md\n" in config


TITLES = [
    "A `touch taken` title",
    'A price of $5 and "more"',
    "50 % of #1: a_b & c* $(date)",
    "Сети и 目录",
    "It's ~100 [sic] <b>",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_stands_as_it_is_written(project: Path, title: str) -> None:
    """Through make and the shell, as it is typed between quotation marks or set in the environment."""
    for name in ("scripts", "hooks"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "Makefile", project)
    (project / ".venv").symlink_to(Path(os.environ.get("VIRTUAL_ENV", ROOT / ".venv")))
    (project / "requirements.txt").touch()
    command = ["make", "--silent", "--assume-old=.venv/.site", "--old-file=environment", "source"]
    values = {"KEY": "doe2024x", "TITLE": title, "URL": "https://example.org/x"}
    done = subprocess.run(
        [*command, *(f"{name}={value}" for name, value in values.items())],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert not (project / "taken").exists()
    (page,) = set((project / "docs/sources").iterdir()) - {project / "docs/sources/base.md"}
    text = page.read_text(encoding="utf-8")
    assert yaml.safe_load(text.split("---")[1])["title"] == title
    found = [e for e in scan((project / "bibliography/sources.bib").read_text()) if isinstance(e, Entry)]
    written = found[-1].fields["title"].value
    plain = written.replace(r"\textasciitilde{}", "~").replace("{", "").replace("}", "").replace("\\", "")
    assert plain == title


@pytest.mark.parametrize(
    ("key", "title", "url", "why"),
    [
        ("lamp2024", "T", "https://example.org/", ""),
        ("o-neil2024", "T", "https://example.org/", ""),
        ("doe2020base", "T", "https://example.org/", "bibliography/sources.bib:1 already"),
        ("Doe 2024", "T", "https://example.org/", "is not a valid key"),
        ("doe2024", " ", "https://example.org/", "needs a title"),
        ("doe2024", "T", "example.org", "is not a complete address"),
        ("doe2024", "A {braced} title", "https://example.org/", "without braces"),
        ("doe2024", "Base", "https://example.org/", "docs/sources/base.md is there"),
        ("doe2024", "T", "https://example.org/base", "already, as doe2020base"),
        ("doe2024", "T", "https://t.me/x", "must not be linked. A channel."),
    ],
)
def test_what_exists_or_cannot_be_is_refused_and_nothing_is_lost(
    project: Path, key: str, title: str, url: str, why: str
) -> None:
    before = contents(project)
    if not why:
        source.add(project, key, title, url)
        return
    with pytest.raises(source.Refused, match=why):
        source.add(project, key, title, url)
    assert contents(project) == before


RIS = """TY  - JOUR
AU  - Doe, Ann
AU  - Roe, Bob
TI  - Lamps & "Lights" in the U.S.: A $5 Study
JO  - Journal of Lamps
PY  - 2024/03/22/
UR  - https://example.org/lamps
AB  - An abstract.
L1  - file:///Users/ann/x.pdf
KW  - Lamps
ER  -
TY  - ELEC
AU  - Loe, Eve
TI  - The second
PY  - 2023
UR  - https://example.org/base
ER  -
"""
ZOTERO = """@article{doe_lamps_2024,
	title = {Lamps and {Lights}},
	url = {https://example.org/lamps},
	abstract = {An abstract.},
	author = {Doe, Ann},
	month = mar,
	year = {2024},
	file = {Full Text:/Users/ann/x.pdf:application/pdf},
	bdsk-file-1 = {YnBsaXN0},
	keywords = {Lamps},
}
@misc{two (words),
	title = {Another},
}
"""
CSL = """[{"id": "x", "type": "article-journal", "title": "Lamps in ISIS",
 "author": [{"literal": "The Lamp Board"}],
 "issued": {"date-parts": [[2022, 5]]}, "abstract": "An abstract.", "DOI": "10.1000/182"}]"""


@pytest.mark.parametrize(
    ("name", "text", "keys", "words"),
    [
        ("a.ris", RIS, ["doe2024lamps"], ["date    = {2024-03-22}", "{Doe, Ann and Roe, Bob}", r"\\$5"]),
        ("a.bib", ZOTERO, ["doe_lamps_2024"], ["month  = mar", "{Lamps and {Lights}}"]),
        ("a.json", CSL, ["board2022lamps"], ["{10.1000/182}", "{2022-05}", "{{The Lamp Board}}"]),
    ],
)
def test_a_file_of_a_reference_manager_is_added(
    project: Path, name: str, text: str, keys: list[str], words: list[str]
) -> None:
    path = project / name
    path.write_text(text.partition("@misc")[0], encoding="utf-8")
    added, passed = entries.add(project, entries.read(path))
    assert added == keys
    assert all("already as doe2020base" in line for line in passed)
    assert len(passed) == text.count("example.org/base")
    written = (project / entries.TARGET).read_text(encoding="utf-8")
    for word in words:
        assert word.replace("\\\\", "\\") in written
    assert not [left for left in ("abstract", "Users", "bdsk", "keywords") if left in written]
    assert entries.add(project, entries.read(path))[0] == []


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.bib", ZOTERO, "Line 12: "),
        ("a.bib", "no entry", "has no entry"),
        ("a.json", "{", "cannot be read"),
        ("a.txt", "x", "none of .ris, .bib and .json"),
        ("gone.ris", None, "There is no file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(project: Path, name: str, text: str | None, why: str) -> None:
    if text is not None:
        (project / name).write_text(text, encoding="utf-8")
    with pytest.raises(entries.Refused, match=why):
        entries.read(project / name)


def test_a_source_can_come_from_a_file(project: Path) -> None:
    (project / "a.ris").write_text(RIS, encoding="utf-8")
    key, title, url, entry = source.from_file(project / "a.ris")
    assert (key, url) == ("doe2024lamps", "https://example.org/lamps")
    assert title == "Lamps & “Lights” in the U.S.: A $5 Study"
    source.add(project, key, title, url, entry)
    assert "journal" in (project / "bibliography/sources.bib").read_text(encoding="utf-8")


def test_an_entry_becomes_a_source_with_a_key_and_an_address_of_its_own(tmp_path: Path) -> None:
    pasted = (
        "@article{Poe:Study,\n  author={Poe, Cat},\n  title={A study of lamps: dois},\n  year={2022}\n}\n"
    )
    (tmp_path / "a.bib").write_text(pasted, encoding="utf-8")
    key, title, url, entry = source.from_file(tmp_path / "a.bib")
    assert (key, title, url) == ("poe2022study", "A study of lamps: dois", "")
    text = source.as_source(entry, "https://example.org/poe")
    (read,) = scan(text)
    assert isinstance(read, Entry)
    assert (read.key, read.fields["url"].value) == ("poe2022study", "{https://example.org/poe}")
    assert read.fields["keywords"].value == "{source}"
