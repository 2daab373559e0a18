"""The real site, built once: what its readers were promised."""

from __future__ import annotations

import hashlib
import re
import urllib.error
import urllib.request
from html import unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urldefrag, urljoin

import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from selectolax.lexbor import LexborHTMLParser

from conftest import ROOT, Build, one
from warning_lights.bibliography.bibtex import BrokenEntry, scan

PAGES = [path.relative_to(ROOT / "docs") for path in sorted((ROOT / "docs").rglob("*.md"))]
# A private person and channels that pass on militant media, as hashes, so that this file names nobody either.
UNNAMED = {"7b18c14f24f75785", "e80b208683abd302", "16c739c46d101303", "44d44f14f5436dbc", "2e9b28f2b36cca98"}
NOTES = [*map(str, range(1, 111)), *"abcdefghijk"]


def page_of(source: PurePosixPath | object) -> str:
    path = PurePosixPath(str(source))
    return str(path.parent / "index.html" if path.stem == "index" else path.parent / path.stem / "index.html")


def article(built_site: Build, path: str) -> LexborHTMLParser:
    return LexborHTMLParser(one(LexborHTMLParser(built_site.read(path)), "article").html or "")


def test_the_strict_build_passes(built_site: Build) -> None:
    assert built_site.code == 0, built_site.output


def test_every_note_of_the_article_is_cited_on_its_page(built_site: Build) -> None:
    page = article(built_site, "sources/ctc-sentinel/index.html")
    cited = {link.attributes["href"] for link in page.css("a.entry-link")}
    assert {f"../../bibliography/#ref:ctc-{note}" for note in NOTES} <= cited


def test_the_summary_of_the_article_is_as_long_as_was_asked(built_site: Build) -> None:
    page = article(built_site, "sources/ctc-sentinel/index.html")
    for node in page.css("section.notes, sup.note-call, .headerlink, details, nav, h1, h2, h3"):
        node.decompose()
    words = len((page.body.text(separator=" ") if page.body else "").split())
    assert 2000 <= words <= 3500


@pytest.mark.parametrize("source", PAGES, ids=str)
def test_every_page_cites_but_those_about_the_site(built_site: Build, source: object) -> None:
    page = article(built_site, page_of(source))
    if not str(source).startswith("about/"):
        assert page.css("sup.note-call") or page.css("section.bibliography .entry")


def test_every_entry_is_on_the_bibliography_page_and_is_cited(built_site: Build) -> None:
    pages = [article(built_site, f"{name}/index.html") for name in ("bibliography", "reports")]
    keys = {
        entry.key
        for path in (ROOT / "bibliography").glob("*.bib")
        for entry in scan(path.read_text(encoding="utf-8"))
        if not isinstance(entry, BrokenEntry)
    }
    entries = {
        (node.attributes["id"] or "").removeprefix("ref:"): node
        for page in pages
        for node in page.css(".entry")
    }
    assert set(entries) == keys
    assert sum(len(page.css(".entry")) for page in pages) == len(keys), "Each stands in one list."
    # An independent report belongs to a note of the article, and need not be cited itself.
    reports = set(
        re.findall(r"^@\w+\{([^,\s]+)", (ROOT / "bibliography/reports.bib").read_text("utf-8"), re.M)
    )
    assert all(node.css(".cited-at a") for key, node in entries.items() if key not in reports)


def test_the_coverage_map_has_a_cell_for_each_note(built_site: Build) -> None:
    page = article(built_site, "bibliography/index.html")
    cells = page.css("ol.coverage li")
    assert [cell.text().strip() for cell in cells] == NOTES
    assert all("cited" in (cell.attributes["class"] or "").split() for cell in cells)
    states = [(cell.attributes["class"] or "").split()[-1] for cell in cells]
    counts = {state: states.count(state) for state in set(states)}
    assert counts == {"unknown": 103, "named": 5, "attributed": 6, "explanation": 7}


def test_every_citation_is_named_under_its_entry(built_site: Build) -> None:
    """Both directions: as many ways back from the bibliography as there are citations on the pages."""
    forward = set()
    for source in PAGES:
        path = page_of(source)
        page = article(built_site, path)
        for note in page.css("li.note"):
            keys = [urldefrag(link.attributes["href"] or "")[1] for link in note.css("a.entry-link")]
            calls = [urldefrag(link.attributes["href"] or "")[1] for link in note.css("a.backref")]
            if not (note.attributes["id"] or "").startswith("fn:@") and "@" not in (
                note.attributes["id"] or ""
            ):
                continue  # A note of the page's own: what it cites is cited inside it.
            url = urljoin("/", path.removesuffix("index.html"))
            forward |= {(unquote(key), f"{url}#{unquote(call)}") for key in keys for call in calls}
    back = set()
    for name in ("bibliography", "reports"):
        for entry in article(built_site, f"{name}/index.html").css(".entry"):
            for link in entry.css(".cited-at a"):
                target = urljoin(f"/{name}/", unescape(link.attributes["href"] or ""))
                back.add((entry.attributes["id"], unquote(target)))
    assert forward <= back


