"""What is costly to make, and depends on some texts alone, is kept between builds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def cached(
    folder: Path | None, name: str, depends_on: Iterable[str], make: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What `make` returns (JSON types only), or what it returned when `depends_on` was last the same.

    Kept in `folder` as one file, whose name is made from all that the result depends on: the code and
    the programs that make it belong to that. Without a folder nothing is kept.
    """
    if folder is None:
        return make()
    mark = hashlib.sha256("\0".join(depends_on).encode()).hexdigest()[:32]
    path = folder / f"{name}-{mark}.json"
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(stored, dict):
            return stored
    except (OSError, ValueError):
        pass  # Nothing there, or nothing whole.
    made = make()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{name}-*.json"):
        old.unlink(missing_ok=True)
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return made
