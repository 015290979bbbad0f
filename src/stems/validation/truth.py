"""What nodes were found to be, as the files of the repository say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stems.model.finding import Finding
from stems.model.names import NODE, is_name
from stems.model.truth import Truth
from stems.readers.truth import is_made_by_stems, read_truth
from stems.validation.codes import BROKEN_TRUTH
from stems.validation.files import File, Files
from stems.validation.subject import Subject

TRUTH = "truth"
SSOT = ".meta/ssot"
ENDING = ".yml"


@dataclass(frozen=True, slots=True)
class Truths:
    """By node; `findings` are about what cannot be read, and so is unknown."""

    nodes: Mapping[str, Truth] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def truth_of_nodes(subject: Subject) -> Truths:
    """Asked for with `subject.once`."""
    return truths(subject.files)


def truths(files: Files) -> Truths:
    """Everything that `stems discover` wrote. Files of other people in the same folders are theirs."""
    found: dict[str, Truth] = {}
    findings: list[Finding] = []
    # A repository that got its `.meta/ssot/` later has both, and the files there are the newer ones.
    for file in (file for folder in (TRUTH, SSOT) for file in files.under(folder)):
        node = node_of(file)
        if not node:
            continue
        reading = read_truth(file.text, file.path, node)
        if reading.truth:
            found[node] = reading.truth
        remedy = f"write it again with `stems discover --node {node}`"
        findings += [Finding(BROKEN_TRUTH, one.place, one.message, remedy) for one in reading.problems]
    return Truths(found, tuple(findings))


def node_of(file: File) -> str:
    """The node that a file of `stems discover` is about; nothing for one of other people."""
    name = file.name.removesuffix(ENDING)
    is_called_so = file.folder in (TRUTH, SSOT) and file.name.endswith(ENDING) and is_name(NODE, name)
    return name if is_called_so and is_made_by_stems(file.text) else ""
