"""The summary of a pull request: what changed, what to fix, and what comes first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import claims
import differences
import facts
import summary
from warning_lights.core.findings import Finding

NAMES = "M\0docs/a page.md\0R090\0docs/old.md\0docs/new.md\0A\0docs/тест.md\0D\0docs/gone.md\0"
PATCH = (
    "diff --git a/docs/a page.md b/docs/a page.md\n--- a/docs/a page.md\t\n+++ b/docs/a page.md\t\n"
    "@@ -7 +7,2 @@ # A\n-Old words [@a].\n+New words here [@a] and [see @b, p. 3].\n"
    "+See https://example.org/page.\n@@ -12,0 +14 @@\n+--- a dash\n"
    "diff --git a/docs/gone.md b/docs/gone.md\n--- a/docs/gone.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-Gone.\n"
)


def test_a_difference_is_read_with_the_numbers_of_its_lines() -> None:
    change = differences.read_change(NAMES, PATCH)
    assert [state for state, _ in change.files] == ["changed", "moved", "new", "removed"]
    assert change.added == {
        "docs/a page.md": {
            7: "New words here [@a] and [see @b, p. 3].",
            8: "See https://example.org/page.",
            14: "--- a dash",
        }
    }
    assert change.removed == {"docs/a page.md": ["Old words [@a]."], "docs/gone.md": ["Gone."]}
    assert (change.words, change.citations) == (4, 1)
    assert change.addresses == ["https://example.org/page"]
    assert change.touches("docs/new.md")
    assert not change.touches("docs/a.md")


def test_the_summary_says_what_changes_and_what_to_fix() -> None:
    change = differences.read_change(NAMES, PATCH)
    findings = [
        Finding("docs/a.md", 3, 4, "[@x] is not here."),
        Finding("docs/new.md", 0, 0, "A notice.", "warning"),
        Finding("bib.bib", 0, 0, "A notice on what others wrote.", "warning"),
    ]
    text = summary.render(change, findings)
    assert text.startswith("## 1 error to fix")
    assert "- `docs/a.md:3` `[@x]` is not here." in text
    assert "### Notices (1), which do not block the change\n\n- `docs/new.md` A notice.\n" in text
    assert "others wrote" not in text
    assert "- `docs/old.md → docs/new.md`: moved" in text
    assert "Words: +4. Citations: +1." in text
    assert summary.render(change, []).startswith("## No errors found")
    assert summary.render(change, [], failed=True).startswith("## A check stopped")


def test_only_what_was_checked_is_listed_as_checked() -> None:
    text = summary.render(differences.Change(), [], checked=["text"], failed=True)
    assert "- Checked: Markdown, spelling and wording.\n" in text
    assert "- **Not checked**, because a step stopped before: citations and notes, links" in text


def test_findings_of_the_change_come_first_and_the_ledger_last() -> None:
    change = differences.read_change(NAMES, PATCH)
    order = [
        Finding("docs/a page.md", 8, 1, "on an added line"),
        Finding("docs/a page.md", 2, 1, "in a changed file"),
        Finding("docs/a.md", 1, 1, "elsewhere"),
        Finding("anchors.txt", 1, 1, "in the ledger"),
        Finding("docs/a page.md", 7, 1, "a notice", "warning"),
    ]
    assert summary.sort_findings(sorted(order, key=lambda one: one.message), change) == order


def test_the_summary_says_whether_added_addresses_answer_and_where_the_preview_is() -> None:
    change = differences.Change(addresses=["https://a.org/", "https://b.org/"])
    answers = {"https://a.org/": "answers", "https://b.org/": "answers, and redirects to https://c.org/a_b"}
    text = summary.render(change, [], answers=answers, preview="tide-tables-offline.zip")
    assert "What they answered now does not fail the check.\n\n- `https://a.org/` answers\n" in text
    assert "- `https://b.org/` answers, and redirects to `https://c.org/a_b`\n" in text
    assert "download *tide-tables-offline.zip* below" in text
    plain = summary.render(change, [])
    assert "- `https://a.org/`\n" in plain
    assert "download" not in plain


def test_a_summary_of_very_many_findings_is_cut_and_says_so() -> None:
    findings = [Finding("docs/a.md", line, 1, "Gone.") for line in range(1, summary.MOST + 6)]
    text = summary.render(differences.Change(), findings)
    assert text.startswith(f"## {summary.MOST + 5} errors to fix")
    assert text.count("Gone.") == summary.MOST
    assert "- and 5 more: see the log of the check" in text


def test_a_message_in_the_summary_is_text_and_leads_nowhere() -> None:
    message = (
        "https://t.me/a_b must go; write ![A map](…), not <svg>, a_b*c or `make it`. Ask @someone about [@x]."
    )
    assert summary.escape(message) == (
        "`https://t.me/a_b` must go; write `![A map](…)`, not &lt;svg>, a\\_b\\*c or `make it`. "
        "Ask @<!-- -->someone about `[@x]`."
    )
    # Code ends with as many backticks as it begins with.
    assert summary.escape("``a`b`` ``` <h1> @someone `c`") == (
        "``a`b`` \\`\\`\\` &lt;h1> @<!-- -->someone `c`"
    )


def test_findings_and_finished_checks_are_read_from_one_file(tmp_path: Path) -> None:
    path = tmp_path / "findings.jsonl"
    one = {"file": "a.md", "line": 1, "column": 2, "message": "M.", "severity": "error"}
    path.write_text(f"{json.dumps(one)}\n" + '{"checked": "site"}\n')
    assert summary.read_findings(path) == ([Finding("a.md", 1, 2, "M.")], ["site"])
    assert summary.read_findings(tmp_path / "none") == ([], [])


PAGE = """---
title: A sentence in front matter that is not one.
---
# A

