"""What independent checkers say of a PDF."""

from __future__ import annotations

from pathlib import Path

import page as page_validation
import pdf_oxide
import pikepdf


def faults(path: Path) -> list[str]:
    """What two checkers of PDF/UA-1 and PDF/A-3a, and one of the syntax, say against a PDF."""
    found = []
    for profile in (page_validation.ValidationProfile.PDF_UA_1, page_validation.ValidationProfile.PDF_A_3A):
        report = page_validation.validate_pdf(str(path), profile=profile)
        found += [f"{fault.rule_id}: {fault.message}" for fault in report.failures]
    document = pdf_oxide.PdfDocument(str(path))
    found += document.validate_pdf_ua()["errors"] + document.validate_pdf_a("3a")["errors"]
    with pikepdf.open(path) as pdf:
        return [*map(str, found), *pdf.check_pdf_syntax()]
