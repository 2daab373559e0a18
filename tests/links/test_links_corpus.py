"""Every case of the corpus is reported once, at its place; the clean site is not reported at all."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import links_corpus
import pytest
from links_corpus import CASES, Case

ALL = [links_corpus.load(path) for path in CASES]


@pytest.mark.parametrize("theme", ["mkdocs", "material"])
def test_nothing_is_reported_on_a_site_of_traps(tmp_path: Path, theme: str) -> None:
    config = links_corpus.write_site(tmp_path / "project")
    config.write_text(
        config.read_text("utf-8").replace("name: mkdocs", f"name: {theme}\n  font: false"), "utf-8"
    )
    assert links_corpus.build(config, tmp_path / "site") == []


def test_nothing_is_reported_where_addresses_end_in_html(tmp_path: Path) -> None:
    pages = {
        "docs/index.md": "# Home\n\n[a](a/b.md#part) [b](a/b.html) [c](a/b)\n",
        "docs/a/b.md": "# B\n\n## Part\n\n[up](../index.md)\n",
    }
    config = links_corpus.write_site(tmp_path / "project")
    for name in ("traps.md", "guide/setup.md", "static.html", "feed.xml"):
        (config.parent / "docs" / name).unlink()
    for path, text in pages.items():
        (config.parent / path).parent.mkdir(exist_ok=True)
        (config.parent / path).write_text(text, encoding="utf-8")
    (config.parent / "overrides" / "main.html").unlink()
    text = "use_directory_urls: false\nnot_in_nav: nothing\n" + config.read_text("utf-8")
    config.write_text(text, encoding="utf-8")
    lines = links_corpus.build(config, tmp_path / "site")
    # Only what this test left unlinked: the pages that linked the downloads are gone.
    assert all("No page links to this download" in line for line in lines), lines


def test_faults_of_pages(tmp_path: Path) -> None:
    """All cases of one page share a site: each is reported on its own page, and nothing else is."""
    config = links_corpus.write_site(tmp_path / "project")
    pages = [case for case in ALL if case.is_page]
    for case in pages:
        (config.parent / "docs" / f"{case.name}.md").write_bytes(case.page.encode())
    found: dict[str, list[str]] = defaultdict(list)
    for place in links_corpus.places(links_corpus.build(config, tmp_path / "site")):
        file, _, line = place.rpartition(":")
        found[file].append(line)
    expected = {f"docs/{case.name}.md": [case.at.rpartition(":")[2]] for case in pages}
    assert found == expected


@pytest.mark.parametrize("case", [case for case in ALL if not case.is_page], ids=lambda case: case.name)
def test_faults_beside_the_pages(tmp_path: Path, case: Case) -> None:
    lines = links_corpus.build(links_corpus.write_site(tmp_path / "project", case), tmp_path / "site")
    assert links_corpus.places(lines) == [case.at], lines
