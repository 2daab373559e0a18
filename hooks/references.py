"""Every entry of the .bib files, formatted: mkdocs-bibtex reads and formats, once a build."""

from __future__ import annotations

import hashlib
import html as html_escapes
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import exports
from bib_source import plain

FULL_STOP = re.compile(r"\.(?P<after>(?:</?\w[^>]*>|[”’\"'])*)\Z")
LEADING_NAMES = re.compile(r"\A(?P<names>[^“<\d]*?\w[^“<\d]*?),?\s+(?=“|<em>|<i>|<a )")


@dataclass(frozen=True)
class Reference:
    """One entry: its reference as HTML, and its fields as plain text."""

    key: str
    html: str
    names: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)  # Format -> the entry in it.

    @property
    def without_author(self) -> str:
        """The reference from its title on, where the names stand first."""
        m = LEADING_NAMES.match(self.html)
        return self.html[m.end() :] if m else self.html

    @property
    def keywords(self) -> frozenset[str]:
        return frozenset(re.split(r"\s*[,;]\s*", self.fields.get("keywords", "").strip()))


class NotFormatted(ValueError):
    """Entries that the style cannot set: key -> why."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__(str(faults))
        self.faults = faults


def load(registry: Any, files: Iterable[Path], csl: Path | None, cache: Path | None) -> dict[str, Reference]:
    """All entries of an mkdocs-bibtex registry by key, in the order of `files`.

    What is made from an entry is kept in the folder `cache`, under a name made from all that it
    depends on, so that an unchanged bibliography costs no run of Pandoc. Raises NotFormatted.
    """
    texts = [path.read_text(encoding="utf-8-sig") for path in files]
    style = csl.read_text(encoding="utf-8") if csl else ""
    made_by = [version("mkdocs-bibtex"), version("rispy"), version("pypandoc-binary") if csl else ""]
    code = [Path(module).read_text(encoding="utf-8") for module in (__file__, exports.__file__)]
    name = hashlib.sha256("\0".join([*made_by, *code, style, *texts]).encode()).hexdigest()[:32]
    kept = cache / f"references-{name}.json" if cache else None
    made = read_json(kept)
    if made is None:
        made = {
            "html": format_all(registry, "\n".join(texts), with_pandoc=csl is not None),
            "exports": exports.export(texts) if csl else {},
        }
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            for old in kept.parent.glob("references-*.json"):
                old.unlink(missing_ok=True)
            kept.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return {
        key: Reference(
            key, made["html"][key], names(entry), plain_fields(entry), made["exports"].get(key, {})
        )
        for key, entry in registry.bib_data.entries.items()
    }


def read_json(path: Path | None) -> dict[str, Any] | None:
    """What was kept, or None where there is nothing, or nothing whole."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path else None
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None


def format_all(registry: Any, bibtex: str, *, with_pandoc: bool) -> dict[str, str]:
    """key -> HTML, from one formatting run over all entries."""
    from mkdocs_bibtex.citation import Citation, CitationBlock

    keys = list(registry.bib_data.entries)
    if not keys:
        return {}
    # The files as they were written: the registry's own copy is encoded anew, which damages `\&`.
    registry.bib_data_bibtex = bibtex
    registry.validate_citation_blocks([CitationBlock(citations=[Citation(key=key)]) for key in keys])
    texts: list[str] = []
    faults: dict[str, str] = {}
    for key in keys:
        try:
            texts.append(registry.reference_text(Citation(key=key)))
        except (
            Exception
        ) as error:  # Each formatter has its own: a missing field, a key that Pandoc cannot read.
            faults[key] = str(error)
    if faults:
        raise NotFormatted(faults)
    return dict(zip(keys, pandoc_html(texts) if with_pandoc else markdown_html(texts), strict=True))


def pandoc_html(texts: list[str]) -> list[str]:
    """Pandoc's Markdown as HTML: only Pandoc reads back all that it writes, quotation marks included."""
    import pypandoc

    # An empty span keeps a reference that starts with `1.` or `#` from becoming a list or a heading.
    document = "\n\n".join(f"[]{{}}{text}" for text in texts)
    html = pypandoc.convert_text(document, to="html", format="markdown", extra_args=["--wrap=none"])
    return [m[1].removeprefix("<span></span>").strip() for m in re.finditer(r"<p>(.*?)</p>", html, re.DOTALL)]


def markdown_html(texts: list[str]) -> list[str]:
    import markdown

    return [re.sub(r"\A<p>(.*)</p>\Z", r"\1", markdown.markdown(text), flags=re.DOTALL) for text in texts]


def names(entry: Any) -> str:
    """The names for a sentence: `Wray`, `Ingram and Mines`, `Jadoon et al.`, else the title."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    families = [plain(" ".join(person.prelast_names + person.last_names)) for person in people]
    if not families:
        return plain(entry.fields.get("organization", "") or entry.fields.get("title", ""))
    if len(families) > 2:
        return f"{families[0]} et al."
    return " and ".join(families)


def plain_fields(entry: Any) -> dict[str, str]:
    raw = {"url", "doi", "keywords", "related", "isbn"}
    return {
        name.lower(): value if name.lower() in raw else plain(value) for name, value in entry.fields.items()
    }


def joined(html: str, after: str, *, full_stop: bool) -> tuple[str, str]:
    """A reference and what follows it, as (HTML, text): the full stop goes to the end, or goes.

    `…, 2024.` with `para. 3` is `…, 2024` and `, para. 3.`; `Data.”` is `Data,”` and ` para. 3.`
    """
    m = FULL_STOP.search(html)
    if not after:
        return (html, "") if full_stop or not m else (html[: m.start()] + m["after"], "")
    stop = "." if full_stop and not after.endswith(".") else ""
    if m and re.search(r"[”’\"']", m["after"]):
        return f"{html[: m.start()]},{m['after']}", f" {after}{stop}"
    body = html[: m.start()] + m["after"] if m else html
    return body, f", {after}{stop}"


def escape(text: str) -> str:
    return html_escapes.escape(text, quote=True)
