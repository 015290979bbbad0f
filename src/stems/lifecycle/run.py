"""A deployment under way: everything that its steps share."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from stems.infrastructure import journal
from stems.infrastructure.journal import NODE, Act, Entry, Part
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.jobs import Work
from stems.lifecycle.places import state_folder
from stems.lifecycle.progress import Progress, Step
from stems.lifecycle.site import site
from stems.lifecycle.workspace import Workspace
from stems.model.change import Domain
from stems.model.cluster import Cluster
from stems.model.deployment import Outcome
from stems.model.node import Node
from stems.model.plan import NodePlan, Plan
from stems.tools.base import Site

STEPS = {Domain.SYSTEM: Step.SYSTEM, Domain.USER: Step.USER, Domain.SERVICES: Step.SERVICES}


def new_identity() -> str:
    """A deployment's name: when it began, and enough chance that two never share one."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.urandom(3).hex()}"


@dataclass(frozen=True)
class Run:
    """A deployment under way.

    `nodes` are those of the plan; when it is resumed, with what is left to do. `homes` are the home folders on the
    nodes. Filled while it runs: `outcomes`, what became of each node so far; `begun`, the parts that were about to
    change a node; `done`, those of them that ended well; `restless`, why a node stays locked, such as something that
    may still run there; `compared`, which node's domain was found to be as approved with nothing changed by this
    deployment since.
    """

    workspace: Workspace
    work: Work
    plan: Plan
    identity: str
    who: str
    homes: Mapping[str, str]
    runners: Mapping[str, NodeRunner]
    progress: Progress
    nodes: tuple[NodePlan, ...]
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    begun: dict[str, set[Part]] = field(default_factory=dict)
    done: dict[str, set[Part]] = field(default_factory=dict)
    restless: dict[str, str] = field(default_factory=dict)
    compared: set[tuple[str, Domain]] = field(default_factory=set)

    @property
    def cluster(self) -> Cluster:
        return self.work.cluster

    def node(self, name: str) -> Node:
        return self.cluster.nodes[name]

    def site(self, name: str, commit: str = "") -> Site:
        return site(
            self.cluster,
            self.node(name),
            self.runners[name],
            home=self.homes[name],
            commit=commit or self.plan.commit,
            deployed=self.plan.of_node(name).deployed,
        )

    def state(self, name: str) -> str:
        return state_folder(self.cluster, self.homes[name])

    def in_order(self) -> tuple[NodePlan, ...]:
        """The planned nodes, pilot first."""
        planned = {node.node: node for node in self.nodes}
        return tuple(planned[node.name] for node in self.cluster.in_rollout_order() if node.name in planned)

    def write(self, node: NodePlan, act: Act, part: Part = NODE, *, outcome: str = "") -> None:
        """One line in the node's journal, on its disk before anything else happens."""
        domain, tool, group = part
        entry = Entry(
            act=act,
            deployment=self.identity,
            plan=self.plan.digest,
            commit=self.plan.commit,
            previous=node.deployed,
            who=self.who,
            domain=domain,
            tool=tool,
            outcome=outcome,
            group=group,
        )
        journal.append(self.runners[node.node], self.state(node.node), entry)
