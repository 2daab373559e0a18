"""The bibliography as a list: what each entry cites, and what cites it."""

from __future__ import annotations

import time

from warning_lights.bibliography.destinations import Destinations, Places
from warning_lights.bibliography.references import Reference
from warning_lights.lists.listing import Lists, bibliography_list


def listed(*references: Reference) -> str:
    known = {reference.key: reference for reference in references}
    return bibliography_list(references, Lists(known, Destinations(known, Places({})), {}, {}, "#{}".format))


def test_an_entry_names_what_it_cites_and_what_cites_it() -> None:
    note = Reference("note", "N", names="Note", fields={"related": "work, gone"})
    other = Reference("other", "O", names="Other", fields={"related": "work, work"})
    html = listed(note, other, Reference("work", "W", names="Work"))
    cited = '<p class="related">Cites <a href="#work">Work, work</a>.</p>'
    assert html.count(cited) == 1
    by = '<a href="#note">Note, note</a>; <a href="#other">Other, other</a>'
    assert html.count(f'<p class="related">Cited by {by}.</p>') == 1


def test_a_list_of_many_entries_that_cite_many_takes_no_minutes() -> None:
    related = ", ".join(f"k{i}" for i in range(100))
    start = time.perf_counter()
    listed(*(Reference(f"n{i}", "N", fields={"related": related}) for i in range(3000)))
    assert time.perf_counter() - start < 4
