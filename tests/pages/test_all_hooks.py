"""Every hook of mkdocs.yml at once: over a page that holds everything, and over pages that hold too much."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest
import yaml
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from all_hooks import BIB, EVERYTHING, FRONT, HOME, NUMBERS, BuildAll
from conftest import mkdocs_build, one

LOOPBACK = re.compile(rb"127\.0\.0\.1|localhost", re.IGNORECASE)


def test_a_site_without_an_address_says_so_and_prints_none(build_all: BuildAll, tmp_path: Path) -> None:
    """Not in canonical links, og:, citations, RIS, feed or the PDF (each was http://127.0.0.1:8000/)."""
    build = build_all({"about.md": FRONT + "# About\n\nWords [@doe2024title], [home](index.md).\n"})
    assert build.code == 0, build.output
    assert "SITE_URL is not set" in build.output
    found = {path: path.read_bytes() for path in build.site.rglob("*") if path.is_file()}
    assert {path.suffix for path in found} >= {".html", ".ris", ".json", ".bib", ".pdf", ".txt", ".xml"}
    assert [path for path, held in found.items() if LOOPBACK.search(held)] == []
    home = LexborHTMLParser(build.read("index.html"))
    assert home.css("link[rel=canonical], meta[property^='og:'], a[href$='feed.xml']") == []
    assert "UR  -" not in build.read("cite.ris")
    (book,) = build.site.rglob("*.pdf")
    with pikepdf.open(book) as document:
        texts = [each.read_bytes() for each in document.objects if isinstance(each, pikepdf.Stream)]
        notes = [note for page in document.pages for note in page.get("/Annots", [])]
        texts += [bytes(note.A.URI) for note in notes if "/URI" in note.get("/A", {})]
    assert not any(map(LOOPBACK.search, texts))


def test_a_page_of_everything_passes_a_strict_build(build_all: BuildAll, tmp_path: Path) -> None:
    Image.new("L", (4, 4)).save(tmp_path / "grey.png")
    pages = {
        "all.md": EVERYTHING,
        "data/numbers.csv": NUMBERS,
        "grey.png": (tmp_path / "grey.png").read_bytes(),
    }
    site = build_all(pages)
    assert site.code == 0, site.output
    page = LexborHTMLParser(site.read("all/index.html"))
    assert one(page, "td.align-right").text() == "1"
    assert one(page, "img[width='4']").attributes["alt"] == "A grey square"
    assert len(page.css("sup.note-call")) >= 6
    assert page.css("figure.chart svg")
    assert page.css("style") == page.css("[style]") == []


SVG = "xmlns='http://www.w3.org/2000/svg'"
ATTEMPTS = {
    "<p onclick=alert(1)>Words.</p>": "7:1: onclick of <p> is not allowed on a page.",
    '<p title="a>b" style="color:red">Words.</p>': "7:1: style of <p> is not allowed on a page. Use a class.",
    '<div class="web-only"><script>x()</script></div>': "<script> is not allowed on a page",
    '<svg viewBox="0 0 9 9"><circle r="4"/><script>x()</script></svg>': "<script> is not allowed on a page",
    '<!--> <div class="web-only"><script>x()</script></div> -->': "<script> is not allowed on a page",
    '<svg><a xlink:href="javascript:x()"><text>Words</text></a></svg>': "xlink:href of <a> is not allowed",
    '<svg><set attributeName="href" to="javascript:x()"/></svg>': "<set> is not allowed on a page",
    "<svg><foreignObject><p>Words</p></foreignObject></svg>": "<foreignobject> is not allowed on a page",
    '<iframe src="https://example.org/"></iframe>': "<iframe> is not allowed on a page",
    "<iframe srcdoc='<script>x()</script>'></iframe>": "<iframe> is not allowed on a page",
    '<object data="x.svg">Words</object>': "<object> is not allowed on a page",
    '<embed src="x.svg">': "<embed> is not allowed on a page",
    '<base href="https://example.org/">': "<base> is not allowed on a page",
    '<meta http-equiv="refresh" content="0; url=https://example.org/">': "<meta> is not allowed on a page",
    '<link rel="stylesheet" href="https://example.org/a.css">': "<link> is not allowed on a page",
    "<style>p { color: red }</style>": "<style> is not allowed on a page",
    '<form action="https://example.org/"><button>Go</button></form>': "<form> is not allowed on a page",
    "<img src=x onerror=x()>": "onerror of <img> is not allowed on a page.",
    "<details open ontoggle=x()><summary>Words</summary></details>": "ontoggle of <details> is not allowed",
    "[Words](javascript:x())": "javascript:",
    "[Words](tg://resolve?domain=x)": "tg:",
    "[Words](data:text/html,x)": "data:",
    "Words\n{: onclick='x()' }": "onclick of <p> is not allowed on a page.",
    "<math><mtext></mtext></math>": "<math> is not allowed on a page",
    "<marquee>Words</marquee>": "<marquee> is not allowed on a page",
    "<video src=x autoplay></video>": "<video> is not allowed on a page",
    "<template><script>x()</script></template>": "<template> is not allowed on a page",
    "<noscript><p>Words</p></noscript>": "<noscript> is not allowed on a page",
    "<input type=file>": "<input type=file> is not allowed on a page",
    '<p title="<table><meta http-equiv=refresh></table>">Words.</p>': "7:1: title of <p> holds a tag.",
    '<p title="</h1>">Words.</p>': "7:1: title of <p> holds a tag.",
    "Words\n{: title='<table>x</table>' }": "title of <p> holds a tag.",
}


def test_what_a_page_may_not_hold_is_an_error_at_its_line(build_all: BuildAll) -> None:
    pages = {f"p{number}.md": f"{FRONT}# Page {number}\n\n{text}\n" for number, text in enumerate(ATTEMPTS)}
    site = build_all(pages)
    assert site.code == 1
    assert "Traceback" not in site.output
    for number, message in enumerate(ATTEMPTS.values()):
        assert any(f"docs/p{number}.md:" in line and message in line for line in site.output.splitlines()), (
            f"{list(ATTEMPTS)[number]}: {message} is not in\n{site.output}"
        )


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        ("data/sign-in.html", "<script>x()</script>", "Files of this kind are not published."),
        ("data/x.js", "x()", "Files of this kind are not published."),
        ("data/x.xhtml", "<html/>", "Files of this kind are not published."),
        (
            "x.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>",
            "<script> is not allowed",
        ),
        ("y.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "onload of <svg> is not allowed"),
        ("z.svg", f"<svg {SVG}><title><style><script>x()</script></style></title></svg>", "<script> is not"),
        (
            "d.svg",
            f"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg {SVG}>&x;</svg>",
            "This drawing has a document",
        ),
        ("i.svg", f"<?xml-stylesheet href='x.css'?><svg {SVG}/>", "This drawing has a document"),
        (
            "c.svg",
            f"<svg {SVG}><style>@import '//x.example/a'</style></svg>",
            "This drawing loads a resource",
        ),
        ("e.svg", f"<svg {SVG}><use href='&#104;ttps://x.example/a'/></svg>", "This drawing loads a"),
        (
            "b.svg",
            f"<svg {SVG}><style>@\\69mport '\\2f/x.example'</style></svg>",
            "This drawing loads a resource",
        ),
        (
            "u.svg",
            f"<svg {SVG}><style>@import '//x.example'</style></svg>".encode("utf-16"),
            "This drawing loads",
        ),
        ("x.pdf", "%PDF-1.4\n", "This PDF cannot be read"),
    ],
)
def test_what_a_file_may_not_be_is_an_error(
    build_all: BuildAll, path: str, content: str | bytes, message: str
) -> None:
    site = build_all({path: content})
    assert site.code == 1
    assert f"docs/{path}: {message}" in site.output


