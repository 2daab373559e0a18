"""Do the addresses that a change adds answer? Said in plain words for its writer; nothing fails on them.

They are checked as the link check does it (lychee.toml), once, a few, and within a time limit.
Not checked: what link-policy.toml forbids, examples, what an entry of the bibliography calls dead,
and the exceptions of lychee.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from warning_lights.links import lychee, outside
from warning_lights.links import policy as link_policy
from warning_lights.links.address import parse
from warning_lights.links.lychee import Answer
from warning_lights.links.written import Source

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 30  # Addresses; whoever adds more is answered in the night.
BOUND = 45.0  # Seconds for all of them together.
# As they stand in Markdown and BibTeX; a parenthesis belongs to one only with its partner.
ADDRESS = re.compile(r"https?://(?:[^\s<>\"'{}|\\^`\[\]()]|\([^\s<>\"'{}|\\^`()]*\))+")
STATUS = re.compile(r"(?P<code>[345]\d\d|999) ")
MEANING = {  # By the whole status, or else by its first digit.
    "3": "it leads on without end",
    "4": "it may refuse only robots; open it to see",
    "404": "there is no such page; is the address written right?",
    "410": "the page was taken away; is there an archived copy?",
    "5": "its server is in trouble; try it later",
    "999": "it may refuse only robots; open it to see",
}


def added(lines: Iterable[str]) -> list[str]:
    """The addresses in `lines`, none twice; a DOI of a bibliography counts as the address it stands for."""
    found: dict[str, None] = {}
    for line in lines:
        found.update((m[0].rstrip(".,;:!?"), None) for m in ADDRESS.finditer(line))
        found.update((f"https://doi.org/{m['doi']}", None) for m in outside.DOI.finditer(line))
    return list(found)


def answered(addresses: list[str], project: Path, *, bound: float = BOUND) -> dict[str, str]:
    """What to say of each address; `project` holds link-policy.toml, lychee.toml and bibliography/."""
    said: dict[str, str] = {}
    wanted: dict[str, str] = {}  # An address as it is written, and as it is checked.
    try:
        policy, dead = link_policy.load(project), declared_dead(project)
        for one in addresses:
            url = parse(one)
            address = outside.checkable(url, ()) if url else ""
            if url and policy.forbids(url.host):
                said[one] = "was not tried: no page of this site may link there"
            elif not address:
                said[one] = "was not tried: it is no address, or only an example of one"
            elif address in dead:
                said[one] = "was not tried: its entry says that it is dead, and names an archived copy"
            elif len(wanted) == LIMIT:
                said[one] = f"was not tried: only {LIMIT} are tried here, and the others at night"
            else:
                wanted[one] = address
        answers = lychee.ask(wanted.values(), project, bound=bound).answers if wanted else {}
        said.update((one, words(answers[address])) for one, address in wanted.items())
    except (lychee.NoLychee, OSError, ValueError) as error:
        why = f"was not tried: {str(error).partition(chr(10))[0]}"
        said = {one: said.get(one, why) for one in addresses}
    return {one: said[one] for one in addresses}


def declared_dead(project: Path) -> set[str]:
    """The addresses that an entry of the bibliography calls dead."""
    read = partial(Path.read_text, encoding="utf-8", errors="replace")
    return outside.declared_dead(
        Source(path.name, partial(read, path)) for path in project.glob("bibliography/*.bib")
    )


def words(answer: Answer) -> str:
    """The verdict of the link check as the end of a sentence that begins with the address."""
    if answer.verdict == "alive" and answer.moved:
        return f"answers, and has moved for good to {answer.moved}; write that"
    if answer.verdict == "alive":
        return f"answers, and {answer.words}" if answer.words else "answers"
    if answer.verdict == "excepted":
        return "was not tried: lychee.toml makes an exception of it"
    if answer.words == "not asked in time":
        return "was not tried: the time for it was over"
    if m := STATUS.match(answer.words):
        meaning = MEANING.get(m["code"]) or MEANING[m["code"][0]]
        return f"answers with status {m['code']}: {meaning}"
    why = re.split(r" - |\. ", answer.words)[0]  # What follows is advice for whoever runs the server.
    return f"does not answer: {why[:1].lower()}{why[1:]}"
