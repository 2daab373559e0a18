"""Programs find each page: its Markdown, its picture, its place, its old address."""

from __future__ import annotations

import json
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from conftest import ROOT, SUB_PATH, Build, one
from warning_lights.sharing import cards

SITE = f"http://127.0.0.1/{SUB_PATH}/"


def test_each_page_has_its_markdown_beside_it(built_site: Build) -> None:
    for source in (ROOT / "docs").rglob("*.md"):
        path = source.relative_to(ROOT / "docs").as_posix()
        assert built_site.read(path) == source.read_text(encoding="utf-8")
        assert f"({SITE}{path})" in built_site.read("llms.txt")


def test_each_page_can_be_shared(built_site: Build) -> None:
    for page in built_site.site.rglob("index.html"):
        tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
        address = f"{SITE}{page.parent.relative_to(built_site.site).as_posix()}/".replace("/./", "/")
        assert one(tree, "link[rel=canonical]").attributes["href"] == address
        assert one(tree, "meta[name=description]").attributes["content"]
        picture = one(tree, "meta[property='og:image']").attributes["content"] or ""
        content = (built_site.site / picture.removeprefix(SITE)).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert [int.from_bytes(content[at : at + 4], "big") for at in (16, 20)] == [1200, 630]
        data = [json.loads(node.text()) for node in tree.css("script[type='application/ld+json']")]
        assert {each["@type"] for each in data} & {"WebSite", "BreadcrumbList"}


def test_robots_and_feed(built_site: Build) -> None:
    assert f"Sitemap: {SITE}sitemap.xml" in built_site.read("robots.txt")
    if (built_site.site / "feed.xml").exists():  # A copy without its history has none.
        assert 'rel="self"' in built_site.read("feed.xml")


def test_letters_are_small_and_named_as_their_licence_asks(built_site: Build) -> None:
    files = list((built_site.site / "assets/fonts").iterdir())
    assert {path.stem for path in files} == {"sans", "text", "text-bold", "text-italic"}
    assert all(path.stat().st_size < 25_000 for path in files)
    assert not (built_site.site / "assets/javascripts/lunr").exists()


def test_sections_in_other_scripts_have_cards_of_their_own() -> None:
    titles = ["", "Themes & Terms", "История", "关于", "История войны"]
    paths = [cards.path_of(title) for title in titles]
    assert len(set(paths)) == len(titles)
    assert paths[:2] == ["assets/social/home.png", "assets/social/themes-terms.png"]


def test_a_card_is_drawn_anew_when_a_typeface_changes(tmp_path: Path) -> None:
    fonts, cache = tmp_path / "fonts", tmp_path / "cache"
    fonts.mkdir()
    stored = []
    for content in (b"first", b"second"):
        (fonts / "a.ttf").write_bytes(content)
        cards.card({"site": "", "title": "T", "words": "W"}, [fonts], cache)
        stored.append([path.name for path in cache.iterdir()])
    assert stored[0] != stored[1]
