"""What services would own on a node: projects, containers, published ports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stems.errors import ConfigurationError
from stems.model.claim import Certainty, Claim
from stems.model.finding import Place
from stems.model.node import Node
from stems.readers.document import Document
from stems.readers.interpolation import interpolate, references
from stems.readers.ports import published
from stems.tools.base import Job
from stems.tools.compose.naming import NAME
from stems.tools.compose.preview import compose_services
from stems.tools.compose.project import Project, Section, as_list, as_section, read_project, section
from stems.tools.compose.variables import environment


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
            yield from _Service(project, name, node.name, environment(job, node)).claims()


@dataclass(frozen=True, slots=True)
class _Service:
    """One Compose service on one node."""

    project: Project
    name: str
    node: str
    values: Mapping[str, str]

    def claims(self) -> Iterator[Claim]:
        parts = list(self._parts())
        bodies = [body for _, body in parts]
        # What has a profile is started only where something asks for it.
        sure = Certainty.POSSIBLE if any(body.get("profiles") for body in bodies) else Certainty.CERTAIN
        yield from self._containers(parts, sure)
        # With a mode of their own, ports are the host's or another container's.
        if not any(body.get("network_mode") for body in bodies):
            for document, body in parts:
                for index, entry in enumerate(as_list(body.get("ports"))):
                    yield from self._ports(_port(entry), self._place(document, "ports", index), sure)

    def _parts(self) -> Iterator[tuple[Document, Section]]:
        for document in self.project.documents:
            services = section(document, "services")
            if self.name in services:
                yield document, as_section(services[self.name])

    def _place(self, document: Document, *keys: str | int) -> Place:
        return document.place("services", self.name, *keys)

    def _containers(self, parts: list[tuple[Document, Section]], sure: Certainty) -> Iterator[Claim]:
        named = [(document, str(body["container_name"])) for document, body in parts if body.get("container_name")]
        if named:
            document, text = named[-1]
            name, is_sure = self._resolved(text)
            sure = Certainty.UNKNOWN if name is None else sure if is_sure else Certainty.POSSIBLE
            yield self._claim(f"container:{name or text}", self._place(document, "container_name"), sure)
        elif not any(_is_scaled(body) for _, body in parts):
            yield self._claim(f"container:{self.project.name}-{self.name}-1", self._place(parts[0][0]), sure)

    def _ports(self, text: str, place: Place, sure: Certainty) -> Iterator[Claim]:
        resolved, is_sure = self._resolved(text)
        if resolved is None:
            yield self._claim(f"port:{text}", place, Certainty.UNKNOWN)
        for port in published(resolved or ""):
            yield self._claim(f"port:{port}", place, sure if is_sure and port.is_certain else Certainty.POSSIBLE)

    def _resolved(self, text: str) -> tuple[str | None, bool]:
        """A text with its variables, and whether nothing in it could come from the node's `.env`."""
        return interpolate(text, self.values), all(each.name in self.values for each in references(text))

    def _claim(self, resource: str, place: Place, certainty: Certainty) -> Claim:
        return Claim(self.node, NAME, resource, place, f"{self.project.service.name}/{self.name}", certainty=certainty)


def _is_scaled(body: Section) -> bool:
    return "scale" in body or not {"replicas", "mode"}.isdisjoint(as_section(body.get("deploy")))


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
