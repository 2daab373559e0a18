"""What is published of style sheets and scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import ROOT
from warning_lights.pages import fonts
from warning_lights.pages.assets import drawing_faults, joined_styles, without_comment_lines


def test_styles_are_joined_without_comments_and_indents() -> None:
    one, other = (
        "/*! A licence. */\n/* A reason. */\na b {\n  color: red;\n}\n",
        'i::after { content: "a b"; }\n',
    )
    assert joined_styles([one, other]) == '/*! A licence. */\na b{color:red}i::after{content:"a b"}'


def test_a_script_loses_lines_that_are_comments_and_nothing_else() -> None:
    script = '// What it does.\n(() => {\n  // A reason.\n\n  go("https://a // b"); // Why.\n})();\n'
    assert without_comment_lines(script) == '(() => {\n\n  go("https://a // b"); // Why.\n})();\n'


@pytest.mark.parametrize(
    "literal",
    [
        '"{ x: 1; }"',
        "'/* no comment */ ;  }'",
        r'"a \" { b }"',
        "url(data:image/svg+xml,{ a: b })",
        "/*! A:  b { } */",
    ],
)
def test_what_a_style_sheet_says_word_for_word_stays(literal: str) -> None:
    sheet = f"a {{\n  content: {literal};\n}}\n/* A reason, with a ' in it. */\nb {{\n  color: red;\n}}\n"
    assert joined_styles([sheet]).replace(" /*!", "/*!") == f"a{{content:{literal}}}b{{color:red}}"


@pytest.mark.parametrize("literal", ["`a\n  // b\n  c`", "`a ${b ? `c\n  d` : 1}\n  // f`", '"a\\\n  // b"'])
def test_a_script_with_a_literal_of_several_lines_stays_whole(literal: str) -> None:
    script = f"  // It's a reason.\n  const a = {literal};\n  b(); // Don't.\n"
    assert without_comment_lines(script) == script


@pytest.mark.parametrize("path", sorted((ROOT / "docs/assets").glob("*.js")), ids=lambda path: path.name)
def test_our_scripts_lose_their_comments(path: Path) -> None:
    """None has a literal of several lines, for whose sake it would keep them."""
    script = path.read_text(encoding="utf-8")
    assert without_comment_lines(script) != script


def test_what_drawing_programs_write_is_allowed() -> None:
    drawing = (Path(__file__).parent / "cases/drawing.svg").read_bytes()
    assert list(drawing_faults(drawing)) == []


@pytest.mark.parametrize(
    ("inside", "fault"),
    [
        ("<filter><feImage href='a.png'/></filter>", "<feimage> is not allowed"),
        ("<symbol><script>x()</script></symbol>", "<script> is not allowed"),
        ("<symbol><use href='data:image/svg+xml,x#a'/></symbol>", "data:image/svg+xml,x#a: links begin with"),
        ("<g mask='url(https://x.example/a.svg#b)'/>", "This drawing loads a resource"),
        ("<mask><set attributeName='href'/></mask>", "<set> is not allowed"),
    ],
)
def test_what_runs_or_loads_is_refused_inside_them_too(inside: str, fault: str) -> None:
    drawing = f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>"
    assert [each.startswith(fault) for each in drawing_faults(drawing.encode())][:1] == [True]


def test_another_release_of_a_typeface_is_not_taken_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Face.ttf"
    monkeypatch.setitem(fonts.FACES, "text", path)
    subsets = []
    for release in (fonts.SERIF / "SourceSerifPro-Regular.ttf", fonts.SERIF / "SourceSerifPro-It.ttf"):
        path.write_bytes(release.read_bytes())
        subsets.append(fonts.cached_subset("text", {"a"}, "Site", tmp_path / "cache"))
    assert subsets[0] != subsets[1]
