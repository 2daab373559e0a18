"""Names that nothing reads: in the front matter of a page and in mkdocs.yml."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Build
from warning_lights.writing import front_matter


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("titel", "title"),
        ("tag", "tags"),
        ("descripton", "description"),
        ("Title", "title"),
        ("alias", "aliases"),
        ("weight", ""),  # Another plugin may read it.
        ("title", ""),
    ],
)
def test_a_misspelt_name_is_guessed_and_a_strange_one_is_left_alone(name: str, meant: str) -> None:
    known = {"title", "tags", "description", "aliases"}
    found = list(front_matter.faults(f"---\n# Head.\n{name}: A\n---\n# A\n", known))
    expected = f"Nothing reads {name} in the front matter. Did you mean {meant}?"
    assert found == ([(12, expected)] if meant else [])


@pytest.mark.parametrize("written", ["no", "2024-06-11", "12", "1.10", "0x1F", "~ yes"])
def test_a_text_is_what_its_writer_wrote(written: str) -> None:
    meta = {"title": object()}
    front_matter.normalise(meta, f"---\ntitle: {written}\n---\n")
    assert meta == {"title": written}


def test_a_build_reports_what_nothing_reads_at_its_place(build_site: Callable[..., Build]) -> None:
    build = build_site(
        {
            "index.md": "---\ntitle: no\ndescripton: B\ncover: c.png\n---\n\nText.\n",
            "assets/site.css": "p { margin: 0; }\n",
        },
        hooks=("writing.py",),
        config=(
            "extra:\n  dors: [index.md]\n  analytics: {provider: x}\n"
            "extra_css: [assets/sit.css, https://example.org/a.css]\n"
            "extra_javascript:\n  - path: assets/site.js\n    defer: true\n"
        ),
    )
    assert "docs/index.md:3:1: Nothing reads descripton in the front matter. Did you mean" in build.output
    assert "cover" not in build.output
    assert "Nothing reads dors in extra. Did you mean doors?" in build.output
    assert "analytics" not in build.output
    assert "extra_css: assets/sit.css does not exist. Did you mean assets/site.css?" in build.output
    assert "extra_javascript: assets/site.js does not exist." in build.output
    assert "example.org" not in build.output
