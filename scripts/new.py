"""Begin a site about another subject: remove the content of this one, and write a sample of each thing.

    make new TITLE="Tide tables"

The samples are in scripts/new/. The engine, the frame of the pages, the guides and the workflows stay.
Nothing is done while git has uncommitted changes, so that all of it can be undone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from string import Template

import yaml

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = "scripts/new"
CONTENT = [  # Of one subject. What is listed under STAYS below it stays.
    "docs",
    "bibliography",
    "tests/site",
    "anchors.txt",
    "CITATION.cff",
    ".github/ISSUE_TEMPLATE/reference.yml",
]
STAYS = [
    "docs/assets",
    "docs/about/contributing.md",
    "docs/about/your-own-subject.md",
    "docs/about/changes.md",
    "docs/about/offline.md",
    "bibliography/style.csl",
]
NAMED = ["README.md", "Makefile", "CONTRIBUTING.md", "LICENSES/MIT.txt", "docs/about/offline.md"]
PART = re.compile(r"^(?P<key>\w+):.*\n(?:(?:[ \t].*)?\n)*", re.MULTILINE)


class NamesOnly(yaml.SafeLoader):
    """Reads mkdocs.yml without the values of its tags, such as !ENV."""


NamesOnly.add_multi_constructor("", lambda loader, suffix, node: None)


class Refused(ValueError):
    """Why nothing is done, as a sentence."""


def start_site(root: Path, title: str) -> None:
    """Make the project in `root` one about `title`; raises Refused, and then nothing is changed."""
    title = " ".join(title.split())
    if not title:
        raise Refused('Give the title of the new site: make new TITLE="Tide tables".')
    if git(root, "status", "--porcelain"):
        raise Refused("There are changes that are not committed. Commit or remove them first.")
    config = root / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    old = yaml.load(text, Loader=NamesOnly)["site_name"]
    quoted = json.dumps(title, ensure_ascii=False)[1:-1]  # Between quotation marks of YAML.
    values = {
        "title": title,
        "quoted": quoted,
        "slug": slug(title),
        "commit": git(root, "rev-parse", "--short=12", "HEAD"),
    }
    remove_content(root)
    write_samples(root, values)
    config.write_text(new_config(text, root / TEMPLATES, values), encoding="utf-8")
    readme = root / "README.md"
    head = Template((root / TEMPLATES / "README.head.md").read_text(encoding="utf-8")).substitute(values)
    readme.write_text(
        head + "\n" + readme.read_text(encoding="utf-8").partition("\n\n")[2].partition("\n\n")[2],
        encoding="utf-8",
    )
    for name in NAMED:
        path = root / name
        renamed = path.read_text(encoding="utf-8").replace(old, title)
        path.write_text(renamed.replace(slug(old), values["slug"]), encoding="utf-8")


def slug(title: str) -> str:
    """A name for files: `Tide tables` is `tide-tables`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "site"


def remove_content(root: Path) -> None:
    stays = [root / name for name in STAYS]
    for name in CONTENT:
        path = root / name
        for file in [*sorted(path.rglob("*"), reverse=True), path]:
            if any(file == keep or keep in file.parents for keep in stays):
                continue
            if file.is_file() or file.is_symlink():
                file.unlink()
            elif file.is_dir() and not any(file.iterdir()):
                file.rmdir()
    shutil.rmtree(root / ".cache", ignore_errors=True)


def write_samples(root: Path, values: dict[str, str]) -> None:
    folder = root / TEMPLATES
    for template in sorted(folder.rglob("*")):
        name = template.relative_to(folder)
        if template.is_dir() or name.name.startswith(("mkdocs.", "README.")):
            continue
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template(template.read_text(encoding="utf-8"))
        target.write_text(text.substitute(values), encoding="utf-8")


def new_config(text: str, folder: Path, values: dict[str, str]) -> str:
    """mkdocs.yml with the names, the menu and the options of the new site; all else stays."""
    parts: dict[str, str] = {}
    for name in ("head", "nav", "extra"):
        template = Template((folder / f"mkdocs.{name}.yml").read_text(encoding="utf-8"))
        for m in PART.finditer(template.substitute(values)):
            parts[m["key"]] = m[0].rstrip("\n") + "\n"

    def part(m: re.Match[str]) -> str:
        space = m[0][len(m[0].rstrip("\n")) :]
        return parts[m["key"]].rstrip("\n") + space if m["key"] in parts else m[0]

    return PART.sub(part, text)


def git(root: Path, *arguments: str) -> str:
    """What git prints, or nothing outside a repository."""
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def main() -> int:
    try:
        start_site(ROOT, os.environ.get("TITLE", ""))
    except Refused as error:
        print(f"{error} Nothing was changed.", file=sys.stderr)
        return 1
    print("The content of the old subject is removed; one sample of each thing is written.")
    print("Next: make serve, and docs/about/your-own-subject.md, from step 3. To undo it: git checkout .")
    return 0


if __name__ == "__main__":
    sys.exit(main())
