"""The theme's sheet without what dresses parts that are not there, and nothing else lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import styles
from conftest import Build


@pytest.mark.parametrize(
    ("css", "slim"),
    [
        ("a{b:c}", "a{b:c}"),
        (".md-nav__item{b:c}.md-typeset p{b:c}", ".md-typeset p{b:c}"),
        (".md-nav a,.md-typeset a{b:c}", ".md-typeset a{b:c}"),
        ("@media print{.md-header{b:c}p{d:e}}", "@media print{p{d:e}}"),
        ("@media print{.md-header{b:c}}", ""),
        ("@media a{@supports (b:c){.md-nav{d:e}i{f:g}}}", "@media a{@supports (b:c){i{f:g}}}"),
        ("@keyframes k{0%{b:c}to{b:d}}", "@keyframes k{0%{b:c}to{b:d}}"),
        (':is(.md-nav,.x) a{b:url("{")}p{c:d}', "p{c:d}"),
        ('q{b:url("}{")}p{c:d}', 'q{b:url("}{")}p{c:d}'),
        ("[dir=rtl] p{b:c}[dir=ltr] p{d:e}", "[dir=ltr] p{d:e}"),
        (".known p,.other p{b:c}", ".known p{b:c}"),
        (".known.other{b:c}.known:hover{d:e}", ".known:hover{d:e}"),
        # What a choice names need not be there; what stands before it must.
        (
            "p:not(.other){b:c}a:is(.other,.more) i{d:e}.other:not(.known){f:g}",
            "p:not(.other){b:c}a:is(.other,.more) i{d:e}",
        ),
    ],
)
def test_slim(css: str, slim: str) -> None:
    assert styles.slim(css, {"md-typeset", "known"}) == slim


def test_a_class_is_found_however_it_is_written_and_in_scripts() -> None:
    pages = ['<p class="a b">x</p>', "<p id=i class='c'>", "<p class=d>", "<p>class is a word"]
    assert styles.classes(pages, ['list.classList.add("side")']) >= {"a", "b", "c", "d", "side"}
    assert "word" not in styles.classes(pages, [])


def test_what_nothing_uses_any_more_goes_with_it() -> None:
    theirs = (
        ":root{--a:1;--icon:url(\"data:image/svg+xml;charset=utf-8,<svg d='M1 2'/>\");--b:var(--a);--c:red}"
        "p{color:var(--c)}@keyframes gone{0%{x:y}}@keyframes used{0%{x:y}}"
    )
    own = "a{animation:used 1s}"
    left = ":root{--c:red}p{color:var(--c)}@keyframes used{0%{x:y}}"
    assert styles.joined(theirs, own) == f"{left}\n{own}"


def test_selectors_are_cut_at_their_own_commas_only() -> None:
    assert styles.parts(':is(a,b) c,d[e="f"]') == [":is(a,b) c", 'd[e="f"]']


def test_a_feature_that_needs_scripts_of_the_theme_is_told_to_be_of_no_effect(
    build_site: Callable[..., Build],
) -> None:
    config = "theme:\n  name: material\n  features: [navigation.instant]\n"
    site = build_site({"index.md": "# One"}, hooks=("styles.py",), config=config)
    assert site.code == 1
    assert "mkdocs.yml: theme: features: navigation.instant: of no effect here" in site.output
    assert ".md-typeset h1" in site.read("assets/styles.css")
