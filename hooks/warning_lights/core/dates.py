"""Dates in words, in one form on all pages: 22 March 2024."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date

PARTIAL = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
SEASONS = ("Spring", "Summer", "Autumn", "Winter")  # Months 21 to 24 (EDTF level 1, ISO 8601-2).


def day_in_words(day: date) -> str:
    """`22 March 2024`."""
    return f"{day.day} {day:%B %Y}"


def in_words(iso: str) -> str:
    """A date known to the day, the month or the year: `22 March 2024`, `March 2024`, `2024`.

    A season such as 2024-21 is `Spring 2024`; any other text is returned as it is.
    """
    m = PARTIAL.fullmatch(iso)
    if not m:
        return iso
    number = int(m["month"] or 0)
    if number and not (number <= 12 or (21 <= number <= 24 and not m["day"])):
        return iso
    month = SEASONS[number - 21] if number > 12 else month_name[number]
    return " ".join(filter(None, [str(int(m["day"])) if m["day"] else "", month, str(int(m["year"]))]))
