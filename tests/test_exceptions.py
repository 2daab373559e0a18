"""An exception that excuses nothing any more, or is misspelt, is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

import exceptions
import prose
from conftest import ROOT

TYPOS = """\
[files]
extend-exclude = ["needed/", "gone/"] # Not "this".

[default]
locale = "en-gb"
extend-ignore-re = [
  "`[^`\\n]*`", # Code.
  "~[^~]*~",
]

[default.extend-words]
teh = "teh" # Here.
recieve = "recieve" # Not here.

[default.extend-identifiers]
Center = "Center"

[type.py]
check-file = false
"""
RUMDL = """\
[global]
exclude = ["needed", ".venv", "gone"]
disable = ["MD013", "MD931"]
"""
POLICY = """\
[never]
"bad.org" = "Why."
"https://bad.com/" = "Why."
"sub.bad.org" = "Why."
"onion" = "Why."
"""
PYTHON = '[[tool.mypy.overrides]]\nmodule = ["here.*", "gone.*"]\n'


@pytest.fixture(name="project")
def fixture_project(tmp_path: Path) -> Path:
    files = {
        "typos.toml": TYPOS,
        ".rumdl.toml": RUMDL,
        "link-policy.toml": POLICY,
        "pyproject.toml": PYTHON,
        ".gitignore": "/.venv/\n",
        "README.md": "# Read me\n",
        "docs/index.md": "# A page\n\nAt teh Center of `code`.\n",
        "needed/a.md": "# Freind\n",
        "hooks/a.py": "from here.x import y  # The color of it.\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_what_excuses_nothing_is_told_with_its_place(project: Path) -> None:
    assert [str(finding) for finding in exceptions.findings(project)] == [
        '.rumdl.toml:2:31: "gone" excuses nothing any more, or is misspelt. Take it out.',
        ".rumdl.toml:3:21: Unknown rule in global.disable: MD931 (did you mean: MD031?).",
        "link-policy.toml:3:1: https://bad.com/ is no host. "
        "Write it in small letters, without https:// and /.",
        "link-policy.toml:4:1: sub.bad.org is forbidden by bad.org already. Take it out.",
        'pyproject.toml:2:21: "gone.*" excuses nothing any more, or is misspelt. Take it out.',
        'typos.toml:2:30: "gone/" excuses nothing any more, or is misspelt. Take it out.',
        'typos.toml:8:3: "~[^~]*~" excuses nothing any more, or is misspelt. Take it out.',
        'typos.toml:13:1: recieve = "recieve" excuses nothing any more, or is misspelt. Take it out.',
    ]


def test_a_file_of_settings_that_cannot_be_read_does_not_pass_in_silence(project: Path) -> None:
    (project / "typos.toml").write_text("no TOML", encoding="utf-8")
    with pytest.raises(prose.Stopped, match="typos stopped"):
        exceptions.findings(project)


def test_the_lists_of_this_project_are_looked_into() -> None:
    """Whoever writes them in another form must not escape."""
    typos, rumdl = ((ROOT / name).read_text(encoding="utf-8") for name in ("typos.toml", ".rumdl.toml"))
    assert all(list(exceptions.items(typos, lists, each)) for lists, each in exceptions.NEEDED)
    assert list(exceptions.items(typos, exceptions.array("extend-ignore-re"), exceptions.QUOTED))
    assert list(exceptions.items(rumdl, exceptions.array("exclude"), exceptions.QUOTED))
