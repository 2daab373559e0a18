"""Text as people type it into a field, as LaTeX that pybtex and Pandoc print letter by letter.

A headline is text for its writer and LaTeX for these programs: a bare `%` begins a comment for them, `$` a
formula, and Pandoc sets `F-16` and `U.S.` in small letters unless they stand in braces.
"""

from __future__ import annotations

import re
from functools import partial

from warning_lights.core.names import words

# Fields whose text is not LaTeX (BibLaTeX manual, "Data Types"), and those that hold keys.
VERBATIM_FIELDS = words("archiveurl crossref doi eprint file ids pdf related url verba verbb verbc xdata")
NUMBER_FIELDS = words("date year month isbn issn volume number pages")
TITLE_FIELD = re.compile(r"(?:book|main|journal|issue|event|short|series)?(?:sub)?title(?:addon)?|journal")
# Pandoc's own rule for dollars in Markdown, and a sum is no formula.
MATH = re.compile(r"(?<!\\)\$(?=\S)(?:[^$\s\d][^$\s]*|[^$]*[\\^_=<>+{][^$]*)(?<=\S)\$(?!\d)")
DOTLESS = re.compile(r"(\\[`'^\"~=.u])\s*(?:\{\\([ij])\}|\\([ij])(?![A-Za-z])(?:\{\})?)")
# Commands that stand for a character, and that Pandoc does not know.
SYMBOLS = {
    "textendash": "–",
    "textemdash": "—",
    "textbar": "|",
    "textunderscore": r"\_",
    "texttrademark": "™",
}
SYMBOLS |= {"texteuro": "€", "textellipsis": "…", "textperiodcentered": "·", "textnumero": "№", "times": "×"}
SYMBOLS |= {"textquestiondown": "¿", "textexclamdown": "¡", "dag": "†", "ddag": "‡", "th": "þ", "TH": "Þ"}
SYMBOLS |= {"dh": "ð", "DH": "Ð", "ng": "ŋ", "to": "→", "rightarrow": "→", "textrightarrow": "→"}
SYMBOL = re.compile(rf"\\({'|'.join(SYMBOLS)})(?:\{{\}}|(?![A-Za-z])[ ]?)")
CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\\\Z")
SPECIAL_CHARACTER = re.compile(r"\\.|[%#&_^~$]", re.DOTALL)
# In a word too, what is escaped is one letter.
WORD_CHARACTER = r"[^\s{}\\,;:!?()\[\]“”\"/]|\\[&%#_$]"
WORD = re.compile(rf"(?!['‘’-])(?:{WORD_CHARACTER})(?:{WORD_CHARACTER})*")
# A command that changes how its words look: Pandoc changes their capitals unless all of it is in braces.
_STYLED = r"\\(?:emph|text[a-z]+|underline|enquote\*?|mkbib[a-z]+)\{"
STYLED = re.compile(rf"{_STYLED}(?P<words>[^{{}}]*)\}}")
TITLE_PARTS = re.compile(
    rf"{_STYLED}[^{{}}]*\}}"
    r"|(?<!\\)\$[^$]*\$|(?:[^{}\\$]|\\[&%#_$])+|\\[A-Za-z]+\s*|\\.|.",
    re.DOTALL,
)


def as_latex(name: str, text: str) -> str:
    """The text of the field `name` without what its readers would take for a command."""
    text = balance_braces(CONTROL_CHARACTER.sub("", " ".join(text.split())))
    if name in VERBATIM_FIELDS:
        return re.sub(r"\\([_%&#~$^])|[{}]", r"\1", re.sub(r"\A\\url\b", "", text))
    if name in NUMBER_FIELDS:
        text = re.sub(r"[{}]", "", text)  # As some databases write them, twice in braces.
    if name == "date":
        return re.sub(r"\.\.|open|unknown", "", text)  # An open end, which Pandoc knows in one form alone.
    text = escape_special(DOTLESS.sub(r"\1{\2\3}", text))  # Else Pandoc leaves the letter without its dot.
    text = with_symbols(text)
    return protect_capitals(text) if TITLE_FIELD.fullmatch(name) else text


