"""The theme's sheet without what dresses parts that are not there, and nothing else lost."""

from __future__ import annotations

import pytest

import styles


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
    ],
)
def test_slim(css: str, slim: str) -> None:
    assert styles.slim(css) == slim


def test_selectors_are_cut_at_their_own_commas_only() -> None:
    assert styles.parts(':is(a,b) c,d[e="f"]') == [":is(a,b) c", 'd[e="f"]']
