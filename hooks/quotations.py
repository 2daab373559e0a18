"""Every quotation on the site stands in its source, word for word.

The texts of the sources are not part of the repository. Whoever has them runs the command of the room
`quotations`, which compares each quotation with `folder/<key>.txt` and enters it in the ledger. A build
needs no source: it refuses a quotation that is not in the ledger, or that differs from it by one character.
Options in `extra: quotations:` of mkdocs.yml.
"""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files

from warning_lights.bibliography.files import bib_texts
from warning_lights.core import project
from warning_lights.core.options import load_options
from warning_lights.quotations.check import Options, check, collect_quotations

log = get_plugin_logger("quotations")


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Compare all that readers will see with the ledger, in one pass."""
    chosen = load_options(config, "quotations", Options, log)
    texts = {
        project.source_of(file, config): file.content_string
        for file in files
        if file.src_uri.endswith((".md", ".csv"))
    }
    found = collect_quotations(texts | bib_texts(config))
    findings = list(check(found, project.root(config) / chosen.ledger, chosen.ledger))
    project.report(findings, log, config)
    count = sum(map(len, found.values()))
    if not findings:  # For the first screen, which says that each was compared.
        env.globals["quotations"] = count
    log.info("%d quotations, %d faults.", count, len(findings))