def with_symbols(text: str) -> str:
    """A text with the characters that some commands stand for; formulas stay."""
    formulas = {m.start() for m in MATH.finditer(text)}
    return text if formulas else SYMBOL.sub(lambda m: SYMBOLS[m[1]], text)


def balance_braces(text: str) -> str:
    """A text whose braces match, escaped ones apart; a brace without a counterpart is left out."""
    parts: list[str] = re.findall(r"\\.|[^\\{}]+|[{}]", text, re.DOTALL)
    opened: list[int] = []
    for index, part in enumerate(parts):
        if part in {"{", "\\{"}:
            opened.append(index)
        elif part == "}":
            while opened and parts[opened[-1]] == "\\{":
                parts[opened.pop()] = ""
            parts[index] = part if opened else ""
            del opened[-1:]
        elif part == "\\}":
            parts[index] = part if opened and parts[opened[-1]] == "\\{" else ""
            if parts[index]:
                opened.pop()
    for index in opened:
        parts[index] = ""
    return "".join(parts)


def escape_special(text: str) -> str:
    """A text with LaTeX's special characters as letters; formulas and what is escaped stay."""
    parts, end = [], 0
    for m in MATH.finditer(text):
        parts += [SPECIAL_CHARACTER.sub(escape_character, text[end : m.start()]), m[0]]
        end = m.end()
    return "".join([*parts, SPECIAL_CHARACTER.sub(escape_character, text[end:])])


def escape_character(m: re.Match[str]) -> str:
    if m[0] == "~":  # A space that does not break, but a tilde before a number.
        before, after = m.string[: m.start()][-1:], m.string[m.end() :][:1]
        return r"\textasciitilde{}" if after.isdigit() and (not before or before.isspace()) else "~"
    if m[0] == "^":
        return r"\textasciicircum{}"
    return m[0] if m[0].startswith("\\") else "\\" + m[0]


def protect_capitals(text: str) -> str:
    """A title with each word in braces whose capitals Pandoc or a style would change."""
    done, depth = "", 0
    for part in TITLE_PARTS.findall(text):
        depth += {"{": 1, "}": -1}.get(part, 0)
        protect = partial(WORD.sub, partial(brace_word, done))
        if depth:
            done += part
        elif m := STYLED.fullmatch(part):
            done += part if protect(m["words"]) == m["words"] else f"{{{part}}}"
        else:
            done += part if re.match(r"[{}$]|\\[A-Za-z]", part) else protect(part)
    return done


def brace_word(before: str, m: re.Match[str]) -> str:
    """A word in braces where it is printed as it stands: capitals that are not its first, other scripts."""
    word, before, after = m[0], before + m.string[: m.start()], m.string[m.end() :]
    head = re.split(r"[-'’&.\d\\]", word, maxsplit=1)[0]
    first = not before.strip(" {“‘\"'(") or re.search(r"[:.?!–—]\W*\Z", before)
    as_written = (
        any(letter.isupper() for letter in word[1:])
        # F-16, and Plan B; a letter that stands alone behind a colon at the end.
        or (len(head) == 1 and head.isupper() and (len(word) > 1 or not first or not re.search(r"\w", after)))
        or any(len(letter.lower()) > 1 for letter in word)  # İ
        or re.search(r"\w[()[\]]\Z", before)  # (Re)Thinking
        or re.match(r"[(\[]\w", after)
        or (len(head) == 1 < len(word) and head.islower())  # e-mail
        or (word[0].islower() and re.search(r"\w\.\}?\s+\Z", before))  # vs. a, Ph.D. and
        or word == "vs."
        or after.startswith("://")
        or re.search(r"://\S*\Z", before)
        or any(letter.isalpha() and letter > "\u024f" for letter in word)
    )
    return f"{{{word}}}" if as_written else word
