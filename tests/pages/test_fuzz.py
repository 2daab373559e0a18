"""Pages of what writers and attackers write, with every hook: no traceback, no script, a line for each fault.

By hand, for more: FUZZ=200 MUTATIONS=2000 python -m pytest tests/pages/test_fuzz.py
"""

from __future__ import annotations

import os
import random
import re
import resource
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from all_hooks import FRONT, HOME, NUMBERS, build_all
from conftest import ROOT, Build, mkdocs_build
from mutate import mutated
from warning_lights.pages import safety

FUZZ = int(os.environ.get("FUZZ", "2"))  # Builds of twelve pages.
MUTATIONS = int(os.environ.get("MUTATIONS", "40"))  # Pages, forty in a build.
SECONDS, BYTES = 60, 2_000_000_000
CHART = """```chart
data: data/numbers.csv
title: Numbers
alt: Two numbers.
citation: "[@doe2024title]"
mark: {type: bar}
encoding:
  x: {field: name, type: nominal}
  y: {field: number, type: quantitative, aggregate: sum}
```"""
FENCE = "```table\ndata: data/numbers.csv\ncolumns: {Name: name}\n```"

words = st.sampled_from(
    [
        "Words",
        "Ҳамла дар Тоҷикистон",
        "هجوم 12",
        "“A plain title”",
        "31% of $4 & R&D_x",
        "x\u00a0y",
        "*star*",
        "`code`",
    ]
)
keys = st.sampled_from(["doe2024title", "doe2024titel", "{doe2024title}", "none", ""])
behind = st.sampled_from(
    ["", ", p. 3", ", paras. 2–4, `x`", "; see p. 9", ", [b]", " {x}", ", <b>x</b>", "; @doe2024title"]
)
cites = st.builds(
    "{}[{}@{}{}{}".format,
    st.sampled_from(["", "^", "!", "\\", "see "]),
    st.sampled_from(["", "see ", "-", "`x` "]),
    keys,
    behind,
    st.sampled_from(["]", "", "](x)", "]:", "[^n]]"]),
)
scripts = st.sampled_from(["x()", "alert`1`", "document.title='taken'", "//--><script>x()</script>"])
schemes = st.sampled_from(
    [
        "javascript:",
        "JaVa\tScript:",
        "&#106;avascript:",
        "data:text/html,",
        "vbscript:",
        "tg:",
        "https://example.org/",
        "//",
        "http://[",
        "gone.md#",
        "#",
        "",
    ]
)
addresses = st.builds("{}{}".format, schemes, scripts)
TAGS = """script style iframe object embed base meta link form svg math template noscript html body p a img b
details table td video x-y input textarea ruby"""
tags = st.sampled_from(TAGS.split())
names = st.sampled_from(
    [
        "onclick",
        "onerror",
        "ONLOAD",
        "style",
        "href",
        "src",
        "srcdoc",
        "xlink:href",
        "class",
        "id",
        "title",
        "data-note",
        "formaction",
    ]
)
quotes = st.sampled_from(['"', "'", ""])
attributes = st.builds(
    "{0}={1}{2}{1}".format,
    names,
    quotes,
    st.one_of(addresses, scripts, st.just("tabbed-set"), st.just("note-call")),
)
elements = st.builds(
    "<{}{}{}>{}{}".format,
    tags,
    st.sampled_from([" ", "/", "\n"]),
    st.lists(attributes, max_size=2).map(" ".join),
    st.one_of(words, cites, scripts),
    st.sampled_from(["", "</p>", "</script>", "<!--", "-->", "</article>"]),
)
inline = st.one_of(
    words,
    cites,
    elements,
    st.builds("[{}]({})".format, words, addresses),
    st.builds("![{}]({})".format, words, addresses),
    st.builds("<{}>".format, addresses),
    st.builds("{}\n{{: {} }}".format, words, attributes),
)
frames = st.sampled_from(
    [
        "{}",
        "# {}",
        "- {}",
        "> {}",
        "1. {}",
        "| a | b |\n| - | - |\n| {} | x |",
        "[^n]: {}",
        "*[Words]: {}",
        "[x]: {}",
        '!!! note "{}"\n\n    x',
        "??? note\n\n    {}",
        '=== "{}"\n\n    x',
        "```\n{}\n```",
        "{}\n: {}",
        "<div markdown>\n\n{}\n\n</div>",
        "\\full_bibliography[{}]",
        "    {}",
        "<!-- {} -->",
        "{} [^n]",
    ]
)
blocks = st.one_of(
    st.builds(
        lambda frame, text: frame.replace("{}", text),
        frames,
        st.lists(inline, min_size=1, max_size=3).map(" ".join),
    ),
    st.just(CHART),
    st.just(FENCE),
)
heads = st.one_of(
    st.just(FRONT),
    st.builds(
        "---\ntitle: {}\ndescription: {}\n---\n".format,
        st.one_of(words, scripts, elements).map(lambda text: repr(text)),
        words.map(repr),
    ),
    st.sampled_from(["", "---\n", "---\ntitle: [x\n---\n"]),
)
pages = st.builds(
    lambda head, parts: head + "# Page\n\n" + "\n\n".join(parts) + "\n",
    heads,
    st.lists(blocks, min_size=1, max_size=4),
)