A claim with a citation [@a]. Another claim with its citation.[^n]
A new claim that cites nothing at all.
This claim cites nothing. But this one, of the U.S. Army, does [@a].
See [the page about the response](response.md).
- An item of a list without a citation.
| A row without a citation at all. | x |
!!! note "A box without any citation."

[^n]: A note that says a thing without a citation.
"""


@pytest.mark.parametrize(
    ("added", "removed", "told"),
    [
        (range(1, 20), [], ["7:1", "10:3", "14:7"]),
        ([6, 9, 11, 12], [], []),
        ([7], ["A claim that cites nothing at all."], []),
        ([7], ["A new claim that cites nothing at all [@b]."], ["7:1"]),
    ],
)
def test_added_sentences_without_a_citation_are_notices(
    added: list[int], removed: list[str], told: list[str]
) -> None:
    found = list(claims.uncited_sentences("docs/a.md", PAGE, added, removed))
    assert [f"{one.line}:{one.column}" for one in found] == told
    assert {one.severity for one in found} <= {"warning"}


def test_a_page_that_cites_nothing_has_no_claims() -> None:
    assert (
        list(claims.uncited_sentences("docs/about/a.md", "# A\n\nA sentence of several words.\n", [3])) == []
    )


def test_a_short_claim_is_shown_whole() -> None:
    (found,) = claims.uncited_sentences("docs/a.md", "See [@a].\n\nThis is a claim without any.\n", [3])
    assert found.message == (
        "“This is a claim without any.” has no citation. If it says what a source says, "
        "cite it: [@key, para. 3]."
    )


def test_a_fact_that_is_no_longer_stated_is_a_notice_at_its_section(tmp_path: Path) -> None:
    call = '<sup class="note-call"><a href="#fn:@k:p-3">1</a></sup>'
    html = f'<h2 id="a-part">A part</h2><p>The lamps were lit in May.{call} Nobody knew.</p><h2 id="b">B</h2>'
    (tmp_path / "site/a").mkdir(parents=True)
    (tmp_path / "site/a/index.html").write_text(html)
    (tmp_path / "tests/site").mkdir(parents=True)
    rows = "F1,a.md,a-part,k,lamps lit May", "F2,a.md,a-part,k,lamps lit June", "F3,a.md,a-part,z,lamps lit"
    table = "fact,page,anchor,citation,words\n" + "\n".join(rows) + "\n"
    (tmp_path / "tests/site/facts.csv").write_text(table)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("# A\n\n## A part\n")
    found = list(facts.findings(tmp_path, tmp_path / "site", {"docs/a.md": ["Gone."]}))
    assert [str(one) for one in found] == [
        "docs/a.md:3: This page stated fact F2 (tests/site/facts.csv, line 3), which no sentence of #a-part "
        "states any more in these words: lamps lit June. If the new sentence says the same, you need not do "
        "anything: a maintainer updates the table.",
        "docs/a.md:3: This page stated fact F3 (tests/site/facts.csv, line 4), which no longer cites z. If "
        "the new sentence says the same, you need not do anything: a maintainer updates the table.",
    ]
    assert list(facts.findings(tmp_path, tmp_path / "site", {"docs/b.md": ["Gone."]})) == []