def pdf(action: str) -> bytes:
    """A PDF that does `action`, written as a direct object of its catalogue, when it is opened."""
    document, file = pikepdf.new(), BytesIO()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Object.parse(action.encode())
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "action",
    [
        "<< /S /JavaScript /JS (x) >>",
        "<< /S /GoTo /D [0 /Fit] /Next [<< /S /Launch /F (x) >>] >>",
        "<< /S /SubmitForm /F (https://example.org/) >>",
        "<< /S /URI /URI (https://example.org/) >>",
    ],
)
def test_a_pdf_that_acts_is_an_error(build_all: BuildAll, action: str) -> None:
    site = build_all({"x.pdf": pdf(action)})
    assert "docs/x.pdf: This PDF holds a program or an action that runs." in site.output


def test_a_pdf_that_opens_at_a_place_is_published(build_all: BuildAll) -> None:
    site = build_all({"x.pdf": pdf("[0 /Fit]"), "p.md": f"{FRONT}# P\n\n[A file](x.pdf)\n"})
    assert site.code == 0, site.output


def test_what_comments_and_cells_hold_does_not_change_the_page(build_all: BuildAll) -> None:
    table = "| A | B |\n| --- | --- |\n| [@doe2024title] | 2 |\n"
    cell = "</td></tr></table></div></main>x"
    fence = "```table\ndata: data/n.csv\ncolumns: {Name: name}\n```\n"
    site = build_all(
        {
            "comment.md": f"{FRONT}# P\n\n<!-- In HTML this is a <table>. </h1> -->\n\n{table}",
            "cell.md": f"{FRONT}# P\n\n{fence}",
            "data/n.csv": f'name,citation\n"{cell}",[@doe2024title]\n',
        }
    )
    page = LexborHTMLParser(site.read("comment/index.html"))
    assert one(page, "article .scroll table")
    assert one(page, "article section.notes")
    assert "docs/data/n.csv:2:26: </main> closes nothing." in site.output
    assert "docs/comment.md" not in site.output


