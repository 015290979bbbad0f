"""Hardware that is declared of a node and is not there."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.node import Node
from stems.model.principle import Principle
from stems.model.truth import UNKNOWN, Fact, Truth
from stems.readers.truth import MARK
from stems.validation.hardware import size
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes

CODE = "STM217"


def _declared(hardware: str) -> str:
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home-config\nnodes:\n"
        f"  gate: {{hostname: gate, ssh: {{host: gate.example}}, hardware: {{{hardware}}}}}\n"
    )


def _found(*facts: str) -> str:
    return "\n".join((f"{MARK}.", "node: gate", *facts, ""))


_DISKS = "disks:\n  - {name: sda, size: 932G, model: Disk}\n  - {name: sdb, size: 58G, model: Stick, removable: true}"

PAGE = Page(
    checks="""`hardware` of nodes against what `stems discover` found on them: processors, memory, disks together, and
graphics processors. Of memory and disks a tenth more may be declared, because people say what stands on the box, and
more is a warning. Less may always be declared. What is unknown is not compared.""",
    why="""Every other rule believes `hardware`: services are put on a node that has not the room for them. Docker
refuses a container that asks for more processors or graphics processors than there are, in the middle of a
deployment.""",
    instead="Declare what there is. Where the node was changed since, run `stems discover` again.",
    bad={"config/cluster.yml": _declared("cpus: 8, memory: 8G"), "truth/gate.yml": _found("cpus: 4", "memory: 8G")},
    good={"config/cluster.yml": _declared("cpus: 4, memory: 8G"), "truth/gate.yml": _found("cpus: 4", "memory: 8G")},
    also_bad=(
        {"config/cluster.yml": _declared("gpu: 1"), "truth/gate.yml": _found("gpu: []")},
        {
            "config/cluster.yml": _declared("gpu: 2"),
            "truth/gate.yml": _found("gpu: [{name: GeForce RTX 3090, vendor: nvidia}, {name: BMC, vendor: aspeed}]"),
        },
        {
            "config/cluster.yml": _declared("cpus: 8, memory: 16G, disk: 2T"),
            ".meta/ssot/gate.yml": _found("cpus: 4", "memory: 8G", _DISKS),
        },
    ),
    also_good=(
        {
            "config/cluster.yml": _declared("cpus: 2, memory: 8G, disk: 1T, gpu: 1"),
            "truth/gate.yml": _found(
                "cpus: 4", "memory: 8000M", _DISKS, "gpu: [{name: GeForce RTX 3090, vendor: nvidia}]"
            ),
        },
        {
            "config/cluster.yml": _declared("cpus: 64, memory: 64G, disk: 64T, gpu: 8"),
            "truth/gate.yml": _found("cpus: unknown", "memory: unknown", "disks: []"),
        },
        {"config/cluster.yml": _declared("cpus: 64"), "truth/work.yml": _found("cpus: 4").replace("gate", "work")},
        {"config/cluster.yml": _declared("memory: 64G"), "truth/gate.yml": "node: gate\nmemory: 8G\n"},
    ),
)

_ROUNDED = 1.1


def check(subject: Subject) -> Iterator[Finding]:
    for name, truth in subject.once(truth_of_nodes).nodes.items():
        node = subject.cluster.nodes.get(name)
        for key, message, severity in _more(node, truth) if node else ():
            place = subject.cluster.written.place("nodes", name, "hardware", key)
            remedy = f"declare what there is, or run `stems discover --node {name}` if it was changed since"
            also = (truth.written.key_place("disks" if key == "disk" else key),)
            yield Finding(CODE, place, f"nodes.{name}.hardware.{key}: {message}", remedy, severity, also)


def _more(node: Node, truth: Truth) -> Iterator[tuple[str, str, Severity]]:
    declared = node.hardware
    for key, much, found in (("cpus", declared.cpus, truth.cpus), ("gpu", declared.gpu, truth.gpus)):
        if found is not UNKNOWN and much > found:
            yield key, f"{much} declared, and {found or 'none'} found", Severity.ERROR
    sizes: tuple[tuple[str, int, Fact[int]], ...] = (
        ("memory", declared.memory, truth.memory),
        ("disk", declared.disk, truth.disk),
    )
    for key, much, found in sizes:
        # A guest may have its disk from elsewhere, where none is seen.
        if found is not UNKNOWN and found and much > found * _ROUNDED:
            yield key, f"{size(much)} declared, and {size(found)} found", Severity.WARNING


RULE = Rule(CODE, "more-declared-than-found", Stage.PLACEMENT, Principle.P5, PAGE, check)
