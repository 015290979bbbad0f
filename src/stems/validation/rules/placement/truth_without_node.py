"""Truth of a node that the cluster does not have."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.suggestion import did_you_mean
from stems.readers.truth import MARK
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import NO_CLUSTER, Subject
from stems.validation.truth import truth_of_nodes

CODE = "STM219"

PAGE = Page(
    checks="Files of `stems discover` about a node that `config/cluster.yml` does not name.",
    why="""The node was removed or has another name, and nothing writes the file again. Who reads it takes the machine
for one that is still there.""",
    instead="Remove the file, or rename it together with the node by `stems discover`.",
    bad={"truth/old.yml": f"{MARK}.\nnode: old\nmemory: 8G\n"},
    good={"truth/gate.yml": f"{MARK}.\nnode: gate\nmemory: 8G\n"},
    also_bad=({".meta/ssot/gaet.yml": f"{MARK}.\nnode: gaet\n"},),
    also_good=({"truth/old.yml": "what the machine was like before it was sold\n"},),
)


def check(subject: Subject) -> Iterator[Finding]:
    nodes = subject.cluster.nodes
    for name, truth in subject.once(truth_of_nodes).nodes.items() if subject.cluster is not NO_CLUSTER else ():
        if name not in nodes:
            message = f"{name}: no node of the cluster{did_you_mean(name, nodes)}"
            place = truth.written.place("node")
            yield Finding(CODE, place, message, f"remove it with `git rm {place.path}`", Severity.NOTE)


RULE = Rule(CODE, "truth-without-node", Stage.PLACEMENT, Principle.D2, PAGE, check, Severity.NOTE)
