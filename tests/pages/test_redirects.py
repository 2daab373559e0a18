"""Pages that moved: at each old address a page leads to the new one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Build
from warning_lights.pages import redirects


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("old.md", "old.md"),
        ("themes/old.md", "themes/old.md"),
        ("/themes/old/", "themes/old.md"),
        ("themes/old", "themes/old.md"),
        ("old.html", "old.md"),
    ],
)
def test_an_alias_is_a_file_or_an_address(written: str, file: str) -> None:
    assert redirects.aliases({"aliases": written}) == [file]


@pytest.mark.parametrize(
    "written", ["../x.md", "", "/", "https://example.org/x/", "a.md#part", [3], {"a": 1}]
)
def test_what_is_no_page_of_the_site_is_refused(written: object) -> None:
    with pytest.raises(redirects.BadAlias):
        redirects.aliases({"aliases": written if isinstance(written, (list, dict)) else [written]})


def test_the_old_address_leads_to_the_page(build_site: Callable[..., Build]) -> None:
    pages = {
        "index.md": "# A",
        "new.md": "---\naliases:\n  - old/one.md\n  - index.md\n---\n# B",
        "other.md": "---\ntitle: C\naliases: old/one.md\n---\n# C",
        "bad.md": "---\naliases: [../up.md]\n---\n# D",
    }
    build = build_site(pages, hooks=("redirects.py",), config="site_url: https://x.example/s/")
    html = build.read("old/one/index.html")
    assert 'href="../../new/"' in html
    assert '<link rel="canonical" href="https://x.example/s/new/">' in html
    assert "docs/new.md:2:1: index.md still exists, so its address cannot lead to this page." in build.output
    assert "docs/other.md:3:1: new.md has the alias old/one.md too. Remove one of the two." in build.output
    assert "docs/bad.md:2:1: ../up.md is not a page of this site." in build.output
    assert "Moved" not in build.read("index.html")


def test_a_site_without_an_address_needs_none(build_site: Callable[..., Build]) -> None:
    pages = {"index.md": "# A\n\n[B](new.md)", "new.md": "---\naliases: [old/one.md]\n---\n# B"}
    build = build_site(pages, hooks=("redirects.py", "links.py"))
    assert '<link rel="canonical" href="../../new/">' in build.read("old/one/index.html")
    assert "leads to" not in build.output
