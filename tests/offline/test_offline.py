"""The offline copy: the sample site of the book is built, unpacked, and looked at as it lies on disk."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

import offline
from conftest import Build
from small_book import DATE, build
from warning_lights.core import preview
from warning_lights.core.history import Revision
from warning_lights.offline import archive, pages

FILES = frozenset({"index.html", "a/index.html", "a/b/index.html", "assets/x.css", "odd name/index.html"})


@pytest.fixture(scope="module", name="built")
def fixture_built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    done = build(tmp_path_factory.mktemp("offline"))
    assert done.code == 0, done.output
    return done


@pytest.fixture(name="unpacked")
def fixture_unpacked(built: Build) -> dict[str, bytes]:
    with zipfile.ZipFile(built.site / "downloads/warning-lights-offline.zip") as file:
        return {name: file.read(name) for name in file.namelist()}


def test_every_link_leads_to_a_file_and_not_to_a_folder(unpacked: dict[str, bytes]) -> None:
    checked = 0
    for name, content in unpacked.items():
        if not name.endswith(".html"):
            continue
        for node in LexborHTMLParser(content).css("a[href], link[href], script[src], img[src]"):
            url = node.attributes.get("href") or node.attributes.get("src") or ""
            path, _ = urldefrag(urljoin(f"file:///{name}", url))
            if path.startswith("file:"):
                assert unquote(path.removeprefix("file:///")) in unpacked, f"{name}: {url}"
                checked += 1
    assert checked > 100


def test_no_page_asks_the_network_for_anything(unpacked: dict[str, bytes]) -> None:
    for name, content in unpacked.items():
        if name.endswith(".html"):
            tree = LexborHTMLParser(content)
            asked = [node.attributes.get("src") or "" for node in tree.css("[src]")]
            asked += [
                n.attributes.get("href") or "" for n in tree.css("link[rel=stylesheet], link[rel=preload]")
            ]
            assert not [url for url in asked if re.match(r"(https?:)?//", url)], name


def test_search_finds_its_index_without_a_server(unpacked: dict[str, bytes]) -> None:
    script = unpacked["warning-lights/search/search_index.js"].decode()
    index = json.loads(script.removeprefix("var __index = "))
    places = [urldefrag(entry["location"])[0] for entry in index["docs"]]
    assert {f"warning-lights/{place}" for place in places} <= unpacked.keys()


def test_what_is_not_in_the_copy_is_linked_on_the_site(built: Build, unpacked: dict[str, bytes]) -> None:
    assert "warning-lights/downloads/warning-lights.pdf" in unpacked
    assert not {
        "warning-lights/404.html",
        "warning-lights/sitemap.xml",
        "warning-lights/downloads/warning-lights-offline.zip",
    } & (unpacked.keys())
    html = '<a href="downloads/warning-lights-offline.zip">zip</a>'
    assert pages.AddressRewriter(FILES, "https://example.org/small/").rewrite_page(html, "index.html") == (
        '<a href="https://example.org/small/downloads/warning-lights-offline.zip">zip</a>'
    )


def test_the_copies_are_listed_with_size_and_checksum(built: Build, unpacked: dict[str, bytes]) -> None:
    page = built.read("index.html")
    for name in ("warning-lights.pdf", "warning-lights-offline.zip"):
        content = (built.site / "downloads" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in page
    assert "3 July 2024" in page
    assert "<!--downloads -->" in unpacked["warning-lights/index.html"].decode()


def test_the_same_files_make_the_same_zip() -> None:
    content = {"b": b"2", "a/c": b"3", "a": b"1"}
    made_from = Revision(int(DATE), "")
    packed = archive.zip_files(content, "warning-lights", made_from)
    assert packed == archive.zip_files(dict(reversed(content.items())), "warning-lights", made_from)
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert file.namelist() == ["warning-lights/a", "warning-lights/a/c", "warning-lights/b"]
        assert {info.date_time for info in file.infolist()} == {(2024, 7, 3, 9, 46, 40)}
        assert {info.external_attr >> 16 for info in file.infolist()} == {0o100644}


@pytest.mark.parametrize(
    ("url", "path", "expected"),
    [
        ("b/", "a/index.html", "b/index.html"),
        ("b/#x", "a/index.html", "b/index.html#x"),
        ("../", "a/index.html", "../index.html"),
        ("../..", "a/b/index.html", "../../index.html"),
        (".", "index.html", "index.html"),
        ("./?q=1#x", "a/index.html", "index.html?q=1#x"),
        ("odd%20name/", "index.html", "odd%20name/index.html"),
        ("assets/x.css", "index.html", "assets/x.css"),
        ("#x", "a/index.html", "#x"),
        ("", "a/index.html", ""),
        ("?q=1", "a/index.html", "?q=1"),
        ("https://example.com/a/", "index.html", "https://example.com/a/"),
        ("//example.com/a/", "index.html", "//example.com/a/"),
        ("mailto:a@example.com", "index.html", "mailto:a@example.com"),
        ("gone/", "a/index.html", "https://site.example/a/gone/"),
    ],
)
def test_addresses_work_from_disk(url: str, path: str, expected: str) -> None:
    assert pages.AddressRewriter(FILES, "https://site.example/").address_on_disk(url, path) == expected


def test_only_addresses_are_changed_and_not_the_text() -> None:
    code = '<code title="a/">href="a/" &lt;a href="a/"&gt;</code>'
    html = f"<p>{code} <a class=x href='a/?b=1&amp;c=2'>a/</a></p>"
    expected = html.replace("'a/?", "'a/index.html?")
    assert pages.AddressRewriter(FILES, "").rewrite_page(html, "index.html") == expected


def test_nothing_is_fetched_that_a_browser_refuses_on_disk() -> None:
    kept = '<link rel="stylesheet" href="assets/x.css">\n'
    html = f'<link rel="preload" href="f.woff2" as="font" crossorigin>\n{kept}'
    assert pages.AddressRewriter(FILES, "").rewrite_page(html, "index.html") == kept


def test_nothing_is_made_while_previewing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    import book

    monkeypatch.setattr(preview, "state", {})
    preview.on_startup(command="serve", dirty=False)
    config = MkDocsConfig()
    files = Files([])
    book.on_files(files, config=config)
    book.on_env(None, config=config, files=files)
    assert list(files) == []
    offline.on_post_build(config)
    assert not list(tmp_path.iterdir())


def test_letters_are_waited_for() -> None:
    css = "@font-face{font-display:optional}@font-face { font-display: optional; }"
    assert (
        pages.without_font_wait(css) == "@font-face{font-display: block}@font-face { font-display: block; }"
    )
