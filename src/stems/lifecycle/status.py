"""The cluster at a glance: what is deployed, healthy and in sync on every node, from one look at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace

from stems.errors import StemsError
from stems.infrastructure import journal
from stems.infrastructure.guards import reading
from stems.infrastructure.parallel import MOST_AT_ONCE, crew
from stems.infrastructure.probe import Section
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.look import health
from stems.lifecycle.look.checks import CheckResult
from stems.lifecycle.look.health import NodeHealth
from stems.lifecycle.look.left import parse_left
from stems.lifecycle.look.left import snippet as left_snippet
from stems.lifecycle.look.observe import Observed, known, observe
from stems.lifecycle.places import unseen_state_folder
from stems.lifecycle.targets import cluster_for
from stems.lifecycle.workspace import Workspace
from stems.model.check import HttpCheck
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.observation import Answer, Present, Unknown
from stems.tools.git.repository import Repository

_UNASKED = "not asked: the current commit no longer has it"


@dataclass(frozen=True, slots=True)
class Sync:
    """Whether what stems left on a node is still so. `in_sync` is None when it is not known."""

    in_sync: bool | None
    touched: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """One node at a glance; everything but the node is unknown together."""

    node: Node
    observed: Observed
    health: NodeHealth
    sync: Sync
    behind: int | None
    """How many commits the current one has that are not deployed here; None when that cannot be known."""
    awaiting: tuple[str, ...] = ()
    """Services that the current commit has here, and the deployed one not yet."""
    ahead: int = 0
    """How many commits are deployed here that the current one does not have, as those of another branch."""
    branch: str = ""
    """A branch that has these, empty where none does."""

    @property
    def is_current(self) -> bool:
        return self.behind == 0 and not self.ahead

    @property
    def unfinished(self) -> str:
        """The deployment that began here and did not end, empty when there is none."""
        under_way = journal.unfinished(self.observed.journal.entries)
        return under_way.deployment if under_way else ""


def look_at_all(workspace: Workspace) -> dict[str, Answer[NodeStatus]]:
    """One look at every node, in parallel. HTTP checks are asked meanwhile, over the connection that it opened."""
    cluster = workspace.cluster
    runners = {name: reading(runner) for name, runner in workspace.runners().items()}
    further = {name: _snippets(cluster, node) for name, node in cluster.nodes.items()}
    asked: dict[str, Future[list[CheckResult]]] = {}
    with crew(MOST_AT_ONCE) as pool:

        def ask(name: str) -> None:
            # After Ctrl-C the crew takes no more questions.
            with suppress(RuntimeError):
                asked[name] = pool.submit(health.ask_http, cluster, cluster.nodes[name], runners[name])

        answers = observe(cluster, runners, cluster.nodes.values(), further, began=ask)
        for name in known(answers).keys() - asked.keys():
            ask(name)
        return {
            name: _status(workspace, runners[name], cluster.nodes[name], answer, asked)
            for name, answer in answers.items()
        }


def _snippets(cluster: Cluster, node: Node) -> Mapping[str, str]:
    return {**health.snippets(cluster, node), "left": left_snippet(unseen_state_folder(cluster), node)}


def _status(
    workspace: Workspace,
    runner: NodeRunner,
    node: Node,
    answer: Answer[Observed],
    asked: Mapping[str, Future[list[CheckResult]]],
) -> Answer[NodeStatus]:
    if isinstance(answer, Unknown):
        return answer
    observed = answer.value
    try:
        well = health.judge(workspace.cluster, node, observed.sections, asked[node.name].result())
        then = _cluster_of(workspace, observed.deployed)
        states = health.service_states(then, node, observed.sections)
    except StemsError as error:
        return Unknown(error)
    awaiting = awaited(workspace.cluster, then, node.name)
    if then is not workspace.cluster:
        well = replace(well, services=states, checks=deployed_checks(well.checks, then, node, runner))
    sync = judge_sync(well, observed.sections["left"], deployed=observed.deployed)
    behind, ahead, branch = standing(workspace.repository, workspace.head, observed.deployed)
    return Present(NodeStatus(node, observed, well, sync, behind, awaiting, ahead, branch))


def _cluster_of(workspace: Workspace, commit: str) -> Cluster:
    """What a node is to be judged by: the commit that it runs, or the current one where that is not known here.

    Nothing can be asked of a node on which nothing was deployed yet.
    """
    if not commit:
        return replace(workspace.cluster, services={})
    if commit == workspace.head or not workspace.repository.has(commit):
        return workspace.cluster
    return cluster_for(workspace.cluster, workspace.cluster_at(commit))


def awaited(cluster: Cluster, then: Cluster, node: str) -> tuple[str, ...]:
    """The services that come to a node with the current commit."""
    there = {service.name for service in then.services_on(node)}
    return tuple(service.name for service in cluster.services_on(node) if service.name not in there)


def deployed_checks(
    results: Sequence[CheckResult], then: Cluster, node: Node, runner: NodeRunner
) -> tuple[CheckResult, ...]:
    """What came of the checks of the node, and of those that its deployed services brought along.

    `results` are of the current commit. What only it asks is yet to come. What it no longer asks is asked now; mounts
    and free space, which the probe did not look at, are not known.
    """
    declared = health.declared(then, node)
    results = health.asked_by(then, node, results)
    known_already = {result.check for result in results}
    left = [check for check in declared if str(check) not in known_already]
    alone = replace(node, checks=tuple(left))
    answered = health.ask_http(replace(then, services={}), alone, runner)
    unasked = [CheckResult(str(check), None, _UNASKED) for check in left if not isinstance(check, HttpCheck)]
    return (*results, *health.asked_by(then, node, (*answered, *unasked)))


def judge_sync(well: NodeHealth, section: Section, *, deployed: str) -> Sync:
    if not deployed:
        return Sync(in_sync=None)
    touched, unreadable = parse_left(section)
    touched += tuple(state.service for state in well.services if not state.as_deployed)
    if touched:
        return Sync(in_sync=False, touched=touched, unreadable=unreadable)
    return Sync(in_sync=None if unreadable else True, unreadable=unreadable)


def standing(repository: Repository, head: str, deployed: str) -> tuple[int | None, int, str]:
    """How far what is deployed is behind the current commit and ahead of it, and the branch where it is ahead."""
    if deployed == head:
        return 0, 0, ""
    if not deployed or not repository.has(deployed):
        return None, 0, ""
    ahead, behind = repository.apart(deployed, head)
    return behind, ahead, repository.branch_with(deployed) if ahead else ""
