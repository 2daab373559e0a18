"""In one view: which entries of a list are cited, and what is known of the work behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from warning_lights.bibliography.references import Reference
from warning_lights.bibliography.reports import Report
from warning_lights.lists.listing import CitingPlace, entry_href

# What is known of the work behind a note, by keyword.
STATES = {
    "named": "its work is named",
    "attributed": "its work is attributed",
    "explanation": "an explanation, which cites no titled work",
    "unknown": "in the published article only",
}
REPORTED = "independent reports are known"


def identification_summary(counts: Mapping[str, int], reported: int) -> str:
    """What is known of the works behind the notes, in a sentence."""
    identified = counts["named"] + counts["attributed"]
    sentence = f"The work is identified for {identified}; {counts['explanation']} are explanations."
    return f"{sentence} For {reported} of the other {counts['unknown']} there are independent reports."


def coverage_map(
    references: Sequence[Reference],
    cited_at: Mapping[str, Sequence[CitingPlace]],
    reports: Mapping[str, Sequence[Report]],
) -> str:
    """One linked cell for each entry: is it cited here, and is the work behind it known?

    The state of an entry is the first of STATES among its keywords.
    """
    cells, counts, open_notes = [], dict.fromkeys(STATES, 0), 0
    for reference in references:
        state = next((state for state in STATES if state in reference.keywords), "")
        if state:
            counts[state] += 1
        times = len(cited_at.get(reference.key, []))
        cited = {0: "not cited", 1: "cited once"}.get(times, f"cited {times} times")
        title = reference.fields.get("title", reference.key)
        reported = bool(reports.get(reference.key))
        open_notes += state == "unknown" and reported
        what = "; ".join(filter(None, [cited, STATES.get(state, ""), REPORTED if reported else ""]))
        classes = " ".join(filter(None, ["cited" if times else "uncited", "reported" * reported, state]))
        cells.append(
            f'<li class="{classes}"><a href="{entry_href(reference)}" title="{escape(what)}">'
            f"{escape(title.rpartition(' ')[2])}</a></li>"
        )
    n_cited = sum(reference.key in cited_at for reference in references)
    legend = "".join(
        f'<li class="{state}"><span class="sample" aria-hidden="true"></span>{counts[state]} × {meaning}</li>'
        for state, meaning in STATES.items()
        if counts[state]
    )
    if reports:
        reported_count = sum(bool(reports.get(reference.key)) for reference in references)
        legend += f'<li class="reported"><u>1</u> {reported_count} × {REPORTED}</li>'
    return (
        f'<figure class="coverage-map">\n<figcaption>{n_cited} of {len(references)} are cited on this site.'
        f" {identification_summary(counts, open_notes)}</figcaption>\n"
        f'<ol class="coverage">{"".join(cells)}</ol>\n<ul class="coverage-legend">{legend}</ul>\n</figure>'
    )
