"""What stands under a title, and the key points of a page."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from warning_lights.pages.page_header import reading_minutes, split_header, with_key_points

NOTE = '<section class="notes"><b class="mark" data-mark="{}"></b> <p>words not to be counted</p></section>'


def test_the_strip_stands_where_the_page_says_how_old_it_is() -> None:
    page = "<h1>T</h1>\n<div>Head</div>\n<p>State of knowledge: May 2024.\nChecked.</p>\n<p>Text</p>"
    found = split_header(page)
    assert (found.head, found.rest) == ("<h1>T</h1>\n<div>Head</div>\n", "<p>Text</p>")
    assert found.state == ("State of knowledge: May 2024", "Checked")


def test_without_such_a_line_it_follows_the_title() -> None:
    assert split_header("<h1>T</h1><p>Text</p>").head == "<h1>T</h1>"
    assert split_header("<p>Text</p>").rest == "<p>Text</p>"
    assert reading_minutes(LexborHTMLParser("")) == 1


def test_minutes_and_marks_are_counted() -> None:
    text = "<h1>T</h1><p>" + "word " * 690 + "</p>" + NOTE.format("A") + NOTE.format("B") * 2
    assert reading_minutes(LexborHTMLParser(text)) == 3
    assert split_header(text).marks == ("B", "A")


def test_each_sentence_of_a_brief_is_a_point_and_nothing_is_lost() -> None:
    text = '<p><em>In brief.</em>\nOne<sup class="note-call">1</sup>.\nTwo.</p>\n<p>More.</p>'
    tree = LexborHTMLParser(with_key_points(text))
    assert [item.text() for item in tree.css(".brief li")] == ["One1.", "Two."]
    assert len(tree.css("sup.note-call")) == 1
    repeated = text.replace('"note-call"', '"note-call repeated"')
    assert with_key_points(repeated) == with_key_points(text), (
        "Each point stands by itself, and so does its number."
    )
    one = "<p><em>In brief.</em>\nOne.</p>"
    assert with_key_points(one) == f'<div class="brief">\n{one}\n</div>', "One point is no list."
    assert with_key_points("<p>In brief.</p>") == "<p>In brief.</p>"
