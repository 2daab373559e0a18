"""Refuse to publish a site that has shrunk: pages, notes and words against those that are live.

    python scripts/floor.py site --live https://example.org/some-repo/ [--share 0.9] [--allow-smaller]

Writes `counts.json` into the site, which is what the next run compares with. A site that was never
published, or has no such file yet, is no reason to stop. Exit status 1 says that it has shrunk.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

COUNTS = "counts.json"


def count_content(site: Path) -> dict[str, int]:
    """How many pages, notes and words (those of the articles) the site in a folder has."""
    counts = {"pages": 0, "notes": 0, "words": 0}
    for path in sorted(site.rglob("*.html")):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        article = tree.css_first("article") or tree.css_first("main")
        if article is None:
            continue
        counts["pages"] += 1
        counts["notes"] += len(article.css("li.note"))
        counts["words"] += len(article.text(separator=" ").split())
    return counts


def live_counts(address: str) -> dict[str, int]:
    """The counts of the site that is live; empty where there is none yet."""
    try:
        with urllib.request.urlopen(address.rstrip("/") + "/" + COUNTS, timeout=20) as answer:
            counts = json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code in {404, 410}:
            return {}
        raise
    return {name: int(number) for name, number in counts.items()}


def shrunk_counts(new: Mapping[str, int], old: Mapping[str, int], share: float) -> list[str]:
    """A sentence for each count that has fallen below `share` of what it was."""
    return [
        f"{new.get(name, 0)} {name}, where {before} are live: fewer than {share:.0%}."
        for name, before in old.items()
        if new.get(name, 0) < before * share
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", type=Path)
    parser.add_argument("--live", required=True, help="address of the published site")
    parser.add_argument("--share", type=float, default=0.9)
    parser.add_argument("--allow-smaller", action="store_true", help="only tell, do not stop")
    options = parser.parse_args(arguments)
    new = count_content(options.site)
    (options.site / COUNTS).write_text(json.dumps(new) + "\n", encoding="utf-8")
    try:
        old = live_counts(options.live)
    except (OSError, ValueError) as error:
        print(f"The counts of {options.live} cannot be read ({error}). Nothing is compared.", file=sys.stderr)
        return 0 if options.allow_smaller else 1
    faults = shrunk_counts(new, old, options.share)
    print("This site has " + ", ".join(f"{number} {name}" for name, number in new.items()) + ".")
    for fault in faults:
        print(f"The site has shrunk: {fault}", file=sys.stderr)
    if faults and not options.allow_smaller:
        print("If that is meant, run the workflow by hand and tick “smaller”.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
