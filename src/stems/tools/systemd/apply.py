"""Making approved changes of units."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.before import keep, seal
from stems.model.change import Change
from stems.tools.base import Job, Site
from stems.tools.systemd import linger
from stems.tools.systemd.changes import Step, adopted, differing, gone_files, gone_units, left_as, steps_of
from stems.tools.systemd.manager import Manager
from stems.tools.systemd.observe import PlacedUnit, placed_path
from stems.tools.systemd.preview import View, look
from stems.tools.systemd.run import run
from stems.tools.systemd.shell import REMEMBER, TOOLS, WRITE
from stems.tools.systemd.units import MODE, NAME


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    """Make exactly these changes; what became another since is refused."""
    approved = {change.resource: change for change in changes if change.tool == NAME}
    views = [view for view in look(job, site) if _is_seen(job, site, view)]
    now = [change for view in views for change in view.changes]
    strange = next((c for c in now if c.resource in approved and c.identity != approved[c.resource].identity), None)
    if strange:
        raise ToolError(
            f"{strange.node}: {strange.resource} is not as it was approved", remedy="run `stems plan` again"
        )
    # A service that moved from one manager to the other goes before it comes.
    for view in sorted(views, key=lambda view: not gone_units(view.wanted, view.seen)):
        _apply(job, site, view, approved)


def _is_seen(job: Job, site: Site, view: View) -> bool:
    if view.seen.blocked and not job.blocked:
        raise ToolError(f"{site.node.name}: {view.seen.blocked}", remedy="do that there, then plan again")
    return not view.seen.blocked


def _apply(job: Job, site: Site, view: View, approved: Collection[str]) -> None:
    lingering = linger.resource(view.seen.user) in approved
    if lingering and not view.seen.lingers:
        linger.set_linger(site, view.seen, job.deployment, on=True)
    run(site, view.wanted.manager, apply_script(job, site, view, approved))
    if lingering and view.seen.lingers:
        linger.set_linger(site, view.seen, job.deployment, on=False)


def apply_script(job: Job, site: Site, view: View, approved: Collection[str]) -> str:
    """Keep the before-state, note what is about to be, act, seal. `approved` are the resources that may change."""
    wanted, seen, manager = view.wanted, view.seen, view.wanted.manager
    folder, notes = (
        site.before(job.deployment, manager.word),
        [placed_path(site.state, manager), site.left(manager.word)],
    )
    files = [file for file in differing(wanted, seen) if manager.file(file.path) in approved]
    gone = [path for path in gone_files(wanted, seen) if manager.file(path) in approved]
    old = [unit for unit in gone_units(wanted, seen) if manager.unit(unit) in approved]
    steps = [step for step in steps_of(wanted, seen) if manager.unit(step.unit) in approved]
    touched = [*(step.unit for step in steps), *old]
    placed = _placed_files(view, approved)
    left = "".join(f"{sha}  {path}\n" for path, (_, sha) in placed.items())
    lingers = linger.placed(wanted, seen, is_approved=linger.resource(seen.user) in approved)
    texts = [_note_of(placed, _placed_units(view, approved), lingers), left]
    parts = [
        keep(folder, [*_with_folders(manager, [*(file.path for file in files), *gone], steps), *notes]),
        f"units={quote(f'{folder}.units')} touched={quote(' '.join(touched))} mode={MODE}",
        TOOLS + REMEMBER + WRITE,
        *(f"note {quote(path)} {quote(text)}" for path, text in zip(notes, texts, strict=True)),
        *(f"act disable {quote(unit)}; act stop {quote(unit)}" for unit in old),
        *(f"put {quote(file.path)} {base64.b64encode(file.content).decode()}" for file in files),
        *(f"rm -f {quote(path)}; rmdir {quote(path.rpartition('/')[0])} 2>/dev/null || :" for path in gone),
        "ctl daemon-reload || failed=yes" if files or gone or adopted(wanted, seen) else "",
        *_acts(steps),
        seal(folder),
        '[ -z "$failed" ] || exit 1',
    ]
    return "{\n" + "\n".join(parts) + "\nexit 0\n}\n"


def _with_folders(manager: Manager, paths: Iterable[str], steps: Iterable[Step]) -> list[str]:
    """The paths, and the folders that come and go with them and with what systemctl links."""
    found = list(paths)
    linked = [f"{manager.units}/{step.unit}" for step in steps]
    folders = {folder for path in (*found, *linked) for folder in _folders(manager, path)}
    return [*sorted(folders), *found]


def _folders(manager: Manager, path: str) -> set[str]:
    above = [str(folder) for folder in PurePosixPath(path).parents]
    if manager.is_users:
        return {folder for folder in above if folder.startswith(f"{manager.home}/")}
    return {above[0]} - {manager.units}


def _acts(steps: Iterable[Step]) -> list[str]:
    return [f"act {verb} {quote(step.unit)}" for step in steps for verb in step.verbs]


def _placed_files(view: View, approved: Collection[str]) -> dict[str, tuple[str, str]]:
    """What stems has placed after this, by path: service and digest. Of what is left alone the note stays."""
    noted = dict(view.seen.placed_files)
    differ = {file.path for file in (*differing(view.wanted, view.seen), *adopted(view.wanted, view.seen))}
    for file in view.wanted.files:
        if file.path not in differ or view.wanted.manager.file(file.path) in approved:
            noted[file.path] = file.service, file.sha
    declared = {file.path for file in view.wanted.files}
    left_alone = {path for path in gone_files(view.wanted, view.seen) if view.wanted.manager.file(path) not in approved}
    return {path: part for path, part in noted.items() if path in declared | left_alone}


def _placed_units(view: View, approved: Collection[str]) -> dict[str, PlacedUnit]:
    noted, steps = dict(view.seen.placed_units), {step.unit for step in steps_of(view.wanted, view.seen)}
    for unit in view.wanted.units:
        if unit.name not in steps or view.wanted.manager.unit(unit.name) in approved:
            noted[unit.name] = PlacedUnit(unit.service, unit.is_own, left_as(unit))
    declared = {unit.name for unit in view.wanted.units}
    left_alone = {name for name in gone_units(view.wanted, view.seen) if view.wanted.manager.unit(name) not in approved}
    return {name: part for name, part in noted.items() if name in declared | left_alone}


def _note_of(files: Mapping[str, tuple[str, str]], units: Mapping[str, PlacedUnit], lingers: str) -> str:
    lines = [f"file {service} {sha} {path}\n" for path, (service, sha) in sorted(files.items())]
    for name, unit in sorted(units.items()):
        lines.append(f"unit {unit.service} {'own' if unit.is_own else 'package'} {unit.left} {name}\n")
    return "".join([*lines, f"linger {lingers}\n" if lingers else ""])
