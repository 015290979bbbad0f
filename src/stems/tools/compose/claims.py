"""What services would own on a node: projects, containers, published ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stems.errors import ConfigurationError
from stems.model.claim import Certainty, Claim
from stems.model.finding import Place
from stems.model.node import Node
from stems.readers.interpolation import interpolate, references
from stems.readers.ports import published
from stems.tools.base import Job
from stems.tools.compose.naming import NAME
from stems.tools.compose.preview import compose_services
from stems.tools.compose.profiles import runs
from stems.tools.compose.project import Project, read_project
from stems.tools.compose.tree import values
from stems.tools.compose.written import Definition, as_list, as_section


def claims(job: Job, node: Node) -> Iterator[Claim]:
    for service in compose_services(job, node):
        try:
            project = read_project(job, service, node)
        except ConfigurationError:
            continue  # `check` says what is wrong with it
        place = project.documents[0].place("name")
        if service.project:
            place = job.cluster.written.place("services", service.name, "project")
        yield Claim(node.name, NAME, f"project:{project.name}", place, service.name)
        for name in project.services:
            sure = runs(job, node, project, name)
            if sure is not None:
                yield from _Service(job, node, project, name).claims(sure)


@dataclass(frozen=True, slots=True)
class _Service:
    """One Compose service on one node."""

    job: Job
    node: Node
    project: Project
    name: str

    def claims(self, sure: Certainty) -> Iterator[Claim]:
        count = self._count()
        if count == 0:
            return
        yield from self._containers(count, sure)
        # With a mode of their own, ports are the host's or another container's.
        if any(text.body.get("network_mode") for text in self._texts):
            return
        for text in self._from("ports"):
            for index, entry in enumerate(as_list(text.body.get("ports"))):
                yield from self._ports(text, _port(entry), text.place("ports", index), sure)

    @property
    def _texts(self) -> list[Definition]:
        return self.project.services[self.name]

    def _from(self, key: str) -> list[Definition]:
        """The texts that say something of a key, without those that a later one replaces."""
        found: list[Definition] = []
        for text in self._texts:
            if text.replaces(key):
                found = []
            if text.body.get(key) is not None:
                found.append(text)
        return found

    def _count(self) -> int | None:
        """How many containers there are to be, `None` where only the node knows."""
        deployed = [(text, as_section(text.body["deploy"])) for text in self._from("deploy")]
        if any("mode" in each for _, each in deployed):
            return None
        said = [(text, each["replicas"]) for text, each in deployed if "replicas" in each]
        said += [(text, text.body["scale"]) for text in self._from("scale")]
        if not said:
            return 1
        resolved, is_sure = self._resolved(said[-1][0], str(said[-1][1]))
        return int(resolved) if resolved and is_sure and resolved.isdecimal() else None

    def _containers(self, count: int | None, sure: Certainty) -> Iterator[Claim]:
        named = self._from("container_name")
        if named:
            text = str(named[-1].body["container_name"])
            name, is_sure = self._resolved(named[-1], text)
            sure = Certainty.UNKNOWN if name is None else sure if is_sure else Certainty.POSSIBLE
            yield self._claim(f"container:{name or text}", named[-1].place("container_name"), sure)
            return
        for number in range(1, (count or 0) + 1):
            yield self._claim(
                f"container:{self.project.name}-{self.name}-{number}", self.project.place(self.name), sure
            )

    def _ports(self, text: Definition, port: str, place: Place, sure: Certainty) -> Iterator[Claim]:
        resolved, is_sure = self._resolved(text, port)
        if resolved is None:
            yield self._claim(f"port:{port}", place, Certainty.UNKNOWN)
        for each in published(resolved or ""):
            yield self._claim(f"port:{each}", place, sure if is_sure and each.is_certain else Certainty.POSSIBLE)

    def _resolved(self, text: Definition, value: str) -> tuple[str | None, bool]:
        """A value with its variables, and whether nothing in it could come from a `.env` that only the node has."""
        given = values(self.job, self.node, *text.written.envs)
        return interpolate(value, given), all(each.name in given for each in references(value))

    def _claim(self, resource: str, place: Place, certainty: Certainty) -> Claim:
        return Claim(
            self.node.name, NAME, resource, place, f"{self.project.service.name}/{self.name}", certainty=certainty
        )


def _port(entry: object) -> str:
    """An entry of `ports` on one line; nothing where Docker chooses the port of the node."""
    body = as_section(entry)
    if not body:
        return str(entry)
    if "published" not in body:
        return ""
    host = str(body.get("host_ip", ""))
    address = f"[{host.strip('[]')}]:" if ":" in host and "$" not in host else f"{host}:" if host else ""
    return f"{address}{body['published']}:{body.get('target', 0)}/{body.get('protocol', 'tcp')}"
