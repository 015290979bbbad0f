"""What runs on a node without being declared: one question to Docker there, compared with the working tree."""

from __future__ import annotations

from dataclasses import dataclass

from stems.configuration.load import load_cluster
from stems.configuration.text import read_text
from stems.errors import ConfigurationError, ToolError, UnknownError, UsageError
from stems.infrastructure.guards import previewing_here, reading
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.jobs import variables_of
from stems.lifecycle.validate import working_tree
from stems.lifecycle.workspace import Workspace, require_node
from stems.model.cluster import CLUSTER_FILE, Cluster, ServicesDomain
from stems.model.names import printable
from stems.model.node import Node, Privilege
from stems.tools.base import Job
from stems.tools.compose.claims import claims
from stems.tools.compose.existing.candidates import Candidate, candidates
from stems.tools.compose.existing.found import Found, parse_found
from stems.tools.compose.existing.look import look_command
from stems.tools.compose.naming import NAME as COMPOSE
from stems.tools.compose.naming import name_by_folder
from stems.tools.redact import redacted


@dataclass(frozen=True)
class Asking:
    """A node as it is asked about what runs there, and the cluster as it is written now."""

    workspace: Workspace
    cluster: Cluster
    domain: ServicesDomain
    node: Node
    runner: NodeRunner
    text: str


def adoptable(workspace: Workspace, node: str) -> tuple[Candidate, ...]:
    """What could be adopted on a node. Raises when the node or its Docker does not answer."""
    asking = ask(workspace, node)
    found, _ = look(asking, "")
    return candidates(found, claimed(asking))


def ask(workspace: Workspace, name: str) -> Asking:
    # What is declared counts as it is written now, so that one adoption after the other needs no commit between them.
    text = read_text(workspace.repository.root / CLUSTER_FILE, CLUSTER_FILE)
    cluster = load_cluster(text, CLUSTER_FILE)
    node = require_node(workspace.cluster, name)
    if name not in cluster.nodes:
        raise UsageError(f"{name}: the working tree has no such node any more", remedy=f"look at {CLUSTER_FILE}")
    if cluster.domains.services is None:
        raise ConfigurationError(
            f"{CLUSTER_FILE}: no `services` under `domains`, so that a service has no place",
            remedy="add `services: {tool: compose, source: services}` under `domains`",
        )
    return Asking(workspace, cluster, cluster.domains.services, node, reading(workspace.runner(node)), text)


def look(asking: Asking, name: str) -> tuple[Found, str]:
    """What the node says, and as whom it had to be asked."""
    found = _asked(asking, name, account="")
    if not found.denied:
        return found, ""
    if asking.node.privilege is Privilege.NONE:
        raise UnknownError(
            f"{asking.node.name}: the SSH user may not talk to Docker",
            said=redacted("\n".join(found.said)),
            remedy="add it to the group docker there, or set `privilege` of the node to sudo",
        )
    found = _asked(asking, name, account="root")
    if found.denied:
        problem = f"{asking.node.name}: root may not talk to Docker either"
        raise UnknownError(problem, said=redacted("\n".join(found.said)), remedy="see `sudo docker ps` there")
    return found, "root"


def _asked(asking: Asking, name: str, *, account: str) -> Found:
    try:
        result = asking.runner.run(look_command(name, account=account))
        found = parse_found(result.text)
    except ToolError as error:
        raise UnknownError(error.problem, said=error.said, remedy=error.remedy) from None
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(asking, error) from None
    if found.failed:
        raise UnknownError(
            f"{asking.node.name}: {found.failed}",
            said=redacted("\n".join(found.said)),
            remedy="see `systemctl status docker` there, then try again",
        )
    return found


def _unreadable(asking: Asking, error: Exception) -> UnknownError:
    return UnknownError(
        f"{asking.node.name}: what it said about its containers cannot be read: {printable(str(error))}",
        remedy="see whether `docker ps -a` and `docker inspect` work there by hand",
    )


def job_of(asking: Asking) -> Job:
    workspace = asking.workspace
    tree = working_tree(workspace.repository)
    variables = variables_of(asking.cluster)
    return Job(asking.cluster, asking.domain, tree, variables, previewing_here(workspace.local), workspace.private)


def claimed(asking: Asking) -> frozenset[str]:
    """The projects and containers of declared services, those too whose files cannot be read."""
    job = job_of(asking)
    declared = [one for one in asking.cluster.services_on(asking.node.name) if one.tool == COMPOSE]
    projects = {f"project:{one.project or name_by_folder(one.where)}" for one in declared}
    return frozenset(projects | {claim.resource for claim in claims(job, asking.cluster.nodes[asking.node.name])})
