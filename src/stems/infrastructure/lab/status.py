"""How a lab is: its containers as Docker sees them, its nodes as ssh does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from stems.infrastructure.lab.engine import require_engine
from stems.infrastructure.lab.nodes import states
from stems.infrastructure.lab.reach import answers
from stems.infrastructure.lab.state import Lab, LabNode
from stems.infrastructure.runner import Runner


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """What is seen of one lab node. `container` is Docker's word for its state, or `missing`."""

    node: LabNode
    container: str
    answers: bool


def status(lab: Lab, runner: Runner) -> tuple[NodeStatus, ...]:
    found = states(lab, require_engine(runner))
    with ThreadPoolExecutor(max_workers=len(lab.nodes)) as pool:
        reached = list(pool.map(lambda node: answers(lab, node, runner), lab.nodes))
    return tuple(
        NodeStatus(node, found.get(lab.container(node), "missing"), reach)
        for node, reach in zip(lab.nodes, reached, strict=True)
    )
