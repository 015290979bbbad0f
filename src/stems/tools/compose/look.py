"""How services are on a node: one question to Docker, part of every probe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from stems.model.cluster import Cluster
from stems.model.names import DIGEST, is_name, printable
from stems.model.node import Node
from stems.model.service import Service
from stems.model.state import Health, ServiceState
from stems.tools.compose.container import CONTAINER_FORMAT, Container, parse_container
from stems.tools.compose.naming import NAME, name_by_folder

__all__ = ["NAME", "look", "parse_look"]

_LOOK = r"""
command -v docker >/dev/null 2>&1 || { printf '@missing\n@end\n'; exit 0; }
as=
listed() { $as docker ps -a --no-trunc --filter label=com.docker.compose.project --format "$format" 2>&1; }
if ! said=$(listed); then
  case $said in *'permission denied'*) as='sudo -n'; said=$(listed) || { printf '%s\n' "$said"; exit 1; } ;;
  *) printf '%s\n' "$said"; exit 1 ;; esac
fi
[ -z "$said" ] || printf '%s\n' "$said"
set -- "$state"/*/applied
[ ! -e "$1" ] || sed 's/^/@applied /' "$@" || exit 1
# Only of those that may be in a loop: it is one question more. One that is gone meanwhile has no count.
set -- $(printf '%s\n' "$said" | sed -n "$young")
[ ! "${1-}" ] || $as docker inspect --format '@restarts {{.Id}} {{.RestartCount}}' "$@" 2>/dev/null || :
printf '@end\n'
"""

_YOUNG = r"""s/^\["\([0-9a-f]*\)","[^"]*","\(restarting","\|running","Up [^"]* second\).*/\1/p"""
"""Takes the ids of containers that Docker restarts, or that run for less than a minute, out of the list."""

_WORST = (Health.DOWN, Health.UNHEALTHY, Health.STARTING, Health.HEALTHY)


@dataclass(frozen=True, slots=True)
class _Applied:
    """What stems applied of one Compose service: a line of `applied`."""

    project: str
    declared: str
    service: str
    digest: str
    kind: str
    count: str = "1"


def look(cluster: Cluster, node: Node) -> str:
    """A POSIX-sh snippet for the probe of a node."""
    del node
    state = f'"$HOME"/.local/state/stems/{quote(cluster.name)}/services'
    return f"format={quote(CONTAINER_FORMAT)}\nyoung={quote(_YOUNG)}\nstate={state}\n{_LOOK}"


def parse_look(cluster: Cluster, node: Node, output: str) -> Sequence[ServiceState]:
    """One state for each declared service of the node. Raises `ValueError` for what cannot be read."""
    declared = [service for service in cluster.services_on(node.name) if service.tool == NAME]
    lines = [line for line in output.splitlines() if line]
    if not lines or lines[-1] != "@end":
        raise ValueError("the answer of the node is not whole")
    if lines[0] == "@missing":
        return [ServiceState(s.name, Health.DOWN, "Docker is not on the node", as_deployed=False) for s in declared]
    applied = [_parse_applied(line) for line in lines if line.startswith("@applied ")]
    restarts = dict(_parse_restarts(line) for line in lines if line.startswith("@restarts "))
    containers = [_parse(line) for line in lines[:-1] if not line.startswith(("@applied ", "@restarts "))]
    running = [found for found in containers if not found.is_one_off]
    return [_state(cluster, service, running, applied, restarts) for service in declared]


def _parse(line: str) -> Container:
    try:
        return parse_container(line)
    except json.JSONDecodeError:
        raise ValueError(f"not a container: {printable(line[:80])}") from None


def _parse_restarts(line: str) -> tuple[str, int]:
    words = line.split(" ")[1:]
    if len(words) != 2 or not words[1].isdecimal():
        raise ValueError(f"not a count of restarts: {printable(line[:80])}")
    return words[0], int(words[1])


def _parse_applied(line: str) -> _Applied:
    words = line.split(" ")[1:]
    if len(words) not in {5, 6} or not is_name(DIGEST, words[3]) or not all(map(str.isdecimal, words[5:])):
        raise ValueError(f"not a record of what was applied: {printable(line[:80])}")
    return _Applied(*words)


def _state(
    cluster: Cluster,
    service: Service,
    running: list[Container],
    applied: list[_Applied],
    restarts: Mapping[str, int],
) -> ServiceState:
    expected = {one.service: one for one in applied if one.declared == service.name}
    projects = {one.project for one in expected.values()} or {service.project or name_by_folder(service.where)}
    own = [found for found in running if found.project in projects]
    told = [_of_container(found, expected, cluster.name) for found in own]
    told += [state for one in expected.values() for state in _of_count(one, own)]
    if not told:
        return ServiceState(service.name, Health.DOWN, "not deployed", as_deployed=False)
    worst = min((health for health, _, _ in told), key=_WORST.index)
    detail = "; ".join(text for health, text, _ in told if health is not Health.HEALTHY)
    return ServiceState(
        service.name,
        worst,
        detail,
        as_deployed=all(same for _, _, same in told),
        settled=not any(found.state == "restarting" for found in own),
        restarts=max((restarts[found.identity] for found in own if found.identity in restarts), default=None),
    )


def _of_count(one: _Applied, own: list[Container]) -> Iterator[tuple[Health, str, bool]]:
    there, wanted = sum(found.service == one.service for found in own), int(one.count)
    if there < wanted:
        yield Health.DOWN, f"{one.service} missing" if not there else f"{one.service} {there} of {wanted}", False
    elif there > wanted:
        yield Health.HEALTHY, "", False


def _of_container(found: Container, expected: dict[str, _Applied], cluster: str) -> tuple[Health, str, bool]:
    was = expected.get(found.service)
    same = was is not None and found.cluster == cluster and found.digest == was.digest
    detail = f"{found.name} {found.status[:1].lower()}{found.status[1:]}"
    if was is not None and was.kind == "job" and found.is_done:
        return Health.HEALTHY, detail, same
    return _health(found), detail, same and found.is_up


def _health(found: Container) -> Health:
    if found.state == "restarting" or "(unhealthy)" in found.status:
        return Health.UNHEALTHY
    if found.state != "running":
        return Health.DOWN
    return Health.STARTING if "(health: starting)" in found.status else Health.HEALTHY
