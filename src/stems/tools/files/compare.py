"""What differs between what is wanted, what stems last wrote and what lies there: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname

from stems.model.change import ADOPT
from stems.tools.files.observe import Observation
from stems.tools.files.render import Wanted
from stems.tools.files.source import parents
from stems.tools.files.state import ABSENT, Kind, Manifest, State

CONFLICT = "edited by hand, and the repository changed it too"
NOT_OURS = "stems did not write what is there"
ADOPTED = "edited by hand, and so in the commit"
DEFAULT_FOLDER = "755"


@dataclass(frozen=True, slots=True)
class Difference:
    """One path that would change. `by_hand` when it is not as stems left it, `destroys` when that would be lost."""

    path: str
    action: str
    before: State
    after: State
    by_hand: bool = False
    destroys: bool = False
    note: str = ""


def compare(entries: Wanted, seen: Observation) -> tuple[Difference, ...]:
    """Every path that is not as wanted, by path. A directory without a declared mode may have any."""
    found: dict[str, Difference] = {}
    for path, entry in entries.items():
        if not _is_met(path, entry.state, seen):
            found[path] = _difference(path, entry.state, seen.manifest.get(path), seen.states[path])
        elif _is_by_others(path, entry.state, seen):
            found[path] = Difference(path, ADOPT, seen.states[path], entry.state, by_hand=True, note=ADOPTED)
    gone = [path for path in seen.manifest if path not in entries and not seen.outside.keys() & set(parents(path))]
    for path in gone:
        if seen.manifest[path].word != Kind.DIR.value and seen.states[path] != ABSENT:
            found[path] = _difference(path, ABSENT, seen.manifest[path], seen.states[path])
    for difference in _emptied(gone, seen, found):
        found[difference.path] = difference
    return tuple(found[path] for path in sorted(found))


def recorded(
    entries: Wanted, seen: Observation, differences: Iterable[Difference], *, done: frozenset[str]
) -> Manifest:
    """What stems wrote, once the paths in `done` are as wanted. What was there and as wanted is adopted."""
    undone = {difference.path for difference in differences} - done
    manifest: dict[str, State] = {}
    for path, entry in entries.items():
        if path in undone:
            manifest.update({path: seen.manifest[path]} if path in seen.manifest else {})
        elif entry.state.kind is not Kind.DIR:
            manifest[path] = entry.state
        elif path not in seen.inside and (kind := _folder_kind(path, entry.state, seen)):
            manifest[path] = State(kind, entry.state.mode)
    for path in set(seen.manifest) - set(entries) - done:
        is_our_folder = seen.manifest[path].kind is Kind.DIR and seen.states[path].kind is Kind.DIR
        if path in undone or is_our_folder:
            manifest[path] = seen.manifest[path]
    return manifest


def _is_met(path: str, target: State, seen: Observation) -> bool:
    return target.is_met_by(seen.states[path]) or (target.kind is Kind.DIR and path in seen.inside)


def _is_by_others(path: str, target: State, seen: Observation) -> bool:
    """Whether a file is as wanted and stems remembers to have written another: a hand edit that the repository took."""
    last = seen.manifest.get(path)
    return target.kind is not Kind.DIR and last is not None and not last.is_met_by(seen.states[path])


def _difference(path: str, target: State, last: State | None, actual: State) -> Difference:
    touched = not (last or ABSENT).is_met_by(actual)
    action = _action(target, actual)
    if action == "create" and not target.mode and target.kind is Kind.DIR:
        target = State(Kind.DIR, DEFAULT_FOLDER)
    by_hand = touched and not (action == "mode" and last is None)
    note = ""
    if by_hand and last is None:
        note = NOT_OURS
    elif by_hand and last is not None and not last.is_met_by(target):
        note = CONFLICT
    if action == "mode":
        note = "; ".join(part for part in (f"mode {actual.mode} becomes {target.mode}", note) if part)
    return Difference(path, action, actual, target, by_hand, by_hand and action not in {"create", "mode"}, note)


def _action(target: State, actual: State) -> str:
    if actual == ABSENT:
        return "create"
    if target == ABSENT:
        return "remove"
    if target.word != actual.word:
        return "replace"
    return "mode" if target.has_content_of(actual) else "change"


def _emptied(gone: list[str], seen: Observation, found: Mapping[str, Difference]) -> Iterator[Difference]:
    """Directories that stems made and that nothing will be left in, the inner ones first."""
    removed = Counter(dirname(path) for path, difference in found.items() if difference.action == "remove")
    for path in sorted(gone, reverse=True):
        ours = seen.manifest[path].kind is Kind.DIR and seen.states[path].kind is Kind.DIR
        if ours and seen.held.get(path) == removed[path]:
            removed[dirname(path)] += 1
            yield Difference(path, "remove", seen.states[path], ABSENT)


def _folder_kind(path: str, target: State, seen: Observation) -> Kind | None:
    """Whether stems made a directory (and may remove it), only gave it a mode, or has nothing to do with it."""
    if seen.states[path].kind is not Kind.DIR:
        return Kind.DIR
    if path in seen.manifest:
        return seen.manifest[path].kind
    return Kind.FOUND if target.mode else None
