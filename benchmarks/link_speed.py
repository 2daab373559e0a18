"""Time and memory of the link check on a large site, beside lychee's on the same files.

Run: .venv/bin/python benchmarks/link_speed.py [pages]     (1000, where not said otherwise)
The site is built once by MkDocs with Material and kept in .cache/. Both run as processes of their
own, three times; the best counts. What is ours reads, follows and finds everything that the hook does.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = "https://example.github.io/repo/"
RUNS = 3
CONFIG = f"""site_name: Large
site_url: {ADDRESS}
theme: {{name: material, font: false, features: [navigation.prune]}}
markdown_extensions: [footnotes, toc: {{permalink: true}}]
"""
OURS = """
import sys
from pathlib import Path
from warning_lights.links.check import Check
from warning_lights.links.site import Site, files_below
root = Path(sys.argv[1])
check = Check(Site(files_below(root), sys.argv[2]), lambda path: (root / path).read_bytes())
check.run()
print(sum(check.counts.values()), len(check.faults))
"""


def write_pages(project: Path, number: int) -> None:
    (project / "docs").mkdir(parents=True)
    (project / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    (project / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    for page in range(number):
        folder = project / "docs" / f"part-{page // 25:03}"
        folder.mkdir(exist_ok=True)
        lines = [f"# Page {page}"]
        for section in range(10):
            lines.append(f"## Section {section}")
            for paragraph in range(4):
                other = (page * 31 + section * 7 + paragraph) % number
                lines.append(
                    f"Words with [a link](../part-{other // 25:03}/page-{other}.md#section-{section}),"
                    f" a note[^{section}-{paragraph}], [a place here](#section-{paragraph}) and"
                    f" [another site](https://example.org/{other}). " + "More words. " * 20
                )
                lines.append(f"[^{section}-{paragraph}]: A note of this page.")
        (folder / f"page-{page}.md").write_text("\n\n".join(lines), encoding="utf-8")


def timed(command: list[str]) -> tuple[float, float, float, str]:
    """(seconds, seconds of processor, MiB at most, last line printed) of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "hooks")}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    assert process.stdout is not None
    lines = process.stdout.read().strip().splitlines()
    _, _, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, busy, usage.ru_maxrss / 1024, lines[-1] if lines else ""


def main() -> None:
    from warning_lights.links.lychee import lychee_path

    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    project = ROOT / ".cache" / f"bench-links-{number}"
    if not project.exists():
        write_pages(project, number)
    site = project / "site"
    if not site.exists():
        subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(project / "mkdocs.yml")], check=False
        )
    served = project / "served"
    served.mkdir(exist_ok=True)
    if not (served / "repo").is_symlink():
        (served / "repo").symlink_to(site)
    peers = {
        "this check": [sys.executable, "-c", OURS, str(site), ADDRESS],
        "lychee": [
            *[lychee_path(), "--offline", "--include-fragments", "--no-progress", "--root-dir", str(served)],
            *["--remap", f"https://example.github.io/ file://{served}/", str(served / "repo")],
        ],
    }
    size = sum(path.stat().st_size for path in site.rglob("*.html")) / 2**20
    print(f"{number} pages, {size:.0f} MiB of HTML, {len(os.sched_getaffinity(0))} cores\n")
    print(f"{'':12}{'seconds':>10}{'processor':>11}{'MiB':>8}")
    for name, command in peers.items():
        took, busy, memory, last = min(timed(command) for _ in range(RUNS))
        print(f"{name:12}{took:>10.2f}{busy:>11.2f}{memory:>8.0f}   {last}")


if __name__ == "__main__":
    main()
