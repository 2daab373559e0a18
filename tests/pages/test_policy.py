"""The policy lists each inline script of the site by its hash, and allows nothing else."""

from __future__ import annotations

import base64
import hashlib

from all_hooks import FRONT, BuildAll
from warning_lights.pages import policy


def test_each_script_that_runs_is_listed_once_and_data_is_not() -> None:
    pages = [
        "<script>a</script><script>b</script>",
        '<script>a</script><script type="application/json">{}</script>',
    ]
    told = policy.policy([*pages, '<script src="x.js"></script>'])
    for text in ("a", "b"):
        hashed = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert told.count(f"'sha256-{hashed}'") == 1
    assert told.count("sha256-") == 2
    assert "unsafe" not in told


def test_modules_and_scripts_named_as_such_are_run_too() -> None:
    html = '<script type="module">m</script><SCRIPT type=text/javascript>t</SCRIPT><script type="">e</script>'
    assert list(policy.inline_scripts(html)) == ["m", "t", "e"]


def test_the_policy_stands_before_all_that_it_rules_and_once() -> None:
    html = '<head>\n<meta charset="utf-8"><script>a</script></head>'
    once = policy.with_policy(html, "default-src 'none'")
    assert once.index("Content-Security-Policy") < once.index("<script")
    assert policy.with_policy(once, "default-src 'none'") == once


def test_a_link_opens_no_window_of_a_name(build_all: BuildAll) -> None:
    """A window with a name can be led elsewhere by the page that it shows."""
    site = build_all({"index.md": FRONT + '# One\n\n<a href="https://x.example/" target="x">Words</a>\n'})
    assert "docs/index.md:7:1: target of <a> is not allowed on a page. Remove it." in site.output


def test_only_the_scripts_of_templates_run(build_all: BuildAll) -> None:
    """The policy is never made from what it judges: the script of a page is in no list."""
    site = build_all({"index.md": FRONT + "# One\n\n<script>document.title = 'taken'</script>\n"})
    assert site.code == 1
    assert "docs/index.md:7:1: <script> is not allowed on a page" in site.output
    taken = base64.b64encode(hashlib.sha256(b"document.title = 'taken'").digest()).decode()
    for path in site.site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert taken not in text
        for name in ("worker-src", "frame-src", "manifest-src", "base-uri", "form-action"):
            assert f"{name} 'none'" in text