def test_a_crawl_below_a_sub_path_finds_no_dead_link(site: str) -> None:
    """A plain crawler of its own, which knows nothing of the link check."""
    seen: dict[str, set[str] | None] = {}
    wanted: set[tuple[str, str, str]] = set()
    queue = [(site, "")]
    while queue:
        url, origin = queue.pop()
        if url in seen:
            continue
        seen[url] = None
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                content, kind = answer.read(), answer.headers.get_content_type()
        except urllib.error.HTTPError as error:
            pytest.fail(f"{origin} leads to {url}, which answers {error.code}")
        if kind != "text/html":
            continue
        tree = LexborHTMLParser(content.decode("utf-8"))
        seen[url] = {node.attributes.get("id") or "" for node in tree.css("[id]")}
        for node in tree.css("[href], [src]"):
            address = node.attributes.get("href") or node.attributes.get("src") or ""
            target, fragment = urldefrag(urljoin(url, address))
            if not target.startswith(site):
                assert not re.match(r"http://127\.0\.0\.1:", target), f"{url} leaves the sub-path to {target}"
                continue
            queue.append((target, url))
            if fragment:
                wanted.add((target, unquote(fragment), url))
    dead = [(t, f, o) for t, f, o in wanted if seen.get(t) is not None and f not in (seen[t] or set())]
    assert dead == []
    assert len([ids for ids in seen.values() if ids is not None]) >= len(PAGES)


def test_the_book_is_tagged_and_holds_every_page(built_site: Build) -> None:
    with pikepdf.open(built_site.site / "downloads/warning-lights.pdf") as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo["/Title"]) == "Warning Lights"
        with pdf.open_outline() as outline:
            items = list(outline.root)
            titles = []
            while items:
                item = items.pop()
                titles.append(item.title)
                items.extend(item.children)
    excluded = re.search(r"exclude: \[([^\]]*)\]", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    left_out = excluded[1].split(", ") if excluded else []
    for source in PAGES:
        if source.as_posix() in left_out:
            continue
        heading = one(LexborHTMLParser(built_site.read(page_of(source))), "h1")
        for sign in heading.css(".headerlink"):
            sign.decompose()
        assert heading.text().strip() in titles


def test_the_first_screen_counts_what_the_pages_hold(built_site: Build) -> None:
    home = LexborHTMLParser(built_site.read("index.html"))
    assert len(home.css("h1")) == 1
    assert "Warning Lights" not in [heading.text() for heading in home.css("h2")]
    pages = [article(built_site, page_of(source)) for source in PAGES]
    calls = sum(len(page.css("sup.note-call, .note span.citation")) for page in pages)
    own = {"#" + (note.attributes["id"] or "") for page in pages for note in page.css(".note.own")}
    calls -= sum(link.attributes["href"] in own for page in pages for link in page.css("sup.note-call a"))
    proof = one(home, ".proof").text(separator=" ")
    assert one(home, ".proof b").text() == f"{calls:,}"
    assert "each linked" in proof
    assert "compared word for word" in proof
    assert re.search(r"121\s+of 121 notes", proof)
    cards = home.css(".first .sources li")
    assert [one(card, ".mark").text() for card in cards] == ["CTC", "HSNW", "NYT"]
    assert all(len(card.css(".ways a")) == 2 for card in cards)
    assert home.css(".first .doors a")


def test_each_strip_says_what_the_page_rests_on_and_where_the_book_has_it(built_site: Build) -> None:
    page = LexborHTMLParser(built_site.read("themes/warnings/index.html"))
    strip = one(page, "h1 + .strip")
    assert [mark.text() for mark in strip.css(".mark")] == ["CTC", "HSNW"]
    assert re.search(
        r"State of knowledge: \d+ June 2024 .* \d+ min", " ".join(strip.text(separator=" ").split())
    )
    link = one(page, ".actions a[href*='.pdf#page=']")
    number = int((link.attributes["href"] or "").rpartition("=")[2])
    assert link.text().strip() == f"PDF, p. {number}"
    (book,) = built_site.site.rglob("*.pdf")
    with pikepdf.open(book) as document, document.open_outline() as outline:
        (themes,) = [item for item in outline.root if item.title == "Themes"]
        (chapter,) = [item for item in themes.children if item.title.startswith("Warnings")]
        assert chapter.destination is not None
        assert document.pages.index(pikepdf.Page(chapter.destination[0])) + 1 == number  # type: ignore[index]


def test_the_book_is_short_and_only_the_end_of_a_part_leaves_a_page_empty(built_site: Build) -> None:
    (book,) = built_site.site.rglob("*.pdf")
    with pikepdf.open(book) as document, document.open_outline() as outline:
        titles = [item.title for part in outline.root for item in [part, *part.children]]
        places = [item.destination for part in outline.root for item in [part, *part.children[:1]]]
        begins = {document.pages.index(pikepdf.Page(place[0])) for place in places if place}  # type: ignore[index]
        assert len(document.pages) <= 80
    assert not {"Changes", "Contributing"} & set(titles)
    pages = pypdfium2.PdfDocument(book)
    for number, page in enumerate(pages):
        image = page.render(scale=0.5).to_pil().convert("L")
        lines = (image.crop((0, y, image.width, y + 1)) for y in range(35, image.height - 35))
        rows = [line.getextrema()[0] < 200 for line in lines]
        last = number + 1 in begins or number + 1 == len(pages)
        assert sum(rows) / len(rows) > 0.16 or number < 2 or last, f"Page {number + 1} is nearly empty."
    pages.close()


def test_who_is_left_out_is_named_in_no_file(built_site: Build) -> None:
    words: set[str] = set()
    for path in built_site.site.rglob("*"):
        if path.suffix in {".html", ".md", ".json", ".js", ".xml", ".txt", ".csv", ".bib", ".ris"}:
            words.update(re.findall(r"[^\W\d_]{5,}", path.read_text(encoding="utf-8").casefold()))
    assert "tajikistan" in words
    assert UNNAMED.isdisjoint(hashlib.sha256(word.encode()).hexdigest()[:16] for word in words)


@pytest.mark.parametrize("source", PAGES, ids=str)
def test_key_points_are_few(built_site: Build, source: object) -> None:
    briefs = article(built_site, page_of(source)).css(".brief")
    assert all(len(brief.css("li")) <= 5 for brief in briefs)
    assert all(len(brief.css("p, li")) >= 1 for brief in briefs)
