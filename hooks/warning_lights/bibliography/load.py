"""The bibliography, read and formatted by mkdocs-bibtex once, and kept until it changes."""

from __future__ import annotations

import logging
import re
import tempfile
import time
from collections.abc import Collection
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from warning_lights.bibliography import exports, lint, references, reports
from warning_lights.bibliography.clean import cleaned
from warning_lights.bibliography.destinations import Destination, Destinations
from warning_lights.bibliography.files import bib_texts, places, report_texts
from warning_lights.bibliography.listing import DOWNLOADS
from warning_lights.bibliography.references import Reference
from warning_lights.core.cache import cached_json, code_of
from warning_lights.core.findings import Finding, report
from warning_lights.core.project import read, root

log = get_plugin_logger("citations")
# It tells which files it opens, and of "no changes" where it is asked a second time.
logging.getLogger("mkdocs.plugins.mkdocs-bibtex").setLevel(logging.WARNING)

# Cached results depend on the code that computes them.
CODE = code_of(Path(__file__).parent, Path(__file__).parents[1] / "core")


def load(plugin: Any, config: MkDocsConfig) -> tuple[dict[str, Reference], list[Finding]]:
    """All entries that `plugin` (mkdocs-bibtex) is configured to read, by key, and what is wrong with them.

    Raises PluginError, with the findings shown, for a bibliography that cannot be read.
    """
    style = plugin.config.csl_file or ""
    if style and not is_address(style):
        # Else it would be taken from the folder where the command was run.
        style = plugin.config.csl_file = str(root(config) / style)
    texts = bib_texts(config)
    made = cached_json(
        folder(plugin, config),
        "bibliography",
        [
            version("mkdocs-bibtex"),
            version("pypandoc"),
            CODE,
            read(Path(style)) if style and not is_address(style) else style,
            *texts,
            *texts.values(),
        ],
        lambda: read_all(plugin, config, texts),
    )
    plugin.last_configured = time.time()  # Its own turn is still to come: there is nothing left to read.
    entries = {key: Reference(key, **entry) for key, entry in made["entries"].items()}
    return entries, [Finding(*finding) for finding in made["findings"]]


def load_reports(
    config: MkDocsConfig, keys: Collection[str]
) -> tuple[dict[str, list[reports.Report]], list[Finding]]:
    """Independent reports by the key of their note, from beside the .bib files, and what is wrong in them."""
    by_note: dict[str, list[reports.Report]] = {}
    findings: list[Finding] = []
    for file, text in report_texts(config).items():
        rows, faults = reports.parse(text, file, keys)
        findings += faults
        for note, found in rows.items():
            by_note.setdefault(note, []).extend(found)
    return by_note, findings


@dataclass(frozen=True)
class Bibliography:
    """All that is known of the works of a site: entries, citable places, independent reports, ways out."""

    references: dict[str, Reference]
    reports: dict[str, list[reports.Report]]
    destinations: Destinations
    findings: list[Finding]

    def files(self, plugin: Any, config: MkDocsConfig) -> dict[str, str]:
        """Path in the site -> text of each file for reference managers; none where no style is set."""
        if not plugin.config.csl_file:
            return {}  # Pandoc may be missing then.
        texts = list(bib_texts(config).values())
        depends_on = [version("pypandoc"), version("rispy"), CODE, *texts]
        made: dict[str, dict[str, str]] = cached_json(
            folder(plugin, config),
            "exports",
            depends_on,
            lambda: exports.export(texts, cleaned(bib_texts(config))[0]),
        )
        notes = self.notes()
        works = {key: entry for key, entry in made.items() if key not in notes}
        files = {f"{DOWNLOADS}bibliography.{form}": exports.whole(works, form) for form in exports.FORMATS}
        for key, entry in works.items():
            name = f"{DOWNLOADS}entries/{exports.file_name(key)}"
            files |= {f"{name}.{form}": text for form, text in entry.items()}
        for key, way in notes.items():
            text = exports.of_note(made[way.source], key, way.place, way.href)
            files[f"{DOWNLOADS}entries/{exports.file_name(key)}.bib"] = text
        return files

    @property
    def reported(self) -> set[str]:
        """The entries that are independent reports."""
        return {row.entry for rows in self.reports.values() for row in rows}

    def notes(self) -> dict[str, Destination]:
        """The entries that are notes of a source, and where they are printed."""
        places = self.destinations.places.entries
        ways = {key: self.destinations.of(key) for key in self.references if places.get(key, ("", ""))[1]}
        return {key: way for key, way in ways.items() if "note" in self.references[key].keywords}


def bibliography(plugin: Any, config: MkDocsConfig) -> Bibliography:
    """Everything, read once a build; raises PluginError for a bibliography that cannot be read."""
    references, findings = load(plugin, config)
    by_note, faults = load_reports(config, references)
    citable, wrong = places(config)
    return Bibliography(references, by_note, Destinations(references, citable), findings + faults + wrong)


def read_all(plugin: Any, config: MkDocsConfig, texts: dict[str, str]) -> dict[str, Any]:
    findings = list(lint.lint(texts))
    clean, more = cleaned(texts)
    findings += more
    try:
        registry = registry_of(plugin, config, clean if texts else None)
        entries = references.load(registry, texts, clean, with_pandoc=bool(plugin.csl_file))
    except references.NotFormatted as error:
        where = references.places(texts)
        for key, fault in error.faults.items():
            place = where.get(key, ("bibliography", 0, 0))
            findings.append(Finding(*place, f"{key} cannot be formatted: {fault}."))
        report(findings, log)
        raise PluginError("The bibliography cannot be formatted; see the lines above.") from None
    except Exception as error:  # Of pybtex, mkdocs-bibtex and Pandoc, each of which has its own.
        cause = " ".join(str(error).split()) or type(error).__name__
        findings.append(Finding(next(iter(texts), "mkdocs.yml"), 0, 0, f"This cannot be read: {cause}."))
        report(findings, log)
        raise PluginError("The bibliography cannot be read; see the lines above.") from None
    return {"findings": [astuple(finding) for finding in findings], "entries": entries}


def registry_of(plugin: Any, config: MkDocsConfig, text: str | None) -> Any:
    """The registry that mkdocs-bibtex makes of `text`, or of what it is configured to fetch.

    The one place that holds on to its inner parts: `last_configured`, which is its memory of what it has
    read, and `registry`.
    """
    plugin.last_configured = None  # Its own test of dates misses a file that was taken away.
    if text is None:
        plugin.on_config(config)
        return plugin.registry
    given = plugin.config.bib_file, plugin.config.bib_dir
    with tempfile.TemporaryDirectory() as name:
        Path(name, "all.bib").write_text(text, encoding="utf-8")
        plugin.config.bib_file, plugin.config.bib_dir = None, name
        try:
            plugin.on_config(config)
        finally:
            plugin.config.bib_file, plugin.config.bib_dir = given
    return plugin.registry


def folder(plugin: Any, config: MkDocsConfig) -> Path | None:
    """Where to keep what was made; nowhere for a bibliography that is fetched from elsewhere."""
    fetched = any(is_address(path or "") for path in (plugin.config.bib_file, plugin.config.csl_file))
    return None if fetched else root(config) / ".cache"


def is_address(path: str) -> bool:
    return bool(re.match(r"https?://", path))