INKSCAPE = f"""<svg {SVG} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" viewBox="0 0 9 9"
  xml:space="preserve"><metadata><x xmlns="http://creativecommons.org/ns#"/></metadata><defs/>
<g inkscape:label="Layer 1"><path d="M0 0h9" style="fill:none;stroke:#000" inkscape:c="0"/></g></svg>"""


def test_a_drawing_as_programs_save_it_is_published(build_all: BuildAll) -> None:
    site = build_all({"p.md": f"{FRONT}# P\n\n![A line](i.svg)\n", "i.svg": INKSCAPE})
    assert site.code == 0, site.output
    assert site.read("i.svg") == INKSCAPE


def test_a_title_is_text_everywhere(build_all: BuildAll) -> None:
    title = "Questions & <answers>, R&D <script>document.title='taken'</script>"
    site = build_all({"plain.md": f'---\ntitle: "{title}"\ndescription: A page.\n---\n# Questions\n'})
    assert site.code == 0, site.output
    for path in ("index.html", "plain/index.html", "bibliography/index.html"):
        page = LexborHTMLParser(site.read(path))
        assert not [node for node in page.css("script:not([type])") if "taken" in node.text()]
        assert [node.text() for node in page.css("nav a, .nav a") if title in node.text()]
    assert one(LexborHTMLParser(site.read("plain/index.html")), "title").text().startswith(title)


