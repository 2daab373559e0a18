"""CPU and memory of a whole build, with every hook of mkdocs.yml, against plain footnotes and against peers.

    python benchmarks/build.py [--pages 100] [--cites 60] [--entries 150] [--runs 3] [--no-book]

Each round builds all variants in turn, so that a change in the machine's speed falls on all of them:

    footnotes        the same words with plain footnotes, in bare Material: the measure of all ratios
    cold             nothing cached
    cold, same book  nothing cached but the book
    one page changed everything cached, one sentence new
    unchanged        everything cached
    mkdocs-bibtex    the same citations through the plugin alone
    Sphinx           the same through sphinxcontrib-bibtex, where it is installed

Prints the medians of CPU seconds (the programs started included), the ratio to footnotes of the same round
(median, minimum, maximum), and the largest process.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "kappa", "lambda", "sigma"]
FILES = ("overrides", "docs/assets", "bibliography/style.csl")  # What the hooks and templates need.


class Cost(NamedTuple):
    cpu: float  # Seconds.
    memory: float  # MiB of the largest process.


class Settings(yaml.SafeLoader):
    """Reads mkdocs.yml; a value from the environment counts as its default."""


Settings.add_constructor("!ENV", lambda loader, node: loader.construct_sequence(node)[-1])  # type: ignore[arg-type]


def cost(command: list[str], folder: Path) -> Cost:
    """Run a build in `folder`, quietly; raises when it fails."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=output,
            stderr=output,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            output.seek(0)
            raise SystemExit(output.read().decode("utf-8", "replace")[-3000:])
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def mkdocs(site: Path) -> Cost:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site / "site")]
    return cost(command, site)


def sphinx(site: Path) -> Cost:
    shutil.rmtree(site / "site", ignore_errors=True)
    return cost([sys.executable, "-m", "sphinx", "-q", "-E", str(site / "docs"), str(site / "site")], site)


