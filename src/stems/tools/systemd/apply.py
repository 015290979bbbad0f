"""Making approved changes of units, and taking them back."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.before import keep, parse_put_back, put_back, seal
from stems.infrastructure.command import Effect, Result, script
from stems.model.change import Change
from stems.model.names import printable
from stems.tools.base import Job, Site
from stems.tools.redact import redacted
from stems.tools.systemd.changes import Step, adopted, differing, gone_files, gone_units, left_as, steps_of
from stems.tools.systemd.logs import LAST_LINES
from stems.tools.systemd.observe import PlacedUnit, placed_path
from stems.tools.systemd.preview import View, look
from stems.tools.systemd.units import MODE, NAME, UNITS

TIMEOUT = 600.0

_TOOLS = r"""
umask 022
failed=
ctl() { systemctl "$@" </dev/null >&2; }
# What root makes in the state of a user stays that user's.
hand_over() { chown -R "$(stat -c %u:%g "${1%/*}")" "$1"; }
"""

# How each unit was, written once: what a broken act left is not how it was before.
_REMEMBER = r"""
if [ ! -e "$units" ]; then
  for unit in $touched; do
    told=$(systemctl show --property=LoadState,ActiveState,UnitFileState -- "$unit" </dev/null) || exit 1
    load=- active=- file=-
    while IFS='=' read -r name value; do
      case $name in LoadState) load=$value ;; ActiveState) active=$value ;; UnitFileState) file=${value:--} ;; esac
    done <<END
$told
END
    printf '%s %s %s %s\n' "$unit" "$load" "$active" "$file"
  done >"$units.new" && mv "$units.new" "$units" || exit 1
fi
"""

# Beside the path and renamed, so that systemd never reads half of a file.
_WRITE = r"""
put() {
  mkdir -p "${1%/*}" && printf %s "$2" | base64 -d >"$1.stems-new" && chmod "$mode" "$1.stems-new" &&
    mv -f "$1.stems-new" "$1" || { rm -f "$1.stems-new"; echo "$1: cannot be written" >&2; failed=yes; }
}
note() {
  mkdir -p "${1%/*}" && printf %s "$2" >"$1.new" && mv "$1.new" "$1" && hand_over "${1%/*}" ||
    { echo "$1: cannot be written" >&2; failed=yes; }
}
# What a unit said last is why it does not run.
act() {
  [ -z "$failed" ] || return 0
  ctl "$1" -- "$2" && return 0
  failed=yes
  echo "$2: systemctl $1 failed" >&2
  last_lines "$2" >&2 || :
}
"""

_UNDO = r"""
[ -d "$folder" ] || exit 0
while read -r unit load active file; do
  case $load in not-found) systemctl disable --now -- "$unit" </dev/null >/dev/null 2>&1 || : ;; esac
done <"$units"
"""

_BACK = r"""
systemctl daemon-reload </dev/null || exit 1
while read -r unit load active file; do
  case $load in not-found) continue ;; esac
  # First, because a unit that is masked while it runs has failed when it is stopped.
  case $active in
    active|reloading|activating) ;;
    *) ctl stop -- "$unit" || echo "left $unit: could not be stopped" ;;
  esac
  now=$(systemctl show --property=UnitFileState --value -- "$unit" </dev/null)
  case $file:$now in
    masked:masked) ;;
    masked:*) ctl mask -- "$unit" || echo "left $unit: could not be masked again" ;;
    *:masked) ctl unmask -- "$unit" || echo "left $unit: could not be unmasked" ;;
  esac
  case $file:$now in
    enabled:enabled|disabled:disabled) ;;
    enabled:*) ctl enable -- "$unit" || echo "left $unit: could not be enabled again" ;;
    disabled:enabled|disabled:enabled-runtime) ctl disable -- "$unit" || echo "left $unit: could not be disabled" ;;
  esac
  case $active in
    active|reloading|activating) ctl restart -- "$unit" || echo "left $unit: could not be started again" ;;
  esac
done <"$units"
"""


def apply(job: Job, site: Site, changes: Sequence[Change]) -> None:
    """Make exactly these changes; what became another since is refused."""
    view = look(job, site)
    if view.seen.blocked:
        raise ToolError(f"{site.node.name}: {view.seen.blocked}", remedy="install it there, then plan again")
    approved = {change.resource: change for change in changes if change.tool == NAME}
    strange = next(
        (c for c in view.changes if c.resource in approved and c.identity != approved[c.resource].identity), None
    )
    if strange:
        raise ToolError(
            f"{strange.node}: {strange.resource} is not as it was approved", remedy="run `stems plan` again"
        )
    _run(site, apply_script(job, site, view, approved))


def apply_script(job: Job, site: Site, view: View, approved: Collection[str]) -> str:
    """Keep the before-state, note what is about to be, act, seal. `approved` are the resources that may change."""
    wanted, seen = view.wanted, view.seen
    folder, notes = site.before(job.deployment, NAME), [placed_path(site.state), site.left(NAME)]
    files = [file for file in differing(wanted, seen) if f"file:{file.path}" in approved]
    gone = [path for path in gone_files(wanted, seen) if f"file:{path}" in approved]
    old = [unit for unit in gone_units(wanted, seen) if f"unit:{unit}" in approved]
    steps = [step for step in steps_of(wanted, seen) if f"unit:{step.unit}" in approved]
    touched = [*(step.unit for step in steps), *old]
    placed = _placed_files(view, approved)
    left = "".join(f"{sha}  {path}\n" for path, (_, sha) in placed.items())
    texts = [_note_of(placed, _placed_units(view, approved)), left]
    parts = [
        keep(folder, [*_with_folders([*(file.path for file in files), *gone]), *notes]),
        f"units={quote(f'{folder}.units')} touched={quote(' '.join(touched))} mode={MODE}",
        _TOOLS + LAST_LINES + _REMEMBER + _WRITE,
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


def _with_folders(paths: Iterable[str]) -> list[str]:
    """The paths, and the folders that come and go with them."""
    found = list(paths)
    folders = {path.rpartition("/")[0] for path in found} - {UNITS}
    return [*sorted(folders), *found]


def _acts(steps: Iterable[Step]) -> list[str]:
    return [f"act {verb} {quote(step.unit)}" for step in steps for verb in step.verbs]


def _placed_files(view: View, approved: Collection[str]) -> dict[str, tuple[str, str]]:
    """What stems has placed after this, by path: service and digest. Of what is left alone the note stays."""
    noted = dict(view.seen.placed_files)
    differ = {file.path for file in (*differing(view.wanted, view.seen), *adopted(view.wanted, view.seen))}
    for file in view.wanted.files:
        if file.path not in differ or f"file:{file.path}" in approved:
            noted[file.path] = file.service, file.sha
    declared = {file.path for file in view.wanted.files}
    left_alone = {path for path in gone_files(view.wanted, view.seen) if f"file:{path}" not in approved}
    return {path: part for path, part in noted.items() if path in declared | left_alone}


def _placed_units(view: View, approved: Collection[str]) -> dict[str, PlacedUnit]:
    noted, steps = dict(view.seen.placed_units), {step.unit for step in steps_of(view.wanted, view.seen)}
    for unit in view.wanted.units:
        if unit.name not in steps or f"unit:{unit.name}" in approved:
            noted[unit.name] = PlacedUnit(unit.service, unit.is_own, left_as(unit))
    declared = {unit.name for unit in view.wanted.units}
    left_alone = {name for name in gone_units(view.wanted, view.seen) if f"unit:{name}" not in approved}
    return {name: part for name, part in noted.items() if name in declared | left_alone}


def _note_of(files: Mapping[str, tuple[str, str]], units: Mapping[str, PlacedUnit]) -> str:
    lines = [f"file {service} {sha} {path}\n" for path, (service, sha) in sorted(files.items())]
    for name, unit in sorted(units.items()):
        lines.append(f"unit {unit.service} {'own' if unit.is_own else 'package'} {unit.left} {name}\n")
    return "".join(lines)


def restore(job: Job, site: Site) -> Sequence[str]:
    """Put files and units back as they were before `job.deployment`; safe to repeat."""
    folder = site.before(job.deployment, NAME)
    head = f'folder={quote(folder)} units={quote(f"{folder}.units")}\n[ -e "$units" ] || exit 0\n{_TOOLS}'
    said = _run(site, head + _UNDO + put_back(folder) + _BACK).text
    left = [printable(line.removeprefix("left ")) for line in said.splitlines() if line.startswith("left ")]
    return [*(f"{printable(path)}: changed since, left as it is" for path in parse_put_back(said)), *left]


def _run(site: Site, text: str) -> Result:
    result = site.runner.run(script(text, Effect.WRITES, timeout=TIMEOUT, account="root"))
    if result.ok:
        return result
    lines = printable(redacted(result.errors)).strip().splitlines() or [f"a script ended with {result.status}"]
    problem = next((line for line in lines if "systemctl " in line and "failed" in line), lines[-1])
    raise ToolError(
        f"{site.node.name}: {problem}",
        said="\n".join(line for line in lines if line != problem),
        remedy=f"see `journalctl -xe` on {site.node.name}, mend it, and deploy again",
    )
