"""CPU of a build with citations against the same site with plain footnotes and no bibliography.

    python benchmarks/citations.py [--pages 100] [--cites 60] [--entries 150] [--runs 5] [--theme material]

Builds both in turn, so that a change in the machine's speed falls on both, and prints the medians and
the ratio of each pair. `cold` starts without what an earlier build has kept, `warm` with it.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
CSL = HOOKS.parent / "bibliography" / "ctc-sentinel.csl"
WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "theta", "kappa", "lambda", "sigma"]


def sentence(source: random.Random) -> str:
    return " ".join(source.choices(WORDS, k=14)).capitalize()


def write_sites(folder: Path, pages: int, cites: int, entries: int, theme: str) -> None:
    """Two sites with the same words: `cited` with citations, `plain` with as many footnotes."""
    source = random.Random(1)
    bib = "\n".join(
        f"@article{{key{i},\n  author = {{Family{i}, Given}},\n  title = {{Title number {i} of many}},\n"
        f"  journaltitle = {{Journal}},\n  volume = {{{i % 40}}},\n  number = {{1}},\n"
        "  date = {2020-03-01},\n}"
        for i in range(entries)
    )
    for name, config in {
        "plain": "markdown_extensions: [footnotes, tables, admonition]\nplugins: []\n",
        "cited": "markdown_extensions: [tables, admonition]\n"
        f"plugins:\n  - bibtex:\n      bib_file: a.bib\n      csl_file: {CSL}\n"
        f"hooks:\n  - {HOOKS / 'citations.py'}\n",
    }.items():
        (folder / name / "docs").mkdir(parents=True)
        text = f"site_name: Test\ntheme:\n  name: {theme}\n{config}"
        (folder / name / "mkdocs.yml").write_text(text, encoding="utf-8")
    (folder / "cited" / "a.bib").write_text(bib, encoding="utf-8")
    for page in range(pages):
        cited, plain, notes = [f"# Page {page}\n"], [f"# Page {page}\n"], []
        for i in range(cites):
            words, key = sentence(source), f"key{source.randrange(entries)}"
            cited.append(f"{words} [@{key}, p. {i}].")
            plain.append(f"{words}.[^{key}-{i}]")
            text = f"Given Family, “Title of {key}, one of many,” *Journal* 3:1 (1 March 2020), p. {i}."
            notes.append(f"[^{key}-{i}]: {text}")
            if i % 6 == 5:
                heading = f"\n## Part {i // 6}\n"
                cited.append(heading)
                plain.append(heading)
        name = "index.md" if page == 0 else f"page{page}.md"
        (folder / "cited" / "docs" / name).write_text("\n".join(cited), encoding="utf-8")
        (folder / "plain" / "docs" / name).write_text("\n".join([*plain, "", *notes]), encoding="utf-8")


def cpu_of_build(site: Path) -> float:
    """Seconds of user and system time of one build, the programs that it starts included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site / "site")],
        cwd=site,
        check=True,
        capture_output=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in {"pages": 100, "cites": 60, "entries": 150, "runs": 5}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--theme", default="material")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_sites(folder, options.pages, options.cites, options.entries, options.theme)
        cpu_of_build(folder / "plain")  # Not counted: fills the caches of Python and of the disk.
        pairs: dict[str, list[tuple[float, float]]] = {"cold": [], "warm": []}
        for _ in range(options.runs):
            plain = cpu_of_build(folder / "plain")
            shutil.rmtree(folder / "cited" / ".cache", ignore_errors=True)
            cold = cpu_of_build(folder / "cited")
            warm = cpu_of_build(folder / "cited")
            pairs["cold"].append((cold, plain))
            pairs["warm"].append((warm, plain))
    print(
        f"{options.pages} pages, {options.cites} citations each, {options.entries} entries, {options.theme}"
    )
    for name, runs in pairs.items():
        ratios = [ours / theirs for ours, theirs in runs]
        print(
            f"{name}: {statistics.median(ours for ours, _ in runs):.2f} s against "
            f"{statistics.median(theirs for _, theirs in runs):.2f} s of plain footnotes, "
            f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
