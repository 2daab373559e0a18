"""`make new`: a site about another subject, which builds and names nothing of the old one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from workflow_steps import Clone, clean_clone

import new
from conftest import mkdocs_build
from warning_lights.bibliography.bibtex import Entry, scan

TEXT = {".html", ".xml", ".json", ".js", ".css", ".txt", ".md", ".csv", ".bib", ".ris", ".svg"}


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return clean_clone(tmp_path / "clone")


def test_a_new_site_builds_and_names_nothing_of_the_old(clone: Clone, tmp_path: Path) -> None:
    folder = clone.folder
    old = yaml.load((folder / "mkdocs.yml").read_text(encoding="utf-8"), Loader=new.NamesOnly)
    keys = [
        entry.key
        for path in folder.glob("bibliography/*.bib")
        for entry in scan(path.read_text(encoding="utf-8"))
        if isinstance(entry, Entry) and entry.key != "sample2024source"
    ]
    # Its examples may have the words of any site.
    guide = (folder / "docs/about/contributing.md").read_text(encoding="utf-8")
    title = "Lamp: the “posts”"
    new.start_site(folder, title)
    clone.commit("Begin a site about lamps")
    built = mkdocs_build(folder / "mkdocs.yml", tmp_path / "site")
    assert built.code == 0, built.output
    assert "WARNING" not in built.output
    assert f"<title>{title}</title>" in built.read("index.html")
    assert "no longer here" not in built.read("about/changes/index.html")
    assert (built.site / "downloads/lamp-the-posts.pdf").is_file()
    names = [old["site_name"], new.slug(old["site_name"]), *(key for key in keys if key not in guide)]
    named = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    texts = [path for path in built.site.rglob("*") if path.suffix in TEXT]
    assert [path for path in texts if named.search(path.read_text(encoding="utf-8"))] == []
    assert not (folder / "tests/site").exists()
    assert "# Lamp: the “posts”" in (folder / "README.md").read_text(encoding="utf-8")


def test_what_is_not_committed_is_never_lost(clone: Clone) -> None:
    note = clone.folder / "docs/note.md"
    note.write_text("# A note\n", encoding="utf-8")
    with pytest.raises(new.Refused, match="not committed"):
        new.start_site(clone.folder, "Tide tables")
    assert note.is_file()


def test_a_title_is_needed(clone: Clone) -> None:
    with pytest.raises(new.Refused, match="Give the title"):
        new.start_site(clone.folder, "  ")


@pytest.mark.parametrize(
    ("title", "slug"), [("Tide tables", "tide-tables"), ("Été & co.", "ete-co"), ("目录", "site")]
)
def test_names_of_files_come_from_the_title(title: str, slug: str) -> None:
    assert new.slug(title) == slug
