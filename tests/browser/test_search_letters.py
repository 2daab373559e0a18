"""Letters in any form, runs of scripts without spaces, and signs of two units: found, and marked exactly."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from browser.fixtures import served
from conftest import Build

PAGE = """---
title: Page
description: A page.
---
# Page

A re\u0301sume\u0301 of the talks in Da\u0304rayya\u0304.

😀😀 A word behind two pictures.

The text on 中亚安全研究 and on وخراسان is short, and counter\u00adterrorism has a soft hyphen.

مُحَمَّد and Йод, with ﬁne ligatures.

Łódź, Sørensen, Weißer Mæhlum and تاجیکستان.
"""
FOUND = {  # What is typed -> what is marked in the result.
    "résumé": "re\u0301sume\u0301",
    "re\u0301sume\u0301": "re\u0301sume\u0301",
    "resume": "re\u0301sume\u0301",
    "Darayya": "Da\u0304rayya\u0304",
    "word": "word",
    "安全": "安全",
    "خراسان": "خراسان",
    "counterterrorism": "counter\u00adterrorism",
    "محمد": "مُحَمَّد",
    "йод": "Йод",
    "fine": "ﬁne",
    "Wrod": "word",
    "lodz": "Łódź",
    "Sorensen": "Sørensen",
    "weisser": "Weißer",
    "Maehlum": "Mæhlum",
    "تاجيكستان": "تاجیکستان",
}


def test_letters(build_all: Callable[..., Build], browser: Browser) -> None:
    built = build_all({"page.md": PAGE}, strict=False)
    page = browser.new_page()
    with served(built.site) as address:
        page.goto(f"{address}page/?q=pictures")
        marks = page.locator("#search-results > ol a[href*='/page/'] mark")
        expect(marks.first).to_have_text("pictures")
        for query, text in FOUND.items():
            page.locator("#search-words").fill(query)
            expect(marks.first).to_have_text(text)
    page.close()
