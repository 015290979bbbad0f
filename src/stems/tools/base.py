"""What a tool answers for its domain: the protocol that every tool follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from typing import Any, Protocol, TypeVar, cast

from stems.infrastructure.runner import Runner
from stems.model.change import Change, Domain, Group
from stems.model.claim import Claim
from stems.model.cluster import Cluster, ServicesDomain, SystemDomain, UserDomain
from stems.model.finding import Finding
from stems.model.node import Node
from stems.model.observation import Answer
from stems.model.state import ServiceState
from stems.tools.exceptions import Exceptions

T = TypeVar("T")
Settings = UserDomain | SystemDomain | ServicesDomain

PROTOCOL = 1
"""The version of what is written here. A module of another package says which one it follows: see docs/tools.md."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The target commit as files on this machine, and the paths that Git tracks in it."""

    root: Path
    commit: str
    tracked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Job:
    """What a tool is asked about: one domain entry of one commit.

    `variables` are the resolved variables by node. `local` runs programs on this machine. `private` is a folder
    with mode 0700 on this machine that is removed afterwards. `deployment` is set while a deployment applies;
    `blocked` then says from where on the domain was not previewed, in the words of its preview. `exceptions` are those
    of the tree: what a tool refuses by itself, a person may have accepted. `judged` says that the rules of today count,
    which they do not for a commit that was deployed already. `part` asks for the changes of one group step, or with
    `Group.NONE` for the node's own; without it all are meant. A tool without group steps need not look at it.
    """

    cluster: Cluster
    settings: Settings
    tree: Tree
    variables: Mapping[str, Mapping[str, object]]
    local: Runner
    private: Path
    deployment: str = ""
    blocked: str = ""
    exceptions: Exceptions = field(default_factory=Exceptions)
    judged: bool = False
    part: Group | None = None
    _made: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def source(self) -> Path:
        return self.tree.root / self.settings.source

    def named(self, below: str) -> str:
        """What lies at `below` in the source, as Git names it: the source may be `.`, or end with a slash."""
        return normpath(join(self.settings.source, below))

    def once(self, make: Callable[[Job], T]) -> T:
        """What `make` says of this job, made for whoever asks first and kept for the others."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made


@dataclass(frozen=True, slots=True)
class Site:
    """One node as a tool meets it: how to run there, and absolute paths there.

    `state` is the folder of stems on the node, `stage` holds the target commit, `checkout` is where the node keeps its
    clone, `deployed` the commit that runs there (empty when none does). `ssh` are the options of the OpenSSH client for
    programs that connect by themselves, empty when the node is this machine (`is_local`). `password` gives the one
    that sudo asks for there, where it asks for one.
    """

    node: Node
    runner: Runner
    home: str
    state: str
    stage: str
    checkout: str
    deployed: str = ""
    ssh: tuple[str, ...] = ()
    is_local: bool = False
    password: Callable[[], str] | None = field(default=None, repr=False)

    def before(self, deployment: str, tool: str) -> str:
        """The folder on the node where `tool` keeps the before-state of a deployment."""
        return f"{self.state}/before/{deployment}/{tool}"

    def left(self, tool: str) -> str:
        """The file on the node where `tool` notes, in the format of `sha256sum`, the files that it left behind."""
        return f"{self.state}/left/{tool}.sha256"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a tool would change on one node.

    `version` is the tool's own. `blocked` says why the (rest of the) domain cannot be previewed, for instance a program
    that is not on the node; `changes` are then those that come before it. `blocked_in` is the group step where that is,
    if it is in one. `unmanaged` names resources on the node that nobody declared. `notes` are for people.
    """

    changes: tuple[Change, ...] = ()
    version: str = ""
    blocked: str = ""
    unmanaged: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    blocked_in: Group = Group.NONE


class Tool(Protocol):
    """One tool for one domain. The module `tool` of its package satisfies it."""

    NAME: str
    DOMAIN: Domain
    NEEDS_STAGE: bool
    """Whether it reads the target commit on the node: what it is asked then waits until the stage is there."""

    def check(self, job: Job) -> Iterable[Finding]:
        """What is wrong with the tree, seen without any node."""
        ...

    def claims(self, job: Job, node: Node) -> Iterable[Claim]:
        """What this tool would own on a node, seen without the node."""
        ...

    def preview(self, job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
        """What would change on each site, changing nothing. Every site has an answer."""
        ...

    def apply(self, job: Job, site: Site, changes: Sequence[Change]) -> None:
        """Make the approved changes on one node, after keeping the before-state of what they replace."""
        ...

    def restore(self, job: Job, site: Site) -> Sequence[str]:
        """Put back the before-state that `job.deployment` kept on one node; safe to repeat.

        Returns what could not be put back, a line each.
        """
        ...


class GroupTool(Tool, Protocol):
    """A tool with group steps: some of its changes are made once, for all nodes together."""

    def apply_group(self, job: Job, sites: Sequence[Site], changes: Mapping[str, Sequence[Change]]) -> None:
        """Make the changes of the step that `job.part` names, given by node, after keeping what they replace there.

        `sites` are all nodes of the deployment. Without changes the step of that commit is repeated.
        """
        ...


def group_tool(tool: Tool) -> GroupTool | None:
    """The tool, if it has group steps."""
    return cast("GroupTool", tool) if hasattr(tool, "apply_group") else None


class ServiceLook(Protocol):
    """How a tool's services are. The module `look` of a tool of the services domain satisfies it."""

    NAME: str

    def look(self, cluster: Cluster, node: Node) -> str:
        """A POSIX-sh snippet for the probe that prints the state of services."""
        ...

    def parse_look(self, cluster: Cluster, node: Node, output: str) -> Sequence[ServiceState]:
        """The state of each service that is declared on the node. Raises `ValueError` for what cannot be read."""
        ...


class ServiceTool(Tool, Protocol):
    """A tool of the services domain also repeats what they said."""

    def last_lines(self, job: Job, site: Site, service: str) -> str:
        """The last lines that a service said on a node."""
        ...
