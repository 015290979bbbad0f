"""The journal on a node: one line for each act, written before the act."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from shlex import quote

from stems.errors import UnknownError
from stems.infrastructure.before import LOOKING
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.probe import Section
from stems.infrastructure.runner import Runner
from stems.infrastructure.shell import path_word
from stems.model.deployment import Outcome
from stems.model.names import DEPLOYMENT, is_name, printable
from stems.model.observation import Absent, Observation, Present, Unknown

SCHEMA = "stems.journal/1"
_START = f'{{"schema":"{SCHEMA}"'
TAIL = 200


Part = tuple[str, str, str]
"""What an act is about: domain, tool and group step. All empty where it is about the node as a whole."""

NODE: Part = ("", "", "")


class Act(Enum):
    """What an entry says: about to act, how the act ended, or how the deployment ended on this node."""

    INTENT = "intent"
    DONE = "done"
    FAILED = "failed"
    RESTORED = "restored"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal. `at` is the clock of the node; `previous` the commit deployed before.

    `group` names the group step where the act is one, and not the node's own part.
    """

    act: Act
    deployment: str
    plan: str
    commit: str
    previous: str
    who: str
    domain: str = ""
    tool: str = ""
    outcome: str = ""
    group: str = ""
    at: str = ""

    @property
    def part(self) -> Part:
        return self.domain, self.tool, self.group


@dataclass(frozen=True, slots=True)
class Journal:
    """The newest entries of a node, oldest first, and how many lines a crash cut short."""

    entries: tuple[Entry, ...] = ()
    torn: int = 0


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A deployment that began on a node and has no result: `under_way` are the acts whose end is not written."""

    deployment: str
    plan: str
    commit: str
    previous: str
    who: str
    since: str
    under_way: tuple[Part, ...]


# A line that a crash cut short must not swallow the next one, and the line must be on the disk before the act.
_APPEND = r"""
LC_ALL=C; export LC_ALL
umask 077
mkdir -p "$state" || exit 1
journal=$state/journal.jsonl
if [ -s "$journal" ] && [ -n "$(tail -c 1 "$journal")" ]; then printf '\n' >>"$journal" || exit 1; fi
printf '%s,"at":"%s"}\n' "$content" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >>"$journal" || exit 1
sync "$journal" 2>/dev/null || sync
"""


def append_command(state: str, entry: Entry) -> Command:
    fields = {name: value for name, value in asdict(entry).items() if name not in ("act", "at") and value}
    document = {"schema": SCHEMA, "act": entry.act.value, **fields}
    content = json.dumps(document, separators=(",", ":")).removesuffix("}")
    return script(f"state={quote(state)}\ncontent={quote(content)}\n{_APPEND}", Effect.WRITES)


def append(runner: Runner, state: str, entry: Entry) -> None:
    """Write one entry and have it on the disk before anything else happens."""
    result = runner.run(append_command(state, entry))
    if not result.ok:
        raise UnknownError(
            f"{runner.place}: the journal cannot be written",
            said=result.errors,
            remedy="see its disk: nothing is done that is not written down first",
        )


def snippet(state: str) -> str:
    """For the probe, which keeps only standard output: the newest entries."""
    journal = path_word(f"{state}/journal.jsonl")
    look = f"if is_absent {journal}; then echo none; else echo journal; tail -n {TAIL} {journal}; fi"
    return f"exec 2>&1\n{LOOKING}{look}"


def parse_journal(place: str, section: Section) -> Observation[Journal]:
    """What the node wrote down. A journal that cannot be read is unknown, never absent."""
    word, _, text = section.text.partition("\n")
    if section.status == 0 and word == "none":
        return Absent()
    if section.status != 0 or word != "journal":
        return _unreadable(place, section.text)
    try:
        return Present(read_journal(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return _unreadable(place, str(error))


def _unreadable(place: str, said: str) -> Unknown:
    remedy = "see journal.jsonl in the state folder of stems there"
    return Unknown(UnknownError(f"{place}: the journal cannot be read", said=printable(said), remedy=remedy))


def read_journal(text: str) -> Journal:
    entries, torn = [], 0
    for line in (line.strip("\0") for line in text.split("\n")):
        if is_torn(line):
            torn += 1
        elif line:
            entries.append(read_entry(line))
    return Journal(tuple(entries), torn)


def is_torn(line: str) -> bool:
    """The beginning of an entry without its end."""
    begins = bool(line) and (line.startswith(_START) or _START.startswith(line))
    return begins and not line.endswith("}")


def read_entry(line: str) -> Entry:
    document = json.loads(line)
    if document.pop("schema") != SCHEMA or not all(isinstance(value, str) for value in document.values()):
        raise ValueError(line)
    if not is_name(DEPLOYMENT, document["deployment"]):
        raise ValueError(line)
    act = Act(document.pop("act"))
    texts = {name: printable(value) for name, value in document.items()}
    return Entry(act, **{"plan": "", "commit": "", "previous": "", "who": "", **texts})


def deployed_commit(entries: Sequence[Entry]) -> str:
    """The commit that runs on the node, empty when none was deployed."""
    for entry in reversed(entries):
        if entry.act is Act.RESULT and entry.outcome in (Outcome.DEPLOYED.value, Outcome.UNCHANGED.value):
            return entry.commit
        if entry.act is Act.RESULT and entry.outcome == Outcome.TAKEN_BACK.value:
            return entry.previous
    return entries[0].previous if entries else ""


def unfinished(entries: Sequence[Entry]) -> Unfinished | None:
    """The deployment that began after the last result, if any."""
    results = [number for number, entry in enumerate(entries) if entry.act is Act.RESULT]
    since = entries[results[-1] + 1 :] if results else entries
    if not since:
        return None
    last = [entry for entry in since if entry.deployment == since[-1].deployment]
    first = last[0]
    return Unfinished(
        first.deployment, first.plan, first.commit, first.previous, first.who, first.at, tuple(_under_way(last))
    )


def _under_way(entries: Iterable[Entry]) -> list[Part]:
    acts: list[Part] = []
    for entry in entries:
        if entry.act is Act.INTENT:
            acts.append(entry.part)
        elif entry.part in acts:
            acts.remove(entry.part)
    return acts


def done_parts(entries: Iterable[Entry]) -> frozenset[Part]:
    """What ended well, and was not begun again since."""
    done: set[Part] = set()
    for entry in entries:
        if entry.act is Act.DONE:
            done.add(entry.part)
        else:
            done.discard(entry.part)
    return frozenset(done)
