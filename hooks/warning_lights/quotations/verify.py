"""Quotations compared with the texts of their sources: the ledger as it should be, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from warning_lights.quotations import ledger as quote_ledger
from warning_lights.quotations import match
from warning_lights.quotations.extract import Quotation
from warning_lights.quotations.ledger import Entry, Ledger


class Refused(ValueError):
    """Why a quotation does not hold."""


def verify_quotations(
    found: Mapping[str, list[Quotation]], ledger: Ledger, sources: Mapping[str, str], today: date
) -> tuple[Ledger, list[str]]:
    """The ledger with what holds, and a message for each quotation that does not."""
    texts = {key: match.SearchableText(text) for key, text in sources.items()}
    old = {(source.key, q.text): q for source in ledger for q in source.quotations}
    confirmed: dict[str, dict[str, Entry]] = {source.key: {} for source in ledger}
    refused = []
    for file, listed in found.items():
        for quotation in listed:
            try:
                key, entry = verify_quotation(quotation, ledger, texts, old, today)
            except Refused as error:
                refused.append(f"{file}:{quotation.line}:{quotation.column}: {error}")
            else:
                confirmed[key].setdefault(entry.text, entry)
    renewed = [replace(source, quotations=list(confirmed[source.key].values())) for source in ledger]
    return renewed, refused


def verify_quotation(
    quotation: Quotation,
    ledger: Ledger,
    texts: Mapping[str, match.SearchableText],
    old: Mapping[tuple[str, str], Entry],
    today: date,
) -> tuple[str, Entry]:
    """The key of the source that has a quotation, and the entry of the quotation; raises Refused."""
    candidates = list(quote_ledger.sources_for(quotation, ledger))
    if quotation.problem or not quotation.cites:
        raise Refused(quote_ledger.compare(quotation, ledger)[1])
    if not candidates:
        raise Refused(
            f"“{quotation.text}” is cited from @{quotation.cites[0].key}, and no source carries it."
        )
    for source, cite in candidates:
        before = old.get((source.key, quotation.text))
        if source.key not in texts:
            if before:
                return source.key, before
        elif texts[source.key].contains(quotation.text):
            return source.key, before or Entry(quotation.text, cite.place, today)
    read = [source.key for source, _ in candidates if source.key in texts]
    if not read:
        raise Refused(f"“{quotation.text}”: the text of {candidates[0][0].key} is not in the folder.")
    diff = texts[read[0]].nearest_diff(quotation.text)
    raise Refused(f"“{quotation.text}” is not in the text of {read[0]}. Nearest: {diff}")
