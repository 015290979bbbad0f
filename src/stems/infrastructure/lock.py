"""The lock on a node: one file that names the deployment, its person and since when.

The file is linked into place whole, so nobody ever reads half of one. Whoever changes a lock that is there holds
`lock.busy` meanwhile and looks again, so the node is never without its lock for a moment. What cannot be read is held.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from shlex import quote

from stems.errors import LockHeldError, ToolError, UnknownError
from stems.infrastructure.before import LOOKING
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.probe import Section
from stems.infrastructure.runner import Runner
from stems.infrastructure.shell import path_word
from stems.model.names import DIGEST, is_name, printable
from stems.model.observation import Absent, Observation, Present, Unknown

SCHEMA = "stems.lock/1"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds a node, for which deployment and plan.

    `token` tells two runs of one deployment apart: resuming takes the lock away from the run that died.
    """

    id: str
    who: str
    host: str
    why: str
    plan: str
    token: str = field(default_factory=lambda: os.urandom(8).hex())
    since: str = ""
    """By the clock of the node; empty until it is taken."""

    def __str__(self) -> str:
        return f"{self.who} on {self.host} ({self.why}), deployment {self.id}, since {self.since}"


@dataclass(frozen=True, slots=True)
class Held:
    """A lock as it lies on a node: `text` is the file, `lock` what it says, None when it cannot be read.

    `digest` is the SHA-256 of its bytes, by the node: text that is not UTF-8 is no longer what the file says.
    """

    text: str
    lock: Lock | None
    digest: str = ""

    @property
    def identity(self) -> str:
        """What `stems unlock` calls it."""
        return self.lock.id if self.lock else UNREADABLE


_WRITE = r"""
umask 077
mkdir -p "$state" || exit 1
new=$(mktemp "$state/.lock.XXXXXX") || exit 1
trap 'rm -f "$new"' EXIT
trap 'exit 1' HUP INT TERM
printf '%s,"since":"%s"}\n' "$content" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$new" || exit 1
"""

# A directory in its place would take the link into itself.
_TAKE = r"""
if [ ! -d "$state/lock" ] && ln "$new" "$state/lock" 2>/dev/null; then echo taken; exit 0; fi
"""

_LOOK = (
    LOOKING
    + r"""
content_of_lock() { head -c 4096 "$state/lock" 2>/dev/null; }
digest_of_lock() { sum=$(content_of_lock | sha256sum) && echo "${sum%% *}"; }
"""
)

_FREE = r"""
if is_absent "$state/lock"; then echo free; exit 0; fi
"""

_SHOW = (
    _FREE
    + r"""
sum=$(digest_of_lock) || exit 1
echo "held $sum"
content_of_lock || :
"""
)

# The mark is a second name of the lock, or a symbolic link where the lock belongs to somebody else: a full disk has
# room for it, and so keeps no lock.
_BUSY = r"""
[ -w "$state" ] || fail "$state: cannot be written"
mark() { ln "$state/lock" "$state/lock.busy" || ln -s /dev/null "$state/lock.busy"; } 2>/dev/null
trap 'rm -f "$new"' EXIT
trap 'exit 1' HUP INT TERM
tries=0
until mark; do
  tries=$((tries + 1))
  if [ "$tries" -gt 15 ]; then
    if is_absent "$state/lock.busy"; then fail "$state: no room for a mark"; fi
    echo busy
    exit 0
  fi
  sleep 0.2 2>/dev/null || sleep 1
done
trap 'rm -f "$new" "$state/lock.busy"' EXIT
"""

_REMOVE = r'rm -f "$state/lock" || exit 1; echo released; exit 0'


def take_command(state: str, lock: Lock) -> Command:
    return script(_head(state, lock) + _WRITE + _TAKE + _SHOW, Effect.WRITES)


def take_over_command(state: str, seen: Held, lock: Lock) -> Command:
    """Replace the lock that was seen by `lock`, in one rename."""
    act = f'if {_is(seen)}; then mv -f "$new" "$state/lock" && echo taken && exit 0; fi\n'
    return script(_head(state, lock) + _WRITE + _BUSY + act + _SHOW, Effect.WRITES)


def release_command(state: str, lock: Lock) -> Command:
    ours = f'grep -qF {quote(_token(lock))} "$state/lock" 2>/dev/null'
    return script(f"{_head(state)}{_FREE}{_BUSY}if {ours}; then {_REMOVE}; fi\n{_SHOW}", Effect.WRITES)


def unlock_command(state: str, seen: Held) -> Command:
    """Remove exactly the lock that a person was shown, and what an ended `release` may have left."""
    act = f"if {_is(seen)}; then {_REMOVE}; fi\n"
    return script(_head(state) + 'rm -f "$state/lock.busy"\n' + _BUSY + act + _SHOW, Effect.WRITES)


