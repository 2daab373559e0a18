"""The tags of a text, and those without a partner."""

from __future__ import annotations

import time

from warning_lights.pages.tags import Reader


def names(html: str) -> tuple[list[str], list[str]]:
    reader = Reader(html)
    return [each.name for each in reader.unclosed], reader.unopened


def test_tags_without_a_partner_are_found() -> None:
    assert names("<p><b>1<i>2</b></u><p>3") == (["i"], ["u"])
    assert names("<div><b><i></div>") == (["b", "i"], [])
    assert names('<svg><path d=""/><a/></svg><b/>') == (["b"], [])


def test_an_element_without_content_closes_nothing_in_a_drawing() -> None:
    assert names("<svg><img/></svg>") == ([], [])


def test_deep_nesting_takes_no_longer_than_its_length() -> None:
    deep = 20_000
    begin = time.process_time()
    assert names("<b>" * deep + "</i>" * deep + "</b>" * deep) == ([], ["i"] * deep)
    assert time.process_time() - begin < 5
