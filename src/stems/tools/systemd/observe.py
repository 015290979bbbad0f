"""What lies where units go, how the units are, and what stems left there: one script for a manager, and its answer."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.before import LOOKING
from stems.infrastructure.command import Effect, script
from stems.model.names import USER, is_name, printable
from stems.tools.base import Site
from stems.tools.systemd.manager import Manager, managers
from stems.tools.systemd.units import Declared

TIMEOUT = 60.0
MAX_TEXT = 256 * 1024
PROPERTIES = "LoadState,ActiveState,UnitFileState,Type,RemainAfterExit"
_PLACED = re.compile(r"(?:file (\S+) ([0-9a-f]{64}) (/\S+)|unit (\S+) (own|package) (\S+) (\S+)|linger (own|found))")

# What a package brings lies elsewhere, and what is enabled is a symlink here.
_STRANGERS = r"""
strangers() {
  for path in /etc/systemd/system/* /etc/containers/systemd/*; do
    if [ -f "$path" ] && [ ! -L "$path" ] && ! cut -c 67- "$left"/*.sha256 2>/dev/null | grep -qxF -e "$path"; then
      printf '@stranger %s\n' "$path"
    fi
  done
}
"""

_BEGIN = r"""
blocked() { printf '@blocked %s\n' "$1"; exit 0; }
command -v systemctl >/dev/null && [ -d /run/systemd/system ] || blocked 'systemd does not run on the node'
"""

_LINGERS = r"""
if [ -e "/var/lib/systemd/linger/$user" ]; then lingers=yes
elif is_absent "/var/lib/systemd/linger/$user"; then lingers=no
else fail "/var/lib/systemd/linger/$user: cannot be read"; fi
printf '@user %s %s\n' "$lingers" "$user"
runs=$(systemctl show --property=ActiveState --value "user@$uid.service" </dev/null) || fail "user@$uid: no answer"
[ "$runs" = active ] || blocked "no manager of units runs for $user: \`sudo loginctl enable-linger $user\` starts one"
"""

_LOOK = r"""
[ "$quadlets" = no ] || [ -x "$generators" ] || blocked 'Podman is not on the node, or has no quadlets (4.4)'
if [ -e "$placed" ]; then sed 's/^/@placed /' "$placed" || fail "$placed: cannot be read"
elif ! is_absent "$placed"; then fail "$placed: cannot be read"; fi
{ printf '%s\n' "$paths"; [ ! -e "$placed" ] || sed -n 's/^file [^ ]* [^ ]* //p' "$placed"; } | LC_ALL=C sort -u |
while IFS= read -r path; do
  [ -n "$path" ] || continue
  if [ -L "$path" ]; then printf '@file other - %s\n' "$path"
  elif [ -f "$path" ]; then
    sum=$(sha256sum <"$path") && mode=$(stat -c %a "$path") || fail "$path: cannot be read"
    printf '@file %s %s %s\n' "$mode" "${sum%% *}" "$path"
    [ "$(wc -c <"$path")" -gt "$max_text" ] || printf '@text %s %s\n' "$path" "$(base64 <"$path" | tr -d '\n')"
  elif is_absent "$path"; then printf '@file absent - %s\n' "$path"
  else printf '@file other - %s\n' "$path"; fi
done || exit 1
{ printf '%s\n' "$units"; [ ! -e "$placed" ] || sed -n 's/^unit [^ ]* own [^ ]* //p' "$placed"; } | LC_ALL=C sort -u |
while IFS= read -r unit; do
  [ -n "$unit" ] || continue
  told=$($systemctl show --property="$properties" -- "$unit" </dev/null) || fail "$unit: systemctl does not tell"
  printf '@unit %s %s\n' "$unit" "$(printf %s "$told" | tr '\n' ' ')"
done || exit 1
strangers
echo '@end'
"""


@dataclass(frozen=True, slots=True)
class FileState:
    """What lies at a path: mode and digest of a file; `absent`, or `other` for what is neither."""

    mode: str
    sha: str = ""
    content: bytes | None = None

    @property
    def is_absent(self) -> bool:
        return self.mode == "absent"


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """What systemd says of a unit."""

    load: str
    active: str
    file: str
    kind: str

    @property
    def is_there(self) -> bool:
        return self.load != "not-found"

    @property
    def is_active(self) -> bool:
        return self.active in ("active", "reloading", "activating", "refreshing")

    def __str__(self) -> str:
        return f"{'active' if self.is_active else self.active} {self.file or '-'}"


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit that stems started or stopped: whether the repository brought it, and how it was left."""

    service: str
    is_own: bool
    left: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer of a node about one manager.

    `placed_files` is path to service and digest, as stems noted them. Of the manager of a user, `user` is whose it is,
    `lingers` whether it runs without a session, and `placed_linger` what stems noted of that: `own` or `found`. Of the
    system's, `strangers` are files where units go that no tool of stems left there.
    """

    blocked: str = ""
    files: Mapping[str, FileState] = field(default_factory=dict)
    units: Mapping[str, UnitSeen] = field(default_factory=dict)
    placed_files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    placed_units: Mapping[str, PlacedUnit] = field(default_factory=dict)
    user: str = ""
    lingers: bool = False
    placed_linger: str = ""
    strangers: tuple[str, ...] = ()


def placed_path(state: str, manager: Manager) -> str:
    """The note on the node of what stems placed and started."""
    return f"{state}/units/{'placed-user' if manager.is_users else 'placed'}"


def observe_script(site: Site, wanted: Declared) -> str:
    names = {
        "placed": placed_path(site.state, wanted.manager),
        "paths": "\n".join(file.path for file in wanted.files),
        "units": "\n".join(unit.name for unit in wanted.units),
        "properties": PROPERTIES,
        "quadlets": "yes" if wanted.has_quadlets else "no",
        "max_text": str(MAX_TEXT),
        "left": f"{site.state}/left",
    }
    given = "".join(f"{name}={quote(value)}\n" for name, value in names.items())
    begin = given + wanted.manager.shell + LOOKING + _BEGIN
    if wanted.manager.is_users:
        return f"{begin}{_LINGERS}strangers() {{ :; }}\n{_LOOK}"
    return begin + _STRANGERS + _LOOK


def observe(site: Site, wanted: Declared) -> Seen:
    text, account = observe_script(site, wanted), wanted.manager.account
    result = site.runner.run(script(text, Effect.READS, timeout=TIMEOUT, account=account))
    problem = result.errors
    if result.ok:
        try:
            return parse_seen(result.text, wanted)
        except ValueError as error:
            problem = str(error)
    raise _unread(site, problem)


def glance(site: Site) -> tuple[list[Manager], tuple[str, ...]]:
    """For whom stems ever placed something there, and the strangers: asked without root.

    Nobody should give the password of root for nothing.
    """
    asked = managers(site.home)
    notes = [quote(placed_path(site.state, manager)) for manager in asked]
    text = "".join(f"if is_absent {note}; then echo no; else echo yes; fi\n" for note in notes)
    names = f"left={quote(f'{site.state}/left')}\n"
    result = site.runner.run(script(f"{names}{LOOKING}{_STRANGERS}strangers\n{text}", Effect.READS))
    lines = result.text.splitlines()
    answers = [line for line in lines if not line.startswith("@stranger ")]
    if not result.ok or len(answers) != len(asked) or not {"yes", "no"}.issuperset(answers):
        raise _unread(site, result.errors)
    placed = [manager for manager, answer in zip(asked, answers, strict=True) if answer == "yes"]
    return placed, tuple(_rests(lines, "stranger"))


def _unread(site: Site, problem: str) -> ToolError:
    return ToolError(
        f"{site.node.name}: its units cannot be read",
        said=printable(problem),
        remedy=f"see `systemctl status` on {site.node.name}",
    )


def parse_seen(output: str, wanted: Declared) -> Seen:
    """Raises `ValueError` for what is not whole: it is not absent."""
    lines = output.splitlines()
    users = [_user(rest) for rest in _rests(lines, "user")]
    user, lingers = users[0] if users else ("", False)
    if lines and lines[-1].startswith("@blocked "):
        return Seen(blocked=printable(lines[-1].removeprefix("@blocked ")), user=user, lingers=lingers)
    if not lines or lines[-1] != "@end" or len(users) != wanted.manager.is_users:
        raise ValueError("the answer is not whole")
    told = {tag: _rests(lines, tag) for tag in ("placed", "file", "text", "unit")}
    contents = {path: _decoded(text) for path, _, text in (rest.partition(" ") for rest in told["text"])}
    files = {path: FileState(mode, sha.strip("-"), contents.get(path)) for mode, sha, path in map(_words, told["file"])}
    units = {name: _unit(rest) for name, _, rest in (line.partition(" ") for line in told["unit"])}
    placed = [_placed(line) for line in told["placed"]]
    placed_files = {found[3]: (found[1], found[2]) for found in placed if found[1]}
    placed_units = {found[7]: PlacedUnit(found[4], found[5] == "own", found[6]) for found in placed if found[4]}
    paths = {file.path for file in wanted.files} | placed_files.keys()
    names = {unit.name for unit in wanted.units} | {name for name, unit in placed_units.items() if unit.is_own}
    if missing := (paths - files.keys()) | (names - units.keys()):
        raise ValueError(f"no answer about {min(missing)}")
    linger = next((found[8] for found in placed if found[8]), "")
    strangers = tuple(_rests(lines, "stranger"))
    return Seen("", files, units, placed_files, placed_units, user, lingers, linger, strangers)


def _user(rest: str) -> tuple[str, bool]:
    answer, _, user = rest.partition(" ")
    if answer not in ("yes", "no") or not is_name(USER, user):
        raise ValueError(f"not an answer about a user: {printable(rest[:80])!r}")
    return user, answer == "yes"


def _rests(lines: Iterable[str], tag: str) -> list[str]:
    return [line.removeprefix(f"@{tag} ") for line in lines if line.startswith(f"@{tag} ")]


def _words(line: str) -> tuple[str, str, str]:
    parts = line.split(" ", 2)
    if len(parts) != 3:
        raise ValueError(f"not understood: {printable(line[:80])!r}")
    return parts[0], parts[1], parts[2]


def _unit(rest: str) -> UnitSeen:
    values = dict(word.split("=", 1) for word in rest.split() if "=" in word)
    if "LoadState" not in values or "ActiveState" not in values:
        raise ValueError(f"not the state of a unit: {printable(rest[:80])!r}")
    kind = values.get("Type", "")
    remains = values.get("RemainAfterExit") == "yes"
    return UnitSeen(
        values["LoadState"],
        values["ActiveState"],
        values.get("UnitFileState", ""),
        "oneshot" if kind == "oneshot" and not remains else kind,
    )


def _placed(line: str) -> re.Match[str]:
    found = _PLACED.fullmatch(line)
    if not found:
        raise ValueError(f"not a note of stems: {printable(line[:80])!r}")
    return found


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
