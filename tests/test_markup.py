"""What Markdown writes, made usable with a keyboard and on a small window."""

from __future__ import annotations

import pytest

from markup import usable


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("<p>Text</p>", "<p>Text</p>"),
        (
            "<table><tr><td>1</td></tr></table>",
            '<div class="scroll" tabindex="0" role="group" aria-label="Table">'
            "<table><tr><td>1</td></tr></table></div>",
        ),
        (
            '<table><tr><th></th><td style="text-align: right;"><a href="x">1</a></td></tr></table>',
            '<div class="scroll"><table><tr><td></td><td class="align-right"><a href="x">1</a></td></tr>'
            "</table></div>",
        ),
        ('<table class="own"></table>', '<table class="own"></table>'),
        ("<pre><span></span><code>x</code></pre>", '<pre><span></span><code tabindex="0">x</code></pre>'),
        ("<p><code>x</code></p>", "<p><code>x</code></p>"),
        ('<img src="a.png">', '<img loading="lazy" decoding="async" src="a.png">'),
        ('<img loading="eager" src="a.png">', '<img loading="eager" src="a.png">'),
    ],
)
def test_usable(written: str, made: str) -> None:
    assert usable(written) == made
