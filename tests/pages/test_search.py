"""What can be found on a page, each thing at its own address."""

from __future__ import annotations

from warning_lights.pages.search import page_entries

PAGE = """
<h1 id="t">Title</h1><p>First<sup class="note-call"><a href="#fn:a">1</a></sup> words.</p>
<h2 id="s">Section<a class="headerlink" href="#s">¶</a></h2><p>Its <em>own</em> words.</p>
<ul><li>An item.</li></ul>
<ul><li class="event" id="e"><p class="event-head">22 March 2024 · Russia</p><p>An attack.</p></li></ul>
<table><thead><tr><th>A</th><th>B</th></tr></thead>
<tbody><tr id="r"><td>First</td><td>one</td><td>two</td></tr></tbody></table>
<h2 id="people">People</h2><dl><dt id="wray" data-kind="person">Wray</dt><dd>A director.</dd></dl>
<h2 id="groups">Groups</h2>
<dl><dt id="isk">ISK</dt><dd>A group.</dd><dd>Also ISIS-K.</dd><dt id="ttp">TTP</dt><dd>Another.</dd></dl>
<div class="entry" id="ref:k"><p class="reference"><em>A</em> reference.</p><div>Cited for it.</div>
<p class="exports">Save as BibLaTeX</p></div>
<section class="notes"><h2 id="page-notes">Notes</h2><ol><li class="note" id="fn:b"><p>CTC n. 1.</p></li>
<li class="note own" id="fn:a"><p>A note.
<span class="backrefs"><a href="#fnref:a">back</a></span></p></li></ol></section>
"""


def found() -> dict[str, tuple[str, str, str]]:
    return {
        each["location"]: (each["kind"], each["title"], each["text"])
        for each in page_entries(PAGE, "p/", "Title")
    }


def test_each_thing_has_its_kind_and_address() -> None:
    assert found() == {
        "p/": ("page", "Title", "First words."),
        "p/#s": ("section", "Section", "Its own words. An item. A B"),
        "p/#e": ("event", "22 March 2024 · Russia", "An attack."),
        "p/#r": ("row", "First", "one · two"),
        "p/#people": ("section", "People", ""),
        "p/#wray": ("person", "Wray", "A director."),
        "p/#groups": ("section", "Groups", ""),
        "p/#fn:a": ("note", "", "A note."),
        "p/#ref:k": ("entry", "", "A reference. Cited for it."),
        "p/#isk": ("term", "ISK", "A group. Also ISIS-K."),
        "p/#ttp": ("term", "TTP", "Another."),
    }


def test_the_home_page_is_at_the_root() -> None:
    assert next(page_entries("<p>Words</p>", "./", "Home"))["location"] == ""
