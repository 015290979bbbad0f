"""What systemd says of unit files before they are placed: `systemd-analyze verify` of private copies on the node."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.command import Effect, script
from stems.model.finding import Place
from stems.model.names import printable
from stems.tools.base import Site
from stems.tools.redact import redacted
from stems.tools.systemd.changes import differing, gone_files
from stems.tools.systemd.observe import Seen
from stems.tools.systemd.units import Declared, UnitFile

TIMEOUT = 60.0
_FATAL = re.compile(r"Unit (\S+) has a bad unit file setting\.")
_TELLS_NOTHING = "Unit configuration has fatal error, unit will not be started."
_INSTANCE = re.compile(r"@[^.]*\.")

# The folder of what is verified comes before those of the system, so the copies hide what is placed now.
_BEGIN = r"""
command -v systemd-analyze >/dev/null || { echo '@missing'; exit 0; }
room=$(mktemp -d) || exit 1
trap 'rm -rf "$room"' EXIT
put() { printf %s "$2" | base64 -d >"$room/$1" || exit 1; }
found=
# A drop-in of a package's unit is verified with that unit, where it is there already.
bring() {
  from=$($systemctl show --property=FragmentPath --value -- "$1" </dev/null) && [ -f "$from" ] || return 0
  cp -- "$from" "$room/$1" && found="$found $room/$1"
}
"""
_VERIFY = r"""
printf '@room %s\n' "$room"
[ ! "$found" ] || LC_ALL=C SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=info SYSTEMD_COLORS=0 \
  timeout 30 systemd-analyze $whose --man=no verify $found </dev/null >"$room/.said" 2>&1
case $? in 124) exit 1 ;; esac
[ ! -e "$room/.said" ] || sed 's/^/@said /' "$room/.said"
echo '@end'
"""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that systemd said of a file of the repository."""

    unit: str
    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def verify(site: Site, wanted: Declared, seen: Seen) -> tuple[str, ...]:
    """What systemd remarks on unit files that would change, as notes. Raises when one could not be loaded.

    Only that is certain: a program that is not there may come with an earlier change.
    """
    changing = [file for file in differing(wanted, seen) if not wanted.is_quadlet(file)]
    if not changing:
        return ()
    text = verify_script(wanted, changing, gone_files(wanted, seen))
    result = site.runner.run(script(text, Effect.STAGES, timeout=TIMEOUT, account=wanted.manager.account))
    if result.text.strip() == "@missing":
        return ("systemd-analyze is not on the node: its unit files were not verified",)
    try:
        remarks, bad = parse_verified(redacted(result.text), changing)
    except ValueError:
        said = printable(result.errors).strip().splitlines()
        return (f"its unit files could not be verified: {said[-1] if said else 'systemd-analyze did not end'}",)
    _require_loadable(site, [remark for remark in remarks if remark.unit in bad & _own(changing)])
    return tuple(str(remark) for remark in remarks)


def verify_script(wanted: Declared, changing: Sequence[UnitFile], gone: Iterable[str]) -> str:
    files = {_below(wanted, file.path): file for file in wanted.files if not wanted.is_quadlet(file)}
    hidden = [_below(wanted, path) for path in gone if path.startswith(f"{wanted.manager.units}/")]
    folders = {name.partition("/")[0] for name in (*files, *hidden) if "/" in name}
    units = list(dict.fromkeys(file.unit for file in changing))
    parts = [
        wanted.manager.shell + _BEGIN,
        f"whose={'--user' if wanted.manager.is_users else '--system'}",
        *(f'mkdir "$room"/{quote(folder)} || exit 1' for folder in sorted(folders)),
        *(f"put {quote(name)} {base64.b64encode(file.content).decode()}" for name, file in files.items()),
        # What goes is there still, and must not count.
        *(f'ln -s /dev/null "$room"/{quote(name)} || exit 1' for name in hidden),
        *(f'found="$found $room"/{quote(unit)}' if unit in files else f"bring {quote(unit)}" for unit in units),
    ]
    return "\n".join(parts) + _VERIFY


def _below(wanted: Declared, path: str) -> str:
    return path.removeprefix(f"{wanted.manager.units}/")


def _own(files: Iterable[UnitFile]) -> set[str]:
    """The units of which a file is the repository's, and not only a drop-in."""
    return {file.unit for file in files if file.path.endswith(f"/{file.unit}")}


def parse_verified(output: str, changing: Sequence[UnitFile]) -> tuple[list[Remark], set[str]]:
    """What was said of these files, and the units that could not be loaded. Raises `ValueError` for half an answer."""
    lines = output.splitlines()
    if not lines or lines[-1] != "@end" or not lines[0].startswith("@room "):
        raise ValueError("the answer is not whole")
    room = lines[0].removeprefix("@room ")
    said = [printable(line.removeprefix("@said ")) for line in lines if line.startswith("@said ")]
    units = {file.unit for file in changing}
    bad = {_declared(match[1], units) for line in said if (match := _FATAL.fullmatch(line))}
    found = (remark for line in said for remark in _remark(line, room, changing))
    return list(dict.fromkeys(found)), bad


def _remark(line: str, room: str, changing: Sequence[UnitFile]) -> Iterator[Remark]:
    subject, _, text = line.partition(": ")
    if not text or text == _TELLS_NOTHING:
        return
    path, _, number = subject.removeprefix(f"{room}/").partition(":")
    for file in changing:
        if subject.startswith(f"{room}/") and file.path.endswith(f"/{path}"):
            yield Remark(file.unit, Place(file.place.path, int(number) if number.isdigit() else 0), text)
            return
    unit = _declared(subject, {file.unit for file in changing})
    main = next((file for file in changing if file.unit == unit and file.path.endswith(f"/{unit}")), None)
    if file := main or next((file for file in changing if file.unit == unit), None):
        yield Remark(file.unit, Place(file.place.path), text)


def _declared(unit: str, units: Collection[str]) -> str:
    """The name in the repository: of a template systemd verifies an instance."""
    return unit if unit in units else _INSTANCE.sub("@.", unit, count=1)


def _require_loadable(site: Site, remarks: Sequence[Remark]) -> None:
    if remarks:
        raise ToolError(
            f"{site.node.name}: {remarks[0]}",
            said="\n".join(map(str, remarks[1:])),
            remedy="systemd would not load that unit: correct it, commit, then plan again",
        )
