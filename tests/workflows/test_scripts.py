"""What the workflows run beside the build."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import failed_tests
import floor
from conftest import ROOT

PAGE = "<html><body><nav>menu words</nav><article>{words}<ol>{notes}</ol></article></body></html>"


def write_site(folder: Path, pages: int, notes: int = 2) -> Path:
    for i in range(pages):
        path = folder / str(i) / "index.html"
        path.parent.mkdir(parents=True)
        html = PAGE.format(words="five words on this page ", notes='<li class="note">n</li>' * notes)
        path.write_text(html, encoding="utf-8")
    return folder


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A published site on loopback: its address and its folder."""
    folder = tmp_path / "live"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words: object, **named: object) -> None:
            super().__init__(*words, directory=str(folder), **named)  # type: ignore[arg-type]

        def log_message(self, *words: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", folder
    server.shutdown()
    server.server_close()


def test_pages_notes_and_words_are_counted(tmp_path: Path) -> None:
    assert floor.count_content(write_site(tmp_path / "site", 3)) == {"pages": 3, "notes": 6, "words": 21}


def test_a_first_publication_passes_and_leaves_its_counts(tmp_path: Path, live: tuple[str, Path]) -> None:
    site = write_site(tmp_path / "site", 3)
    assert floor.main([str(site), "--live", live[0]]) == 0
    assert json.loads((site / "counts.json").read_text()) == {"pages": 3, "notes": 6, "words": 21}


def test_a_site_that_has_shrunk_is_refused_unless_meant(
    tmp_path: Path, live: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    address, folder = live
    (folder / "counts.json").write_text(json.dumps({"pages": 4, "notes": 6, "words": 21}))
    site = write_site(tmp_path / "site", 3)
    assert floor.main([str(site), "--live", address]) == 1
    assert "3 pages, where 4 are live: fewer than 90%." in capsys.readouterr().err
    assert floor.main([str(site), "--live", address, "--allow-smaller"]) == 0
    assert floor.main([str(site), "--live", address, "--share", "0.7"]) == 0


def test_counts_that_cannot_be_read_do_not_pass_in_silence(tmp_path: Path, live: tuple[str, Path]) -> None:
    address, folder = live
    (folder / "counts.json").write_text("<html>not JSON</html>")
    assert floor.main([str(write_site(tmp_path / "site", 1)), "--live", address]) == 1


def night(folder: Path, open_issue: str, **outcomes: str) -> tuple[list[str], str]:
    """What report_issue.sh asks of GitHub after a night with these outcomes, and what the issue says."""
    gh, log, body = folder / "gh", folder / "log", folder / "body"
    gh.write_text(
        f'#!/bin/sh\necho "$*" >> {log}\nif [ "$2" = list ]; then echo "{open_issue}"; fi\n'
        f'while [ $# -gt 0 ]; do if [ "$1" = --body-file ]; then cp "$2" {body}; fi; shift; done\n'
    )
    gh.chmod(0o755)
    parts = [f"{name}={outcome}" for name, outcome in outcomes.items()]
    subprocess.run(
        ["bash", str(ROOT / "scripts/report_issue.sh"), str(folder), *parts],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        check=True,
    )
    calls = [line for line in log.read_text().splitlines() if not line.startswith("issue list")]
    return calls, body.read_text() if body.exists() else ""


@pytest.mark.parametrize(
    ("outcome", "open_issue", "called"),
    [
        ("success", "", []),
        ("success", "7", ["issue close 7"]),
        ("failure", "", ["issue create --title Nightly checks failed"]),
        ("failure", "7", ["issue edit 7"]),
    ],
)
def test_one_issue_holds_the_nightly_report(
    tmp_path: Path, outcome: str, open_issue: str, called: list[str]
) -> None:
    calls, _ = night(tmp_path, open_issue, pins="success", links=outcome)
    assert [call[: len(want)] for call, want in zip(calls, called, strict=True)] == called


def test_the_nightly_report_says_what_failed_and_why(tmp_path: Path) -> None:
    (tmp_path / "links.txt").write_text("INFO - fine\nWARNING -  links: docs/a.md:1:1: gone ```\n" * 2000)
    (tmp_path / "tests.txt").write_text("No line that says what it is\n")
    (tmp_path / "preview.txt").write_text("WARNING - of no interest\n")
    calls, body = night(
        tmp_path, "", pins="success", tests="failure", preview="success", links="failure", other="skipped"
    )
    assert len(calls) == 1
    assert "## The tests\n\n~~~~text\nNo line that says what it is\n~~~~\n" in body
    assert "## The build of the site with its links\n\n~~~~text\nWARNING" in body
    assert "… and more: see the log of the run." in body
    assert "INFO" not in body
    assert "of no interest" not in body
    assert "## other\n\nNot run, because a step before it failed.\n" in body
    assert len(body) < 65_536  # What an issue can hold.


def test_a_night_that_printed_nothing_is_reported_too(tmp_path: Path) -> None:
    _, body = night(tmp_path, "", pins="failure")
    assert "## The installation of the locked packages\n\nIt printed nothing." in body


def test_failed_tests_are_told_as_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "tests.xml"
    case = '<testcase classname="tests.site.test_site" name="test_{}">{}</testcase>'
    failure, error = '<failure message="m"/>', '<error message="m"/>'
    cases = [
        case.format("every_page_cites[a.md]", failure),
        case.format("it_is_so", ""),
        case.format("b", error),
    ]
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    assert list(failed_tests.failed_test_names(path)) == [
        "Every page cites: a.md (`tests/site/test_site.py`)",
        "B (`tests/site/test_site.py`)",
    ]
    assert failed_tests.main(tmp_path / "gone.xml") == 0
    assert capsys.readouterr().out.startswith("## The tests stopped")
