"""The edit link and the report of a mistake."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Build

CONFIG = (
    "site_url: https://example.org/site/\nrepo_url: https://github.com/some/repo\nedit_uri: edit/main/docs/\n"
    "theme:\n  name: mkdocs\n"
)


def test_the_edit_link_opens_the_file_that_holds_the_words(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {
            "index.md": "# Home\n\n## A section\n",
            "made.md": "---\nedit: data/my events.csv\n---\n# Made",
            "data/my events.csv": "a,b",
        },
        hooks=("pages.py",),
        config=CONFIG,
    )
    assert site.code == 0, site.output
    assert "https://github.com/some/repo/edit/main/docs/index.md" in site.read("index.html")
    assert "https://github.com/some/repo/edit/main/docs/data/my%20events.csv" in site.read("made/index.html")


def test_a_section_is_reported_with_its_place(build_site: Callable[..., Build]) -> None:
    site = build_site({"index.md": "# Home\n\n## A section\n"}, hooks=("pages.py",), config=CONFIG)
    assert (
        'href="https://github.com/some/repo/issues/new?template=mistake.yml&amp;'
        'page=https%3A%2F%2Fexample.org%2Fsite%2F%23a-section"'
    ) in site.read("index.html")


def test_without_a_repository_nothing_is_added(build_site: Callable[..., Build]) -> None:
    site = build_site({"index.md": "# Home\n\n## A section\n"}, hooks=("pages.py",))
    assert 'class="report"' not in site.read("index.html")


def test_a_file_that_is_not_there_is_told(build_site: Callable[..., Build]) -> None:
    site = build_site({"index.md": "---\nedit: gone.csv\n---\n# Home"}, hooks=("pages.py",))
    assert site.code == 1
    assert (
        "docs/index.md:1:1: edit: gone.csv is not a file below docs/, so the edit link would be broken."
        in site.output
    )


def test_an_edit_address_without_a_repository_is_one_finding(build_site: Callable[..., Build]) -> None:
    pages = {"index.md": "# Home", "other.md": "# Other"}
    site = build_site(pages, hooks=("pages.py",), config="edit_uri: edit/main/docs/\n")
    warnings = [line for line in site.output.splitlines() if "edit_uri" in line]
    assert len(warnings) == 1, site.output
    assert "mkdocs.yml: edit_uri: edit/main/docs/ is relative to repo_url" in warnings[0]


def test_a_whole_edit_address_needs_no_repository(build_site: Callable[..., Build]) -> None:
    config = "edit_uri: https://example.org/edit/docs/\ntheme:\n  name: mkdocs\n"
    site = build_site({"index.md": "# Home"}, hooks=("pages.py",), config=config)
    assert site.code == 0, site.output
    assert "https://example.org/edit/docs/index.md" in site.read("index.html")
