"""A small cluster of three nodes and what may be observed on it, for tests that need no node."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from stems.infrastructure.facts import Facts
from stems.infrastructure.journal import Act, Entry, Journal
from stems.infrastructure.lock import Held
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.jobs import Work
from stems.lifecycle.look.observe import Observed
from stems.lifecycle.progress import Event
from stems.lifecycle.run import Run
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change, Domain, Risk, Undo
from stems.model.cluster import Cluster, OnFailure, Rollout
from stems.model.deployment import Outcome
from stems.model.node import Node, SshAddress, WhenDown
from stems.model.plan import NodePlan, Plan
from stems.model.service import Data, Service
from stems.tools.base import Tree
from tests.support.fake import FakeRunner
from tests.support.scratch import Scratch
from tests.unit.model.test_plan import PLAN

FIRST, SECOND = "1" * 40, "2" * 40
ID = "20261122T120000Z-abcdef"


def node(name: str, role: str = "", *, impact: str = "", mitigation: str = "") -> Node:
    return Node(name, name, SshAddress(f"{name}.example"), role, when_down=WhenDown(impact, mitigation))


NODES = {
    "crtr": node("crtr", "gateway", impact="No way in from outside", mitigation="Reach the other nodes directly"),
    "drtr": node("drtr", "gpu"),
    "prtr": node("prtr", "work"),
}
CLUSTER = Cluster(
    name="colab",
    checkout="~/colab-config",
    nodes=NODES,
    services={
        "web": Service("web", ("drtr", "prtr"), "compose"),
        "grafana": Service("grafana", ("crtr",), "compose", data=Data.LOCAL),
    },
    rollout=Rollout(order=("prtr", "drtr", "crtr"), pilot="prtr"),
)
FACTS = Facts(
    machine_id="0" * 32,
    home="/home/owner",
    user="owner",
    hostname="projector",
    arch="x86_64",
    clock=1790000000,
    git="2.39.5",
    uptime=3 * 86400,
    load=0.25,
    memory_total=16 * 1024**3,
    memory_available=12 * 1024**3,
    disk_total=10**12,
    disk_free=10**11,
)


def change(
    node: str, resource: str, *, domain: Domain = Domain.SYSTEM, tool: str = "ansible", **more: object
) -> Change:
    made = Change(node, domain, tool, resource, "change", Risk.SYSTEM, "a" * 64, "b" * 64, undo=Undo.BY_BACKUP)
    return replace(made, **more)  # type: ignore[arg-type]  # the fields of a change


def node_plan(name: str, *changes: Change, deployed: str = "") -> NodePlan:
    return NodePlan(name, machine_id(name), deployed, {}, changes)


def machine_id(name: str) -> str:
    return name.encode().hex().ljust(32, "0")


def plan(*nodes: NodePlan) -> Plan:
    return replace(PLAN, nodes=nodes)


def entry(act: Act, *, deployment: str = ID, outcome: str = "", domain: str = "", tool: str = "") -> Entry:
    return Entry(act, deployment, PLAN.digest, FIRST, "", "owner@laptop", domain, tool, outcome)


def observed(name: str, *entries: Entry, held: Held | None = None) -> Observed:
    return Observed(replace(FACTS, machine_id=machine_id(name)), held, Journal(entries))


def workspace(root: Path, cluster: Cluster = CLUSTER) -> Workspace:
    """A workspace on a repository with one commit, which is not what `cluster` was read from."""
    scratch = Scratch(root / "repository")
    head = scratch.commit({"README.md": "a\n"}, "Begin")
    return Workspace(scratch.open(), head, cluster, FakeRunner({}, "this machine"), root, ExitStack())


def run(
    place: Workspace,
    wanted: Plan,
    runners: Mapping[str, NodeRunner],
    *,
    outcomes: Mapping[str, Outcome],
    on_failure: OnFailure = OnFailure.REVERT,
) -> tuple[Run, list[Event]]:
    """A deployment under way, and the events that it will tell."""
    cluster = replace(place.cluster, rollout=replace(place.cluster.rollout, on_failure=on_failure))
    told: list[Event] = []
    made = Run(
        workspace=place,
        work=Work(wanted.commit, cluster, Tree(place.private, wanted.commit), ()),
        plan=wanted,
        identity=ID,
        who="owner@laptop",
        homes=dict.fromkeys(runners, "/home/owner"),
        runners=runners,
        progress=told.append,
        nodes=wanted.nodes,
        outcomes=dict(outcomes),
    )
    return made, told