PICTURE = BytesIO()
Image.new("L", (40, 40)).save(PICTURE, "PNG")
CHART = """```chart
data: data/n.csv
title: N
alt: N
citation: "[@doe2024title]"
mark: {}
encoding: {{x: {{field: name, type: nominal}}}}
```"""
# File below docs/ -> what it holds, and where what is wrong with it is told; pages begin with FRONT and # P.
ODD: dict[str, tuple[str | bytes, str]] = {
    "deep.md": (">" * 400 + " deep", ":7:1: Elements stand too deep in each other for the book."),
    "ipv6.md": ("[x](http://[::1)", ":7:5: http://[::1 is not a valid address"),
    "ipv6-picture.md": (
        '<img alt="A" src="http://[x">',
        ":7:19: http://[x has no host that a browser accepts",
    ),
    "latin.md": (b"Caf\xe9", ":7:4: This is not UTF-8 (byte 0xe9)."),
    "data/t.csv": ("name\n".encode("utf-16"), ":1:1: This file is UTF-16."),
    "colon.md": ("---\ntitle: A: b\n---\n# P", ':2:1: This line cannot be read. Write title: "A: b"'),
    "list.md": ("---\ntitle: [a]\n---\n# P", ":2:1: title is one text."),
    "day.md": ("---\nx: 2024-13-45\n---\n# P", ":2:1: This front matter cannot be read."),
    "template.md": ("---\ntemplate: ../x.html\n---\n# P", ":1:1: There is no template ../x.html for a page."),
    "part.md": ("---\ntemplate: partials/nav.html\n---\n# P", ":1:1: There is no template partials/nav.html"),
    "map.md": ("---\ntemplate: sitemap.xml\n---\n# P", ":1:1: There is no template sitemap.xml for a page."),
    "alias.md": (
        "---\naliases: [assets/site.js]\n---\n# P",
        ":2:1: assets/site.js is not a page of this site.",
    ),
    "assets/styles.css.md": ("---\ntitle: x\n---\n# P", ":1:1: This name ends like that of another file."),
    "same/index.md": (
        "---\ntitle: x\n---\n# P",
        ":1:1: same.md has the same address. Rename one of the two.",
    ),
    "row.md": (
        '<table><tbody><tr id="x"><td></td></tr></tbody></table> [x](gone.md)',
        ":7:61: gone.md leads",
    ),
    "twice.md": ('<p id="a">1</p>\n<p id="a">2</p>\n\n[x](#a)', ":8:8: a is the id of two elements"),
    "command.md": ("<p title='a\n::error::b'>1</p>[x](gone.md)", ":8:22: gone.md leads to docs/gone.md"),
    "control.md": ("x\x08y", ":7:2: An invisible character (U+0008, control character)"),
    "cut.png": (PICTURE.getvalue()[:50], ": This picture cannot be read: image file is truncated."),
    "mark.md": (CHART.format("bars"), ":12:7: bars is not a known mark of a chart. Did you mean bar?"),
    "encoding.md": (CHART.format("bar\nheight: -5"), ":13:1: height is a number of points from 1 to 2000."),
    "html.md": ("<html onclick=x()>words", ":7:1: <html> is not allowed on a page"),
    "attribute.md": ("Words\n{: onclick='x()' }", ":8:4: onclick of <p> is not allowed on a page."),
    "entity.md": ("[x](javascript&#58;x())", ":7:5: javascript:x(): links begin with http"),
    "key.md": (
        "A claim [@doe2024title, `x`; see `p. 9`].",
        ":7:9: [@doe2024title, `x`; see `p. 9`]: “see `p. 9`”",
    ),
}


def test_odd_input_is_a_finding_at_its_place_and_never_a_traceback(build_all: BuildAll) -> None:
    pages: dict[str, str | bytes] = {"data/n.csv": "name,citation\na,[@doe2024title]\n"}
    pages["same.md"] = f"{FRONT}# P\n"
    for path, (content, _) in ODD.items():
        text = content if isinstance(content, bytes) else content.encode()
        whole = not path.endswith(".md") or text.startswith(b"---")
        pages[path] = (
            text + b"\n" * path.endswith(".md") if whole else f"{FRONT}# P\n\n".encode() + text + b"\n"
        )
    site = build_all(pages)
    assert site.code == 1
    assert "Traceback" not in site.output
    assert not [line for line in site.output.splitlines() if line.startswith("::")]
    for path, (_, message) in ODD.items():
        assert f"docs/{path}{message}" in site.output, f"docs/{path}{message} is not in\n{site.output}"
    # What the pages report, the book does not report again.
    assert "docs/html.md:7:1: <html> cannot be printed" not in site.output


# A line of a page on which several rooms meet one fault -> what the only finding says.
MET_BY_SEVERAL = {
    "[x](javascript:x())": "links begin with http, https, mailto, tel",
    "![x](javascript:x())": "links begin with http, https, mailto, tel",
    '<a href="JaVa&#9;Script:x()">x</a>': "links begin with http, https, mailto, tel",
    '<iframe src="https://example.org/x"></iframe>': "<iframe> is not allowed",
    '<object data="gone.svg"></object>': "<object> is not allowed",
    "<canvas></canvas>": "<canvas> is not allowed",
    "<javascript:x()>": "<javascript:x()> is not allowed",
    "<input type=file>": "<input type=file> is not allowed",
    "![x](gone.png)": "gone.png leads to docs/gone.png, which does not exist",
    '<img alt="x" src="http://[x">': "http://[x has no host that a browser accepts",
    "x\x1by": "An invisible character (U+001B",
    "[＠doe2024title]": "it has full-width characters",
    CHART.format("bars"): "bars is not a known mark of a chart",
    "![x](bad.svg)": "",  # These are reported as files.
    "![x](cut.png)": "",
    "![x](none.webp)": "",
}
FILES = {
    "data/n.csv": "name,citation\na,[@doe2024title]\n",
    "bad.svg": f"<svg {SVG}><script>x()</script></svg>",
    "cut.png": PICTURE.getvalue()[:50],
    "none.webp": b"",
}