def our_settings(*, book: bool) -> dict[str, Any]:
    """mkdocs.yml as it stands, without its nav and with the paths of the engine."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings: dict[str, Any] = yaml.load(text, Loader=Settings)
    del settings["nav"], settings["watch"]
    hooks = [name for name in settings["hooks"] if book or Path(name).stem != "book"]
    settings["hooks"] = [str(ROOT / name) for name in hooks]
    settings["extra"].pop("citations", None)  # Names a page of this site.
    settings["extra"]["book"].pop("sources", None)  # Names entries of this site.
    settings["validation"]["nav"] = {"omitted_files": "ignore"}
    return settings


def write_sites(folder: Path, pages: int, cites: int, entries: int, *, book: bool) -> None:
    """Four sites with the same words: `footnotes`, `ours`, `plugin` and `sphinx`."""
    source = random.Random(1)
    texts: dict[str, list[str]] = {"footnotes": [], "ours": [], "sphinx": []}
    for page in range(pages):
        for lines in texts.values():
            lines.append(f"# Page {page}\n")
        notes = []
        for i in range(cites):
            words = " ".join(source.choices(WORDS, k=14)).capitalize()
            key = f"key{source.randrange(entries)}"
            texts["ours"].append(f"{words} [@{key}, p. {i}].")
            texts["sphinx"].append(f"{words} {{footcite:p}}`{key}`.")
            texts["footnotes"].append(f"{words}.[^{key}-{i}]")
            notes.append(
                f"[^{key}-{i}]: Given Family, “Title of {key},” *Journal* 3:1 (1 March 2020), p. {i}."
            )
            if i % 6 == 5:
                for lines in texts.values():
                    lines.append(f"\n## Part {i // 6}\n")
        texts["footnotes"] += ["", *notes]
        texts["sphinx"] += ["", "```{footbibliography}", "```"]
        name = "index.md" if page == 0 else f"page{page}.md"
        for site, of in {
            "footnotes": "footnotes",
            "ours": "ours",
            "plugin": "ours",
            "sphinx": "sphinx",
        }.items():
            (folder / site / "docs").mkdir(parents=True, exist_ok=True)
            (folder / site / "docs" / name).write_text("\n".join(texts[of]), encoding="utf-8")
        for lines in texts.values():
            lines.clear()
    (folder / "ours/docs/list.md").write_text("# Bibliography\n\n\\full_bibliography\n", encoding="utf-8")
    bib = "\n".join(
        f"@article{{key{i},\n  author = {{Family{i}, Given}},\n  title = {{Title number {i} of many}},\n"
        f"  journaltitle = {{Journal}},\n  volume = {{{i % 40}}},\n  number = {{1}},\n"
        f"  date = {{2020-03-01}},\n  url = {{https://example.org/{i}}},\n}}"
        for i in range(entries)
    )
    for name in FILES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        (folder / "ours" / name).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / name, folder / "ours" / name)
    shutil.copytree(folder / "ours/bibliography", folder / "plugin/bibliography")
    (folder / "sphinx/bibliography").mkdir()
    bibtex = bib.replace("journaltitle", "journal").replace("date = {2020-03-01}", "year = {2020}")
    for site, text in {"ours": bib, "plugin": bib, "sphinx": bibtex}.items():
        (folder / site / "bibliography/a.bib").write_text(text, encoding="utf-8")
    material: dict[str, Any] = {"site_name": "Test", "theme": {"name": "material"}, "plugins": []}
    extensions = ["tables", "admonition", "footnotes"]
    plugin = {"bib_dir": "bibliography", "csl_file": "bibliography/style.csl", "bib_by_default": True}
    for site, settings in {
        "footnotes": {**material, "markdown_extensions": extensions},
        "plugin": {**material, "markdown_extensions": extensions, "plugins": [{"bibtex": plugin}]},
        "ours": our_settings(book=book),
    }.items():
        (folder / site / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (folder / "sphinx/docs/conf.py").write_text(
        'extensions = ["myst_parser", "sphinxcontrib.bibtex"]\nbibtex_bibfiles = ["../bibliography/a.bib"]\n'
    )


def rounds(folder: Path, *, book: bool) -> dict[str, Callable[[], Cost]]:
    """The variants, in the order in which a round builds them."""
    ours, cache = folder / "ours", folder / "ours/.cache"

    def cold() -> Cost:
        shutil.rmtree(cache, ignore_errors=True)
        return mkdocs(ours)

    def same_book() -> Cost:
        for path in cache.iterdir():
            if not path.name.startswith("book"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        return mkdocs(ours)

    def changed() -> Cost:
        page = ours / "docs/page1.md"
        page.write_text(page.read_text(encoding="utf-8") + "\n\nOne more sentence.\n", encoding="utf-8")
        return mkdocs(ours)

    variants: dict[str, Callable[[], Cost]] = {
        "footnotes": lambda: mkdocs(folder / "footnotes"),
        "cold": cold,
        "unchanged": lambda: mkdocs(ours),
        "one page changed": changed,
        "mkdocs-bibtex": lambda: mkdocs(folder / "plugin"),
    }
    if book:
        variants["cold, same book"] = same_book
    if importlib.util.find_spec("sphinxcontrib") and importlib.util.find_spec("myst_parser"):
        variants["Sphinx"] = lambda: sphinx(folder / "sphinx")
    return variants


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in {"pages": 100, "cites": 60, "entries": 150, "runs": 3}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--no-book", action="store_true", help="leave hooks/book.py out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, book = Path(name), not options.no_book
        write_sites(folder, options.pages, options.cites, options.entries, book=book)
        variants = rounds(folder, book=book)
        mkdocs(folder / "footnotes")  # Not counted: fills the caches of Python and of the disk.
        costs: dict[str, list[Cost]] = {variant: [] for variant in variants}
        for _ in range(options.runs):
            for variant, build in variants.items():
                costs[variant].append(build())
    print(f"{options.pages} pages, {options.cites} citations each, {options.entries} entries")
    for variant, runs in costs.items():
        ratios = [ours.cpu / base.cpu for ours, base in zip(runs, costs["footnotes"], strict=True)]
        print(
            f"{variant:<17} {statistics.median(run.cpu for run in runs):7.2f} s   ratio "
            f"{statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})   "
            f"{max(run.memory for run in runs):5.0f} MiB"
        )


if __name__ == "__main__":
    main()
