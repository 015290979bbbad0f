"""The judgement of a commit made ready, and of the working tree while it is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from stems.configuration.exceptions import exceptions_of
from stems.configuration.invalid import InvalidClusterError
from stems.configuration.remember import known_cluster
from stems.configuration.text import read_text
from stems.infrastructure.command import Effect
from stems.infrastructure.guards import Guarded
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.jobs import Work, variables_of
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.model.finding import Finding
from stems.tools.base import Job, Tool, Tree
from stems.tools.exceptions import Exceptions
from stems.tools.git.changed import changed_since
from stems.tools.git.repository import Repository, names
from stems.tools.registry import named_tools, refusal, tools_of
from stems.validation.changed import Changed
from stems.validation.check import Judgement, validate
from stems.validation.files import Files
from stems.validation.linters.ask import Asking, ask_linters
from stems.validation.linters.linted import NOT_ASKED, Linted
from stems.validation.subject import NO_CLUSTER, Subject


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of the working tree is judged, and by whom.

    `every_stage` goes on after an error. `linters` of other people are asked, too. With `since` only findings about
    what differs from that commit count.
    """

    every_stage: bool = False
    linters: bool = False
    since: str = ""


RULES_ALONE = Wanted()


def validate_work(work: Work) -> Judgement:
    jobs = [(entry.tool, entry.job) for entry in work.entries]
    return validate(Subject(work.cluster, jobs, _files(work.tree)), work.exceptions)


def validate_working_tree(folder: Path, wanted: Wanted = RULES_ALONE) -> Judgement:
    """What is wrong with the files as they are now, committed or not. Ignored files do not count."""
    repository = Repository.find(folder, LocalRunner())
    changed = Changed(*changed_since(repository, wanted.since)) if wanted.since else None
    return _judged(working_tree(repository), wanted, changed)


def validate_tree(tree: Tree, *, every_stage: bool = False) -> Judgement:
    """What rules say about files, also where they declare no cluster that can be read."""
    return _judged(tree, Wanted(every_stage=every_stage))


def _judged(tree: Tree, wanted: Wanted, changed: Changed | None = None) -> Judgement:
    with subject_of(tree) as (subject, exceptions):
        linted = NOT_ASKED
        if wanted.linters and (wanted.every_stage or not subject.read):
            linted = _linted(subject, tree, changed)
        asked = replace(subject, linted=linted.findings)
        judgement = validate(asked, exceptions, every_stage=wanted.every_stage, changed=changed)
        return replace(judgement, linted=linted)


def _linted(subject: Subject, tree: Tree, changed: Changed | None) -> Linted:
    runner = Guarded(LocalRunner(), Effect.READS, Effect.STAGES)
    with tempfile.TemporaryDirectory(prefix="stems-") as private:
        return ask_linters(Asking(subject, tree.root, runner, Path(private), changed.paths if changed else None))


@contextmanager
def subject_of(tree: Tree) -> Iterator[tuple[Subject, Exceptions]]:
    """What is judged of files, and what somebody accepted."""
    cluster, exceptions, found = NO_CLUSTER, Exceptions(tree.root), list[Finding]()
    try:
        cluster = read_tree(tree.root)
    except InvalidClusterError as error:
        found += error.findings
    try:
        exceptions = exceptions_of(tree.root)
    except InvalidClusterError as error:
        found += error.findings
    with tempfile.TemporaryDirectory(prefix="stems-") as private:
        yield Subject(cluster, _jobs(cluster, tree, Path(private), exceptions), _files(tree), found), exceptions


def validate_as(cluster: Cluster, tree: Tree) -> Judgement:
    """What would be wrong with files if they declared this cluster."""
    exceptions = Exceptions(tree.root)
    with tempfile.TemporaryDirectory(prefix="stems-") as private:
        subject = Subject(cluster, _jobs(cluster, tree, Path(private), exceptions), _files(tree))
        return validate(subject, exceptions, every_stage=True)


def judge_placement(cluster: Cluster, tree: Tree, private: Path) -> tuple[Subject, tuple[Finding, ...]]:
    """What the rules about nodes and owners say of files if they declared this cluster, whatever else is wrong.

    What somebody accepted is no finding here either.
    """
    from stems.validation.rules import ownership, placement  # noqa: PLC0415  # only who places pays for them

    exceptions = exceptions_of(tree.root)
    subject = Subject(cluster, _jobs(cluster, tree, private, exceptions), _files(tree))
    rules = (*placement.RULES, *ownership.RULES)
    return subject, tuple(finding for rule in rules for finding in exceptions.judged(rule.check(subject)))


def read_working_tree(folder: Path) -> Cluster:
    """The cluster as it is written now, committed or not."""
    return read_tree(Repository.find(folder, LocalRunner()).root)


def read_tree(root: Path) -> Cluster:
    return known_cluster(read_text(root / CLUSTER_FILE, CLUSTER_FILE).encode())


def working_tree(repository: Repository) -> Tree:
    """The files that a commit of everything would hold."""
    listed = repository.read("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    there = frozenset(path for path in names(listed) if os.path.lexists(repository.root / path))
    return Tree(repository.root, "", there)


def _files(tree: Tree) -> Files:
    return Files(tree.root, tree.tracked)


def _jobs(cluster: Cluster, tree: Tree, private: Path, exceptions: Exceptions) -> list[tuple[Tool, Job]]:
    if any(refusal(name, domain) for name, domain, _ in named_tools(cluster)):
        # There is nobody to ask about the tree; a rule names each of them.
        return []
    runner = Guarded(LocalRunner(), Effect.READS, Effect.STAGES)
    variables = variables_of(cluster)
    return [
        (tool, Job(cluster, settings, tree, variables, runner, private, exceptions=exceptions))
        for tool, settings in tools_of(cluster)
    ]