def test_one_fault_is_reported_once_by_the_first_that_meets_it(build_all: BuildAll) -> None:
    """And a second fault of the same line is reported as well."""
    pages = {f"p{n}.md": f"{FRONT}# P\n\n{text}\n" for n, text in enumerate(MET_BY_SEVERAL)}
    two = "[a](javascript:x()) [b](javascript:x()) ![c](gone.png) <canvas></canvas> \x08 [d](gone.md)"
    site = build_all({**pages, "two.md": f"{FRONT}# P\n\n{two}\n", **FILES})
    assert site.code == 1
    lines = [line for line in site.output.splitlines() if line.startswith("WARNING")]
    of = {path: [line for line in lines if f"docs/{path}:" in line] for path in (*pages, *FILES, "two.md")}
    for path, message in zip(pages, MET_BY_SEVERAL.values(), strict=True):
        assert len(of[path]) == bool(message), of[path]
        assert all(message in line for line in of[path])
    assert [len(of[path]) for path in FILES] == [0, 1, 1, 1]
    assert len(of["two.md"]) == 6, of["two.md"]


# What is set in mkdocs.yml, by its path, and what is said of it.
SETTINGS = {
    ("extra", "doors"): (["p.md", "q.md"], "extra: doors: q.md is not in the menu. Did you mean p.md?"),
    ("extra", "offline", "file"): ("../../x.zip", "file: “../../x.zip” is of the wrong type, such as"),
    ("extra", "book", "file"): ("/x.pdf", "file: “/x.pdf” is of the wrong type, such as"),
    ("extra", "search", "names"): ([["a", float("nan")]], "names: “nan” is of the wrong type"),
    ("extra", "data", "values"): ({"kind": -1, "grade": {"a": []}}, "values: “-1” is of the wrong type"),
    ("theme", "palette", 0, "toggle", "icon"): ("material/none", ""),
    ("site_name",): ("A </title><b> & B", ""),
}


def test_settings_of_a_wrong_kind_are_findings_at_their_lines(build_all: BuildAll, tmp_path: Path) -> None:
    pages = {"index.md": HOME, "p.md": f"{FRONT}# P\n"}
    assert build_all(pages).code == 0
    file = tmp_path / "project" / "mkdocs.yml"
    settings = yaml.safe_load(file.read_text(encoding="utf-8"))
    for path, (value, _) in SETTINGS.items():
        inner = settings
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
    file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    site = mkdocs_build(file, tmp_path / "site")
    assert site.code == 1
    assert "Traceback" not in site.output
    for _, message in SETTINGS.values():
        assert not message or re.search(rf"mkdocs\.yml:\d+:\d+: .*{re.escape(message)}", site.output), (
            site.output
        )
    home = LexborHTMLParser(site.read("index.html"))
    assert one(home, "title").text() == one(home, "h1").text() == "A </title><b> & B"
    assert len(home.css(".tool svg")) == len(home.css(".tool .icon"))
    assert [node.text() for node in home.css(".doors li")] == ["Page"]


def test_a_name_with_signs_of_an_address_is_a_name(build_all: BuildAll) -> None:
    """In links, in what the frame adds, and in the book."""
    names = ("a#b", "a?b", "a%20b", "a b", "a'b", "Ҳамла", "هجوم", "x" * 200, "a&b", "a|b")
    pages: dict[str, str | bytes] = {}
    for number, name in enumerate(names):
        way = quote(name)
        pages |= {f"{name}.png": PICTURE.getvalue(), f"{name}.md": f"{FRONT}# {number}\n\n## Part\n"}
        pages[f"p{number}.md"] = f"{FRONT}# P\n\n[a](<{way}.md>) [b](<{way}.md#part>) ![c](<{way}.png>)\n"
    site = build_all(pages)
    assert site.code == 0, site.output
    site = build_all({**pages, "q.md": f"{FRONT}# Q\n\n[a](<a#b.md#part>) [b](a%2520c.md) ![c](a?b.png)\n"})
    for place in ("7:6: a#b.md#part", "7:24: a%2520c.md", "7:41: a?b.png"):
        assert f"docs/q.md:{place} leads to" in site.output, site.output
    for meant in ("a%23b.md#part?", "a%2520b.md?", "a%3Fb.png?"):
        assert f"Did you mean {meant}" in site.output, site.output


