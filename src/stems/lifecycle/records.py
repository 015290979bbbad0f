"""What the ledger says and is told: plans, approvals, approvers and deployments, here and on every node."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from stems.errors import ApprovalError, StemsError, ToolError, UnknownError
from stems.infrastructure.parallel import ask_each
from stems.lifecycle.observe import known, observe
from stems.lifecycle.places import site
from stems.lifecycle.run import Run
from stems.lifecycle.store import read_plan
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.cluster import Approver
from stems.model.deployment import Deployment, Outcome
from stems.model.observation import Unknown
from stems.model.plan import Plan
from stems.tools.base import Site
from stems.tools.git import exchange, signing
from stems.tools.git.ledger import Ledger

Value = TypeVar("Value")
_BEGIN, _END = "-begin.json", "-end.json"


def approved(workspace: Workspace, plan: Plan, approval: Approval) -> None:
    """Write down an approval, its plan, and the list of approvers when it is another one from now on."""
    files = _approval_files(plan, approval)
    if (approvers(workspace) or ()) != workspace.cluster.approvers:
        files[f"approvers/{_stamp(approval.when)}-{plan.digest}.json"] = _bytes(
            {"schema": "stems.approvers/1", "approvers": [asdict(each) for each in workspace.cluster.approvers]}
        )
    Ledger.of(workspace.repository).append(files, f"Approve plan {plan.digest[:12]}")


def begin(run: Run, approval: Approval | None) -> None:
    """Write down that a deployment begins, here and on every target: the nodes must be able to tell what it is."""
    files = {f"plans/{run.plan.digest}.json": run.plan.canonical()}
    files |= _approval_files(run.plan, approval) if approval else {}
    files[f"deployments/{run.identity}{_BEGIN}"] = _bytes(_deployment(run, Outcome.RUNNING, "").to_json())
    Ledger.of(run.workspace.repository).append(files, f"Begin {run.plan.purpose} {run.identity}")
    for answer in _push(run).values():
        if isinstance(answer, Unknown):
            raise answer.error


def end(run: Run, outcome: Outcome, reason: str) -> Deployment:
    """Write down how a deployment ended. A node that cannot be told now is told by the next deployment."""
    ended = _deployment(run, outcome, reason)
    ledger = Ledger.of(run.workspace.repository)
    ledger.append(
        {f"deployments/{run.identity}{_END}": _bytes(ended.to_json())}, f"End {run.identity}: {outcome.value}"
    )
    if outcome is Outcome.DEPLOYED:
        run.workspace.repository.tag(
            f"stems/deploy/{run.identity}", run.plan.commit, f"{run.plan.purpose} by {run.who}, plan {run.plan.digest}"
        )
    _push(run)
    return ended


def deployments(workspace: Workspace, *, source: str = "") -> list[Deployment]:
    """Every deployment, newest first. Without a ledger here, or with a `source`, a node is asked for its own."""
    files = _files(workspace, "deployments/", source=source)
    begun = {name.removesuffix(_BEGIN): content for name, content in files.items() if name.endswith(_BEGIN)}
    latest = [files.get(f"{name}{_END}", content) for name, content in sorted(begun.items(), reverse=True)]
    return [_read(content, Deployment.from_json, "deployment") for content in latest]


def deployment_of(workspace: Workspace, digest: str) -> Deployment | None:
    """The deployment that used a plan, if this clone knows of one."""
    files = Ledger.of(workspace.repository).read("deployments/")
    # Of the same deployment the end comes after the beginning.
    found = (_read(content, Deployment.from_json, "deployment") for _, content in sorted(files.items(), reverse=True))
    return next((each for each in found if each.plan == digest), None)


def approvers(workspace: Workspace, *, besides: str = "") -> tuple[Approver, ...] | None:
    """The newest list of approvers that counts; None when there never was one.

    The first list counts by its first use. Each later one counts only if it is that of the commit whose plan it was
    recorded with, and if somebody of the list before it signed that plan: nodes hold copies of the ledger, and a file
    that somebody added there proves nothing. `besides` is a plan whose own list does not count yet: the list before it
    approves a change of the list.
    """
    counting: tuple[Approver, ...] | None = None
    for name, content in sorted(Ledger.of(workspace.repository).read("approvers/").items()):
        if counting is not None and besides and name.endswith(f"-{besides}.json"):
            continue
        named = _read(content, _approvers, "list of approvers")
        if counting is None or _is_approved(workspace, name, named, by=counting):
            counting = named
    return counting


def _approvers(document: dict[str, Any]) -> tuple[Approver, ...]:
    return tuple(Approver(each["name"], each["key"]) for each in document["approvers"])


def _is_approved(workspace: Workspace, name: str, named: tuple[Approver, ...], *, by: tuple[Approver, ...]) -> bool:
    digest = name.removesuffix(".json").split("-", 1)[1]
    signed = approval(workspace, digest)
    if not by:
        return True
    if signed is None:
        return False
    commit = plan(workspace, digest).config_commit
    if not workspace.repository.has(commit) or workspace.cluster_at(commit).approvers != named:
        return False
    try:
        signing.verify(workspace.local, signed, by, private=workspace.private)
    except ApprovalError:
        return False
    return True


def plan(workspace: Workspace, digest: str) -> Plan:
    """A plan that was deployed or approved."""
    files = Ledger.of(workspace.repository).read(f"plans/{digest}")
    if not files:
        raise ToolError(
            f"plan {digest[:12]} is not in the ledger", remedy="release the lock with `stems unlock`, then plan anew"
        )
    return read_plan(next(iter(files.values())), digest)


def approval(workspace: Workspace, digest: str) -> Approval | None:
    """The newest approval of a plan."""
    files = Ledger.of(workspace.repository).read(f"approvals/{digest}")
    return _read(files[max(files)], Approval.from_json, "approval") if files else None


def gather(workspace: Workspace, homes: Mapping[str, str]) -> None:
    """Join what nodes were told by other clones into the ledger here."""
    ledger = Ledger.of(workspace.repository)
    for name, home in homes.items():
        exchange.fetch(ledger, _site(workspace, name, home))


def bring_commit(workspace: Workspace, commit: str, homes: Mapping[str, str]) -> None:
    """Have a commit that was deployed from another clone."""
    for name, home in homes.items():
        if workspace.repository.has(commit):
            return
        with suppress(StemsError):
            exchange.bring(workspace.repository, commit, site=_site(workspace, name, home))
    if not workspace.repository.has(commit):
        raise UnknownError(
            f"commit {commit[:12]} is neither here nor on a node", remedy="`git fetch` it, then try again"
        )


def _files(workspace: Workspace, prefix: str, *, source: str) -> dict[str, bytes]:
    ledger = Ledger.of(workspace.repository)
    if ledger.head() and not source:
        return ledger.read(prefix)
    nodes = [workspace.node(source)] if source else list(workspace.cluster.nodes.values())
    answers = observe(workspace.cluster, workspace.runners(), nodes)
    for name, seen in known(answers).items():
        place = _site(workspace, name, seen.facts.home)
        files = exchange.read_from(place, workspace.local, private=workspace.private, prefix=prefix)
        if files:
            return files
    for answer in answers.values():
        if isinstance(answer, Unknown):
            raise answer.error
    return {}


def _push(run: Run) -> Mapping[str, object]:
    ledger = Ledger.of(run.workspace.repository)
    return ask_each(run.homes, lambda name: exchange.push(ledger, run.site(name)))


def _site(workspace: Workspace, name: str, home: str) -> Site:
    node = workspace.node(name)
    return site(workspace.cluster, node, workspace.runner(node), home=home, commit="")


def _deployment(run: Run, outcome: Outcome, reason: str) -> Deployment:
    began = datetime.strptime(run.identity.split("-", 1)[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Deployment(
        identity=run.identity,
        plan=run.plan.digest,
        commit=run.plan.commit,
        who=run.who,
        purpose=run.plan.purpose,
        started=began,
        outcome=outcome,
        ended=None if outcome is Outcome.RUNNING else datetime.now(UTC).replace(microsecond=0),
        nodes={node.node: run.outcomes.get(node.node, Outcome.NOT_REACHED) for node in run.in_order()},
        previous={node.node: node.deployed for node in run.plan.nodes},
        reason=reason,
    )


def _approval_files(plan: Plan, approval: Approval) -> dict[str, bytes]:
    return {
        f"plans/{plan.digest}.json": plan.canonical(),
        f"approvals/{plan.digest}-{_stamp(approval.when)}.json": _bytes(approval.to_json()),
    }


def _stamp(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _bytes(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _read(content: bytes, parse: Callable[[dict[str, Any]], Value], what: str) -> Value:
    try:
        return parse(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnknownError(
            f"the ledger holds a {what} that cannot be read ({error})", remedy="see `git log stems/ledger`"
        ) from None
