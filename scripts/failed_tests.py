"""The tests that failed, as sentences for the summary of a pull request, from a JUnit file of pytest.

    python scripts/failed_tests.py .cache/tests.xml

The name of a test says what must be true: `test_every_page_cites[a.md]` is “Every page cites: a.md”.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from pathlib import Path

NAME = re.compile(r"test_(?P<words>\w+)(?:\[(?P<case>.*)\])?", re.DOTALL)


def failed_test_names(path: Path) -> Iterator[str]:
    """A sentence for each test that failed or could not run; what must be true, and for what."""
    for case in etree.parse(path).iter("testcase"):
        if case.find("failure") is None and case.find("error") is None:
            continue
        m = NAME.fullmatch(case.get("name", ""))
        words = (m["words"] if m else case.get("name", "")).replace("_", " ")
        file = case.get("classname", "").replace(".", "/") + ".py"
        of = f": {m['case']}" if m and m["case"] else ""
        yield f"{words[:1].upper()}{words[1:]}{of} (`{file}`)"


def main(path: Path) -> int:
    sentences = list(dict.fromkeys(failed_test_names(path))) if path.is_file() else []
    if not sentences:
        print("## The tests stopped\n\nPress *Details* beside the check: the log ends with the reason.")
        return 0
    print("## These things must be true, and are not\n")
    print("\n".join(f"- {sentence}" for sentence in sentences))
    print("\nIf you changed words only and do not see why, leave it: a maintainer looks at it with you.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
