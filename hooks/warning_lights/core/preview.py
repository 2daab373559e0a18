"""Whether this run of MkDocs is a preview: `mkdocs serve`, or a build of changed pages only.

An adapter that needs it imports both names, and MkDocs then calls `on_startup`.
"""

from __future__ import annotations

from typing import Literal

state = {"serving": False, "previewing": False}


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    state.update(serving=command == "serve", previewing=command == "serve" or dirty)


def serving() -> bool:
    """Whether this is `mkdocs serve`, which loads hooks once and builds many times."""
    return state["serving"]


def previewing() -> bool:
    """Whether what no preview shows (the book, exports, dates) is left out."""
    return state["previewing"]
