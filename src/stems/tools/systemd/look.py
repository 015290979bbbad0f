"""How the units of services are on a node: part of every probe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.service import Scope, Service, UnitState
from stems.model.state import Health, ServiceState

NAME = "systemd"

__all__ = ["NAME", "look", "parse_look"]

SETTLES = 10.0
"""Seconds that a unit must run after systemd started it again before it counts as well: a loop is not well between."""

_LOOK = r"""
command -v systemctl >/dev/null || { printf '@missing\n@end\n'; exit 0; }
read -r up rest </proc/uptime
printf '@up %s\n' "$up"
# Of which manager, its note, and the words that reach it.
tell() {
  sed -n "s/^unit /@placed $1 /p" "$2" || exit 1
  [ "$3" ] || { echo '@down'; return 0; }
  sed -n 's/^unit [^ ]* [^ ]* [^ ]* //p' "$2" |
  while IFS= read -r unit; do
    [ -n "$unit" ] || continue
    told=$($3 show --property="$properties" -- "$unit" </dev/null) || exit 1
    printf '@unit %s %s %s\n' "$1" "$unit" "$(printf %s "$told" | tr '\n' ' ')"
  done || exit 1
}
[ ! -e "$folder/placed" ] || tell system "$folder/placed" systemctl
if [ -s "$folder/placed-user" ]; then
  user=$(id -un) && uid=$(id -u) || exit 1
  XDG_RUNTIME_DIR=/run/user/$uid; export XDG_RUNTIME_DIR
  if [ -e "/var/lib/systemd/linger/$user" ]; then echo '@lingers'; fi
  runs=$(systemctl show --property=ActiveState --value "user@$uid.service" </dev/null) || exit 1
  reach=
  [ "$runs" != active ] || reach='systemctl --user'
  tell user "$folder/placed-user" "$reach"
fi
printf '@end\n'
"""
_PROPERTIES = "LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts,ActiveEnterTimestampMonotonic,Type"


@dataclass(frozen=True, slots=True)
class _Told:
    """What a node said, by scope: what stems placed, and the values of each unit. `up` is how long it runs.

    `is_down` and `lingers` are of the manager of the SSH user.
    """

    up: float
    is_down: bool
    lingers: bool
    placed: tuple[tuple[str, ...], ...]
    units: Mapping[tuple[str, str], Mapping[str, str]]

    def names(self, service: Service) -> list[str]:
        wanted = (service.scope.value, service.name)
        return [name for scope, owner, _, _, name in self.placed if (scope, owner) == wanted]

    def of(self, service: Service, name: str) -> Mapping[str, str]:
        return self.units[service.scope.value, name]


def look(cluster: Cluster, node: Node) -> str:
    """A POSIX-sh snippet for the probe of a node. Which units a folder brought is noted on the node."""
    del node
    folder = f'"$HOME"/.local/state/stems/{quote(cluster.name)}/units'
    return f"folder={folder}\nproperties={_PROPERTIES}\n{_LOOK}"


def parse_look(cluster: Cluster, node: Node, output: str) -> Sequence[ServiceState]:
    """One state for each declared service of the node. Raises `ValueError` for what cannot be read."""
    lines = [line for line in output.splitlines() if line]
    if not lines or lines[-1] != "@end":
        raise ValueError("the answer of the node is not whole")
    services = _declared(cluster, node)
    if lines[0] == "@missing":
        reason = "systemd is not on the node"
        return [ServiceState(service.name, Health.DOWN, reason, as_deployed=False) for service in services]
    told = _told(lines)
    return [_state(service, told) for service in services]


def _told(lines: Sequence[str]) -> _Told:
    up = [float(line.removeprefix("@up ")) for line in lines if line.startswith("@up ")]
    placed = [tuple(line.split(" ")[1:]) for line in lines if line.startswith("@placed ")]
    parts = [line.split(" ", 3) for line in lines if line.startswith("@unit ")]
    if len(up) != 1 or any(len(part) != 5 for part in placed) or any(len(part) != 4 for part in parts):
        raise ValueError("the answer of the node is not understood")
    units = {(scope, name): _values(rest) for _, scope, name, rest in parts}
    return _Told(up[0], "@down" in lines, "@lingers" in lines, tuple(placed), units)


def _declared(cluster: Cluster, node: Node) -> list[Service]:
    return [service for service in cluster.services_on(node.name) if service.tool == NAME]


def _values(rest: str) -> dict[str, str]:
    values = dict(word.split("=", 1) for word in rest.split() if "=" in word)
    if "ActiveState" not in values:
        raise ValueError("not the state of a unit")
    return values


def _state(service: Service, told: _Told) -> ServiceState:
    names = told.names(service)
    if not names:
        return ServiceState(service.name, Health.DOWN, "not deployed", as_deployed=False)
    if service.scope is Scope.USER and told.is_down:
        return ServiceState(service.name, Health.DOWN, "no manager of units runs for the SSH user", as_deployed=False)
    if missing := sorted(name for name in names if (service.scope.value, name) not in told.units):
        raise ValueError(f"no answer about {missing[0]}")
    found = [(name, *_judged(service.state, told.of(service, name), told.up)) for name in names]
    if service.scope is Scope.USER and service.state is UnitState.RUNNING and not told.lingers:
        found.append(("the SSH user", Health.UNHEALTHY, "does not linger, so its units end with its last session"))
    worst = min((health for _, health, _ in found), key=_WORST.index)
    ill = [f"{name} {text}" for name, health, text in found if health is not Health.HEALTHY]
    return ServiceState(
        service.name,
        worst,
        "; ".join(ill),
        as_deployed=worst in (Health.HEALTHY, Health.STARTING),
        settled=not any(told.of(service, name).get("SubState") == "auto-restart" for name in names),
    )


_WORST = (Health.DOWN, Health.UNHEALTHY, Health.STARTING, Health.HEALTHY)


def _judged(wanted: UnitState, values: Mapping[str, str], up: float) -> tuple[Health, str]:
    if wanted is UnitState.RUNNING:
        return _running(values, up) if values["ActiveState"] == "active" else _not_running(values)
    active = values["ActiveState"]
    is_so = active in ("inactive", "failed") and (
        wanted is UnitState.STOPPED or values.get("UnitFileState") == "masked"
    )
    return (Health.HEALTHY, "") if is_so else (Health.UNHEALTHY, f"is {active}, to be {wanted.value}")


def _running(values: Mapping[str, str], up: float) -> tuple[Health, str]:
    since = up - int(values.get("ActiveEnterTimestampMonotonic") or 0) / 1e6
    if values.get("NRestarts", "0") not in ("0", "") and since < SETTLES:
        return Health.STARTING, f"was started again {values['NRestarts']} times, last {max(0.0, since):.0f} s ago"
    return Health.HEALTHY, ""


def _not_running(values: Mapping[str, str]) -> tuple[Health, str]:
    active = values["ActiveState"]
    if values.get("LoadState") == "not-found":
        return Health.DOWN, "is not there"
    if values.get("SubState") == "auto-restart":
        return Health.UNHEALTHY, f"is started again and again ({values.get('NRestarts', '?')} times)"
    if active == "failed":
        return Health.UNHEALTHY, f"failed ({values.get('Result', 'no reason')})"
    if active in ("activating", "reloading"):
        return Health.STARTING, f"is {active}"
    is_done = values.get("Type") == "oneshot" and values.get("Result") == "success"
    return (Health.HEALTHY, "") if is_done else (Health.DOWN, f"is {active}")
