"""What is published of style sheets and scripts."""

from __future__ import annotations

from warning_lights.pages.assets import joined_styles, short_script


def test_styles_are_joined_without_comments_and_indents() -> None:
    one, other = (
        "/*! A licence. */\n/* A reason. */\na b {\n  color: red;\n}\n",
        'i::after { content: "a b"; }\n',
    )
    assert joined_styles([one, other]) == '/*! A licence. */\na b{color:red}i::after{content:"a b"}'


def test_a_script_loses_lines_that_are_comments_and_nothing_else() -> None:
    script = '// What it does.\n(() => {\n  // A reason.\n\n  go("https://a // b"); // Why.\n})();\n'
    assert short_script(script) == '(() => {\ngo("https://a // b"); // Why.\n})();\n'
