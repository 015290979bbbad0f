"""How the units of services are on a node: part of every probe."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.service import Service, UnitState
from stems.model.state import Health, ServiceState

NAME = "systemd"

__all__ = ["NAME", "look", "parse_look"]

SETTLES = 10.0
"""Seconds that a unit must run after systemd started it again before it counts as well: a loop is not well between."""

_LOOK = r"""
command -v systemctl >/dev/null || { printf '@missing\n@end\n'; exit 0; }
[ ! -e "$placed" ] || sed -n 's/^unit /@placed /p' "$placed" || exit 1
read -r up rest </proc/uptime
printf '@up %s\n' "$up"
{ [ ! -e "$placed" ] || sed -n 's/^unit [^ ]* [^ ]* [^ ]* //p' "$placed"; } |
while IFS= read -r unit; do
  [ -n "$unit" ] || continue
  told=$(systemctl show --property="$properties" -- "$unit" </dev/null) || exit 1
  printf '@unit %s %s\n' "$unit" "$(printf %s "$told" | tr '\n' ' ')"
done || exit 1
printf '@end\n'
"""
_PROPERTIES = "LoadState,ActiveState,SubState,UnitFileState,Result,NRestarts,ActiveEnterTimestampMonotonic,Type"


def look(cluster: Cluster, node: Node) -> str:
    """A POSIX-sh snippet for the probe of a node. Which units a folder brought is noted on the node."""
    del node
    placed = f'"$HOME"/.local/state/stems/{quote(cluster.name)}/units/placed'
    return f"placed={placed}\nproperties={_PROPERTIES}\n{_LOOK}"


def parse_look(cluster: Cluster, node: Node, output: str) -> Sequence[ServiceState]:
    """One state for each declared service of the node. Raises `ValueError` for what cannot be read."""
    lines = [line for line in output.splitlines() if line]
    if not lines or lines[-1] != "@end":
        raise ValueError("the answer of the node is not whole")
    services = _declared(cluster, node)
    if lines[0] == "@missing":
        reason = "systemd is not on the node"
        return [ServiceState(service.name, Health.DOWN, reason, as_deployed=False) for service in services]
    up = [float(line.removeprefix("@up ")) for line in lines if line.startswith("@up ")]
    placed = [line.split(" ")[1:] for line in lines if line.startswith("@placed ")]
    if len(up) != 1 or any(len(part) != 4 for part in placed):
        raise ValueError("the answer of the node is not understood")
    told = {line.split(" ", 2)[1]: _values(line.split(" ", 2)[2]) for line in lines if line.startswith("@unit ")}
    return [_state(service, [part for part in placed if part[0] == service.name], told, up[0]) for service in services]


def _declared(cluster: Cluster, node: Node) -> list[Service]:
    return [service for service in cluster.services_on(node.name) if service.tool == NAME]


def _values(rest: str) -> dict[str, str]:
    values = dict(word.split("=", 1) for word in rest.split() if "=" in word)
    if "ActiveState" not in values:
        raise ValueError("not the state of a unit")
    return values


def _state(service: Service, placed: list[list[str]], told: dict[str, dict[str, str]], up: float) -> ServiceState:
    names = [part[3] for part in placed]
    if not names:
        return ServiceState(service.name, Health.DOWN, "not deployed", as_deployed=False)
    if missing := sorted(set(names) - told.keys()):
        raise ValueError(f"no answer about {missing[0]}")
    found = [(name, *_judged(service.state, told[name], up)) for name in names]
    worst = min((health for _, health, _ in found), key=_WORST.index)
    ill = [f"{name} {text}" for name, health, text in found if health is not Health.HEALTHY]
    return ServiceState(
        service.name,
        worst,
        "; ".join(ill),
        as_deployed=worst in (Health.HEALTHY, Health.STARTING),
        settled=not any(told[name].get("SubState") == "auto-restart" for name in names),
    )


_WORST = (Health.DOWN, Health.UNHEALTHY, Health.STARTING, Health.HEALTHY)


def _judged(wanted: UnitState, values: dict[str, str], up: float) -> tuple[Health, str]:
    if wanted is UnitState.RUNNING:
        return _running(values, up) if values["ActiveState"] == "active" else _not_running(values)
    active = values["ActiveState"]
    is_so = active in ("inactive", "failed") and (
        wanted is UnitState.STOPPED or values.get("UnitFileState") == "masked"
    )
    return (Health.HEALTHY, "") if is_so else (Health.UNHEALTHY, f"is {active}, to be {wanted.value}")


def _running(values: dict[str, str], up: float) -> tuple[Health, str]:
    since = up - int(values.get("ActiveEnterTimestampMonotonic") or 0) / 1e6
    if values.get("NRestarts", "0") not in ("0", "") and since < SETTLES:
        return Health.STARTING, f"was started again {values['NRestarts']} times, last {max(0.0, since):.0f} s ago"
    return Health.HEALTHY, ""


def _not_running(values: dict[str, str]) -> tuple[Health, str]:
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
