"""What several tests share: the real MkDocs, run as a writer runs it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

ROOT = Path(__file__).resolve().parent.parent
STYLE = next((ROOT / "bibliography").glob("*.csl"))
# The plugin as small sites of the tests use it: their .bib files lie in bib/.
BIBTEX = f"plugins:\n  - bibtex:\n      bib_dir: bib\n      csl_file: {STYLE}\n"
SUB_PATH = "some-repo"  # Published sites of a repository live in a folder; so do the tested ones.

pytest_plugins = ["browser.fixtures"]


@dataclass(frozen=True)
class Build:
    """A finished `mkdocs build`: its exit code, all that it printed, and where the site is."""

    code: int
    output: str
    site: Path

    def read(self, path: str) -> str:
        return (self.site / path).read_text(encoding="utf-8")


def one(tree: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """The first element that `selector` finds; there must be one."""
    found = tree.css_first(selector)
    assert found is not None, f"nothing on the page is {selector}"
    return found


def mkdocs_build(config: Path, site: Path, *options: str, env: dict[str, str] | None = None) -> Build:
    """Run the real `mkdocs build` on `config`, strictly, into `site`."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(site)]
    plain = {k: v for k, v in os.environ.items() if k not in {"GITHUB_ACTIONS", "CHECK_EXTERNAL_LINKS"}}
    done = subprocess.run(
        [*command, *options],
        env={**plain, "NO_MKDOCS_2_WARNING": "1", **(env or {})},
        capture_output=True,
        text=True,
        timeout=300,
        cwd=config.parent,
    )
    return Build(done.returncode, done.stdout + done.stderr, site)


@pytest.fixture(name="build_site")
def fixture_build_site(tmp_path: Path) -> Callable[..., Build]:
    """A function that writes a small site and builds it: `build_site({"index.md": "# Hi"})`.

    `pages` maps paths below docs/ to their text; `config` is YAML added to mkdocs.yml;
    `hooks` names the files of hooks/ to switch on; `files` maps further paths below the project.
    """

    def build(
        pages: dict[str, str],
        *,
        hooks: tuple[str, ...] = (),
        config: str = "",
        files: Mapping[str, str | bytes] | None = None,
        env: dict[str, str] | None = None,
    ) -> Build:
        project = tmp_path / "project"
        for path, text in {**{f"docs/{p}": t for p, t in pages.items()}, **(files or {})}.items():
            target = project / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        names = "".join(f"\n  - {ROOT / 'hooks' / name}" for name in hooks)
        (project / "mkdocs.yml").write_text(
            f"site_name: Test\nhooks:{names or ' []'}\n{config}", encoding="utf-8"
        )
        return mkdocs_build(project / "mkdocs.yml", tmp_path / "site", env=env)

    return build


@pytest.fixture(name="build_all")
def fixture_build_all(tmp_path: Path) -> Callable[..., Build]:
    """`build_all(pages)` builds a small site with every hook, extension and template of mkdocs.yml."""
    import all_hooks  # It needs what is defined here.

    return partial(all_hooks.build_all, tmp_path)


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Build:
    """The real site, built once for all workers, at `SUB_PATH` below a folder that can be served."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    site, output = shared / "served" / SUB_PATH, shared / "built_site.txt"
    with (shared / "built_site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            env = {"SITE_URL": f"http://127.0.0.1/{SUB_PATH}/"}
            build = mkdocs_build(ROOT / "mkdocs.yml", site, env=env)
            output.write_text(f"{build.code}\n{build.output}", encoding="utf-8")
        code, _, told = output.read_text(encoding="utf-8").partition("\n")
    return Build(int(code), told, site)
