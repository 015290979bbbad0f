"""Unit files are verified before they are placed: by systemd and Podman's generator, on the node, as private copies."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.command import Effect, script
from stems.model.names import printable
from stems.tools.base import Site
from stems.tools.redact import redacted
from stems.tools.systemd.changes import differing, gone_files
from stems.tools.systemd.observe import Seen
from stems.tools.systemd.remarks import Remark, parse_remarks
from stems.tools.systemd.units import Declared, UnitFile

TIMEOUT = 90.0

_BEGIN = r"""
command -v systemd-analyze >/dev/null || { echo '@missing'; exit 0; }
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
mkdir "$room/.quadlets" || exit 1
put() { printf %s "$2" | base64 -d >"$room/$1" || exit 1; }
found=
# A drop-in of a package's unit is verified with that unit, where it is there already.
bring() {
  from=$($systemctl show --property=FragmentPath --value -- "$1" </dev/null) && [ -f "$from" ] || return 0
  cp -- "$from" "$room/$1" && found="$found $room/$1"
}
"""

# Folders that are named first come before those of the system, so that copies hide what is placed now.
_VERIFY = r"""
LC_ALL=C SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=info SYSTEMD_COLORS=0
export LC_ALL SYSTEMD_LOG_TARGET SYSTEMD_LOG_LEVEL SYSTEMD_COLORS
verify() {
  timeout 30 "$@" </dev/null 2>&1 >/dev/null | sed "s|$room/||g; s/^/@said /"
}
[ ! "$found" ] || verify systemd-analyze --man=no $whose verify $found
[ "$quadlets" = no ] || QUADLET_UNIT_DIRS=$room/.quadlets:$elsewhere verify "$generators" $whose --dryrun
echo '@end'
"""


def verify(site: Site, wanted: Declared, seen: Seen) -> tuple[str, ...]:
    """What is remarked on unit files that would change, as notes. Raises when of one there would be no unit.

    Only that is certain: a program that is not there may come with an earlier change.
    """
    changing = differing(wanted, seen)
    if not changing:
        return ()
    text = verify_script(wanted, changing, gone_files(wanted, seen))
    result = site.runner.run(script(text, Effect.STAGES, timeout=TIMEOUT, account=wanted.manager.account))
    if result.text.strip() == "@missing":
        return ("systemd-analyze is not on the node: its unit files were not verified",)
    generated = {file.unit for file in wanted.files if wanted.is_quadlet(file)}
    try:
        remarks = parse_remarks(result.text, changing, generated)
    except ValueError:
        said = printable(redacted(result.errors)).strip().splitlines()
        return (f"its unit files could not be verified: {said[-1] if said else 'there was no whole answer'}",)
    ours = {file.unit for file in wanted.files if not file.is_drop_in}
    _require_units(site, [remark for remark in remarks if remark.is_bad and remark.file.unit in ours])
    return tuple(map(str, remarks))


def verify_script(wanted: Declared, changing: Sequence[UnitFile], gone: Iterable[str]) -> str:
    files = {_below(wanted, file.path): file for file in wanted.files}
    hidden = [_below(wanted, path) for path in gone]
    folders = {name.rpartition("/")[0] for name in (*files, *hidden)} - {"", ".quadlets"}
    units = list(dict.fromkeys(file.unit for file in changing if not wanted.is_quadlet(file)))
    has_quadlets = any(wanted.is_quadlet(file) for file in changing)
    parts = [
        wanted.manager.shell + _BEGIN,
        f"whose={'--user' if wanted.manager.is_users else ''}",
        f"quadlets={'yes' if has_quadlets else 'no'}",
        *(f'mkdir "$room"/{quote(folder)} || exit 1' for folder in sorted(folders)),
        *(f"put {quote(name)} {base64.b64encode(file.content).decode()}" for name, file in files.items()),
        # What goes is there still, and must not count.
        *(f'ln -s /dev/null "$room"/{quote(name)} || exit 1' for name in hidden),
        *(f'found="$found $room"/{quote(unit)}' if unit in files else f"bring {quote(unit)}" for unit in units),
    ]
    return "\n".join(parts) + _VERIFY


def _below(wanted: Declared, path: str) -> str:
    """The name of a copy: systemd and Podman tell kinds of files by their names."""
    units, quadlets = f"{wanted.manager.units}/", f"{wanted.manager.quadlets}/"
    return path.removeprefix(units) if path.startswith(units) else f".quadlets/{path.removeprefix(quadlets)}"


def _require_units(site: Site, bad: Sequence[Remark]) -> None:
    if bad:
        raise ToolError(
            f"{site.node.name}: {bad[0]}",
            said="\n".join(map(str, bad[1:])),
            remedy="there would be no such unit: correct it, commit, then plan again",
        )
