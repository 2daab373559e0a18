"""Is each exception that we make in our settings still needed, and spelt right?

    python scripts/exceptions.py

    typos.toml        each is taken out, and typos is asked again: it must find something more
                      what is never looked at must stand somewhere in the pages
    .rumdl.toml       a rule must be known to rumdl, and what is left out must be there
    pyproject.toml    a module without types must be imported somewhere
    link-policy.toml  a host must be one, and not be forbidden twice

Other exceptions are looked after where they are used: `link-ok:` and `exclude` of lychee.toml by the link
check, anchors.txt and `redirects` by the build, `noqa` by ruff, `type: ignore` by mypy. Exit status 1
says that there is something to take out.
"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

import prose  # noqa: E402  (found only now)
from warning_lights.core.findings import Finding, report  # noqa: E402
from warning_lights.core.markdown_source import position  # noqa: E402

QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"\s*,?")
SETTING = re.compile(r"^[\w-]+\s*=\s*[^#\n]+", re.MULTILINE)
PYTHON = ("hooks", "scripts", "tests", "benchmarks")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def array(name: str) -> re.Pattern[str]:
    """An array of a TOML file, with its strings and comments as `items`."""
    return re.compile(rf"^{name}\s*=\s*\[(?P<items>(?:{QUOTED.pattern}|#[^\n]*|[^\]\"#])*)\]", re.MULTILINE)


def table(name: str) -> re.Pattern[str]:
    """A table of a TOML file, up to the next, with its lines as `items`."""
    return re.compile(rf"^\[{name}\]\n(?P<items>(?:(?!\[)[^\n]*(?:\n|\Z))*)", re.MULTILINE)


NEEDED = [  # Lists in typos.toml, and what an exception in them looks like.
    (array("extend-exclude"), QUOTED),
    (table(r"default\.extend-words"), SETTING),
    (table(r"default\.extend-identifiers"), SETTING),
    (table(r"type\.\w+"), SETTING),
]


def items(text: str, lists: re.Pattern[str], each: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The exceptions in some lists of a file, without those in comments."""
    for found in lists.finditer(text):
        for m in each.finditer(text, *found.span("items")):
            if "#" not in text[text.rfind("\n", 0, m.start()) + 1 : m.start()]:
                yield m


def spelling(root: Path) -> Iterator[Finding]:
    """Of typos.toml: what typos would not miss, and patterns that match nothing in the pages."""
    text = (root / "typos.toml").read_text(encoding="utf-8")
    usual = misspelt(root, text)
    for lists, each in NEEDED:
        for m in items(text, lists, each):
            if misspelt(root, text[: m.start()] + text[m.end() :]) == usual:
                yield needless("typos.toml", text, m)
    pages = "\n".join(path.read_text(encoding="utf-8") for path in sorted(root.glob("docs/**/*.md")))
    patterns = tomllib.loads(text)["default"].get("extend-ignore-re", [])
    for pattern, m in zip(patterns, items(text, array("extend-ignore-re"), QUOTED), strict=True):
        if not re.search(pattern, pages):
            yield needless("typos.toml", text, m)


def misspelt(root: Path, settings: str) -> str:
    """What typos says of the whole project with these settings."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "typos.toml")
        path.write_text(settings, encoding="utf-8")
        command = ["--isolated", "--sort", "--format", "json", "--config", str(path), "."]
        return prose.output(root, "typos", *command)


def markdown(root: Path, file: str = ".rumdl.toml") -> Iterator[Finding]:
    """Of .rumdl.toml: what rumdl does not know, and paths that neither are there nor are made."""
    text = (root / file).read_text(encoding="utf-8")
    command = [str(Path(sys.executable).with_name("rumdl")), "check", "--no-cache", "README.md"]
    said = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False).stderr
    for warning in re.findall(r"^\[config warning\] (.*)", said, re.MULTILINE):
        name = re.search(r": (\S+)", warning)
        at = text.find(f'"{name[1]}"') if name else 0
        yield Finding(file, *position(text, max(at, 0)), f"{warning}.")
    made = (root / ".gitignore").read_text(encoding="utf-8").split()
    for m in items(text, array("exclude"), QUOTED):
        name_of = tomllib.loads(f"x = [{m[0]}]")["x"][0]
        if f"/{name_of}/" not in made and not any(root.glob(name_of)):
            yield needless(file, text, m)


def needless(file: str, text: str, m: re.Match[str]) -> Finding:
    written = m[0].strip().rstrip(",")
    return Finding(
        file, *position(text, m.start()), f"{written} excuses nothing any more, or is misspelt. Take it out."
    )


def hosts(root: Path, file: str = "link-policy.toml") -> Iterator[Finding]:
    """Of the link policy: hosts that no address can have, or that are forbidden by another already."""
    text = (root / file).read_text(encoding="utf-8")
    known = list(tomllib.loads(text).get("never", {}))
    for host in known:
        at = position(text, max(text.find(f'"{host}"'), 0))
        if not HOST.fullmatch(host):
            yield Finding(file, *at, f"{host} is no host. Write it in small letters, without https:// and /.")
        elif above := next((other for other in known if host.endswith(f".{other}")), None):
            yield Finding(file, *at, f"{host} is forbidden by {above} already. Take it out.")


def modules(root: Path, file: str = "pyproject.toml") -> Iterator[Finding]:
    """Of pyproject.toml: modules that mypy may find without types, and that our Python never imports."""
    text = (root / file).read_text(encoding="utf-8")
    paths = (path for folder in PYTHON for path in sorted((root / folder).rglob("*.py")))
    ours = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    for m in items(text, array("module"), QUOTED):
        name = tomllib.loads(f"x = [{m[0]}]")["x"][0].removesuffix(".*")
        if not re.search(rf"^\s*(?:from|import) {re.escape(name)}\b", ours, re.MULTILINE):
            yield needless(file, text, m)


def findings(root: Path) -> list[Finding]:
    return sorted({*spelling(root), *markdown(root), *hosts(root), *modules(root)})


def main() -> int:
    logging.basicConfig(format="%(levelname)s - %(message)s", level=logging.INFO)
    try:
        found = findings(ROOT)
    except prose.Stopped as error:
        print(error, file=sys.stderr)
        return 1
    report(found, logging.LoggerAdapter(logging.getLogger("exceptions"), {}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
