"""Results that are stored between builds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warning_lights.core.cache import cached


def test_a_result_of_another_owner_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(path)

    cached(tmp_path, "a", ["x"], lambda: b"first")
    monkeypatch.setattr(os, "utime", refused)
    assert cached(tmp_path, "a", ["x"], lambda: b"second") == b"first"
