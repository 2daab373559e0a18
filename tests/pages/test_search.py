"""What can be found on a page, each thing at its own address."""

from __future__ import annotations

from warning_lights.pages.search import entries

PAGE = """
<h1 id="t">Title</h1><p>First<sup class="note-call"><a href="#fn:a">1</a></sup> words.</p>
<h2 id="s">Section<a class="headerlink" href="#s">¶</a></h2><p>Its <em>own</em> words.</p>
<ul><li>An item.</li></ul>
<dl><dt id="isk">ISK</dt><dd>A group.</dd><dd>Also ISIS-K.</dd><dt id="ttp">TTP</dt><dd>Another.</dd></dl>
<div class="entry" id="ref:k"><p class="reference">A reference.</p>
<p class="exports">Save as BibLaTeX</p></div>
<section class="notes"><h2 id="page-notes">Notes</h2><ol><li class="note" id="fn:a"><p>A note.
<span class="backrefs"><a href="#fnref:a">back</a></span></p></li></ol></section>
"""


def found() -> dict[str, tuple[str, str, str]]:
    return {
        each["location"]: (each["kind"], each["title"], each["text"]) for each in entries(PAGE, "p/", "Title")
    }


def test_each_thing_has_its_kind_and_address() -> None:
    assert found() == {
        "p/": ("page", "Title", "First words."),
        "p/#s": ("section", "Section", "Its own words. An item. ISK A group. Also ISIS-K. TTP Another."),
        "p/#fn:a": ("note", "", "A note."),
        "p/#ref:k": ("entry", "", "A reference."),
        "p/#isk": ("term", "ISK", "A group. Also ISIS-K."),
        "p/#ttp": ("term", "TTP", "Another."),
    }


def test_the_home_page_is_at_the_root() -> None:
    assert next(entries("<p>Words</p>", "./", "Home"))["location"] == ""
