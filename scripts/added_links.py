"""Do the addresses that a change adds answer? In plain words for its writer; nothing fails on them.

They are checked as the link check does it (lychee.toml), once, a few, and within a time limit.
Not checked: what link-policy.toml forbids, examples, what an entry of the bibliography calls dead,
and what lychee.toml excludes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from warning_lights.links import external, lychee
from warning_lights.links import policy as link_policy
from warning_lights.links.address import parse
from warning_lights.links.lychee import Answer
from warning_lights.links.written import Source

ROOT = Path(__file__).resolve().parent.parent
MOST = 30  # Addresses; the nightly check has the others.
TIME_LIMIT = 45.0  # Seconds for all of them together.
# As they are written in Markdown and BibTeX; a parenthesis belongs to one only with its partner.
ADDRESS = re.compile(r"https?://(?:[^\s<>\"'{}|\\^`\[\]()]|\([^\s<>\"'{}|\\^`()]*\))+")
DOI = re.compile(
    r"^\s*doi\s*=\s*[{\"](?:https?://(?:dx\.)?doi\.org/)?(?P<doi>10\.[^}\"\s]+)[}\"]", re.IGNORECASE
)
REFUSED = "it may refuse only robots; open it to see"
MEANING = {  # By the whole status, or else by its first digit.
    "3": "it redirects without end",
    "404": "there is no such page; is the address written right?",
    "410": "the page was taken away; is there an archived copy?",
    "5": "its server is in trouble; try it later",
}


def addresses_in(lines: Iterable[str]) -> list[str]:
    """The addresses in `lines`, none twice; a DOI of a bibliography counts as its address at doi.org."""
    found: dict[str, None] = {}
    for line in lines:
        found.update((m[0].rstrip(".,;:!?"), None) for m in ADDRESS.finditer(line))
        found.update((f"https://doi.org/{m['doi']}", None) for m in DOI.finditer(line))
    return list(found)


def check(addresses: list[str], project: Path, *, time_limit: float = TIME_LIMIT) -> dict[str, str]:
    """What to say of each address; `project` holds link-policy.toml, lychee.toml and bibliography/."""
    results: dict[str, str] = {}
    wanted: dict[str, str] = {}  # An address as it is written: without its fragment.
    try:
        policy, dead = link_policy.load(project), declared_dead(project)
        for one in addresses:
            url = parse(one)
            plain = external.without_fragment(url.href) if url else ""
            if url is None:
                results[one] = "was not checked: it is not an address"
            elif policy.forbids(url.host):
                results[one] = "was not checked: no page of this site may link there"
            elif plain in dead:
                results[one] = "was not checked: its entry says that it is dead, and names an archived copy"
            elif len(wanted) == MOST:
                results[one] = f"was not checked: only {MOST} are checked here, and the others at night"
            else:
                wanted[one] = plain
        answers = lychee.check_addresses(wanted.values(), project, [external.LOCALHOST], time_limit)
        results.update((one, verdict_text(answers.get(plain))) for one, plain in wanted.items())
    except (lychee.LycheeError, OSError, ValueError) as error:
        cause = "lychee " if isinstance(error, lychee.LycheeError) else ""
        why = f"was not checked: {cause}{str(error).partition(chr(10))[0]}"
        results = {one: results.get(one, why) for one in addresses}
    return {one: results[one] for one in addresses}


def declared_dead(project: Path) -> set[str]:
    """The addresses that an entry of the bibliography calls dead."""
    read = partial(Path.read_text, encoding="utf-8", errors="replace")
    return external.declared_dead(
        Source(path.name, partial(read, path)) for path in project.glob("bibliography/*.bib")
    )


def verdict_text(answer: Answer | None) -> str:
    """The verdict of the link check as the end of a sentence that begins with the address."""
    if answer is None:
        return "was not checked: lychee does not read it as an address"
    if answer.verdict == "alive" and answer.moved:
        return f"answers, and has moved permanently to {answer.moved}; write that"
    if answer.verdict == "alive":
        return f"answers, and {answer.words}" if answer.words else "answers"
    if answer.verdict == "excluded":
        return "was not checked: it is an example, or lychee.toml excludes it"
    if answer.status:
        code = str(answer.status)
        return f"answers with status {code}: {MEANING.get(code) or MEANING.get(code[0], REFUSED)}"
    why = re.split(r" - |\. ", answer.words)[0]  # What follows is advice for whoever runs the server.
    return f"does not answer: {why[:1].lower()}{why[1:]}"
