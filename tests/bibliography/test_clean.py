"""What one reader accepts, all read: pybtex and Pandoc get the entries in their plain form."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from selectolax.lexbor import LexborHTMLParser

from conftest import ROOT, Build
from warning_lights.bibliography import lint
from warning_lights.bibliography.clean import clean_entries
from warning_lights.bibliography.pandoc import PandocFailed, run_pandoc
from warning_lights.bibliography.references import pandoc_html

BuildSite = Callable[..., Build]
PLUGIN = "plugins:\n  - bibtex:\n      bib_dir: bib\n      csl_file: bib/style.csl\n"
STYLE = next((ROOT / "bibliography").glob("*.csl")).read_text(encoding="utf-8")
GOOD = "@online{good2020page,\n  author = {Good, Ann},\n  title = {A Page},\n  date = {2020},\n}\n"


def built(build_site: BuildSite, bib: str, page: str = "A claim [@good2020page].") -> Build:
    return build_site(
        {"index.md": page, "list.md": "\\full_bibliography"},
        hooks=("citations.py",),
        config=PLUGIN,
        files={"bib/a.bib": bib, "bib/style.csl": STYLE},
    )


@pytest.mark.parametrize(
    ("bib", "message"),
    [
        ("@misc{\n  title = {A},\n}\n", "bib/a.bib:1:1: @misc has no key."),
        ("@misc{a title = {A}}\n", "bib/a.bib:1:8: a: a comma is missing after the key."),
        (
            "@misc{a~b,\n  title = {A},\n}\n",
            "bib/a.bib:1:7: a~b: a key cannot hold '~', which Pandoc refuses.",
        ),
        ("@misc{a,\n  title = word,\n}\n", "bib/a.bib:2:3: a: title = word is not a defined @string."),
        ("@misc{a,\n  title = {One \\{ two},\n}\n", "is never closed"),
        (
            "@misc{a,\n  title = {A},\n  crossref = {a},\n}\n",
            "bib/a.bib:3:3: a inherits from itself (crossref).",
        ),
        (
            "@misc{a,\n  title = {A},\n  xdata = {b},\n}\n@xdata{b,\n  xdata = {a},\n}\n",
            "bib/a.bib:3:3: a inherits from itself (xdata).",
        ),
        (
            "@set{a,\n  entryset = {good2020page},\n}\n",
            "bib/a.bib:1:6: a is a set, not a work. Cite its members: [@good2020page].",
        ),
        ("@set{a,\n}\n", "bib/a.bib:1:6: a is a set, not a work. It names no members (entryset)."),
        (
            "@misc{a,\n  title = {A},\n  xdata = {gone},\n}\n",
            "bib/a.bib:3:3: a points to gone, which is not in any .bib file.",
        ),
    ],
)
def test_a_fault_is_reported_with_its_cause_and_hides_no_other(
    build_site: BuildSite, bib: str, message: str
) -> None:
    site = built(build_site, bib + GOOD, "A claim [@good2020page], another [@nowhere].")
    assert site.code == 1
    assert message in site.output
    assert ": [@nowhere] is not in the bibliography." in site.output
    assert "Traceback" not in site.output
    assert "Good, Ann" in site.read("list/index.html")


@pytest.mark.parametrize(
    ("bib", "shown"),
    [
        ("@online{a, author = {Hill, Jo}, title = {P}, % as printed\n date = {2020}}", "Jo Hill"),
        ("@Comment{jabref-meta: grouping:\n1 Open {bracket\\;0;\n}\n" + GOOD, "Ann Good"),
        ("@online{a, author = {family=Reed, given=Ida, prefix=van der}, title = {P}}", "Ida van der Reed"),
        ("@online{a, author = {Glen, Una and given=Kurt, family=Thal}, title = {P}}", "Una Glen Kurt Thal"),
        ("@online{Agency(2022)Summary, organization = {{Agency}}, title = {Summary}}", "Summary"),
        ("@online{a, author = {Hill, Jo}, author+an = {1=interviewer}, title = {P}}", "Jo Hill"),
        ("@string{o = {Outlet}}\n@online{a, title = {P}, organization = o # { Online}}", "Outlet Online"),
        ("@xdata{x, organization = {{Daily}}}\n@online{a, title = {P}, xdata = {x}}", "Daily"),
        (
            '@string{o = {Outlet}}\n@string{l = o\n # " Daily"}\n@online{a, author = l # { P}, title = {T}}',
            "Outlet Daily P",
        ),
        ("@online{a, author = {Hill, Jo AND Moss, Ole}, title = {P}}", "Jo Hill and Ole Moss"),
        ('@online{a, author = {"family=Reed, III", given=Ida}, title = {P}}', "Ida Reed, III"),
        ("@conference{a, title = {P}, booktitle = {Papers}, date = {2020}}", "Papers"),
        ("@online{a, author = {Hill, Jo, and Moss, Ole and and Reed, Ida}, title = {P}}", "Jo Hill Ole Moss"),
        ("@online{a, author = {given=Plato}, title = {P}}", "Plato"),
        ("@online{a, editor = {Hill, Jo}, title = {P}, doi = {{10.1000/1}}, date = {{2020}}}", "2020"),
        (
            "@collection{b, ids = {old}, title = {Ways}}\n@incollection{a, title = {P}, crossref = {old}}",
            "Ways",
        ),
        ("@online{https://example.org/?a=b&c=2000, organization = {{Old}}, title = {P}}", "Old P"),
    ],
)
def test_what_biblatex_reads_is_read_without_a_finding(bib: str, shown: str) -> None:
    text, findings = clean_entries({"a.bib": bib})
    assert [str(finding) for finding in [*lint.lint({"a.bib": bib}), *findings]] == []
    html = run_pandoc(text, "--from=biblatex", "--to=html", "--citeproc")
    found = LexborHTMLParser(html).text()
    assert all(word in found for word in shown.split())


def test_pandoc_says_why_it_fails() -> None:
    with pytest.raises(PandocFailed, match="unexpected"):
        run_pandoc("@misc{a, title = {", "--from=biblatex", "--to=csljson")


def test_what_is_private_is_published_nowhere(build_site: BuildSite) -> None:
    private = "file = {:/home/me/a.pdf:PDF}, bdsk-file-1 = {xyz}, abstract = {Long}, "
    bib = GOOD.replace("date", private + "date")
    site = built(build_site, bib)
    assert site.code == 0, site.output
    for path in site.site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"/home/me" not in content
            assert b"bdsk-file" not in content


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Trust falls to 31% in the north, a poll finds", "Trust Falls to 31% in the North, a Poll Finds"),
        (
            "Aid of $4 million arrives, $9 million is missing",
            "Aid of $4 Million Arrives, $9 Million Is Missing",
        ),
        (
            "Costs of $5 (in US$) and C#, R&D, a_b, x^2, ~20",
            "Costs of $5 (in US$) and C#, R&D, a_b, x^2, ~20",
        ),
        (r"Profits of 5\% \& \$4", "Profits of 5% & $4"),
        ("The $k$-means \\emph{method}", "The k-Means Method"),
        ("Talks on F-16s and the T-72, by an O'Hara", "Talks on F-16s and the T-72, by an O’Hara"),
        (r"A short Q\&A with R\&D people", "A Short Q&A with R&D People"),
        ("NATO, the U.S. {and} an iPhone of \\AE{}gir", "NATO, the U.S. and an iPhone of Ægir"),
        ("Ҳамла дар Тоҷикистон, 伊斯兰国, داعش 100%", "Ҳамла дар Тоҷикистон, 伊斯兰国, داعش 100%"),
        ('The "caliphate" in ISIS-K', 'The "Caliphate" in ISIS-K'),
        ("Plan B, vitamin A and World War I", "Plan B, Vitamin A and World War I"),
        ("Ph.D. and R & D vs. e-mails: a first", "Ph.D. and R & D vs. e-mails: A First"),
        ("On https://example.org/a again", "On https://example.org/a Again"),
        (r"The \emph{U.N.} plan on \textit{an F-16}", "The U.N. Plan on an F-16"),
        (
            "Life in İstanbul: (re)Thinking De(Con)struction",
            "Life in İstanbul: (Re)Thinking De(Con)struction",
        ),
        ("Vitamins: C", "Vitamins: C"),
        (r"A\textendash B of \texttrademark{} and a\textunderscore b", "A–B of ™ and a_b"),
    ],
)
def test_a_title_is_printed_as_its_writer_typed_it(title: str, printed: str) -> None:
    bib = (
        f"@online{{a, title = {{{title}}}, organization = {{{{Outlet}}}}, url = {{https://example.org/%20}}}}"
    )
    text, findings = clean_entries({"a.bib": bib})
    assert [str(finding) for finding in [*lint.lint({"a.bib": bib}), *findings]] == []
    style = f"--csl={next((ROOT / 'bibliography').glob('*.csl'))}"
    html = run_pandoc(text, "--from=biblatex", "--to=html", "--citeproc", style)
    assert "https://example.org/%20" in html
    found = " ".join(LexborHTMLParser(html).text().split())
    assert f"“{printed},” Outlet." in found


IDENTIFIED = {
    "@article{a, author = {Hill, Jo}, title = {A Week in the Hills}, journaltitle = {{Hill Weekly}},"
    " number = {12}, date = {2024-05-01}}": (
        "Jo Hill, “A Week in the Hills,” Hill Weekly issue 12, 1 May 2024."
    ),
    "@book{a, editor = {Wood, Al and Moss, Ole}, title = {Essays on Woods}, publisher = {Press},"
    " location = {Oslo}, date = {2020}}": "Al Wood and Ole Moss, eds, Essays on Woods (Oslo: Press, 2020).",
    "@incollection{a, author = {Glen, Una}, title = {Old Paths}, editor = {Wood, Al}, publisher = {Press},"
    " booktitle = {The Handbook of Paths and Ways}, date = {2021}}": (
        "Una Glen, “Old Paths,” in The Handbook of Paths and Ways, ed. Al Wood, Press, 2021."
    ),
    "@book{a, author = {Reed, Ida}, maintitle = {The Collected Reed}, title = {Iron}, volume = {2},"
    " publisher = {Press}, date = {1984}}": "Ida Reed, The Collected Reed, vol. 2, Iron (Press, 1984).",
    "@incollection{a, author = {Glen, Una}, title = {Paths}, booktitle = {Ways}, maintitle = {Works},"
    " editor = {Wood, Al}, volume = {3}, publisher = {Press}, date = {2020}}": (
        "Una Glen, “Paths,” in Works, vol. 3, Ways, ed. Al Wood, Press, 2020."
    ),
    "@online{a, author = {Hill, Jo}, title = {The $\\alpha$ of \\emph{Things}}, date = {2020}}": (
        "Jo Hill, “The α of Things,” 2020."
    ),
}


@pytest.mark.parametrize("bib", IDENTIFIED)
def test_a_reference_names_what_tells_a_work_from_others(build_site: BuildSite, bib: str) -> None:
    site = built(build_site, bib, "A claim [@a].")
    assert site.code == 0, site.output
    note = LexborHTMLParser(site.read("index.html")).css_first("li.note .whole")
    assert note is not None
    assert note.text().rstrip(".") == IDENTIFIED[bib].rstrip(".")


def test_a_date_that_cannot_be_read_is_reported_once(build_site: BuildSite) -> None:
    bib = (
        "@online{a,\n  title = {A Title},\n  url = {https://example.org/a},\n  date = {March 22, 2024},\n}\n"
    )
    site = built(build_site, bib, "A claim [@a].")
    assert site.code == 1
    assert "bib/a.bib:4:3: a: date = {March 22, 2024} is not a valid date." in site.output
    assert site.output.count("bib/a.bib:") == 1


def test_a_style_that_leaves_out_what_names_a_work_is_reported(build_site: BuildSite) -> None:
    style = STYLE.replace('<text macro="authors"/>', "")
    files = {"bib/a.bib": GOOD, "bib/style.csl": style}
    site = build_site({"index.md": "[@good2020page]"}, hooks=("citations.py",), config=PLUGIN, files=files)
    assert site.code == 1
    assert (
        "bib/a.bib:1:9: good2020page: the citation style leaves out its author. Change the style."
        in site.output
    )


@pytest.mark.parametrize(
    ("date", "printed"),
    [
        ("2004-21", "Spring 2004"),
        ("2004-01-01T10:10:10Z", "1 January 2004"),
        ("199X", "199X"),
        ("-0044-03-15", "15 March 45 BC"),
        ("/1997", "1997"),
        ("1997/unknown", "1997"),
        ("1997/..", "1997"),
        ("2011-05-25~/2012-06-26~", "25 May 2011–26 June 2012"),
    ],
)
def test_a_date_of_edtf_is_accepted_and_printed(date: str, printed: str) -> None:
    bib = f"@online{{a, author = {{A, B}}, title = {{One}}, date = {{{date}}}}}"
    text, findings = clean_entries({"a.bib": bib})
    assert [str(finding) for finding in [*lint.lint({"a.bib": bib}), *findings]] == []
    assert printed in pandoc_html(text, next((ROOT / "bibliography").glob("*.csl")))[0]["a"]


@pytest.mark.parametrize(
    ("title", "commands"),
    [
        (r"Files in C:\Users\Public", r"\Users and \Public"),
        (r"An \acro{NATO} plan", r"\acro{NATO}"),
        (r"Words\footnote{More.}", r"\footnote"),
    ],
)
def test_what_pandoc_does_not_print_is_reported(build_site: BuildSite, title: str, commands: str) -> None:
    bib = GOOD + "@online{b, title = {An innocent}, organization = {O}}\n"
    site = built(
        build_site, bib.replace("title = {A Page}", f"title = {{{title}}}"), "A claim [@good2020page; @b]."
    )
    assert site.code == 1
    assert site.output.count("bib/a.bib:") == 1
    assert f"good2020page: nothing is printed of {commands}. Write the words" in site.output
    assert "fn1" not in site.output


def test_a_further_key_is_answered_with_the_first(build_site: BuildSite) -> None:
    site = built(build_site, GOOD.replace("date", "ids = {older2020},\n  date"), "A claim [@older2020].")
    assert "docs/index.md:1:10: [@older2020] is not in the bibliography. It is a further key" in site.output
    assert "Write [@good2020page]." in site.output


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ("langid = {ngerman}", '<span lang="de">Eine Seite</span>'),
        ("langid = {fr}, url = {https://example.org/a}", '<a lang="fr" href="https://example.org/a">'),
        ("langid = {british}", "Eine Seite"),
        ("", "Eine Seite"),
    ],
)
def test_a_title_is_marked_as_text_of_its_language(build_site: BuildSite, fields: str, marked: str) -> None:
    bib = f"@online{{good2020page, title = {{Eine Seite}}, organization = {{O}}, date = {{2020}}, {fields}}}"
    page = built(build_site, bib).read("list/index.html")
    assert marked in page
    assert page.count(' lang="') == marked.count(' lang="') + page.count('<html lang="')
