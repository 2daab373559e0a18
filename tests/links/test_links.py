"""The link check as its users meet it: real builds, their messages, exceptions, policy and report."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, Build
from warning_lights.core.names import MOST_GUESSES, Names, did_you_mean
from warning_lights.links import address, prose
from warning_lights.links import page as link_page
from warning_lights.links.check import Check
from warning_lights.links.site import Site

BuildSite = Callable[..., Build]
QUIET = (
    "validation: {links: {not_found: info, anchors: info, absolute_links: info, unrecognized_links: info}}\n"
)
NOTES = QUIET + "markdown_extensions: [footnotes]\n"


def warnings(build: Build) -> list[str]:
    return [line.partition("links: ")[2] for line in build.output.splitlines() if "WARNING" in line]


def test_each_finding_says_where_what_and_what_was_meant(build_site: BuildSite) -> None:
    page = "\n".join(
        [
            "---",
            "title: Home",
            "---",
            "[a](guide/stup.md) and [b](guide/setup.md#step-oen).",
            "![c](img/logo.png) Text[^two].",
            "",
            "[^too]: Note.",
        ]
    )
    files = {"docs/img/lgo.png": "\x89PNG"}
    pages = {"index.md": page, "guide/setup.md": "# Setup\n\n## Step one\n"}
    build = build_site(pages, hooks=("links.py",), config=NOTES, files=files)
    assert build.code == 1
    expected = [
        "docs/index.md:4:5: guide/stup.md leads to docs/guide/stup.md, which does not exist."
        " Did you mean guide/setup.md?",
        "docs/index.md:4:28: guide/setup.md#step-oen leads to no place: docs/guide/setup.md has no #step-oen."
        " Did you mean #step-one?",
        "docs/index.md:5:6: img/logo.png leads to docs/img/logo.png, which does not exist."
        " Did you mean img/lgo.png?",
        "docs/index.md:5:24: [^two] is not defined on this page. Did you mean [^too]?",
    ]
    assert [
        line.partition("links: ")[2] for line in build.output.splitlines() if "WARNING" in line
    ] == expected
    assert "links: checked 3 pages: " in build.output
    assert "4 faults, " in build.output


def test_findings_are_annotations_on_github(build_site: BuildSite) -> None:
    env = {"GITHUB_ACTIONS": "true"}
    build = build_site({"index.md": "[a](b.md)"}, hooks=("links.py",), config=QUIET, env=env)
    assert "::error file=docs/index.md,line=1,col=5::b.md leads to docs/b.md" in build.output


def test_an_exception_stands_beside_the_link_with_its_reason(build_site: BuildSite) -> None:
    page = "\n".join(
        [
            "[a](b.md) <!-- link-ok: Shown on purpose. -->",
            "",
            "<!-- link-ok: Also on purpose. -->",
            "[c](d.md)",
            "",
            "[e](f.md) <!-- link-ok: -->",
            "",
            "Fine. <!-- link-ok: Nothing here. -->",
            "",
            "`<!-- link-ok: in code -->`",
            "",
            "[out](https://outside.test/) <!-- link-ok: Known to be slow. -->",
        ]
    )
    build = build_site({"index.md": page}, hooks=("links.py",), config=QUIET)
    found = warnings(build)
    assert found == [
        "docs/index.md:6:5: f.md leads to docs/f.md, which does not exist.",
        "docs/index.md:6:11: link-ok: has no reason. Say why the link beside it may stay.",
        "docs/index.md:8:7: link-ok: suppresses nothing any more. Remove it.",
    ]


def test_policy(build_site: BuildSite) -> None:
    policy = 'third-party = "error"\n[never]\n"bad.test" = "Not for readers."\n'
    page = "\n".join(
        [
            "[a](https://www.bad.test/x) <!-- link-ok: No excuse. -->",
            "![b](https://elsewhere.test/b.png)",
            "[c](https://elsewhere.test/)",
            "[d](http://plain.org/)",
        ]
    )
    build = build_site(
        {"index.md": page}, hooks=("links.py",), config=QUIET, files={"link-policy.toml": policy}
    )
    found = [line.partition("links: ")[2] for line in build.output.splitlines() if "docs/index.md:" in line]
    assert found == [
        "docs/index.md:1:5: https://www.bad.test/x must not be linked. Not for readers.",
        "docs/index.md:2:6: https://elsewhere.test/b.png is fetched from another host as soon as the page"
        " opens. Upload a copy to docs/assets/ (on GitHub: Add file, Upload files), and name it here.",
        "docs/index.md:4:5: http://plain.org/ is not encrypted. Try https://.",
    ]
    assert build.code == 1


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("[never]\n'a.test' = ''\n", "third-party is error or warning"),
        ("never = 3\n", "third-party is error or warning"),
        ("third-party = []\n", "third-party is error or warning"),
        ("never\n", "Expected '='"),
    ],
)
def test_a_malformed_policy_is_one_finding_beside_the_others(
    build_site: BuildSite, policy: str, words: str
) -> None:
    files = {"link-policy.toml": policy}
    build = build_site({"index.md": "[a](b.md)"}, hooks=("links.py",), files=files, config=QUIET)
    assert build.code == 1
    assert [line[: line.index(":")] for line in warnings(build)] == ["docs/index.md", "link-policy.toml"]
    assert f"link-policy.toml: {words}" in build.output


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("../c/#x", "https://h.test/repo/a/c/#x"),
        ("/x", "https://h.test/x"),
        ("//o.test", "https://o.test/"),
        ("https:y", "https://h.test/repo/a/b/y"),
        ("https:///o.test/y", "https://o.test/y"),
        ("..\\..\\..\\..\\x", "https://h.test/x"),
        ("%2e%2e/x", "https://h.test/repo/a/x"),
        ("?q", "https://h.test/repo/a/b/?q"),
        ("", "https://h.test/repo/a/b/"),
        (" \tx\n", "https://h.test/repo/a/b/x"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("HTTP://O.test:8080", "http://o.test:8080/"),
        ("a/./b/../c", "https://h.test/repo/a/b/a/c"),
        ("java\nscript:x", "javascript:x"),
        ("http://1.2.3.999/", None),
        ("https://a b/", None),
        ("https://h:99999/", None),
        ("//", None),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("http://1.2.3/", "http://1.2.0.3/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_addresses_are_read_as_a_browser_reads_them(written: str, resolved: str | None) -> None:
    url = address.parse(written, address.parse("https://h.test/repo/a/b/"))
    assert (url.href if url else None) == resolved


def test_what_a_browser_never_follows_is_not_read() -> None:
    page = link_page.read_page(
        "<!-- <a href=1> --><template><a href=2></template><textarea><a href=3></textarea><a>4</a>"
        "<script>'<a href=5>'</script><x-y href=6></x-y><link rel=preconnect href=7><a href=8>8</a>"
    )
    assert [link.url for link in page.links] == ["8"]


def check_of(files: dict[str, bytes], address: str | None = None) -> Check:
    check = Check(Site(files, address), files.__getitem__)
    check.run()
    return check


def test_a_path_is_found_as_github_pages_finds_it() -> None:
    site = Site(["index.html", "a/index.html", "b.html", "c/d.png"], "https://h.test/repo/")
    for path, file in {"": "index.html", "a": "a/index.html", "a/": "a/index.html", "b": "b.html"}.items():
        assert site.file_at(path) == file
    for path in ("A/", "b/", "c/", "c", "d.png", "b.HTML"):
        assert site.file_at(path) is None


def test_the_page_for_errors_is_read_at_any_depth() -> None:
    files = {"index.html": b"", "404.html": b'<a href="index.html">x</a><a href="/repo/index.html">y</a>'}
    assert [f.written for f in check_of(files, "https://h.test/repo/").faults] == ["index.html"]


def test_without_site_url_nothing_absolute_is_our_own() -> None:
    check = check_of({"index.html": b'<a href="https://h.test/x">x</a><a href="/index.html">y</a>'})
    assert (check.faults, list(check.external)) == ([], ["https://h.test/x"])


def test_quoted_words_are_found_whatever_their_spaces_and_case() -> None:
    html = b"<p>Some <b>Bold</b>\n words, and\xc2\xa0more.</p>"
    assert prose.text_not_found(":~:text=some%20bold,AND%20more", html) == ""
    assert prose.text_not_found(":~:text=some-,bold&text=not%20there", html) == "not there"


@pytest.mark.parametrize("value", ["some-,bold", "some,bold,-words", "some-bold"])
def test_a_text_directive_is_read_as_browsers_read_it(value: str) -> None:
    html = b"<p>Some Bold words, and Some-Bold.</p>"
    assert prose.text_not_found(f":~:text={value}", html) == ""


@pytest.mark.parametrize("value", ["", "some-", "some,bold,words", "some,,bold"])
def test_a_text_directive_that_browsers_ignore_finds_nothing(value: str) -> None:
    html = b"<p>Some Bold words.</p>"
    assert prose.text_not_found(f":~:text={value}", html) == f"text={value}"


def test_nothing_is_remembered_from_one_build_to_the_next(tmp_path: Path) -> None:
    import links_corpus

    import links

    config = links_corpus.write_site(tmp_path / "project")
    (config.parent / "docs" / "page.md").write_text("[a](nowhere.md)\n", encoding="utf-8")
    assert len(links_corpus.build(config, tmp_path / "site")) == 1
    (config.parent / "docs" / "page.md").write_text("[a](index.md)\n", encoding="utf-8")
    assert links_corpus.build(config, tmp_path / "site") == []
    assert links.built == []


def test_one_address_of_several_is_named_alone(build_site: BuildSite) -> None:
    page = '<img srcset="a.svg 1x, b.svg 2x" alt="x">\n'
    build = build_site({"index.md": page}, hooks=("links.py",), config=QUIET, files={"docs/a.svg": "<svg/>"})
    said = "b.svg leads to docs/b.svg, which does not exist. Did you mean a.svg?"
    assert warnings(build) == [f"docs/index.md:1:24: {said}"]


def test_what_was_meant_is_guessed_only_so_often() -> None:
    names = Names({"setup": "a", "other/Page": "b"})
    assert [names.closest(word) for word in ("stup", "page", "else")] == ["a", "b", None]
    names.guesses = dict.fromkeys(map(str, range(MOST_GUESSES)))
    assert [names.closest(word) for word in ("stup", "page")] == [None, "b"]


@pytest.mark.parametrize(
    ("written", "meant", "sentence"),
    [
        ("stup", "setup", " Did you mean setup?"),
        ("setup", "setup", ""),
        ("setup", None, ""),
        (
            "caf\u00e9.md",
            "cafe\u0301.md",
            " cafe\u0301.md looks the same, but its \u00e9 is made of other characters"
            " (composed or decomposed).",
        ),
        (
            "a\u00a0b.md",
            "a b.md",
            " a b.md looks the same, but one of the two has NO-BREAK SPACE (U+00A0).",
        ),
        (
            "\u0441afe.md",
            "cafe.md",
            " cafe.md looks the same, but one of the two has CYRILLIC SMALL LETTER ES (U+0441).",
        ),
    ],
)
def test_a_guess_names_another_name_or_says_how_it_differs(
    written: str, meant: str | None, sentence: str
) -> None:
    how = " Copy that name, or rename it." if "looks the same" in sentence else ""
    assert did_you_mean(written, meant) == sentence + how


def test_one_cause_in_an_element_that_markdown_does_not_read(build_site: BuildSite) -> None:
    page = (
        "# Page\n\n<figure markdown>\n![Hill](hill.svg)\n"
        "<figcaption>The hill.[^src] See [@key] and [text][here].</figcaption>\n</figure>\n\n"
        "A good [text][here] and **bold**.[^other]\n\n<p>Also.[^other]</p>\n\n"
        "[^src]: Drawn.\n[^other]: Called.\n[here]: #page\n"
    )
    config = QUIET + "markdown_extensions: [footnotes, md_in_html]\n"
    build = build_site(
        {"index.md": page}, hooks=("links.py",), config=config, files={"docs/hill.svg": "<svg/>"}
    )
    why = "was left as text: notes, citations and links are not read in"
    how = 'Add markdown="span" to it, or write <a href=…> for a link.'
    assert warnings(build) == [
        f"docs/index.md:5:22: [^src] {why} <figcaption>. {how}",
        f"docs/index.md:10:9: [^other] {why} <p>. {how}",
    ]


@pytest.mark.parametrize("tag", ["td", "div"])
@pytest.mark.parametrize("inside", ["[^a]", "See [^a] here", "[^a]: as said"])
def test_a_call_left_as_text_is_reported_and_no_other(build_site: BuildSite, tag: str, inside: str) -> None:
    html = f"<table><tr><td>{inside}</td></tr></table>" if tag == "td" else f"<div>{inside}</div>"
    page = f"# Page\n\nA claim.[^a]\n\n{html}\n\n[^a]: N.\n"
    config = QUIET + "markdown_extensions: [footnotes]\n"
    build = build_site({"index.md": page}, hooks=("links.py",), config=config)
    column = html.index("[") + 1
    assert [line.partition(" was left")[0] for line in warnings(build)] == [f"docs/index.md:5:{column}: [^a]"]


def test_citations_and_inline_notes_left_as_text_are_reported(build_site: BuildSite) -> None:
    page = (
        "# Page\n\n<p>x @glen2019paths y</p>\n\n<p>x^[inline note] z</p>\n\n"
        "<p>@nobody, me@glen2019paths</p>\n\nRead @glen2019paths.\n\nA link [<b>h</b>][] x.\n"
    )
    bib = "@article{glen2019paths,\n  title = {T},\n}\n"
    build = build_site({"index.md": page}, hooks=("links.py",), config=QUIET, files={"a.bib": bib})
    assert [line.partition(" was left")[0] for line in warnings(build)] == [
        "docs/index.md:3:6: @glen2019paths",
        "docs/index.md:5:5: ^[inline note]",
        "docs/index.md:11:8: [<b>h</b>] is not defined on this page.",
    ]


def test_a_good_link_is_not_blamed_for_a_bad_one(build_site: BuildSite) -> None:
    page = (
        "The [settings][] page, `a[0][1]`, x[0][1], [`code`][settings].\n\n"
        "- [`Plugin.Error`][] and [**strong**][] and [*words*][nowhere]\n\n[settings]: #top\n"
    )
    build = build_site({"index.md": page}, hooks=("links.py",), config=QUIET)
    assert warnings(build) == [
        "docs/index.md:3:3: [`Plugin.Error`] is not defined on this page.",
        "docs/index.md:3:26: [**strong**] is not defined on this page.",
        "docs/index.md:3:45: [nowhere] is not defined on this page.",
    ]


def test_the_name_of_a_file_is_the_same_however_the_build_was_started(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    config = f"site_name: Test\nhooks: [{ROOT / 'hooks' / 'links.py'}]\ncopyright: <a href=nowhere/>x</a>\n"
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    found = []
    for name in ("mkdocs.yml", "./mkdocs.yml", str(tmp_path / "mkdocs.yml")):
        command = [sys.executable, "-m", "mkdocs", "build", "-f", name, "-d", str(tmp_path / "site")]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        found.append(sorted(line for line in done.stderr.splitlines() if "nowhere" in line))
    assert found[0] == found[1] == found[2]
    assert ["links: mkdocs.yml:3:" in line for line in found[0]] == [True]
