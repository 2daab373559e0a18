"""Links between notes show the number of the note they lead to."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Build
from note_links import numbered

NUMBERS = {"a/": {"fn:x": 3, "fn:@k:p-3": 4}, "": {"fn:y": 1}}


def test_the_sign_becomes_the_number() -> None:
    assert numbered('<a href="../a/#fn:x">note #</a>', "b/", NUMBERS) == '<a href="../a/#fn:x">note 3</a>'
    assert numbered('<a href="#fn:x">#</a>', "a/", NUMBERS) == '<a href="#fn:x">3</a>'
    assert numbered('<a href="a/#fn:@k:p-3">#</a>', "", NUMBERS) == '<a href="a/#fn:@k:p-3">4</a>'
    assert numbered('<a href="..#fn:y">#</a>', "a/", NUMBERS) == '<a href="..#fn:y">1</a>'


def test_other_links_stay() -> None:
    for html in ('<a href="#fn:x">three</a>', '<a href="#fn:z">#</a>', '<a href="#top">#</a>', "text #"):
        assert numbered(html, "a/", NUMBERS) == html


def test_in_a_build(build_site: Callable[..., Build]) -> None:
    site = build_site(
        {
            "index.md": "See [note #](part/page.md#fn:why).[^own]\n\n[^own]: And [#](part/page.md#fn:why).",
            "part/page.md": "One.[^first] Two.[^why]\n\n[^first]: x\n\n[^why]: y",
        },
        hooks=("citations.py",),
        config="plugins:\n  - bibtex:\n      bib_file: a.bib\n",
        files={"a.bib": ""},
    )
    assert site.code == 0, site.output
    assert '<a href="part/page/#fn:why">note 2</a>' in site.read("index.html")
    assert '<a href="part/page/#fn:why">2</a>' in site.read("index.html")
