"""mkdocs.yml and the menu: syntax, pages outside the menu, names of files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import ROOT, Build
from warning_lights.writing import config

NAV = "nav:\n  - index.md\n  - About:\n      - about/index.md\n      - Licences: about/licences.md # Last.\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nav:\n\t- index.md\n", "mkdocs.yml:2:1: This is not valid YAML: this line is indented with a tab."),
        (
            "nav:\n  - a.md\n\t- b.md\n",
            "mkdocs.yml:3:1: This is not valid YAML: this line is indented with a tab.",
        ),
        (
            "site_name: A: b\n",
            "mkdocs.yml:1:13: This is not valid YAML: a colon in a value needs quotation marks",
        ),
        ("nav: [a.md\nx: 1\n", "mkdocs.yml:2:"),
        ("a: \x07\n", "mkdocs.yml:1:1: This is not valid YAML:"),
    ],
)
def test_a_fault_of_syntax_has_its_place(text: str, said: str) -> None:
    assert str(config.syntax_fault(text)).startswith(said)


def test_tags_of_mkdocs_are_no_fault() -> None:
    assert config.syntax_fault((ROOT / "mkdocs.yml").read_text(encoding="utf-8")) is None
    assert config.syntax_fault("a: !ENV [B, null]\nc: !!python/name:x.y ''\n") is None


def test_the_line_to_add_stands_after_the_last_page_of_the_folder() -> None:
    listed = ["index.md", "about/index.md", "about/licences.md"]
    lacks = "This page is not in the menu. Add to mkdocs.yml"
    assert [config.line_to_add(page, listed, NAV) for page in ("about/new.md", "new.md")] == [
        f"{lacks}, after line 5 (about/licences.md): - about/new.md (6 spaces before the dash)",
        f"{lacks}, after line 2 (index.md): - new.md (2 spaces before the dash)",
    ]


def test_a_name_with_spaces_or_capitals_is_named_anew() -> None:
    pages = ["a-b.md", "проба.md", "My Page (2).md", "a_b/x.md", "О нас.md"]
    found = list(config.file_name_faults({page: page for page in pages}))
    assert [words.split(":")[0] for _, words, _ in found] == [
        "Name this file my-page-2.md",
        "Name this file a-b/x.md",
        "Name this file о-нас.md",
    ]
    assert {severity for *_, severity in found} == {"warning"}


def test_a_name_that_is_markup_or_takes_an_address_is_an_error() -> None:
    pages = {
        "<b> x.md": "b-x/index.html",
        "search/search_index.json.md": "search/search_index.json/index.html",
        ".md": "index.html",
        "a.md": "a/index.html",
        "a/index.md": "a/index.html",
        "v1.2.md": "v1.2/index.html",
    }
    assert [(page, severity) for page, _, severity in config.file_name_faults(pages)] == [
        ("<b> x.md", "error"),
        ("search/search_index.json.md", "error"),
        (".md", "error"),
        ("a/index.md", "error"),
    ]


def test_a_title_of_the_nav_that_holds_html_is_an_error() -> None:
    text = "nav:\n  - Home: index.md\n  - More:\n      - A <b>: a.md\n"
    nav = [{"Home": "index.md"}, {"More": [{"A <b>": "a.md"}]}]
    assert [str(finding) for finding in config.title_faults(nav, text)] == [
        "mkdocs.yml:4:9: The title “A <b>” holds HTML. Write it without < and >."
    ]


def test_a_build_names_the_page_outside_the_menu_once(build_site: Callable[..., Build]) -> None:
    quiet = "validation: {nav: {omitted_files: ignore}}\nnav: [index.md]\nnot_in_nav: hidden.md\n"
    head = "---\ntitle: A\n---\n"
    pages = {"index.md": f"{head}# A\n", "new.md": f"{head}# B\n", "hidden.md": "# C\n"}
    build = build_site(pages, hooks=("writing.py", "links.py"), config=quiet)
    assert [line for line in build.output.splitlines() if "new.md" in line] == [
        "WARNING -  writing: docs/new.md:1:1: This page is not in the menu. "
        "Add to mkdocs.yml, under nav: - new.md"
    ]
    assert "docs/hidden.md:1:1: This page has no description" in build.output
    assert "hidden.md:1:1: This page is not in the menu" not in build.output


def test_a_word_without_a_value_in_a_list_of_attributes_stops_nothing(
    build_site: Callable[..., Build],
) -> None:
    page = "# A\n\n## With code {#my id}\n\n[B](b.md){href}\n\n## C {#c}\n\n`{id}`"
    build = build_site(
        {"index.md": page, "b.md": "# B"}, hooks=("writing.py",), config="markdown_extensions: [attr_list]"
    )
    advice = "has a word without a value. An id is written {#name}, without a space in it."
    assert f"docs/index.md:3:14: {{#my id}} {advice}" in build.output
    assert f"docs/index.md:5:10: {{href}} {advice}" in build.output
    assert build.output.count(advice) == 2


def test_front_matter_below_an_empty_line_is_reported_as_such(build_site: Callable[..., Build]) -> None:
    pages = {"index.md": "\n---\ntitle: A\ndescription: B\n---\n\n# A"}
    build = build_site(pages, hooks=("writing.py",))
    assert "docs/index.md:1:1: Front matter begins in the first line." in build.output
    assert "no description" not in build.output


def test_two_words_without_a_value_on_one_line_are_two_findings(build_site: Callable[..., Build]) -> None:
    page = "# A\n\n[B](b.md){href} and [B](b.md){href}"
    build = build_site(
        {"index.md": page, "b.md": "# B"}, hooks=("writing.py",), config="markdown_extensions: [attr_list]"
    )
    assert "docs/index.md:3:10: {href} has a word without a value." in build.output
    assert "docs/index.md:3:30: {href} has a word without a value." in build.output
