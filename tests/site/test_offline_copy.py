"""The site in a zip, opened from disk: search, note cards and links work, and nothing is asked of anybody."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.sync_api import Browser

from conftest import Build


def test_the_copy_works_from_disk_without_a_network(
    built_site: Build, browser: Browser, tmp_path: Path
) -> None:
    with zipfile.ZipFile(next(built_site.site.glob("downloads/*-offline.zip"))) as packed:
        packed.extractall(tmp_path)
    start = next(tmp_path.glob("**/sources/ctc-sentinel/index.html"))
    context = browser.new_context(viewport={"width": 800, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(start.as_uri())
    assert "A copy for reading offline; the site may be newer" in page.locator(".imprint").inner_text()
    page.hover(".note-call a >> nth=0")
    page.wait_for_selector(".note-card")
    assert "From Tajikistan to Moscow" in page.locator(".note-card").inner_text()
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog[open] input")
    page.keyboard.type("Kerman")
    page.wait_for_selector("dialog li a")
    page.click("dialog li a >> nth=0")
    page.wait_for_url("file://**#term-kerman")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    context.close()
