"""What services would own on a node: projects, containers with a fixed name, published ports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.errors import ConfigurationError
from stems.model.claim import Claim
from stems.model.node import Node
from stems.readers.interpolation import interpolate
from stems.tools.base import Job
from stems.tools.compose.naming import NAME
from stems.tools.compose.preview import compose_services
from stems.tools.compose.project import Project, as_list, as_section, read_project
from stems.tools.compose.variables import environment

_PORT = re.compile(
    r"(?:(?P<address>\[[0-9a-fA-F:]+\]|[0-9.]+):)?(?P<first>\d+)(?:-(?P<last>\d+))?:[\d-]+(?:/(?P<protocol>tcp|udp|sctp))?"
)
_MOST_PORTS = 1024


def claims(job: Job, node: Node) -> Iterator[Claim]:
    for service in compose_services(job, node):
        try:
            project = read_project(job, service, node)
        except ConfigurationError:
            continue  # `check` says what is wrong with it
        yield Claim(node.name, NAME, f"project:{project.name}", project.documents[0].place())
        yield from _of_services(project, environment(job, node), node)


def _of_services(project: Project, values: dict[str, str], node: Node) -> Iterator[Claim]:
    for name, bodies in project.services.items():
        for body in bodies:
            fixed = interpolate(str(body.get("container_name", "")), values)
            if fixed:
                yield Claim(node.name, NAME, f"container:{fixed}", project.place(name, "container_name"))
            for index, entry in enumerate(as_list(body.get("ports"))):
                for port in published(entry, values):
                    yield Claim(node.name, NAME, f"port:{port}", project.place(name, "ports", index))


def published(entry: object, values: dict[str, str]) -> Iterator[str]:
    """`address:port/protocol` of each port of the node that an entry of `ports` takes."""
    match = _PORT.fullmatch(interpolate(entry, values) or "") if isinstance(entry, str) else _long(entry, values)
    if match is None:
        return
    first, last = int(match["first"]), int(match["last"] or match["first"])
    for port in range(first, min(last, first + _MOST_PORTS) + 1):
        yield f"{match['address'] or '0.0.0.0'}:{port}/{match['protocol'] or 'tcp'}"  # noqa: S104  # Docker's own default


def _long(entry: object, values: dict[str, str]) -> re.Match[str] | None:
    body = as_section(entry)
    if "published" not in body:
        return None
    address = f"{body['host_ip']}:" if "host_ip" in body else ""
    text = f"{address}{body['published']}:{body.get('target', 0)}/{body.get('protocol', 'tcp')}"
    return _PORT.fullmatch(interpolate(text, values) or "")
