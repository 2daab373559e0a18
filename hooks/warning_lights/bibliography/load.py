"""The bibliography, read and formatted by mkdocs-bibtex once, and cached until it changes."""

from __future__ import annotations

import logging
import math
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from warning_lights.bibliography import exports, lint, references, reports
from warning_lights.bibliography.clean import clean_entries
from warning_lights.bibliography.destinations import Destination, Destinations
from warning_lights.bibliography.exports import DOWNLOADS, FORMATS
from warning_lights.bibliography.files import bib_texts, load_places, report_texts
from warning_lights.bibliography.pandoc import PandocFailed
from warning_lights.bibliography.references import Reference
from warning_lights.core.cache import cached_json, code_of
from warning_lights.core.findings import Finding, report
from warning_lights.core.project import read_text, relative, root

log = get_plugin_logger("citations")
# It logs which files it opens, and "no changes" when it is called a second time.
logging.getLogger("mkdocs.plugins.mkdocs-bibtex").setLevel(logging.WARNING)

WITHHELD = "not-linked"  # The keyword of entries that no file for reference managers has.
# Cached results depend on the code that computes them.
CODE_HASH = code_of(Path(__file__).parent, Path(__file__).parents[1] / "core")


def style_of(plugin: Any, config: MkDocsConfig) -> Path:
    """The file of the citation style; raises PluginError where it or the .bib files are missing."""
    for name in ("csl_file", "bib_file" if plugin.config.bib_file else "bib_dir"):
        path = root(config) / (plugin.config[name] or "?")
        if not path.exists():
            written = f"{name}: {plugin.config[name]}" if plugin.config[name] else f"no {name}"
            raise PluginError(
                f"{Path(config.config_file_path or '').name}: the plugin bibtex has {written}."
                f" Name a {'folder' if name == 'bib_dir' else 'file'} of the project."
            )
    # Else it would be taken from the folder where the command was run.
    plugin.config.csl_file = str(root(config) / plugin.config.csl_file)
    return Path(plugin.config.csl_file)


@dataclass(frozen=True)
class Bibliography:
    """All that is known of the works of a site: entries, citable places, independent reports, destinations.

    `uncitable` are the keys of entries that cannot be cited, as one of the findings says.
    """

    references: dict[str, Reference]
    reports: dict[str, list[reports.Report]]
    destinations: Destinations
    findings: list[Finding]
    uncitable: Collection[str] = ()

    def export_files(self, plugin: Any, config: MkDocsConfig) -> dict[str, str]:
        """Path in the site -> text of each file for reference managers."""
        texts = list(bib_texts(config).values())
        made: dict[str, dict[str, str]] = cached_json(
            root(config) / ".cache",
            "exports",
            [version("pypandoc"), version("rispy"), CODE_HASH, *texts],
            lambda: exports.export_entries(texts, clean_entries(bib_texts(config))[0]),
        )
        notes = self.note_destinations()
        withheld = {key for key, reference in self.references.items() if WITHHELD in reference.keywords}
        works = {key: entry for key, entry in made.items() if key not in {*notes, *withheld}}
        files = {f"{DOWNLOADS}bibliography.{form}": exports.export_all(works, form) for form in FORMATS}
        for key, entry in works.items():
            name = f"{DOWNLOADS}entries/{exports.file_name(key)}"
            files |= {f"{name}.{form}": text for form, text in entry.items()}
        for key, note in [item for item in notes.items() if item[1].source in made]:
            text = exports.note_entry(made[note.source], key, note.place, note.href)
            files[f"{DOWNLOADS}entries/{exports.file_name(key)}.bib"] = text
        return files

    @property
    def report_keys(self) -> set[str]:
        """The entries that are independent reports."""
        return {row.entry for rows in self.reports.values() for row in rows}

    def note_destinations(self) -> dict[str, Destination]:
        """The entries that are notes of a source, and where they are printed."""
        places = self.destinations.places.entries
        return {
            key: self.destinations.destination_of(key)
            for key, reference in self.references.items()
            if places.get(key, ("", ""))[1] and "note" in reference.keywords
        }


def load_bibliography(plugin: Any, config: MkDocsConfig) -> Bibliography:
    """Everything that `plugin` (mkdocs-bibtex) is configured to read, read once a build.

    Raises PluginError, with the findings shown, where Pandoc can format nothing.
    """
    style = style_of(plugin, config)
    texts = bib_texts(config)
    made = cached_json(
        root(config) / ".cache",
        "bibliography",
        [version("mkdocs-bibtex"), version("pypandoc"), CODE_HASH, read_text(style), *texts, *texts.values()],
        lambda: read_and_format(plugin, config, texts, style),
    )
    plugin.last_configured = math.inf  # Its own turn is still to come: there is nothing left to read.
    entries = {key: Reference(key, **entry) for key, entry in made["entries"].items()}
    findings = [Finding(*finding) for finding in made["findings"]]
    by_note: dict[str, list[reports.Report]] = {}
    for file, text in report_texts(config).items():
        rows, faults = reports.parse(text, file, entries)
        findings += faults
        for note, found in rows.items():
            by_note.setdefault(note, []).extend(found)
    citable, wrong = load_places(config)
    destinations = Destinations(entries, citable)
    return Bibliography(entries, by_note, destinations, findings + wrong, lint.uncitable_keys(texts))


def read_and_format(plugin: Any, config: MkDocsConfig, texts: dict[str, str], style: Path) -> dict[str, Any]:
    clean, more = clean_entries(texts)
    findings = [*lint.lint(texts), *more]
    try:
        entries, faults = references.load(load_entries(plugin, config, clean), clean, texts, style)
    except PandocFailed as error:
        message = f"The bibliography cannot be formatted by this style: {error}."
        report([*findings, Finding(relative(style, config), 0, 0, message)], log)
        raise PluginError("The bibliography cannot be formatted; see the lines above.") from None
    for key, fault in faults.items():
        file, line, column = entries[key]["place"]
        findings.append(Finding(file, line, column, f"{key}{fault}"))
    return {"findings": [astuple(finding) for finding in findings], "entries": entries}


def load_entries(plugin: Any, config: MkDocsConfig, bibtex: str) -> Mapping[str, Any]:
    """The entries as mkdocs-bibtex loads them with pybtex.

    The one place that uses what the plugin does not document: its `registry`.
    """
    named = plugin.config.bib_file
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "all.bib"
        path.write_text(bibtex, encoding="utf-8")
        plugin.config.bib_file, plugin.last_configured = str(path), None
        try:
            plugin.on_config(config)
        finally:
            plugin.config.bib_file = named
    entries: Mapping[str, Any] = plugin.registry.bib_data.entries
    return entries
