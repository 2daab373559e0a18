"""What a writer reads of added addresses, against a server of this machine that misbehaves."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest
from test_links_external import SETTINGS, serving

import added_links
from warning_lights.links import lychee


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path) -> Path:
    exclude = "exclude = ['/excluded$'] # Refuses robots. Tried 2026-03.\n"
    (tmp_path / "lychee.toml").write_text(SETTINGS + exclude, encoding="utf-8")
    (tmp_path / "link-policy.toml").write_text('[never]\n"bad.org" = "Why."\n', encoding="utf-8")
    return tmp_path


def test_addresses_are_found_as_they_stand_in_markdown_and_bibtex() -> None:
    lines = [
        "[a](https://a.org/x_(y)) and <https://b.org/>, https://c.org/1; (see https://d.org/z).",
        "  url = {https://e.org/a?b=c#d},",
        "  doi          = {10.1000/182},",
        "[again](https://a.org/x_(y)) `https://f.org/` ftp://g.org/",
    ]
    assert added_links.addresses_in(lines) == [
        "https://a.org/x_(y)",
        "https://b.org/",
        "https://c.org/1",
        "https://d.org/z",
        "https://e.org/a?b=c#d",
        "https://doi.org/10.1000/182",
        "https://f.org/",
    ]


def test_each_address_gets_its_sentence(project: Path) -> None:
    with serving() as host, socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        expected = {
            f"{host}/200": "answers",
            f"{host}/200#part": "answers",
            f"{host}/moved": f"answers, and has moved permanently to {host}/200; write that",
            f"{host}/elsewhere": f"answers, and redirects to {host}/200",
            f"{host}/404": "answers with status 404: there is no such page; is the address written right?",
            f"{host}/410": "answers with status 410: the page was taken away; is there an archived copy?",
            f"{host}/403": "answers with status 403: it may refuse only robots; open it to see",
            f"{host}/500": "answers with status 500: its server is in trouble; try it later",
            f"{host}/999": "answers with status 999: it may refuse only robots; open it to see",
            f"{host}/loop": "answers with status 302: it redirects without end",
            f"{host}/slow": "does not answer: request timed out",
            f"{host}/cut": "does not answer: connection closed before response completed",
            f"{host}/excluded": "was not checked: it is an example, or lychee.toml excludes it",
            closed: "does not answer: connection refused",
        }
        results = added_links.check(list(expected), project)
    assert results == expected
    assert list(results) == list(expected)


def test_what_is_not_checked_has_its_reason_and_nothing_is_asked(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subprocess.run", lambda *words, **more: pytest.fail("something was requested"))
    (project / "bibliography").mkdir()
    entry = "@misc{a,\n url = {https://dead.org/x},\n urlstatus = {dead},\n archiveurl = {https://archive.org/a},\n}\n"
    (project / "bibliography/a.bib").write_text(entry, encoding="utf-8")
    assert added_links.check(["https://sub.bad.org/x", "https://a b/", "https://dead.org/x"], project) == {
        "https://sub.bad.org/x": "was not checked: no page of this site may link there",
        "https://a b/": "was not checked: it is not an address",
        "https://dead.org/x": "was not checked: its entry says that it is dead, and names an archived copy",
    }


def test_a_change_that_adds_many_is_answered_in_time(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(added_links, "MOST", 3)
    with serving() as host:
        started = time.monotonic()
        results = added_links.check([f"{host}/slow?{number}" for number in range(5)], project, time_limit=0.5)
        took = time.monotonic() - started
    assert took < 10  # The bound and a machine under load.
    assert [*results.values()] == [
        *["was not checked: lychee did not finish within 0.5 seconds"] * 3,
        *["was not checked: only 3 are checked here, and the others at night"] * 2,
    ]


def test_nothing_fails_where_nothing_can_be_asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_lychee() -> str:
        raise lychee.LycheeError("is not installed.\nRun: something")

    monkeypatch.setattr(lychee, "lychee_path", no_lychee)
    results = added_links.check(["https://a.org/", "https://bad.org/"], project)
    assert results["https://a.org/"] == "was not checked: lychee is not installed."
    assert results["https://bad.org/"] == "was not checked: no page of this site may link there"
    (project / "link-policy.toml").write_text("no TOML", encoding="utf-8")
    assert added_links.check(["https://a.org/"], project)["https://a.org/"].startswith(
        "was not checked: link-p"
    )
