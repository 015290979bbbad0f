"""What would change of units and their files on one node: pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from stems.infrastructure.supervisor import UNIT_PREFIX
from stems.model.change import ADOPT, Change, Domain, Risk, Undo
from stems.model.service import UnitState
from stems.tools.network import touches_network
from stems.tools.redact import looks_secret, redacted_diff
from stems.tools.systemd.linger import linger_changes
from stems.tools.systemd.manager import SYSTEM
from stems.tools.systemd.observe import FileState, Seen, UnitSeen
from stems.tools.systemd.units import MODE, NAME, Declared, Unit, UnitFile, target_of

NOT_OURS = "stems did not write what is there"
ADOPTED = "edited by hand, and so in the commit"
_STARTS = ("restart", "try-restart", "start", "stop", "mask", "unmask", "enable", "disable")
"""Steps by weight: the first that is taken names the change."""
_CHANGEABLE = ("enabled", "disabled", "enabled-runtime", "")


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with one unit, in order."""

    unit: str
    verbs: tuple[str, ...]

    @property
    def action(self) -> str:
        return min(self.verbs, key=_STARTS.index)


def changes_of(node: str, wanted: Declared, seen: Seen) -> tuple[Change, ...]:
    return (
        *linger_changes(node, wanted, seen),
        *_files(node, wanted, seen),
        *_adopted(node, wanted, seen),
        *_units(node, wanted, seen),
        *_gone(node, wanted, seen),
    )


def secret_resources(wanted: Declared, seen: Seen) -> frozenset[str]:
    """The files one side of which looks like a secret, and units that have one: their digests need the node's key."""
    sides = [(file.path, file.text) for file in wanted.files]
    sides += [(path, (state.content or b"").decode("utf-8", "replace")) for path, state in seen.files.items()]
    files = {path for path, text in sides if looks_secret(text, path=path)}
    units = {file.unit for file in wanted.files if file.path in files}
    return frozenset({*map(wanted.manager.file, files), *map(wanted.manager.unit, units)})


def differing(wanted: Declared, seen: Seen) -> list[UnitFile]:
    return [file for file in wanted.files if not _is_met(file, seen.files[file.path])]


def adopted(wanted: Declared, seen: Seen) -> list[UnitFile]:
    """Files that are as they are to be although stems left others: hand edits that the repository took."""
    noted = {path: sha for path, (_, sha) in seen.placed_files.items()}
    there = (file for file in wanted.files if _is_met(file, seen.files[file.path]))
    return [file for file in there if noted.get(file.path, file.sha) != file.sha]


def steps_of(wanted: Declared, seen: Seen) -> list[Step]:
    changed = _changed_units(wanted, seen)
    steps = (_step(unit, seen.units[unit.name], is_changed=unit.name in changed) for unit in wanted.units)
    return [step for step in steps if step.verbs]


def gone_files(wanted: Declared, seen: Seen) -> list[str]:
    """What stems placed and nobody declares any more, and that is still there."""
    declared = {file.path for file in wanted.files}
    return [path for path in seen.placed_files if path not in declared and not seen.files[path].is_absent]


def gone_units(wanted: Declared, seen: Seen) -> list[str]:
    """The units that came with such files; a package's own is only let go."""
    declared = {file.unit for file in wanted.files} | {unit.name for unit in wanted.units}
    own = (name for name, unit in seen.placed_units.items() if unit.is_own and name not in declared)
    return [name for name in own if seen.units[name].is_there]


def _changed_units(wanted: Declared, seen: Seen) -> set[str]:
    """Units of which a file comes, changes or goes. Whether one runs with a hand edit of its file is not known."""
    return {file.unit for file in adopted(wanted, seen)} | _written_units(wanted, seen)


def _written_units(wanted: Declared, seen: Seen) -> set[str]:
    return {file.unit for file in differing(wanted, seen)} | set(_dropped(wanted, seen))


def _dropped(wanted: Declared, seen: Seen) -> Iterator[str]:
    """Units of which a drop-in goes."""
    for path in gone_files(wanted, seen):
        folder = path.rpartition("/")[0]
        if folder.endswith(".d"):
            yield folder.rpartition("/")[2].removesuffix(".d")


def _is_met(file: UnitFile, state: FileState) -> bool:
    return (state.mode, state.sha) == (MODE, file.sha)


def _step(unit: Unit, seen: UnitSeen, *, is_changed: bool) -> Step:
    if unit.is_activated:
        return Step(unit.name, ("try-restart",) if is_changed and seen.is_active else ())
    if unit.state is UnitState.MASKED:
        stop = ("stop",) if seen.is_active else ()
        return Step(unit.name, () if seen.file == "masked" and not stop else (*stop, "mask"))
    verbs = ["unmask"] if seen.file == "masked" else []
    if unit.enabled is not None and (seen.file in (*_CHANGEABLE, "masked") or not seen.is_there):
        if unit.enabled and seen.file != "enabled":
            verbs.append("enable")
        elif not unit.enabled and seen.file in ("enabled", "enabled-runtime", "masked"):
            # What a mask hides cannot be seen.
            verbs.append("disable")
    if unit.state is UnitState.STOPPED:
        return Step(unit.name, (*verbs, *(("stop",) if seen.is_active else ())))
    if not seen.is_active and not (seen.kind == "oneshot" and not unit.is_own):
        verbs.append("start")
    elif is_changed:
        verbs.append("restart")
    return Step(unit.name, tuple(verbs))


