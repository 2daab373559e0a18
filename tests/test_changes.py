"""The history, as readers are told of it."""

from __future__ import annotations

import xml.etree.ElementTree as etree

from changes import changes, feed

LOG = (
    "\0aaa\x1f2024-06-11T10:00:00+02:00\x1fSay what the digest lacks\n\ndocs/b.md\ndocs/a.md\n"
    "\0bbb\x1f2024-06-10T10:00:00+02:00\x1fTypo\n\ndocs/a.md\n"
    "\0ccc\x1f2024-06-09T10:00:00+02:00\x1fTake out <an> & old page\n\ndocs/gone.md\n"
)
PAGES = {"docs/a.md": "a/", "docs/b.md": "b/"}


def test_a_change_has_a_title_of_some_words_and_leads_to_its_page() -> None:
    found = list(changes(LOG, PAGES))
    assert [(each.commit, each.day, each.page) for each in found] == [
        ("aaa", "11 June 2024", "a/"),
        ("ccc", "9 June 2024", ""),
    ]


def test_without_a_history_there_is_nothing_to_tell() -> None:
    assert list(changes("", PAGES)) == []


def test_the_feed_is_well_formed_and_complete() -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    root = etree.fromstring(feed(list(changes(LOG, PAGES)), "A & B", "https://x.example/"))
    assert [root.findtext(f"{atom}{name}") for name in ("id", "updated")] == [
        "https://x.example/",
        "2024-06-11T10:00:00+02:00",
    ]
    entries = root.findall(f"{atom}entry")
    assert [each.findtext(f"{atom}title") for each in entries][1] == "Take out <an> & old page"
    assert len({each.findtext(f"{atom}id") for each in entries}) == 2
    assert all(each.findtext(f"{atom}updated") for each in entries)
