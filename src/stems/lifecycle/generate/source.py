"""What the working tree says of services beyond the cluster file: what runs, its ports, and the pages about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import join, normpath

from stems.lifecycle.generate.made import Note
from stems.lifecycle.generate.ports import Port, ports_of
from stems.lifecycle.validate import subject_of, working_tree
from stems.model.claim import Claim
from stems.model.cluster import Cluster
from stems.readers.substitution import Unknown
from stems.tools.git.repository import Repository
from stems.validation.files import Files
from stems.validation.projects import services_of
from stems.validation.subject import Subject

_DECISION = re.compile(r"(?i)(?:.*/)?(?:decisions|adrs?|decision-records)/[^/]+\.md")
_README = re.compile(r"(?i)readme(\.md|\.txt|\.rst)?")
_TITLE = re.compile(r"^#+[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_RUNS = ("project", "container", "unit")
Where = tuple[str, str]
"""A service and a node."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A page that says why something is as it is."""

    path: str
    title: str
    text: str = field(repr=False)

    def names(self, *words: str) -> bool:
        """Whether it is about one of these: in its title or file name, or named as code."""
        heads = f"{self.title} {self.path.rpartition('/')[2]}"
        return any(
            f"`{word}`" in self.text or re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", heads) for word in words
        )


@dataclass(frozen=True)
class Source:
    """A cluster with what its files say: by service and node ports and what runs, by service images and a page.

    `runs` are projects, containers and units with their kind, as claims name them. `in_host_network` are services that
    take ports of the node which no file names.
    """

    cluster: Cluster
    ports: Mapping[Where, tuple[Port, ...]] = field(default_factory=dict)
    runs: Mapping[Where, tuple[str, ...]] = field(default_factory=dict)
    images: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    in_host_network: frozenset[str] = frozenset()

    def is_known(self, service: str, node: str) -> bool:
        """Whether anything says what runs there: every tool that can read the files of a service claims something."""
        return bool(self.runs.get((service, node)))

    def unknown(self) -> tuple[Note, ...]:
        """What could not be read, so that what is made says nothing of it."""
        services = self.cluster.services.values()
        names = [one.name for one in services if not all(self.is_known(one.name, node) for node in one.nodes)]
        text = f"what runs and its ports are not known, because no file says it: {', '.join(names)}"
        return (Note(text, "run `stems validate`"),) if names else ()


def read_source(repository: Repository, cluster: Cluster) -> Source:
    """The working tree as it is now, committed or not, read by the tools without any node."""
    with subject_of(working_tree(repository)) as (subject, _):
        claims = _by_place(subject)
        return Source(
            cluster,
            ports={where: ports_of(found) for where, found in claims.items()},
            runs={where: _running(found) for where, found in claims.items()},
            images=_images(subject),
            pages=dict(_pages(cluster, subject.files)),
            decisions=tuple(_decisions(subject.files)),
            in_host_network=frozenset(_in_host_network(subject)),
        )


def _by_place(subject: Subject) -> Mapping[Where, Sequence[Claim]]:
    found: dict[Where, list[Claim]] = {}
    for node, held in subject.claims.items():
        for each in held:
            service = each.claim.owner.partition("/")[0]
            if service in subject.cluster.services:
                found.setdefault((service, node), []).append(each.claim)
    return found


def _running(claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.resource for claim in claims if claim.resource.partition(":")[0] in _RUNS))


def _images(subject: Subject) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for composed, service in subject.once(services_of):
        if composed.declared and service.image:
            image = service.image
            text = image.written if isinstance(image.text, Unknown) else image.text
            found.setdefault(composed.declared.name, {})[text] = None
    return {name: tuple(images) for name, images in found.items()}


def _in_host_network(subject: Subject) -> Iterator[str]:
    for composed, service in subject.once(services_of):
        if composed.declared and service.text("network_mode") == "host":
            yield composed.declared.name


def _pages(cluster: Cluster, files: Files) -> Iterator[tuple[str, str]]:
    domain = cluster.domains.services
    found: dict[str, str] = {}
    for file in files if domain else ():
        if _README.fullmatch(file.name):
            found.setdefault(file.folder, file.path)
    for name, service in cluster.services.items():
        folder = normpath(join(domain.source, service.where)) if domain else ""
        if folder in found:
            yield name, found[folder]


def _decisions(files: Files) -> Iterator[Decision]:
    for file in files:
        if _DECISION.fullmatch(file.path) and not _README.fullmatch(file.name):
            title = _TITLE.search(file.text)
            yield Decision(file.path, title[1] if title else file.name, file.text)