def snippet(state: str) -> str:
    """For the probe, which keeps only standard output."""
    return f"exec 2>&1\n{_head(state)}{_SHOW}"


def parse_lock(place: str, section: Section) -> Observation[Held]:
    """Who holds the node. `Absent` only when the node said that nobody does."""
    word, held = _answer(section.text)
    if section.status == 0 and word == "free":
        return Absent()
    if section.status == 0 and word == "held" and is_name(DIGEST, held.digest):
        return Present(held)
    remedy = "see the state folder of stems there: the SSH user must be able to look into it"
    return Unknown(UnknownError(f"{place}: the lock cannot be looked at", said=printable(section.text), remedy=remedy))


def _answer(text: str) -> tuple[str, Held]:
    """The word that a script ends with, and the lock that it shows."""
    first, _, content = text.partition("\n")
    word, _, digest = first.partition(" ")
    return word, Held(content.removesuffix("\n"), read_lock(content), digest)


def read_lock(text: str) -> Lock | None:
    try:
        document = json.loads(text)
        if document.pop("schema") != SCHEMA or not all(isinstance(value, str) for value in document.values()):
            return None
        return Lock(**{name: printable(value) for name, value in document.items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def take(runner: Runner, state: str, lock: Lock) -> None:
    """Hold the node for a deployment. Asking again for the same lock is fine."""
    _expect(runner, take_command(state, lock), lock)


def take_over(runner: Runner, state: str, *, seen: Held, lock: Lock) -> None:
    """Go on with a deployment whose run has died: its lock, if nobody else was faster, is now ours."""
    if seen.lock is None or seen.lock.id != lock.id:
        raise held_error(runner.place, seen)
    _expect(runner, take_over_command(state, seen, lock), lock)


def release(runner: Runner, state: str, lock: Lock) -> bool:
    """Let go of the lock if it is still ours; tells whether it was."""
    return _ended(runner, release_command(state, lock), lock.id)[0] == "released"


def unlock(runner: Runner, state: str, seen: Held) -> bool:
    """Remove a lock that a person was shown; tells whether it was still the same."""
    return _ended(runner, unlock_command(state, seen), seen.identity)[0] == "released"


def held_error(place: str, held: Held) -> LockHeldError:
    if held.lock is None:
        return LockHeldError(
            f"{place}: locked, and the lock cannot be read",
            said=printable(held.text),
            remedy=f"see what is deployed there with `stems status`, then remove it with `stems unlock {UNREADABLE}`",
        )
    return LockHeldError(
        f"{place}: locked by {held.lock}",
        remedy=f"wait for it; if it died, `stems deploy --resume` or `stems unlock {held.lock.id}`",
    )


def _expect(runner: Runner, command: Command, lock: Lock) -> None:
    word, held = _ended(runner, command, lock.id)
    if word == "taken":
        return
    # The answer to an earlier try was lost on the way.
    if held.lock is not None and held.lock.token == lock.token:
        return
    if word == "held":
        raise held_error(runner.place, held)
    raise ToolError(
        f"{runner.place}: the lock cannot be made",
        said=held.text,
        remedy="its state folder needs a filesystem with hard links and free space",
    )


def _ended(runner: Runner, command: Command, identity: str) -> tuple[str, Held]:
    result = runner.run(command)
    word, held = _answer(result.text)
    if not result.ok or word not in ("taken", "held", "free", "released", "busy"):
        raise ToolError(
            f"{runner.place}: the lock cannot be changed", said=result.errors, remedy="see its disk and state folder"
        )
    if word == "busy":
        raise LockHeldError(
            f"{runner.place}: another command is changing the lock",
            remedy=f"try again; if nothing runs there, `stems unlock {identity}` clears it",
        )
    return word, held


def _head(state: str, lock: Lock | None = None) -> str:
    content = f"content={quote(_content(lock))}\n" if lock else ""
    return f"LC_ALL=C; export LC_ALL\nstate={path_word(state)} new=\n{content}{_LOOK}"


def _content(lock: Lock) -> str:
    """The document without its end: the node adds its own time."""
    fields = {name: value for name, value in asdict(lock).items() if name != "since"}
    return json.dumps({"schema": SCHEMA, **fields}, separators=(",", ":")).removesuffix("}")


def _token(lock: Lock) -> str:
    return f'"token":{json.dumps(lock.token)}'


def _is(seen: Held) -> str:
    return f'[ "$(digest_of_lock)" = {quote(seen.digest)} ]'