NOT_CLOSED = (
    *("plaintext", "textarea", "title", "xmp", "noscript", "script", "style", "iframe", "template", "object"),
    *("table", "h1", "b", "details", "li", "ruby", "!--", "/div", "/article"),
)


def test_what_is_never_closed_is_one_finding_at_its_line_and_breaks_no_frame(build_all: BuildAll) -> None:
    texts = [(tag, f"Words <{tag}> more.") for tag in NOT_CLOSED if tag != "li"]
    texts += [(tag, f"<{tag}>") for tag in NOT_CLOSED]
    pages = {
        f"p{number}.md": f"{FRONT}# P\n\n{text}\n\nA claim [@doe2024title].\n"
        for number, (_, text) in enumerate(texts)
    }
    site = build_all(pages)
    lines = [line for line in site.output.splitlines() if line.startswith("WARNING")]
    for number, (tag, text) in enumerate(texts):
        column = text.index("<") + 1
        found = [line for line in lines if f"docs/p{number}.md:7:{column}: " in line]
        assert len(found) == 1, (tag, text, site.output)
        frame = LexborHTMLParser(site.read(f"p{number}/index.html"))
        assert frame.css("body > footer") or frame.css("footer"), text
    assert len(lines) == len(texts), site.output


def test_a_byte_order_mark_at_the_start_of_a_file_is_no_part_of_it(
    build_all: BuildAll, tmp_path: Path
) -> None:
    mark = "\ufeff"
    chart = f"{mark}{FRONT}# P\n\n[@doe2024title]\n\n{CHART.format('bar')}\n"
    site = build_all({"p.md": chart, "data/n.csv": f"{mark}{FILES['data/n.csv']}"}, bib=mark + BIB)
    assert site.code == 0, site.output
    file = tmp_path / "project" / "mkdocs.yml"
    settings = file.read_text(encoding="utf-8")
    file.write_text(mark + settings, encoding="utf-8")
    site = mkdocs_build(file, tmp_path / "site")
    assert site.code == 0, site.output
    texts = [
        path for path in site.site.rglob("*") if path.suffix in {".html", ".json", ".md", ".bib", ".ris"}
    ]
    assert not [path for path in texts if mark.encode() in path.read_bytes()]
    file.write_text(mark + settings.replace("copied_words:", "copied_wrods:"), encoding="utf-8")
    assert re.search(
        r"mkdocs\.yml:\d+:\d+: .* Did you mean copied_words", mkdocs_build(file, site.site).output
    )


HEAD = "name,number,citation\n"
# A table that a page shows -> where the only finding stands, below docs/, and what it says.
TABLES = {
    f'{HEAD}"open,1,[@doe2024title]\n': "t0.csv:2:1: A cell that begins with",
    f'{HEAD}"a"b,1,[@doe2024title]\n': "t1.csv:2:1: A cell that begins with",
    "name,name,citation\na,b,[@doe2024title]\n": "t2.csv:1:1: Two columns are called name.",
    "": "t3.csv:1:1: The file is empty",
    f"{HEAD}a\0b,1,[@doe2024title]\n": "t4.csv:2:2: An invisible character (U+0000",
    f"{HEAD}a\u202eb,1,[@doe2024title]\n": "t5.csv:2:2: An invisible character (U+202E",
    f"{HEAD}<script>x()</script>,1,[@doe2024title]\n": "t6.csv:2:1: <script> is not allowed",
    f"{HEAD}[x](javascript:x()),1,[@doe2024title]\n": "t7.csv:2:5: javascript:x(): links begin with",
}


def test_a_fault_of_a_table_is_one_finding_at_its_cell(build_all: BuildAll) -> None:
    pages: dict[str, str | bytes] = {}
    fence = "```table\ndata: t{0}.csv\ncolumns: {{Name: name}}\n```\n\n[Data](t{0}.csv)\n"
    for number, content in enumerate(TABLES):
        pages |= {f"t{number}.csv": content, f"p{number}.md": f"{FRONT}# P\n\n{fence.format(number)}"}
    chart = CHART.format("bar").replace("}}", "}, y: {field: number, type: quantitative}}")
    pages |= {"data/n.csv": f'{HEAD}a,"1,5",[@doe2024title]\n', "q.md": f"{FRONT}# P\n\n{chart}\n"}
    site = build_all(pages)
    lines = [line for line in site.output.splitlines() if line.startswith("WARNING")]
    assert len(lines) == len(TABLES) + 1, site.output
    for message in TABLES.values():
        assert any(f"docs/{message}" in line for line in lines), (message, site.output)
    assert "docs/q.md:7:1: number is drawn as a number, and “1,5” (data/n.csv:2:4) is not one" in site.output


