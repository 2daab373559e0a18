"""No script that a writer brings runs, on no page, even where a build that is not strict publishes it."""

from __future__ import annotations

from playwright.sync_api import Browser

from all_hooks import BIB, FRONT, BuildAll
from browser.fixtures import served

RUN = "document.documentElement.dataset.taken='yes'"
ON_PAGES = [
    f"<script>{RUN}</script>",
    '<script src="taken.js"></script>',
    f'<div class="web-only"><script>{RUN}</script></div>',
    f'<!--> <div class="web-only"><script>{RUN}</script></div> -->',
    f"<svg><script>{RUN}</script></svg>",
    f'<svg onload="{RUN}"></svg>',
    f'<svg><animate onbegin="{RUN}" attributeName="x" dur="1s"/></svg>',
    f'<svg><style><img src=x onerror="{RUN}"></style></svg>',
    f'<img src="x" onerror="{RUN}" alt="Words">',
    f'<details open ontoggle="{RUN}"><summary>Words</summary></details>',
    f'<input autofocus onfocus="{RUN}">',
    f'<video src="x" onerror="{RUN}"></video>',
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f'<object data="data:text/html,<script>parent.{RUN}</script>"></object>',
    f'<embed src="javascript:{RUN}">',
    f'<meta http-equiv="refresh" content="0; url=javascript:{RUN}">',
    f'<form><button formaction="javascript:{RUN}" autofocus>Go</button></form>',
    f'<link rel="stylesheet" href="x" onerror="{RUN}">',
    f'<base href="javascript:{RUN}//">',
    f'<math><mtext></p><img src=x onerror="{RUN}"></mtext></math>',
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>"></noscript>',
    f"<template><script>{RUN}</script></template><script>document.body.append(document.querySelector('template').content)</script>",
    f'<div style="animation: x" onanimationstart="{RUN}">Words</div>',
    f'<body onload="{RUN}">',
    f"<p title='x' onmouseover=\"{RUN}\" id=over>Words</p>",
    f'Words\n{{: onclick="{RUN}" id=click }}',
    f"# Heading <script>{RUN}</script>",
    f"A note.[^x]\n\n[^x]: <script>{RUN}</script>",
    f"| A |\n| --- |\n| <script>{RUN}</script> |",
    f'??? note "<script>{RUN}</script>"\n\n    Words.',
    f'=== "<script>{RUN}</script>"\n\n    Words.',
    f"*[WORD]: <script>{RUN}</script>\n\nWORD",
    f"Term\n:   <script>{RUN}</script>",
    f'[Words](x "<script>{RUN}</script>")',
    f"![<script>{RUN}</script>](x)",
    f"```html\n<script>{RUN}</script>\n```",
]
IN_FRONT = [
    f'---\ntitle: "<script>{RUN}</script>"\ndescription: A page.\n---\n# Page\n',
    f'---\ntitle: "</title><script>{RUN}</script>"\ndescription: A page.\n---\n# Page\n',
    f'---\ntitle: Page\ndescription: "</head><script>{RUN}</script>"\n---\n# Page\n',
    f'---\ntitle: Page\ndescription: "\\"><img src=x onerror={RUN}>"\n---\n# Page\n',
]
IN_BIB = (
    BIB
    + f"""
@online{{two,
  title        = {{<script>{RUN}</script>}},
  author       = {{{{<img src=x onerror="{RUN}">}}}},
  organization = {{{{</script><script>{RUN}</script>}}}},
  date         = {{2024}},
  url          = {{https://example.org/b}},
}}
"""
)


def test_no_attempt_at_a_script_runs(browser: Browser, build_all: BuildAll) -> None:
    pages: dict[str, str | bytes] = {
        f"p{number}.md": f"{FRONT}# Page\n\n{text}\n" for number, text in enumerate(ON_PAGES)
    }
    pages |= {f"f{number}.md": text for number, text in enumerate(IN_FRONT)}
    pages |= {"cited.md": FRONT + "# Cited\n\nA claim [@two], as @two says.\n", "p1/taken.js": RUN}
    site = build_all(pages, bib=IN_BIB, strict=False)
    assert "Traceback" not in site.output
    opened = 0
    with served(site.site.parent) as host:
        address = f"{host}site"
        page = browser.new_page()
        for path in sorted(site.site.rglob("*.html")):
            page.goto(f"{address}/{path.relative_to(site.site).as_posix()}")
            for selector in ("#over", "#click"):
                if page.locator(selector).count():
                    page.hover(selector)
                    page.click(selector)
            taken = page.evaluate("document.documentElement.dataset.taken || ''")
            assert taken == "", f"a script ran on {path.relative_to(site.site)}"
            opened += 1
        page.close()
    assert opened > len(ON_PAGES)
