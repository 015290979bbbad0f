"""What is wrong with an Ansible tree, seen without any node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path

from stems.errors import ConfigurationError
from stems.model.change import Group
from stems.model.finding import Finding, Place, Severity
from stems.readers.yaml import read_yaml
from stems.tools.ansible.allowed import allowed_tasks
from stems.tools.ansible.configured import configuration_of
from stems.tools.ansible.handed import handed_on
from stems.tools.ansible.hazards import ACTS_IN_PREVIEW, ends_for_all, of_play, of_task, of_variables
from stems.tools.ansible.hosts import is_local, reached
from stems.tools.ansible.requirements import requirements_of
from stems.tools.ansible.settings import own_inventory, playbook_of, settings_of
from stems.tools.ansible.steps import Steps, steps_of
from stems.tools.ansible.tree import MISSING, Play, Task, Tree
from stems.tools.base import Job

NO_NODE = "STM404"
SETTINGS_ELSEWHERE = "STM408"


@dataclass(frozen=True, slots=True)
class Scan:
    """A playbook as text: its plays with their tasks, what is wrong with them, whether one failure ends all.

    `allowed` are the tasks that may act in a preview, as the callback plugin is told of them. `groups` is the group
    step of each play.
    """

    plays: tuple[tuple[Play, tuple[Task, ...]], ...]
    findings: tuple[Finding, ...]
    ends_for_all: bool
    allowed: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def has_steps(self) -> bool:
        return any(group is not Group.NONE for group in self.groups)

    def numbers(self, part: Group | None) -> tuple[int, ...]:
        """The plays of a part, counted from one."""
        return tuple(number for number, group in enumerate(self.groups, start=1) if part in (None, group))

    def group_of(self, number: int) -> Group:
        """Of a play by its number. What Ansible reads otherwise than it is read here is seen to elsewhere."""
        return self.groups[number - 1] if 0 < number <= len(self.groups) else Group.NONE

    def of(self, part: Group | None) -> Scan:
        """Only the plays of a part."""
        counts = [part in (None, group) for group in self.groups]
        return replace(self, plays=tuple(compress(self.plays, counts)), groups=tuple(compress(self.groups, counts)))


def scan(job: Job) -> Scan:
    wanted = requirements_of(job)
    tree = Tree(job.tree.root, job.source, (wanted.roles,) if wanted and wanted.are_there else ())
    plays = tuple((play, tuple(tree.tasks_of(play))) for play in tree.plays(settings_of(job).playbook))
    steps = steps_of(job, plays)
    every = dict.fromkeys([*tree.findings, *_findings(job, plays, steps)])
    found = tuple(job.exceptions.judged(every))
    accepted = sorted(_acting(every) - _acting(found))
    ending = any(ends_for_all(play.keys) or any(ends_for_all(task.keys) for task in tasks) for play, tasks in plays)
    return Scan(plays, found, ending, tuple(allowed_tasks(job, accepted)), steps.groups)


def _acting(findings: Iterable[Finding]) -> set[Place]:
    return {finding.place for finding in findings if finding.code == ACTS_IN_PREVIEW}


def _findings(job: Job, plays: tuple[tuple[Play, tuple[Task, ...]], ...], steps: Steps) -> Iterator[Finding]:
    yield from _inventory(job)
    yield from _settings(job)
    yield from _reach(job, tuple(play for play, _ in plays))
    yield from steps.findings
    yield from handed_on(job.source, plays, steps.groups)
    for (play, tasks), group in zip(plays, steps.groups, strict=True):
        yield from of_play(play, group)
        for task in tasks:
            yield from of_task(task)
    yield from _host_variables(job)


def _inventory(job: Job) -> Iterator[Finding]:
    named = settings_of(job).inventory
    if named and not (job.source / named).exists() and not (job.tree.root / named).exists():
        place = Place(job.named(named))
        yield Finding(MISSING, place, "the inventory does not exist", "correct `domains.system.inventory`")


def _settings(job: Job) -> Iterator[Finding]:
    path = configuration_of(job).path
    if path and not path.is_relative_to(job.tree.root):
        place = Place(playbook_of(job))
        message = f"Ansible reads {path}, which is not in the repository"
        remedy = f"put an ansible.cfg into {settings_of(job).source}, so that it is the same everywhere"
        yield Finding(SETTINGS_ELSEWHERE, place, message, remedy, Severity.NOTE)


def _reach(job: Job, plays: tuple[Play, ...]) -> Iterator[Finding]:
    """Plays that reach no node. Groups of the user's own inventory are only known to Ansible."""
    if own_inventory(job):
        return
    for play in plays:
        if reached(play.patterns, job.cluster) == frozenset() and not is_local(play.patterns):
            yield no_node(play.patterns, play.place)


def no_node(patterns: str, place: Place) -> Finding:
    """Ansible skips such a play with a warning, and a misspelt group is never set up."""
    message = f"`hosts: {patterns}` matches no node, role or architecture"
    return Finding(
        NO_NODE, place, message, "name one of config/cluster.yml, or your own inventory with `domains.system.inventory`"
    )


def _host_variables(job: Job) -> Iterator[Finding]:
    """Variables of a node outrank those of an inventory, so they must not say how to reach it."""
    folders = {
        job.source / "host_vars",
        *(path.parent / "host_vars" for path in map(job.source.joinpath, own_inventory(job))),
    }
    # What is for no node is read by nobody.
    named = [below for folder in folders for below in folder.glob("*") if _owner(below) in job.cluster.nodes]
    paths = (path for below in named for path in (below, *below.rglob("*")) if path.is_file())
    for path in sorted(paths):
        name = path.relative_to(job.tree.root).as_posix() if path.is_relative_to(job.tree.root) else path.name
        try:
            document = read_yaml(path.read_text("utf-8", "replace"), name)
        except (ConfigurationError, OSError):
            # An encrypted or otherwise odd file is judged by Ansible.
            continue
        if isinstance(document.value, dict):
            yield from of_variables(document.value, document.key_place)


def _owner(path: Path) -> str:
    """The node that a folder or a file of `host_vars` is for."""
    return path.name if path.is_dir() or path.suffix not in (".yml", ".yaml", ".json") else path.stem
