"""The history, as readers are told of it."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as etree
from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from conftest import Build
from warning_lights.core.history import parse_commit
from warning_lights.sharing.changes import Change, atom_feed, changes, changes_html


def found(log: str, pages: dict[str, str]) -> list[Change]:
    return list(changes(map(parse_commit, log.split("\0")[1:]), pages, "docs"))


LOG = (
    "\0aaa\x1f\x1f2024-06-11T10:00:00+02:00\x1fSay what the digest lacks\n\ndocs/b.md\ndocs/a.md\n"
    "\0bbb\x1f\x1f2024-06-10T10:00:00+02:00\x1fTypo\n\ndocs/a.md\n"
    "\0ccc\x1f\x1f2024-06-09T10:00:00+02:00\x1fTake out <an> & old page\n\ndocs/gone.md\n"
)
PAGES = {"docs/a.md": "a/", "docs/b.md": "b/"}


def test_a_change_has_a_title_of_some_words_and_leads_to_its_page() -> None:
    listed = found(LOG, PAGES)
    assert [(each.commit, each.day, each.page) for each in listed] == [
        ("aaa", "11 June 2024", "a/"),
        ("ccc", "9 June 2024", ""),
    ]


def test_without_a_history_there_is_nothing_to_tell() -> None:
    assert found("", PAGES) == []


def test_the_feed_is_well_formed_and_complete() -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    root = etree.fromstring(atom_feed(found(LOG, PAGES), "A & B", "https://x.example/"))
    assert [root.findtext(f"{atom}{name}") for name in ("id", "updated")] == [
        "https://x.example/",
        "2024-06-11T10:00:00+02:00",
    ]
    entries = root.findall(f"{atom}entry")
    assert [each.findtext(f"{atom}title") for each in entries][1] == "Take out <an> & old page"
    assert len({each.findtext(f"{atom}id") for each in entries}) == 2
    assert all(each.findtext(f"{atom}updated") for each in entries)


def test_a_change_names_each_page_once_and_those_that_are_gone() -> None:
    log = (
        "\0aaa\x1f\x1f2024-06-11T10:00:00+02:00\x1fMend a date twice\n\n"
        "docs/data/e.csv\ndocs/e.md\ndocs/old/index.md\n"
        "\0bbb\x1f\x1f2024-06-10T10:00:00+02:00\x1fMend a table of nothing\n\ndocs/data/x.csv\n"
    )
    listed = found(log, {"docs/e.md": "e/", "docs/data/e.csv": "e/"})
    assert [(each.commit, each.pages, each.gone) for each in listed] == [
        ("aaa", ("e/",), ("docs/old/index.md",))
    ]


def test_days_do_not_depend_on_where_a_change_was_made() -> None:
    log = (
        "\0aaa\x1f\x1f2024-06-11T00:30:00+02:00\x1fOne two three\n\ndocs/a.md\n"
        "\0bbb\x1f\x1f2024-06-10T23:00:00+00:00\x1fFour five six\n\ndocs/a.md\n"
    )
    html = "".join(changes_html(found(log, PAGES), {"a/": "A & B"}, "about/changes/"))
    assert html.count("<dt>") == 1
    assert html.index("Four") < html.index("One")
    assert '<a href="../../a/">A &amp; B</a>' in html


SUBJECTS = [
    "Say [@ctc-1] and [words](gone.md) and [^note] <b>plainly</b> & [a][b]",
    r"Take the *old* page \1 out.",
    "Typo",
]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository where the tests build their site, with a page that is gone."""
    project = tmp_path / "project"
    (project / "docs").mkdir(parents=True)

    def git(*words: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        command = ["git", "-C", str(project), *who, *words]
        subprocess.run(command, check=True, capture_output=True)

    git("init", "--quiet")
    for number, subject in enumerate(SUBJECTS):
        (project / "docs/index.md").write_text(f"# Home {number}\n")
        (project / "docs/old-page.md").write_text("# Old\n")
        if number:
            (project / "docs/old-page.md").unlink()
        git("add", "--all")
        git("commit", "--quiet", "--message", subject)
    return project


CHANGES = "# What is new\n\n<!-- changes -->\n"


def test_what_a_title_says_is_text_and_the_links_lead_somewhere(
    history: Path, build_site: Callable[..., Build]
) -> None:
    config = "site_url: https://example.org/\n"
    pages = {"index.md": "# Home\n", "about/changes.md": CHANGES}
    build = build_site(pages, hooks=("changes.py", "links.py"), config=config)
    assert build.code == 0, build.output
    items = LexborHTMLParser(build.read("about/changes/index.html")).css("dl.changes dd")
    assert [item.text(separator="").strip() for item in items] == [
        r"Take the *old* page \1 out.On Home, old page (no longer here)",
        f"{SUBJECTS[0]}.On Home, old page (no longer here)",
    ]
    assert {link.attributes["href"] for item in items for link in item.css("a")} == {"../../"}
    assert 'href="../../feed.xml"' in build.read("about/changes/index.html")


def test_a_copy_without_history_says_so(build_site: Callable[..., Build]) -> None:
    build = build_site({"index.md": CHANGES}, hooks=("changes.py", "links.py"))
    assert build.code == 0, build.output
    assert "No list of changes in this copy" in build.read("index.html")
