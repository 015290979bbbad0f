"""The cluster: everything that `config/cluster.yml` declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from stems.model.change import Risk
from stems.model.finding import Place
from stems.model.node import Node
from stems.model.service import Service

CLUSTER_FILE = "config/cluster.yml"


class Written(Protocol):
    """Knows where each part of `cluster.yml` is written, so that messages can say it."""

    def place(self, *keys: str | int) -> Place: ...

    def key_place(self, *keys: str | int) -> Place: ...


class Unwritten:
    """For a cluster that was not read from a text."""

    def place(self, *keys: str | int) -> Place:
        del keys
        return Place(CLUSTER_FILE)

    key_place = place


class OnFailure(Enum):
    """What a failed deployment does with the nodes that it touched."""

    REVERT = "revert"
    REVERT_NODE = "revert-node"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class UserDomain:
    """Dotfiles of one account: the tool that owns them and where they lie in the repository."""

    tool: str
    source: str
    owns: tuple[str, ...] = ("~/",)
    account: str = ""


@dataclass(frozen=True, slots=True)
class SystemDomain:
    """The system configuration. `inventory` names the user's own instead of the generated one."""

    tool: str
    source: str
    playbook: str = "site.yml"
    inventory: str = ""
    owns: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServicesDomain:
    """Where services lie in the repository, and the tool of those that name none."""

    tool: str
    source: str


@dataclass(frozen=True, slots=True)
class Domains:
    """The three domains; each is optional."""

    user: tuple[UserDomain, ...] = ()
    system: SystemDomain | None = None
    services: ServicesDomain | None = None


@dataclass(frozen=True, slots=True)
class Gates:
    """Which classes of change go by themselves; a class that nobody listed is manual."""

    automatic: frozenset[Risk] = frozenset({Risk.USER})

    def needs_approval(self, risk: Risk) -> bool:
        return risk not in self.automatic


@dataclass(frozen=True, slots=True)
class Approver:
    """Someone whose signature makes an approval: a name and an OpenSSH public key."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Rollout:
    """How a deployment goes from node to node; durations in seconds."""

    order: tuple[str, ...] = ()
    pilot: str = ""
    pause: float = 5.0
    healthy_for: float = 10.0
    deadline: float = 120.0
    on_failure: OnFailure = OnFailure.REVERT


@dataclass(frozen=True, slots=True)
class Cluster:
    """Everything that `config/cluster.yml` declares, checked.

    `written.place("services", "web")` is where something is declared. `listed` and `listed_services` are what templates
    are told of where that is not `nodes` and `services`: an earlier commit knew other nodes, and placed services there.
    """

    name: str
    checkout: str
    nodes: Mapping[str, Node]
    domain: str = "local"
    timezone: str = "UTC"
    variables: Mapping[str, object] = field(default_factory=dict)
    architectures: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    roles: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    domains: Domains = field(default_factory=Domains)
    services: Mapping[str, Service] = field(default_factory=dict)
    gates: Gates = field(default_factory=Gates)
    approvers: tuple[Approver, ...] = ()
    rollout: Rollout = field(default_factory=Rollout)
    alerts: tuple[str, ...] = ()
    listed: tuple[Node, ...] = ()
    listed_services: tuple[Service, ...] = ()
    written: Written = field(default_factory=Unwritten, compare=False, repr=False)

    def layers(self) -> Iterator[tuple[tuple[str, ...], Mapping[str, object]]]:
        """The variables as they are written, each layer with the keys that lead to it."""
        yield ("variables",), self.variables
        for name, layer in self.architectures.items():
            yield ("architectures", name, "variables"), layer
        for name, layer in self.roles.items():
            yield ("roles", name, "variables"), layer
        for name, node in self.nodes.items():
            yield ("nodes", name, "variables"), node.variables

    def services_on(self, node: str) -> tuple[Service, ...]:
        return tuple(service for service in self.services.values() if node in service.nodes)

    def in_rollout_order(self) -> tuple[Node, ...]:
        """The pilot first, then `rollout.order`, then every node that it does not name."""
        named = [name for name in (self.rollout.pilot, *self.rollout.order) if name]
        return tuple(self.nodes[name] for name in dict.fromkeys([*named, *self.nodes]))
