"""The checked file as the model: frozen nouns, seconds, bytes and enums."""

from __future__ import annotations

from stems.configuration.schema.check import CheckPart
from stems.configuration.schema.domains import DomainsPart
from stems.configuration.schema.file import ClusterFile
from stems.configuration.schema.node import NodePart
from stems.configuration.schema.operation import GatesPart, RolloutPart
from stems.configuration.schema.service import ServicePart
from stems.model.change import Risk
from stems.model.check import Check, DiskFreeCheck, HttpCheck, MountCheck
from stems.model.cluster import (
    Approver,
    Cluster,
    Domains,
    Gates,
    OnFailure,
    Rollout,
    ServicesDomain,
    SystemDomain,
    UserDomain,
    Written,
)
from stems.model.node import Hardware, Node, Privilege, SshAddress, WhenDown
from stems.model.service import Data, Requirements, Scope, Service, UnitState

EVERY_NODE = "all"


def cluster_of(file: ClusterFile, written: Written) -> Cluster:
    tool = file.domains.services.tool if file.domains.services else ""
    every = tuple(file.nodes)
    return Cluster(
        name=file.cluster.name,
        checkout=file.checkout,
        nodes={name: _node(name, part) for name, part in file.nodes.items()},
        domain=file.cluster.domain,
        timezone=file.cluster.timezone,
        variables=file.variables,
        architectures={name: part.variables for name, part in file.architectures.items()},
        roles={name: part.variables for name, part in file.roles.items()},
        domains=_domains(file.domains),
        services={name: _service(name, part, tool, every) for name, part in file.services.items()},
        gates=_gates(file.gates),
        approvers=tuple(Approver(part.name, part.key) for part in file.approvers or ()),
        rollout=_rollout(file.rollout),
        alerts=tuple(file.alerts),
        written=written,
    )


def _node(name: str, part: NodePart) -> Node:
    ssh, hardware, down = part.ssh, part.hardware, part.when_down
    return Node(
        name=name,
        hostname=part.hostname,
        ssh=SshAddress(ssh.host, ssh.user or "", ssh.port or 0, ssh.identity or ""),
        role=part.role or "",
        arch=part.arch or "",
        privilege=Privilege(part.privilege),
        hardware=Hardware(hardware.cpus, hardware.memory, hardware.disk, hardware.gpu),
        variables=part.variables,
        checks=tuple(_check(check) for check in part.checks),
        when_down=WhenDown(down.impact or "", down.mitigation or ""),
        paused=part.paused or "",
    )


def _check(part: CheckPart) -> Check:
    if part.http is not None:
        return HttpCheck(part.http) if part.expect is None else HttpCheck(part.http, part.expect)
    if part.disk_free is not None:
        return DiskFreeCheck(part.disk_free.path, part.disk_free.at_least)
    return MountCheck(part.mount or "")


def _service(name: str, part: ServicePart, tool: str, every: tuple[str, ...]) -> Service:
    return Service(
        name=name,
        nodes=every if part.node == [EVERY_NODE] else tuple(dict.fromkeys(part.node)),
        tool=part.tool or tool,
        reason=part.reason or "",
        requires=Requirements(part.requires.memory, tuple(part.requires.arch), part.requires.gpu),
        folder=part.folder or "",
        only=tuple(part.only or ()),
        project=part.project or "",
        unit=part.unit or "",
        scope=Scope(part.scope),
        state=UnitState(part.state),
        enabled=part.enabled,
        data=Data(part.data),
        checks=tuple(_check(check) for check in part.checks),
        after=tuple(part.after),
        rollback_safe=part.rollback_safe or "",
        paused=part.paused or "",
    )


def _domains(part: DomainsPart) -> Domains:
    system, services = part.system, part.services
    return Domains(
        user=tuple(UserDomain(user.tool, user.source, tuple(user.owns), user.account or "") for user in part.user),
        system=SystemDomain(
            tool=system.tool,
            source=system.source,
            playbook=system.playbook,
            inventory=system.inventory or "",
            owns=tuple(system.owns),
            environment=tuple(system.environment),
        )
        if system
        else None,
        services=ServicesDomain(services.tool, services.source) if services else None,
    )


def _gates(part: GatesPart) -> Gates:
    if part.automatic is not None:
        return Gates(frozenset(Risk(word) for word in part.automatic))
    return Gates(Gates().automatic - {Risk(word) for word in part.manual})


def _rollout(part: RolloutPart) -> Rollout:
    return Rollout(
        order=tuple(part.order),
        pilot=part.pilot or "",
        pause=part.pause,
        healthy_for=part.healthy_for,
        deadline=part.deadline,
        on_failure=OnFailure(part.on_failure),
    )
