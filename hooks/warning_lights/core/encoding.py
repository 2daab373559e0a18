"""Text files are UTF-8; where another encoding begins, and what to do."""

from __future__ import annotations

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ADVICE = "Save it as UTF-8 (a spreadsheet calls it “CSV UTF-8”)."


def fault(content: bytes, advice: str = ADVICE) -> tuple[int, int, str] | None:
    """(line, column, message) of the first byte that is not UTF-8, or None."""
    if content.startswith(UTF_16):
        return 1, 1, f"This file is UTF-16. {advice}"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        return line, column, f"This is not UTF-8 (byte {content[error.start]:#04x}). {advice}"
    return None
