"""How pages are written: words of the house, and what other tools find, all at their place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import prose
from conftest import ROOT

WORDS = prose.house_words(prose.WORDS.read_text(encoding="utf-8"))


def told(text: str) -> list[str]:
    return [str(finding) for finding in prose.wording_findings("docs/a.md", text, WORDS)]


def test_a_word_is_told_with_its_place_what_is_better_and_why() -> None:
    assert told("---\ntitle: A page\n---\n# A page\n\nThey Utilised it, e.g.\nhere.\n") == [
        "docs/a.md:6:19: “e.g.” is not used on this site. Write for example: "
        "spelt out, it is read aloud as it is meant.",
        "docs/a.md:6:6: “Utilised” is not used on this site. Write used: it says the same.",
    ]


def test_a_phrase_is_found_across_a_line_end_and_in_the_title_of_the_page() -> None:
    assert [
        line.split(": ")[0] for line in told("---\ntitle: Simply a page\n---\nPlease\nnote that it is.")
    ] == [
        "docs/a.md:2:8",
        "docs/a.md:4:1",
    ]
    assert "Leave it out: " in told("Simply so.")[0]


@pytest.mark.parametrize(
    "quiet",
    [
        "They say “simply no”, and ‘infidels’ [simply @ctc-1; @ctc-2, e.g. p. 3].",
        "`simply` and <span title='simply'>so</span>",
        "```\nsimply\n```",
        "> Simply quoted.",
        "It is in *Simply a title*, see [it](simply.md) and https://example.org/simply.",
        "<!-- simply -->",
        "A just peace, a utilitarian, unjust clickbait, a leg. and the pie.",
        "---\ntitle: A\ntags: [simply]\n---\nText.",
    ],
)
def test_what_is_not_our_word_is_left_alone(quiet: str) -> None:
    assert told(quiet) == []


def test_several_forms_have_as_many_better_ones_or_one() -> None:
    one, two = prose.house_words(
        "- {words: 'a, b', better: 'c, d', why: W.}\n- {words: 'e, f', better: 'g, h, or i', why: W.}"
    )
    assert one.better == {"a": "c", "b": "d"}
    assert two.better == {"e": "g, h, or i", "f": "g, h, or i"}


def test_the_list_gives_no_advice_that_it_would_refuse() -> None:
    for each in WORDS:
        for better in each.better.values():
            assert not list(prose.wording_findings("a", better, WORDS))
    written = [word for each in WORDS for word in each.better]
    assert len(written) == len(set(written))


def test_markdown_and_spelling_stand_in_the_same_form(tmp_path: Path) -> None:
    for name in (".rumdl.toml", "typos.toml", "README.md", "CONTRIBUTING.md", "SECURITY.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("# A page\n\nÜber teh page.\n* item\n", encoding="utf-8")
    (tmp_path / "docs/b.md").write_bytes(b"\xef\xbb\xbf# Another page\r\n\r\nSimply text.\r\n")
    lines = [str(finding) for finding in prose.findings(tmp_path) if "docs/" in str(finding)]
    assert [line for line in lines if "MD004" not in line] == [
        "docs/a.md:3:6: “teh” is misspelt. Did you mean the? "
        'If it is right, add to typos.toml, under [default.extend-words]: teh = "teh"',
        "docs/a.md:4:1: List should be preceded by blank line. Leave an empty line before and after a list. "
        "(MD032; on your own computer, `make format` does it)",
        "docs/b.md:3:1: “Simply” is not used on this site. Leave it out: "
        "what is simple for one reader is not for another.",
    ]


def test_a_tool_that_cannot_look_does_not_pass_in_silence(tmp_path: Path) -> None:
    (tmp_path / "typos.toml").write_text("no TOML")
    with pytest.raises(prose.ToolStopped, match="typos stopped"):
        list(prose.spelling_findings(tmp_path))


def test_a_word_has_one_finding_and_a_line_that_the_build_explains_has_none(tmp_path: Path) -> None:
    for name in (".rumdl.toml", "typos.toml", "README.md", "CONTRIBUTING.md", "SECURITY.md"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "docs").mkdir()
    address = "https://example.org/" + "a" * 1500
    text = f"# A\n\nThey utilized it.\n\n{address}\n\n| a | b |\n| 1 | 2 |\n\n```\nopen\n"
    (tmp_path / "docs/a.md").write_text(text, encoding="utf-8")
    lines = [str(finding) for finding in prose.findings(tmp_path) if "docs/" in str(finding)]
    assert lines == [
        "docs/a.md:3:6: “utilized” is not used on this site. Write used: it says the same.",
        f"docs/a.md:5:1: URL without angle brackets or link formatting: “{address[:59]}…”. "
        "Put < before it and > after it, or write [words](address). "
        "(MD034; on your own computer, `make format` does it)",
    ]


def test_typography_is_a_notice() -> None:
    text = "From 2015-2016, on 2024-03-22 -- or later... <!-- a -- b --> `--x`\n\n| --- | -- |\n\n---\n"
    found = list(prose.wording_findings("docs/a.md", text, []))
    assert [f"{one.line}:{one.column}: {one.message}" for one in found] == [
        "1:31: -- is printed as typed. Write –",
        "1:42: ... is printed as typed. Write …",
        "1:6: 2015-2016 is printed as typed. Write 2015–2016",
    ]
    assert {one.severity for one in found} == {"warning"}