LIKE_OURS = (
    '<div class="tabbed-set">Words</div>',
    '<div class="tabbed-set"><div class="tabbed-labels"></div></div>',
    '<ol class="coverage"><li>x</li></ol>',
    '<span class="sample">x</span>',
    '<ol start="-5"><li>x</li></ol>',
    '<div markdown="1" data-note="nothing">\n\nWords.\n\n</div>',
    '<sup data-note="nothing">1</sup>',
    '<div class="timeline"><p class="event">x</p></div><div class="admonition"></div>',
)


def test_html_that_looks_like_ours_is_built_as_it_stands(build_all: BuildAll) -> None:
    site = build_all({f"p{n}.md": f"{FRONT}# P\n\n{text}\n" for n, text in enumerate(LIKE_OURS)})
    assert site.code == 0, site.output
    assert "Words" in site.read("p0/index.html")


NAMED = (
    "@online{n1, author = {<script>x()</script>, <b>Ann</b>}, title = {**A** [b](javascript:x()) `c`},"
    " date = {2024}, url = {https://example.org/n}, annotation = {</p><script>x()</script>}}\n"
)


def test_a_field_of_a_bib_file_is_text_everywhere(build_all: BuildAll) -> None:
    page = f"{FRONT}# P\n\n@n1 says. Again [@n1].[^n]\n\n[^n]: As @n1 [p. 3] says.\n"
    site = build_all({"p.md": page}, bib=BIB + NAMED)
    assert site.code == 0, site.output
    for path in ("p/index.html", "bibliography/index.html"):
        article = one(LexborHTMLParser(site.read(path)), "article")
        assert not article.css("script, b:not(.mark), a[href^=javascript]")
        assert "<script>x()</script>" in article.text()


FAULTY = r"""
@online{f1, author = {One, O.}, title = {A}, date = {2024}, url = {www.example.org/x}}
@online{f2, author = {Two, T.}, title = {B}, date = {2024}, url = {javascript:x()}}
@online{f3, author = {Three, T.}, title = {C}, date = {2024}, url = {https://example.org/c}}
@online{F3, author = {Three, T.}, title = {D}, date = {2024}, url = {https://example.org/d}}
@online{f4, author = {Cruz, Ana Mar{\'\i}a}, title = {A [link](javascript:x()) [^n] [@f9]}, date = {2024}}
"""


def test_a_fault_of_an_entry_is_reported_once_at_its_field(build_all: BuildAll) -> None:
    site = build_all({"p.md": f"{FRONT}# P\n\nA claim [@f1; @f2; @f3; @F3; @f4].\n"}, bib=BIB + FAULTY)
    lines = [line for line in site.output.splitlines() if line.startswith("WARNING")]
    begin = BIB.count("\n") + 2
    assert [line.partition("bibliography/")[2].partition(":")[2].partition(":")[0] for line in lines] == [
        str(begin),
        str(begin + 1),
        str(begin + 3),
    ], site.output
    assert "Ana María" in site.read("bibliography/index.html")


def test_a_title_of_several_lines_is_one_record_everywhere(build_all: BuildAll) -> None:
    title = "Other\\nER  - \\nTY  - JOUR\\nTI  - Another"
    site = build_all({"p.md": f'---\ntitle: "{title}"\ndescription: A page.\n---\n# P\n'})
    assert site.code == 0, site.output
    lines = site.read("p/cite.ris").splitlines()
    assert "TI  - Other ER - TY - JOUR TI - Another" in lines
    assert sum(line.startswith("TY  -") for line in lines) == 1


def test_a_symbolic_link_is_refused_before_it_is_followed(build_all: BuildAll, tmp_path: Path) -> None:
    build_all({})
    (tmp_path / "project" / "docs" / "loop").symlink_to(".")
    site = mkdocs_build(tmp_path / "project" / "mkdocs.yml", tmp_path / "site")
    assert site.code == 1
    assert "docs/loop: This is a symbolic link. Put the file itself here." in site.output
