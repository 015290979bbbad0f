"""A node that is declared to be of another architecture than it is."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.model.truth import UNKNOWN
from stems.readers.truth import MARK
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes

CODE = "STM218"


def _node(arch: str) -> str:
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home-config\nnodes:\n"
        f"  gate: {{hostname: gate, ssh: {{host: gate.example}}{arch}}}\n"
    )


def _found(arch: str) -> str:
    return f"{MARK}.\nnode: gate\narch: {arch}\n"


PAGE = Page(
    checks="`arch` of nodes against what `stems discover` found on them.",
    why="""The variables of that architecture are given to the node, and images for it are let through: `exec format
error`, at every start.""",
    instead="Write the architecture that was found.",
    bad={"config/cluster.yml": _node(", arch: x86_64"), "truth/gate.yml": _found("arm64")},
    good={"config/cluster.yml": _node(", arch: arm64"), "truth/gate.yml": _found("arm64")},
    also_bad=({"config/cluster.yml": _node(", arch: arm64"), ".meta/ssot/gate.yml": _found("armv7")},),
    also_good=(
        {"config/cluster.yml": _node(""), "truth/gate.yml": _found("arm64")},
        {"config/cluster.yml": _node(", arch: x86_64"), "truth/gate.yml": _found("unknown")},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for name, truth in subject.once(truth_of_nodes).nodes.items():
        node = subject.cluster.nodes.get(name)
        if node and node.arch and truth.arch is not UNKNOWN and truth.arch != node.arch:
            place = subject.cluster.written.place("nodes", name, "arch")
            message = f"nodes.{name}.arch: {node.arch} declared, and {truth.arch} found"
            remedy = f"write {truth.arch}, or run `stems discover --node {name}` if it is another machine now"
            yield Finding(CODE, place, message, remedy, also=(truth.written.key_place("arch"),))


RULE = Rule(CODE, "other-architecture-than-found", Stage.PLACEMENT, Principle.P5, PAGE, check)
