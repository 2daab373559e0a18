"""The citations hook in real builds: what a reader finds on the pages, what a writer is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pypandoc
import pytest
from mkdocs.config import load_config
from mkdocs_bibtex.plugin import BibTexPlugin
from selectolax.lexbor import LexborHTMLParser

from conftest import BIBTEX, ROOT, Build, one
from warning_lights.bibliography import load
from warning_lights.core.cache import DIGEST

CSL = (ROOT / "bibliography" / "style.csl").read_text(encoding="utf-8")
PLUGIN = "plugins:\n  - bibtex:\n      bib_dir: bib\n      csl_file: bib/style.csl\n"
BIB = """\
@article{doe2020,
  author       = {Doe, Ann},
  title        = {On the {U.S.} \\& Others},
  journaltitle = {Journal},
  volume       = {3},
  number       = {1},
  date         = {2020-02},
  url          = {https://example.org/doe},
  keywords     = {work},
}

@online{anon,
  title        = {A page},
  organization = {{Outlet}},
  keywords     = {page},
}
"""
BuildSite = Callable[..., Build]


def build(build_site: BuildSite, pages: dict[str, str], bib: str = BIB, config: str = PLUGIN) -> Build:
    return build_site(
        pages, hooks=("citations.py",), config=config, files={"bib/a.bib": bib, "bib/style.csl": CSL}
    )


def test_a_claim_leads_to_its_note_and_the_note_to_its_entry(build_site: BuildSite) -> None:
    site = build(
        build_site,
        {
            "index.md": "# Home\n\nA claim [see @doe2020, p. 4].\n\n[List](bibliography.md)",
            "bibliography.md": "# Bibliography\n\n\\full_bibliography\n",
        },
    )
    assert site.code == 0, site.output
    page = LexborHTMLParser(site.read("index.html"))
    note = one(page, "li.note")
    assert (
        note.text()
        .strip()
        .startswith("See Ann Doe, “On the U.S. & Others,” Journal 3:1 (February 2020), p. 4.")
    )
    way = one(page, "li.note .to-entry > a.entry-link").attributes
    assert (way["href"], way["aria-label"]) == ("bibliography/#ref:doe2020", "Doe p. 4 in the bibliography")
    entries = LexborHTMLParser(site.read("bibliography/index.html"))
    entry = one(entries, '[id="ref:doe2020"]')
    assert one(entry, ".reference a").attributes["href"] == "https://example.org/doe"
    assert one(entry, ".cited-at a").attributes["href"] == "../#fnref:see-@doe2020:p-4"
    assert "A claim." in one(entry, ".cited-at li").text()


def test_a_part_of_the_bibliography_is_chosen_by_keyword(build_site: BuildSite) -> None:
    site = build(
        build_site,
        {
            "index.md": "[@doe2020; @anon]\n\n## One\n\n\\full_bibliography[keyword=work]\n\n"
            "## Two\n\n\\full_bibliography[notkeyword=work]\n\n```\n\\full_bibliography\n```\n"
        },
    )
    assert site.code == 0, site.output
    sections = LexborHTMLParser(site.read("index.html")).css("section.bibliography")
    assert [[e.attributes["id"] for e in s.css(".entry")] for s in sections] == [
        ["ref:doe2020"],
        ["ref:anon"],
    ]
    assert "\\full_bibliography\n" in site.read("index.html")


def test_an_entry_that_is_not_linked_is_in_no_file_for_reference_managers(build_site: BuildSite) -> None:
    bib = BIB.replace("{page}", "{page, not-linked}")
    site = build(build_site, {"index.md": "[@doe2020; @anon]\n\n\\full_bibliography\n\n\\exports\n"}, bib)
    assert site.code == 0, site.output
    texts = [path.read_text(encoding="utf-8") for path in site.site.glob("downloads/**/*.*")]
    assert len(texts) == 6
    assert sum("Outlet" in text for text in texts) == 0
    assert one(LexborHTMLParser(site.read("index.html")), "details.exports a").attributes["href"]
    assert "entries/anon" not in site.read("index.html")


def test_an_entry_without_a_keyword_of_the_site_goes_into_the_last_list(build_site: BuildSite) -> None:
    pasted = (
        "@article{pasted,\n  author = {Poe, Cat},\n  title = {A title},\n  journal = {J},\n  year = {2020},\n"
    )
    pasted += "  keywords = {Tides},\n}\n"
    site = build(
        build_site,
        {
            "index.md": "[@doe2020; @anon; @pasted]\n\n\\full_bibliography[keyword=page]\n\n"
            "\\full_bibliography[keyword=work]\n",
        },
        BIB + "\n" + pasted,
    )
    assert site.code == 0, site.output
    sections = LexborHTMLParser(site.read("index.html")).css("section.bibliography")
    assert [[e.attributes["id"] for e in s.css(".entry")] for s in sections] == [
        ["ref:anon"],
        ["ref:doe2020", "ref:pasted"],
    ]


def test_every_fault_is_reported_at_its_place(build_site: BuildSite) -> None:
    site = build(
        build_site,
        {
            "index.md": "---\ntitle: Home\n---\n# Home\n\nA claim [@doe2021].\nAnother.[^n]\n",
            "other.md": "# Other\n\n\\full_bibliography[keyword]\n\n[^x]: never called\n",
        },
        BIB + "\n@online{bad,\n  title = {Broken page of ABC},\n  url = {example.org},\n}\n",
    )
    assert site.code == 1
    for line in [
        "docs/index.md:6:10: [@doe2021] is not in the bibliography. Did you mean [@doe2020]?",
        "docs/index.md:7:9: [^n] is not defined on this page. Define it: [^n]: …",
        "docs/other.md:3:1: \\full_bibliography[keyword]: “keyword” is not an option here",
        "docs/other.md:5:1: [^x] is defined but never called.",
        "bib/a.bib:20:3: bad: url = {example.org} is not a complete address.",
    ]:
        assert line in site.output


@pytest.mark.parametrize(
    ("bib", "message"),
    [
        ("@book{a,\n  title = {A},\n", "bib/a.bib:1:1: a is never closed"),
        ("@book{a,\n  title = {A} year\n}\n", "bib/a.bib:2:15: a: expected `field = {value}` here."),
        (BIB + "\n" + BIB, "bib/a.bib:18:10: doe2020 is defined a second time; first in bib/a.bib:1. Remove"),
    ],
)
def test_a_broken_file_is_an_error_and_no_traceback(build_site: BuildSite, bib: str, message: str) -> None:
    site = build(build_site, {"index.md": "# Home"}, bib)
    assert site.code == 1
    assert message in site.output
    assert "Traceback" not in site.output


@pytest.mark.parametrize(
    "bib", ["@online{gone2020, title = {A {b, date = {2020}}\n", "@set{gone2020, entryset = {moss2021}}\n"]
)
def test_a_broken_entry_is_reported_once_also_where_it_is_cited(build_site: BuildSite, bib: str) -> None:
    site = build_site(
        {"index.md": "A claim [@gone2020] and [@moss2021]."},
        hooks=("citations.py",),
        config=BIBTEX,
        files={
            "bib/a.bib": bib + "@online{moss2021, title = {M}, date = {2021}, url = {https://example.org/}}\n"
        },
    )
    assert site.output.count("WARNING -") == 1, site.output
    assert "bib/a.bib:1:" in site.output


def test_without_the_plugin_it_says_what_to_add(build_site: BuildSite) -> None:
    site = build_site({"index.md": "# Home"}, hooks=("citations.py",), config="plugins: []\n")
    assert site.code == 1
    assert "needs the plugin: add `- bibtex`" in site.output


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("      bib_dir: bib\n", "the plugin bibtex has no csl_file. Name a file of the project."),
        ("      bib_dir: bib\n      csl_file: none.csl\n", "the plugin bibtex has csl_file: none.csl."),
        (
            "      csl_file: bib/style.csl\n",
            "the plugin bibtex has no bib_dir. Name a folder",
        ),
    ],
)
def test_a_path_that_is_missing_is_named(build_site: BuildSite, config: str, message: str) -> None:
    site = build(build_site, {"index.md": "A claim."}, config="plugins:\n  - bibtex:\n" + config)
    assert site.code == 1
    assert message in site.output
    assert "Traceback" not in site.output


def test_a_style_that_pandoc_cannot_read_is_named_with_the_other_findings(build_site: BuildSite) -> None:
    site = build_site(
        {"index.md": "A claim [@a]."},
        hooks=("citations.py",),
        config=PLUGIN,
        files={"bib/a.bib": "@misc{a,\n  titel = {A},\n}\n", "bib/style.csl": "<style"},
    )
    assert site.code == 1
    assert "bib/style.csl: The bibliography cannot be formatted by this style:" in site.output
    assert "bib/a.bib:2:3: a: titel is not a field of BibLaTeX. Did you mean title?" in site.output
    assert "Traceback" not in site.output


def test_mkdocs_bibtex_loads_the_entries_where_the_engine_looks_for_them() -> None:
    """The one undocumented part that `load.load_entries` uses; a release that moves it fails here."""
    plugin = BibTexPlugin()
    plugin.load_config({"bib_dir": "bibliography", "csl_file": str(ROOT / "bibliography/style.csl")})
    config = load_config(str(ROOT / "mkdocs.yml"), hooks=[], plugins=[])
    loaded = load.load_entries(plugin, config, BIB)
    assert list(loaded) == ["doe2020", "anon"]
    assert loaded["doe2020"].persons["author"][0].last_names == ["Doe"]
    assert plugin.config.bib_file is None


def test_footnotes_of_the_site_are_taken_over(build_site: BuildSite) -> None:
    site = build(
        build_site,
        {"index.md": "One [@anon].[^n]\n\n[^n]: Words.\n"},
        config=PLUGIN + "markdown_extensions:\n  - footnotes\n",
    )
    assert site.code == 0, site.output
    page = LexborHTMLParser(site.read("index.html"))
    assert [call.text() for call in page.css("sup.note-call a")] == ["1", "2"]
    assert not page.css("div.footnote")


def test_the_formatted_entries_are_kept_and_the_cache_is_never_wrong(
    build_site: BuildSite, tmp_path: Path
) -> None:
    pages = {"index.md": "A claim [@doe2020]."}
    assert "Ann Doe" in build(build_site, pages).read("index.html")
    kept = list((tmp_path / "project" / ".cache").glob("bibliography-*.cache"))
    assert len(kept) == 1
    # What is kept is used: a changed copy shows.
    formatted = json.loads(kept[0].read_bytes()[DIGEST:])
    formatted["entries"]["doe2020"]["html"] = "Kept Doe"
    content = json.dumps(formatted).encode()
    kept[0].write_bytes(hashlib.sha256(content).hexdigest().encode() + content)
    assert "Kept Doe" in build(build_site, pages).read("index.html")
    # And what has changed is made anew.
    assert "Eve Doe" in build(build_site, pages, BIB.replace("Ann", "Eve")).read("index.html")


def test_a_style_that_numbers_its_entries_loses_the_number(build_site: BuildSite) -> None:
    style = CSL.replace(
        '<layout suffix=".">\n      <text macro="reference"/>\n    </layout>\n  </bibliography>',
        '<layout><text variable="citation-number" prefix="[" suffix="]"/><text macro="reference" suffix="."/>'
        "</layout></bibliography>",
    ).replace("<bibliography>", '<bibliography second-field-align="flush">')
    site = build_site(
        {"index.md": "A claim [@anon].", "list.md": "\\full_bibliography"},
        hooks=("citations.py",),
        config=PLUGIN,
        files={"bib/a.bib": BIB, "bib/style.csl": style},
    )
    assert site.code == 0, site.output
    references = [node.text() for node in LexborHTMLParser(site.read("list/index.html")).css(".reference")]
    assert [text.split(" anon")[0].split(" doe2020")[0] for text in references] == [
        "Doe, Ann, “On the U.S. & Others,” Journal 3:1 (February 2020). Archived copy",
        "“A Page,” Outlet.",
    ]


def test_pandoc_formats_once_however_many_pages_cite(build_site: BuildSite, tmp_path: Path) -> None:
    runs, pandoc = tmp_path / "runs", tmp_path / "pandoc"
    pandoc.write_text(
        f'#!/bin/sh\necho "$*" >> {runs}\nexec {pypandoc.get_pandoc_path()} "$@"\n', encoding="utf-8"
    )
    pandoc.chmod(0o755)
    site = build_site(
        {f"{name}.md": "A claim [@doe2020] and [@anon]." for name in ("index", "b", "c", "d", "e")},
        hooks=("citations.py",),
        config=PLUGIN,
        files={"bib/a.bib": BIB, "bib/style.csl": CSL},
        env={"PYPANDOC_PANDOC": str(pandoc)},
    )
    assert site.code == 0, site.output
    assert runs.read_text(encoding="utf-8").count("--citeproc") == 1


def test_titles_stand_as_they_were_printed(build_site: BuildSite) -> None:
    """Every title of our own bibliography comes out of the style as it went in."""
    import re

    from warning_lights.bibliography.bibtex import BrokenEntry, scan
    from warning_lights.bibliography.lint import bare_value

    files = {f"bib/{p.name}": p.read_text(encoding="utf-8") for p in (ROOT / "bibliography").glob("*.bib")}
    site = build_site(
        {"index.md": "\\full_bibliography\n"},
        hooks=("citations.py",),
        config=PLUGIN,
        files={**files, "bib/style.csl": CSL},
    )
    assert site.code == 0, site.output
    page = LexborHTMLParser(site.read("index.html"))
    for text in files.values():
        for entry in scan(text):
            assert not isinstance(entry, BrokenEntry)
            title = bare_value(entry.fields.get("title")).replace("\\&", "&")
            shown = one(page, f'[id="ref:{entry.key}"] .reference').text()
            plain = re.sub(r"[“”‘’']", "’", title)
            if not entry.key.startswith("ctc-"):
                assert plain in re.sub(r"[“”‘’']", "’", shown)