# Reported of a file, in which no line is wrong.
OF_A_FILE = re.compile(r"No page links to this download|reads as|is not a valid image|cannot be read")
PLACE = re.compile(
    r"WARNING -  [\w-]+: (?:mkdocs\.yml|(?:docs|bibliography|\S*overrides)/[^:]*):\d+(?::\d+)?: "
)


def broken(site: Build, seconds: float) -> list[str]:
    """What does not hold of the three promises, and what is left of Python-Markdown's own marks."""
    reported = [line for line in site.output.splitlines() if line.startswith(("WARNING", "ERROR"))]
    found = [line for line in reported if not (PLACE.match(line) or OF_A_FILE.search(line))]
    found += [site.output[-3000:]] if "Traceback" in site.output else []
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    found += [f"{seconds} seconds, {memory} bytes"] if seconds > SECONDS or memory > BYTES else []
    policies = set()
    for path in site.site.rglob("*.html"):
        html = path.read_text(encoding="utf-8", errors="replace")
        tree = LexborHTMLParser(html)
        policies |= {
            meta.attributes.get("content") for meta in tree.css("meta[http-equiv=Content-Security-Policy]")
        }
        article = tree.css_first("article")
        content = (article.inner_html or "") if article is not None else ""
        refused = list(safety.faults(content, LexborHTMLParser(f"<body>{content}"), [("", "")]))
        is_told = any(f"docs/{path.parent.name}.md:" in line or "bibliography/" in line for line in reported)
        if (refused or safety.PLACEHOLDER.search(html)) and not is_told:
            found.append(f"{path}: {refused}")
        if "Content-Security-Policy" not in html.partition("<script")[0]:
            found.append(f"{path}: a script stands before the policy")
    return found if len(policies) == 1 else [*found, f"{len(policies)} policies"]


@given(st.lists(pages, min_size=12, max_size=12))
@settings(
    max_examples=FUZZ,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_what_writers_and_attackers_write_keeps_the_promises(tmp_path_factory, written: list[str]) -> None:  # type: ignore[no-untyped-def]
    content: dict[str, str | bytes] = {f"p{number}.md": text for number, text in enumerate(written)}
    built(tmp_path_factory.mktemp("fuzz"), content)


def test_pages_after_a_slip_keep_the_promises(tmp_path: Path) -> None:
    chance = random.Random(3)
    sources = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md"))]
    texts = ["\n".join(text.split("\n")[:60]) for text in sources]
    texts += [
        f"{FRONT}# Page\n\n{CHART}\n\n{FENCE}\n\nA claim [@doe2024title, p. 3].[^n]\n\n[^n]: Words.\n"
    ] * 8
    for begin in range(0, MUTATIONS, 40):
        chosen = (mutated(chance.choice(texts), chance) for _ in range(min(40, MUTATIONS - begin)))
        built(tmp_path / str(begin), {f"p{number}.md": text for number, text in enumerate(chosen)})


WRONG: tuple[Any, ...] = (
    None,
    [],
    {},
    -1,
    "",
    "x",
    [None],
    {"a": None},
    True,
    1.5,
    "../../x",
    [["x"]],
    "</title>",
    float("nan"),
)


def test_settings_after_a_slip_end_in_no_traceback_of_ours(tmp_path: Path) -> None:
    """MkDocs itself says what is no YAML, and what is wrong with its own settings and those of others."""
    chance = random.Random(2)
    chart = f"{FRONT}# P\n\nA claim [@doe2024title].\n\n{CHART}\n"
    site = build_all(tmp_path, {"index.md": HOME, "p.md": chart, "data/numbers.csv": NUMBERS})
    assert site.code == 0, site.output
    file = tmp_path / "project" / "mkdocs.yml"
    text = file.read_text(encoding="utf-8")
    for number in range(MUTATIONS // 5):
        changed = (
            mutated(text, chance) if number % 3 == 0 else with_a_wrong_value(yaml.safe_load(text), chance)
        )
        file.write_text(changed, encoding="utf-8")
        begin = time.monotonic()
        output = mkdocs_build(file, tmp_path / "site").output
        assert time.monotonic() - begin < SECONDS
        raised = output.rpartition("Traceback")[2] if "Traceback" in output else ""
        assert "/hooks/" not in raised, changed + output
        assert "/overrides/" not in raised, changed + output


def with_a_wrong_value(settings: dict[str, Any], chance: random.Random) -> str:
    inner: Any = deepcopy(settings)
    inner["extra"]["doors"] = ["p.md"]
    whole, key = inner, chance.choice(["extra", "extra", "theme", "site_name", "copyright", "nav", "plugins"])
    while isinstance(inner[key], (dict, list)) and inner[key] and (inner is whole or chance.random() < 0.7):
        inner = inner[key]
        key = chance.choice([*inner] if isinstance(inner, dict) else [*range(len(inner))])
    inner[key] = chance.choice(WRONG)
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)


def built(folder: Path, content: dict[str, str | bytes]) -> None:
    folder.mkdir(exist_ok=True)
    start = time.monotonic()
    site = build_all(folder, {"data/numbers.csv": NUMBERS, **content})
    assert broken(site, time.monotonic() - start) == []
