"""A small cluster to judge, and a tool that claims and says what a test gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stems.configuration.load import load_cluster
from stems.errors import StemsError
from stems.infrastructure.local import LocalRunner
from stems.model.change import Change, Domain
from stems.model.claim import Certainty, Claim, Extent
from stems.model.cluster import Cluster
from stems.model.finding import Finding, Place
from stems.model.node import Node
from stems.model.observation import Answer
from stems.tools.base import Job, Preview, Site, Tool, Tree
from stems.validation.check import validate
from stems.validation.subject import Subject

TEXT = """\
version: 1
cluster: {name: home}
checkout: ~/home
nodes:
  one: {hostname: one, ssh: {host: one.example, user: owner}, arch: arm64, hardware: {memory: 1G}}
  two: {hostname: two, ssh: {host: two.example}, arch: x86_64}
domains:
  user: {tool: files, source: dotfiles}
  services: {tool: compose, source: services}
services:
  web: {node: one}
  store: {node: two}
rollout: {order: [one, two]}
"""


def cluster(old: str = "", new: str = "") -> Cluster:
    assert old in TEXT
    return load_cluster(TEXT.replace(old, new, 1))


def findings(judged: Cluster, jobs: Sequence[tuple[Tool, Job]] = ()) -> tuple[Finding, ...]:
    return validate(Subject(judged, jobs)).findings


def messages(old: str, new: str) -> list[str]:
    return [f"{finding.code} {finding.place.line}:{finding.place.column} {finding.message}; {finding.remedy}"
            for finding in findings(cluster(old, new))]  # fmt: skip


@dataclass
class Claiming:
    """A tool that claims `resources` on every node and finds `findings`, or fails."""

    NAME: str
    resources: Mapping[str, str]
    findings: Sequence[Finding] = ()
    failure: StemsError | None = None
    extent: Extent = Extent.WHOLE
    certainty: Certainty = Certainty.CERTAIN
    is_pattern: bool = False
    sparing: tuple[str, ...] = ()
    owner: str = ""
    DOMAIN: Domain = Domain.SYSTEM
    NEEDS_STAGE: bool = False

    def check(self, job: Job) -> Iterable[Finding]:
        del job
        if self.failure:
            raise self.failure
        return self.findings

    def claims(self, job: Job, node: Node) -> Iterable[Claim]:
        del job
        return [
            Claim(
                node.name,
                self.NAME,
                text,
                Place(path, 1),
                self.owner,
                self.extent,
                self.certainty,
                self.is_pattern,
                self.sparing,
            )
            for text, path in self.resources.items()
        ]

    def preview(self, job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
        raise NotImplementedError

    def apply(self, job: Job, site: Site, changes: Sequence[Change]) -> None:
        raise NotImplementedError

    def restore(self, job: Job, site: Site) -> Sequence[str]:
        raise NotImplementedError


JOB = Job(cluster(), cluster().domains.user[0], Tree(Path(), ""), {}, LocalRunner(), Path())


def judge(*tools: Claiming) -> tuple[Finding, ...]:
    return findings(cluster(), [(tool, JOB) for tool in tools])
