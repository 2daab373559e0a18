"""Recall, false alarms and exact lines of the link check, beside lychee's, on the corpus of the tests.

Run: .venv/bin/python benchmarks/link_recall.py
Each case is one defect in the clean site of tests/sites/links/, built by MkDocs and given to both.
lychee gets all its options that help: fragments, index files, text fragments, the root of the site
and its address. It counts as caught where lychee reports anything that it does not on the clean site.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from multiprocessing import Pool
from pathlib import Path

import links_corpus
from links_corpus import Case

from warning_lights.links.lychee import lychee_path


def ours(lines: list[str], case: Case) -> tuple[bool, bool]:
    """(caught, at exactly the right line and nowhere else)."""
    found = links_corpus.places(lines)
    return bool(found), found == [case.at]


def theirs(site: Path) -> set[tuple[str, str]]:
    """What lychee reports on a built site: (file, address)."""
    served = site.parent / "served"
    served.mkdir()
    (served / "repo").symlink_to(site)  # As GitHub Pages serves it: below the path of site_url.
    command = [lychee_path(), "--offline", "--include-fragments=full", "--no-progress", "--format", "json"]
    command += ["--root-dir", str(served), "--index-files", "index.html,.", "--fallback-extensions", "html"]
    command += [
        "--remap",
        f"https://example.github.io/ file://{served}/",
        "--include-mail",
        str(served / "repo"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout[done.stdout.index("{") :])
    return {
        (file.rpartition("/repo/")[2], entry["url"].rpartition("/served/")[2])
        for kind in ("error_map", "timeout_map")
        for file, entries in report.get(kind, {}).items()
        for entry in entries
    }


def run(path: Path | None) -> tuple[list[str], set[tuple[str, str]]]:
    """Build one case, or the clean site, and give it to both."""
    case = links_corpus.load(path) if path else None
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "site")
        lines = links_corpus.build(links_corpus.write_site(Path(folder, "project"), case), site)
        return lines, theirs(site)


def main() -> None:
    clean_lines, clean_theirs = run(None)
    with Pool(len(os.sched_getaffinity(0))) as pool:
        results = pool.map(run, links_corpus.CASES, chunksize=4)
    cases = [links_corpus.load(path) for path in links_corpus.CASES]
    caught = [ours(lines, case) for case, (lines, _) in zip(cases, results, strict=True)]
    beside = [bool(found - clean_theirs) for _, found in results]
    number = len(cases)
    print(f"{number} defects, one in each site; one clean site of traps\n")
    print(f"{'':12}{'found':>16}{'exact line':>16}{'false alarms':>16}")
    for name, found, exact, alarms in (
        ("this check", sum(f for f, _ in caught), sum(e for _, e in caught), len(clean_lines)),
        ("lychee", sum(beside), 0, len(clean_theirs)),
    ):
        print(f"{name:12}{found:>9} {found / number:>6.1%}{exact:>9} {exact / number:>6.1%}{alarms:>16}")
    for case, (found_, exact_) in zip(cases, caught, strict=True):
        if not (found_ and exact_):
            print(f"missed: {case.name}, expected at {case.at}")
    for line in clean_lines:
        print(f"false alarm: {line}")


if __name__ == "__main__":
    main()
