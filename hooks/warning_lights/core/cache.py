"""Results that are costly to compute and depend on their inputs alone are cached between builds."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

DIGEST = 64  # Hexadecimal digits of a SHA-256, with which each cache file begins.


def cached(
    folder: Path | None,
    name: str,
    depends_on: Iterable[str | bytes],
    compute: Callable[[], bytes],
    *,
    keep: int = 1,
) -> bytes:
    """The result of `compute`, or the cached one while `depends_on` is the same.

    `depends_on` must name all that the result depends on, the code (`code_of`) and the versions of the
    programs among it. Each result is one file of `folder`, written under another name and renamed, and
    begins with the checksum of its content: a damaged file counts as absent. Of each `name` the `keep`
    results used last stay. Without a folder nothing is stored; a folder that cannot be written is ignored.
    """
    if folder is None:
        return compute()
    path = folder / f"{name}-{key_of(depends_on)}.cache"
    try:
        stored = path.read_bytes()
        content = stored[DIGEST:]
        if hashlib.sha256(content).hexdigest().encode() == stored[:DIGEST]:
            with suppress(OSError):  # Of a cache of another owner.
                os.utime(path)  # Used last.
            return content
    except OSError:
        pass
    content = compute()
    try:
        write_atomically(path, hashlib.sha256(content).hexdigest().encode() + content)
        remove_old_results(folder, name, keep)
    except OSError:
        pass  # A full disk, or one that cannot be written: the next build computes it again.
    return content


def cached_json(
    folder: Path | None,
    name: str,
    depends_on: Iterable[str | bytes],
    compute: Callable[[], Any],
    *,
    keep: int = 1,
) -> Any:
    """The same for a result of JSON types."""

    def json_bytes() -> bytes:
        return json.dumps(compute(), ensure_ascii=False).encode()

    return json.loads(cached(folder, name, depends_on, json_bytes, keep=keep))


def key_of(depends_on: Iterable[str | bytes]) -> str:
    """A hash of the parts and of their lengths."""
    digest = hashlib.sha256()
    for part in depends_on:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()[:32]


def code_of(*folders: Path) -> str:
    """A hash of all files of these folders, for results that depend on code or on typefaces."""
    paths = (path for folder in folders for path in sorted(folder.iterdir()) if path.is_file())
    return key_of(part for path in paths for part in (path.name, path.read_bytes()))


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file under another name and rename it, so that no reader finds a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            file.close()
            Path(file.name).unlink(missing_ok=True)
            raise


def remove_old_results(folder: Path, name: str, keep: int) -> None:
    """Remove all but the `keep` results of this name used last, and what an interrupted build left."""
    for leftover in folder.glob(f".{name}-*.cache-*"):
        if time.time() - leftover.stat().st_mtime > 3600:  # Else another build may be writing it.
            leftover.unlink(missing_ok=True)
    results = [path for path in folder.glob(f"{name}-*.cache") if len(path.stem) == len(name) + 33]
    for old in sorted(results, key=lambda path: path.stat().st_mtime, reverse=True)[keep:]:
        old.unlink(missing_ok=True)
