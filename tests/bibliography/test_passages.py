"""Passages: a citation leads to the words of its place, and a place that the source lacks is a finding."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from conftest import ROOT, Build, mkdocs_build, one
from warning_lights.bibliography import passages
from warning_lights.bibliography.destinations import NoSuchPlace, Places
from warning_lights.core.fragments import TextDirective, directives_of, with_directives
from warning_lights.quotations.directive_match import find_passages, find_words
from warning_lights.quotations.note_markers import note_markers
from warning_lights.quotations.passage_words import RUN_LIMIT, make_passages

SITE = ROOT / "tests" / "sites" / "passages"
CASES = Path(__file__).parent / "cases"
FILES = {
    path.stem: path.read_text(encoding="utf-8") for path in (SITE / "bibliography/passages").glob("*.csv")
}
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in (SITE / "texts").glob("*.txt")}
SOURCES = {key: passages.parse(key, text)[0] for key, text in FILES.items()}
Site = Callable[..., Build]


@pytest.fixture(name="site")
def fixture_site(tmp_path: Path) -> Site:
    """A function that builds a copy of the made-up site, with the given files changed."""

    def build(changes: dict[str, str] | None = None) -> Build:
        project = tmp_path / "project"
        shutil.copytree(SITE, project, dirs_exist_ok=True)
        shutil.copy(ROOT / "bibliography" / "style.csl", project / "bibliography" / "style.csl")
        config = (SITE / "mkdocs.yml").read_text(encoding="utf-8").replace("HOOKS", str(ROOT / "hooks"))
        for path, text in {"mkdocs.yml": config, **(changes or {})}.items():
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(text, encoding="utf-8")
        return mkdocs_build(project / "mkdocs.yml", project / "site")

    return build


def command(project: Path, texts: dict[str, str]) -> tuple[int, str]:
    """`make sources` with these texts of the sources."""
    folder = project / "texts"
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "warning_lights.quotations", str(folder)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT / "hooks")},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("case", sorted((CASES / "locators").glob("*.yml")), ids=lambda path: path.stem)
def test_locator(case: Path) -> None:
    data = yaml.safe_load(case.read_text(encoding="utf-8"))
    arguments = data["key"], data.get("locator", ""), data.get("suffix", "")
    if "fault" in data:
        with pytest.raises(NoSuchPlace) as raised:
            Places(SOURCES).locate(*arguments)
        assert str(raised.value) == data["fault"]
        return
    found = Places(SOURCES).locate(*arguments)
    assert found is not None
    assert found.place == data["place"]
    assert [str(each) for each in found.directives] == data["directives"]
    assert found.suffix == data.get("rest", "")


def test_a_directive_is_written_and_read_as_the_standard_has_it() -> None:
    directive = TextDirective("a-b, c & d’s", "the end", "before", "after")
    url = with_directives("https://example.org/?q=1", [directive, TextDirective("x")])
    assert url == (
        "https://example.org/?q=1#:~:text=before-,a%2Db%2C%20c%20%26%20d%E2%80%99s,the%20end,-after&text=x"
    )
    assert directives_of(url) == [directive, TextDirective("x")]
    assert with_directives("https://example.org/#top", [TextDirective("x")]).endswith("/#top:~:text=x")
    assert with_directives("https://example.org/", []) == "https://example.org/"


def test_words_are_matched_whole_as_unicode_has_it() -> None:
    text = "A campaign.b The 2023.8 dawn’s light, “DAWN”\u00a0and plots12 in Qa`ida."
    assert not find_words(text, "campaign")  # One word with the letter behind its full stop.
    assert not find_words(text, "2023")
    assert not find_words(text, "plots")
    assert len(find_words(text, "dawn")) == 1  # Not the one of dawn’s.
    assert find_words(text, "“dawn” and") == find_words(text, '"Dawn" and')
    assert find_passages(text, TextDirective("in", prefix="plots12", suffix="Qa")) != []
    assert find_passages(text, TextDirective("in", prefix="and")) == []


def test_every_place_of_the_made_up_sources_is_found_and_kept() -> None:
    for key, source in SOURCES.items():
        made, faults = make_passages(source, TEXTS[key])
        assert faults == []
        assert passages.dump(made) == FILES[key]
        for passage in source.passages.values():
            if passage.start:
                given = TextDirective(passage.start, passage.end, passage.prefix, passage.suffix)
                assert len(find_passages(TEXTS[key], given)) == 1, passage.locator


def test_no_words_end_on_one_that_a_mark_touches() -> None:
    text = TEXTS["glen2019harbour"]
    marks = note_markers(text)
    assert list(marks) == [*map(str, range(1, 15)), *"abc"]
    for passage in SOURCES["glen2019harbour"].passages.values():
        for words in filter(None, [passage.start, passage.end]):
            ((start, end),) = find_words(text, words)
            assert not any(begin < end and start < stop for begin, stop in marks.values()), passage.locator
            assert end not in {begin for begin, _ in marks.values()}


def test_no_more_words_in_a_row_are_given_away() -> None:
    source = SOURCES["glen2019harbour"]
    extra = passages.Passage("extra", start="along the quay in 1871", suffix="when a trawler had")
    given = {"extra": extra, **source.passages}
    _, faults = make_passages(passages.Source(source.key, given), TEXTS[source.key])
    assert any(f"more than {RUN_LIMIT} words in a row" in fault for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("mole in fog.1", "mole in fog, and mole in fog.1", "n. 1: the words “mole in fog” occur 2 times"),
        ("two winters later.5", "three winters later.5", "n. 5: the words “two winters later” are no longer"),
        ("Gas came with", "Then gas arrived with", "para. 3: the words “Gas came with” are no longer found"),
        ("out to sea,14", "out to sea,14 and back,15", "n. 15 stands in line 19 and has no row"),
        (
            "\nUna Glen teaches",
            f"\n{'This is a paragraph that nobody has registered before. ' * 3}\n\nUna Glen teaches",
            "line 21 belongs to no place; it begins “This is a”",
        ),
        (
            "bought a dynamo.11",
            "had a dynamo made.11",
            "n. 11: the words “bought a dynamo” are no longer found",
        ),
    ],
)
def test_a_passage_that_an_edit_of_the_text_spoils_is_refused(old: str, new: str, fault: str) -> None:
    text = TEXTS["glen2019harbour"]
    assert text.count(old) == 1
    made, faults = make_passages(SOURCES["glen2019harbour"], text.replace(old, new))
    assert any(each.startswith(fault) for each in faults), faults
    assert passages.dump(made) == FILES["glen2019harbour"], "What is refused is left as it is."


def test_an_empty_file_of_places_is_filled_from_the_text(site: Site) -> None:
    file = "bibliography/passages/glen2019harbour.csv"
    project = site({file: ""}).site.parent
    _, output = command(project, TEXTS)
    filled, problems = passages.parse("glen2019harbour", (project / file).read_text(encoding="utf-8"))
    assert problems == []
    assert f"{file}: filled with {filled.extent('')}" in output
    # A person counts the abstract and the line on the author out; they are paragraphs of the text too.
    known = SOURCES["glen2019harbour"].passages.values()
    wanted = {(row.start, row.end) for row in known if row.locator.startswith(("para. ", "n. "))}
    made = {(row.start, row.end) for row in filled.passages.values()}
    assert wanted <= made
    assert len(made - wanted) == 2


def test_every_note_leads_to_its_passage_and_the_command_agrees(site: Site) -> None:
    built = site()
    assert built.code == 0, built.output
    tree = LexborHTMLParser(built.read("index.html"))
    note = one(tree, '[id="fn:@jq-7"]')
    link = one(note, "a.passage")
    assert link.text() == "JQ n.\u00a07 · ¶\u00a03"
    assert link.attributes["href"] == "https://journal.example/harbour-lamps/#:~:text=told%20a%20visitor"
    assert "We light what burns" in one(note, ".more").text()
    assert "compared word for word with the source on 24 November 2026" in one(note, ".more").text()
    assert len(tree.css(".whole")) == len({each.attributes["data-key"] for each in tree.css("[data-key]")})
    assert "named in JQ n.\u00a013 · ¶\u00a05" in one(tree, '[id="fn:@tide1931lamp:p-4"]').text()
    assert one(tree, ".note.own").attributes["id"] == "fn:own"
    code, output = command(built.site.parent, TEXTS)
    assert code == 0, output
    calls = len(tree.css("sup.note-call"))
    assert f"{calls} calls of notes: {calls} lead to another site, {calls - 2} of them to a passage" in output
    # A link that was damaged on its way is found in the finished pages.
    page = built.site / "index.html"
    html = page.read_text(encoding="utf-8")
    page.write_text(html.replace("told%20a%20visitor", "by%20the%20night", 1), encoding="utf-8")
    code, output = command(built.site.parent, TEXTS)
    assert code == 1
    assert "index.html: n.\u00a07 · ¶\u00a03: the passage is not in the paragraph of the mark" in output
    doubled = TEXTS["glen2019harbour"].replace(
        "two winters later.5", "two winters later, two winters later.5"
    )
    code, output = command(built.site.parent, {"glen2019harbour": doubled})
    assert code == 1
    assert "glen2019harbour.csv: n. 5: the words “two winters later” occur 2 times in the text." in output


def test_a_place_that_the_source_lacks_stops_the_build_at_its_place(site: Site) -> None:
    events = "id,date,place,country,kind,text,citations\na,1911,,,politics,A strike.,"
    built = site(
        {
            "docs/index.md": "# Lamps\n\nOne [@glen2019harbour, para. 7].\n"
            "Two [see @jq-3; @glen2019harbour,\nn. 15].\n"
            "Three [@glen2019harbour, n. z] and [@vane2020bell, parra. 1].\n"
            "Four [@quaynews2020digest, item 1, paras. 2–1] but [@reed1912strike, p. 900].\n",
            "docs/data/events.csv": events + '"[@jq-1; @glen2019harbour, para. 70]"\n',
            "docs/timeline.md": "# Timeline\n\n<!-- timeline: data/events.csv -->\n",
            "bibliography/passages/quaynews2020digest.csv": FILES["quaynews2020digest"] + "item 9,,,,,,,\n",
        }
    )
    assert built.code == 1
    for line in [
        "docs/index.md:3:6: [@glen2019harbour, para. 7]: glen2019harbour has 6 paragraphs.",
        "docs/index.md:4:17: [@glen2019harbour, n. 15]: glen2019harbour has notes 1–14 and a–c.",
        "docs/index.md:6:8: [@glen2019harbour, n. z]: glen2019harbour has notes 1–14 and a–c.",
        "docs/index.md:6:37: [@vane2020bell, parra. 1]: “parra. 1” is not a known place: item 2 has 1 "
        "paragraph. Did you mean “para.”?",
        "docs/index.md:7:7: [@quaynews2020digest, item 1, paras. 2–1]: the range runs backwards. Write 1–2.",
        "docs/data/events.csv:2:38: [@glen2019harbour, para. 70]: glen2019harbour has 6 paragraphs.",
        "bibliography/passages/quaynews2020digest.csv:11:1: item 9 has no words; see `make sources`.",
    ]:
        assert line in built.output, built.output
    assert "p. 900" not in built.output, "Nothing is known of the places of that book."


def test_the_bibliography_lists_by_inverted_names_and_notes_as_one_table(site: Site) -> None:
    built = site()
    assert built.code == 0, built.output
    tree = LexborHTMLParser(built.read("bibliography/index.html"))
    listed = [
        node.text().split(",")[0] for node in tree.css("section:not(.notes-table) > .entry > .reference")
    ]
    assert listed == ["Glen", "“Quay News: Three Items of the Week", "Reed", "Reef", "Tide", "Vane"]
    row = one(tree, '.notes-table [id="ref:jq-13"]')
    link = one(row, "a.passage")
    assert (link.text(), link.attributes["href"]) == (
        "n.\u00a013 · ¶\u00a05",
        "https://journal.example/harbour-lamps/#:~:text=above%20the%20stairs",
    )
    assert "Cited for the statement that The last lamp hangs in a museum." in row.text()
    assert one(row, ".related a").attributes["href"] == "#ref:tide1931lamp"
    assert one(row, ".cited-at a").attributes["href"] == "../#fnref:@jq-13"
    # A note is exported as the article with the note as its place, never as a work named “Note 13”.
    exported = built.read("downloads/entries/jq-13.bib")
    for field in [
        "@article{jq-13,",
        "{Lamps of the Harbour: Who Lit Them and Why}",
        "note         = {n.\u00a013 · ¶\u00a05}",
        "url          = {https://journal.example/harbour-lamps/#:~:text=above%20the%20stairs}",
    ]:
        assert field in exported
    assert not (built.site / "downloads/entries/jq-13.ris").exists()
    assert "jq-13" not in built.read("downloads/bibliography.bib")
    # Works without an address lead to the place that prints or names them.
    assert "(printed in QN item 1)" in one(tree, '[id="ref:reef2020mole"]').text()
    assert "(named in JQ n.\u00a013 · ¶\u00a05)" in one(tree, '[id="ref:tide1931lamp"]').text()


def test_a_list_links_only_the_files_that_there_are(site: Site) -> None:
    built = site({"docs/all.md": "# All\n\n\\full_bibliography\n"})
    tree = LexborHTMLParser(built.read("all/index.html"))
    links = [a.attributes["href"] or "" for a in tree.css('[id="ref:jq-13"] .exports a')]
    assert [link.rpartition("/")[2] for link in links] == ["jq-13.bib"]
    assert len(tree.css('[id="ref:glen2019harbour"] .exports a')) == 3
    assert "downloads/entries" not in built.output


def test_the_page_of_a_source_says_who_wrote_it_and_leads_to_it(site: Site) -> None:
    built = site()
    head = one(LexborHTMLParser(built.read("index.html")), ".source-head")
    assert head.text().startswith("JQ Una Glen · Journal of Quays 4:2 · May 2019 · 6 paragraphs, 1 figure,")
    assert [(a.text(), a.attributes["href"]) for a in head.css("a")] == [
        ("Read the original", "https://journal.example/harbour-lamps/"),
        ("Archived copy", "https://web.archive.org/web/201905/https://journal.example/harbour-lamps/"),
    ]