def _files(node: str, wanted: Declared, seen: Seen) -> Iterator[Change]:
    for file in differing(wanted, seen):
        state = seen.files[file.path]
        noted = seen.placed_files.get(file.path)
        is_foreign = noted is None and not state.is_absent
        by_hand = noted is not None and (state.sha, state.mode) != (noted[1], MODE)
        resource = wanted.manager.file(file.path)
        destroys = is_foreign or (by_hand and not state.is_absent)
        yield Change(
            node=node,
            domain=Domain.SERVICES,
            tool=NAME,
            resource=resource,
            action="create" if state.is_absent else "change",
            risk=_risk(resource, Risk.DESTRUCTIVE if destroys else Risk.SERVICE),
            before=_digest(state),
            after=file.sha,
            diff=_diff(file, state),
            source=str(file.place),
            undo=Undo.BY_BACKUP if destroys else Undo.BY_REPLAY,
            by_hand=by_hand,
            note=NOT_OURS if is_foreign else "",
            service=file.service,
        )


def _adopted(node: str, wanted: Declared, seen: Seen) -> Iterator[Change]:
    for file in adopted(wanted, seen):
        yield Change(
            node=node,
            domain=Domain.SERVICES,
            tool=NAME,
            resource=wanted.manager.file(file.path),
            action=ADOPT,
            risk=Risk.SERVICE,
            before=file.sha,
            after=file.sha,
            source=str(file.place),
            by_hand=True,
            note=ADOPTED,
            service=file.service,
        )


def _units(node: str, wanted: Declared, seen: Seen) -> Iterator[Change]:
    declared = {unit.name: unit for unit in wanted.units}
    written = _written_units(wanted, seen)
    for step in steps_of(wanted, seen):
        unit, state = declared[step.unit], seen.units[step.unit]
        noted = seen.placed_units.get(step.unit)
        files = " ".join(file.sha for file in wanted.files_of(step.unit))
        resource = wanted.manager.unit(step.unit)
        yield Change(
            node=node,
            domain=Domain.SERVICES,
            tool=NAME,
            resource=resource,
            action=step.action,
            risk=_risk(resource, Risk.SERVICE),
            before=_hashed(str(state)) if state.is_there else "",
            after=_hashed(f"{unit.state.value} {unit.enabled} {' '.join(step.verbs)} {files}"),
            source=str(unit.place),
            undo=Undo.BY_BACKUP,
            by_hand=noted is not None and noted.left == left_as(unit) and step.unit not in written,
            note=", ".join(step.verbs) if len(step.verbs) > 1 else "",
            service=unit.service,
        )


def _gone(node: str, wanted: Declared, seen: Seen) -> Iterator[Change]:
    for name in gone_units(wanted, seen):
        removed = _removal(node, wanted.manager.unit(name), seen.placed_units[name].service)
        yield replace(removed, before=_hashed(str(seen.units[name])), note="stopped and disabled first")
    for path in gone_files(wanted, seen):
        service, sha = seen.placed_files[path]
        state = seen.files[path]
        removed = _removal(node, wanted.manager.file(path), service)
        yield replace(removed, before=_digest(state), by_hand=state.sha != sha)


def unmanaged(strangers: Iterable[str], ours: Collection[str]) -> Iterator[str]:
    """Units of the system that somebody else wrote. What lies there under no name of a unit is none."""
    for path in sorted(set(strangers).difference(ours)):
        found = target_of(path.rpartition("/")[2], SYSTEM)
        if found and found[0] == path and not found[1].startswith(UNIT_PREFIX):
            yield f"unit:{found[1]} ({path})"


def _removal(node: str, resource: str, service: str) -> Change:
    return Change(
        node=node,
        domain=Domain.SERVICES,
        tool=NAME,
        resource=resource,
        action="remove",
        risk=_risk(resource, Risk.DESTRUCTIVE),
        undo=Undo.BY_BACKUP,
        service=service,
    )


def left_as(unit: Unit) -> str:
    """How a unit is left, as a word for the note on the node."""
    return f"{unit.state.value}:{'-' if unit.enabled is None else 'enabled' if unit.enabled else 'disabled'}"


def _risk(resource: str, otherwise: Risk) -> Risk:
    return Risk.NETWORK if touches_network(resource, "") else otherwise


def _digest(state: FileState) -> str:
    return "" if state.is_absent else state.sha if state.mode == MODE else _hashed(f"{state.mode} {state.sha}")


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _diff(file: UnitFile, state: FileState) -> str:
    if state.sha == file.sha or (state.content is None and not state.is_absent):
        return ""
    before = (state.content or b"").decode("utf-8", "replace")
    return redacted_diff(before, file.text, path=file.path)
