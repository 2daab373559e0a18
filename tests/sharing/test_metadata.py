"""A page as a reference manager reads it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import rispy
from pybtex.database import parse_string
from selectolax.lexbor import LexborHTMLParser

from conftest import ROOT, Build, one
from warning_lights.sharing.metadata import biblatex, cite_key, cite_path

BuildSite = Callable[..., Build]
CONFIG = (
    "site_url: https://example.org/some-repo/\n"
    f"theme: {{name: material, custom_dir: {ROOT / 'overrides'}}}\n"
    "extra:\n  metadata:\n    licence: https://creativecommons.org/licenses/by/4.0/\n"
)
HOOKS = ("writing.py", "metadata.py")
PAGES = {
    "index.md": "# Test\n\nWords.",
    "part/page.md": '---\ndescription: Says “so”.\n---\n# A "page" & more\n\nWords.',
    "odd.md": "---\ntitle: End </script> & begin\n---\nWords.",
}


def test_the_tags_name_title_author_date_address_and_licence(build_site: BuildSite) -> None:
    site = build_site(PAGES, hooks=HOOKS, config=CONFIG, env={"SOURCE_DATE_EPOCH": "1717200000"})
    assert site.code == 0, site.output
    page = LexborHTMLParser(site.read("part/page/index.html"))
    tags = {tag.attributes["name"]: tag.attributes["content"] for tag in page.css("head meta[name]")}
    assert tags["citation_title"] == 'A "page" & more'
    assert tags["citation_author"] == "Test"
    assert tags["citation_publication_date"] == "2024/06/01"
    assert tags["citation_public_url"] == "https://example.org/some-repo/part/page/"
    assert tags["DC.rights"] == "https://creativecommons.org/licenses/by/4.0/"
    data = json.loads(one(page, 'script[type="application/ld+json"]').text())
    assert data["headline"] == tags["citation_title"]
    assert data["dateModified"] == "2024-06-01"
    odd = one(LexborHTMLParser(site.read("odd/index.html")), 'script[type="application/ld+json"]')
    assert json.loads(odd.text())["headline"] == "End </script> & begin"


def test_the_files_to_cite_a_page_lie_where_its_links_point(build_site: BuildSite) -> None:
    pages = {**PAGES, "тест.md": "# Тест\n\nWords."}  # Whose address is another than its name.
    site = build_site(pages, hooks=HOOKS, config=CONFIG, env={"SOURCE_DATE_EPOCH": "1717200000"})
    for path in ("index.html", "part/page/index.html", "тест/index.html"):
        page = LexborHTMLParser(site.read(path))
        links = [link.attributes["href"] or "" for link in page.css(".cite-page a")]
        assert [Path(link).suffix for link in links] == [".bib", ".json", ".ris"]
        texts = [((site.site / path).parent / unquote(link)).read_text(encoding="utf-8") for link in links]
        (entry,) = parse_string(texts[0], "bibtex").entries.values()
        (item,) = json.loads(texts[1])
        (record,) = rispy.loads(texts[2])
        assert entry.fields["title"] == "{" + item["title"].replace("&", "\\&") + "}"
        assert record["title"] == item["title"]
        assert entry.fields["date"] == "2024-06-01"
        assert record["date"] == "2024/06/01"


def test_a_page_has_the_date_of_its_own_last_change(build_site: BuildSite, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()

    def git(*words: str, day: str = "2024-01-01") -> None:
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words],
            cwd=project,
            check=True,
            capture_output=True,
            env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "HOME": str(tmp_path)},
        )

    build_site(PAGES, config=CONFIG)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "-qm", "first", day="2024-02-03")
    (project / "docs" / "index.md").write_text("# Test\n\nOther words.", encoding="utf-8")
    git("commit", "-qam", "second", day="2024-05-06")
    site = build_site({**PAGES, "index.md": "# Test\n\nOther words."}, hooks=HOOKS, config=CONFIG)
    assert 'content="2024/05/06"' in site.read("index.html")
    assert 'content="2024/02/03"' in site.read("part/page/index.html")


def test_pages_that_are_files_get_files_beside_them() -> None:
    assert cite_path("part/page.html", "ris") == "part/page.cite.ris"
    assert cite_path("part/page/", "ris") == "part/page/cite.ris"
    assert cite_path("./", "ris") == "cite.ris"


def test_biblatex_keeps_the_title_as_it_is() -> None:
    item = {
        "id": "k",
        "author": [{"literal": "A & B"}],
        "title": "The U.S. & Others",
        "container-title": "Site",
        "issued": {"date-parts": [[2024, 6, 1]]},
        "URL": "https://example.org/",
    }
    assert "title        = {{The U.S. \\& Others}}" in biblatex(item)
    odd = biblatex({**item, "title": r"C:\a ~ x^2"})
    assert r"{{C:\textbackslash{}a \textasciitilde{} x\textasciicircum{}2}}" in odd


def test_a_site_without_a_name_has_a_key_for_its_home() -> None:
    assert cite_key("", "") == "home"
