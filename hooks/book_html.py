"""HTML written out: elements, and the two that carry what Pandoc has no word for."""

from __future__ import annotations

from html import escape

VOID = frozenset({"br", "col", "hr"})


def element(tag: str, content: str, /, **attributes: str) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>" + ("" if tag in VOID else f"{content}</{tag}>")


def span(name: str, content: str = "", /, **data: str) -> str:
    return element(
        "span", content, **{"class": name}, **{f"data-{key}": value for key, value in data.items()}
    )


def div(name: str, content: str, /, **data: str) -> str:
    return element("div", content, **{"class": name}, **{f"data-{key}": value for key, value in data.items()})
