"""A file of `stems discover` that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.readers.truth import MARK
from stems.validation.codes import BROKEN_TRUTH
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes

PAGE = Page(
    checks="""Files of `truth/` and `.meta/ssot/` that `stems discover` made, which their first line says: that they are
YAML, are about the node that they are called after, and have what was found in the form that it was written in. Other
files of these folders are not read.""",
    why="""What cannot be read is unknown, and nothing is compared with it: a node that has half of the memory that is
declared passes. It happens when two branches were merged, or when somebody wrote into the file.""",
    instead="Write it again: `stems discover --node NODE`. What a node is to be belongs into `config/cluster.yml`.",
    bad={"truth/gate.yml": f"{MARK}.\nnode: gate\nmemory: plenty\n"},
    good={"truth/gate.yml": f"{MARK}.\nnode: gate\nmemory: 8G\ndocker: none\ngpu: unknown\n"},
    also_bad=(
        {"truth/gate.yml": f"{MARK}.\nnode: work\n"},
        {"truth/gate.yml": f"{MARK}.\nnode: gate\ndisks:\n  - {{name: sda}}\n"},
        {".meta/ssot/gate.yml": f"{MARK}.\nnode: gate\ncpus: four\n"},
        {"truth/gate.yml": f"{MARK}.\n- gate\n"},
    ),
    also_good=(
        # Somebody's own.
        {"truth/gate.yml": "node: gate\nmemory: plenty\n"},
        {".meta/ssot/infrastructure-truth.yaml": "nodes: {gate: {memory: plenty}}\n"},
        {"docs/truth/gate.yml": f"{MARK}.\nnode: work\n"},
        # A later version may find more, an earlier one found less.
        {"truth/gate.yml": f"{MARK}.\nnode: gate\nfans: 2\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.once(truth_of_nodes).findings


RULE = Rule(BROKEN_TRUTH, "broken-truth", Stage.SCHEMA, Principle.D2, PAGE, check)
