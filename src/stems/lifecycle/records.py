"""What the ledger says and is told: plans, approvals, approvers and deployments, here and on every node."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TypeVar

from stems.errors import StemsError, ToolError, UnknownError
from stems.infrastructure.parallel import ask_each
from stems.lifecycle.look.observe import known, observe
from stems.lifecycle.run import Run
from stems.lifecycle.site import site
from stems.lifecycle.store import read_plan
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.cluster import Approver
from stems.model.deployment import Deployment, Outcome
from stems.model.observation import Unknown
from stems.model.plan import Plan
from stems.model.record import FOLDER, begin_name, end_name, last_of_each
from stems.tools.base import Site
from stems.tools.git import exchange
from stems.tools.git.ledger import Ledger

Value = TypeVar("Value")
APPROVERS = "approvers/"


def approved(workspace: Workspace, plan: Plan, approval: Approval, *, approvers: tuple[Approver, ...] | None) -> None:
    """Write down an approval and its plan; `approvers`, when another list counts from now on."""
    files = _approval_files(plan, approval)
    if approvers is not None:
        files[f"{APPROVERS}{_stamp(approval.when)}-{plan.digest}.json"] = _bytes(
            {"schema": "stems.approvers/1", "approvers": [asdict(each) for each in approvers]}
        )
    Ledger.of(workspace.repository).append(files, f"Approve plan {plan.digest[:12]}")


def approver_lists(workspace: Workspace) -> dict[str, bytes]:
    """Every list of approvers that was written down, by name, oldest first."""
    return dict(sorted(Ledger.of(workspace.repository).read(APPROVERS).items()))


def read_approvers(content: bytes) -> tuple[Approver, ...]:
    return _read(content, _approvers, "list of approvers")


def _approvers(document: dict[str, Any]) -> tuple[Approver, ...]:
    return tuple(Approver(each["name"], each["key"]) for each in document["approvers"])


def begin(run: Run, approval: Approval | None) -> None:
    """Write down that a deployment begins, here and on every target: the nodes must be able to tell what it is."""
    files = {f"plans/{run.plan.digest}.json": run.plan.canonical()}
    files |= _approval_files(run.plan, approval) if approval else {}
    files[begin_name(run.identity)] = _bytes(_deployment(run, Outcome.RUNNING, "", ended=None).to_json())
    Ledger.of(run.workspace.repository).append(files, f"Begin {run.plan.purpose} {run.identity}")
    for answer in _push(run).values():
        if isinstance(answer, Unknown):
            raise answer.error


def end(run: Run, outcome: Outcome, reason: str) -> Deployment:
    """Write down how a deployment ended. A node that cannot be told now is told by the next deployment."""
    ledger = Ledger.of(run.workspace.repository)
    when = datetime.now(UTC).replace(microsecond=0)
    ended = _deployment(run, outcome, reason, ended=when)
    name = end_name(run.identity, when, os.urandom(3).hex(), known=ledger.read(f"{FOLDER}{run.identity}"))
    ledger.append({name: _bytes(ended.to_json())}, f"End {run.identity}: {outcome.value}")
    if outcome is Outcome.DEPLOYED:
        run.workspace.repository.tag(
            f"stems/deploy/{run.identity}", run.plan.commit, f"{run.plan.purpose} by {run.who}, plan {run.plan.digest}"
        )
    _push(run)
    return ended


def deployments(workspace: Workspace, *, source: str = "") -> list[Deployment]:
    """Every deployment, newest first. Without a ledger here, or with a `source`, a node is asked for its own."""
    files = _files(workspace, FOLDER, source=source)
    return [_read(files[name], Deployment.from_json, "deployment") for name in last_of_each(files).values()]


def told_deployments(workspace: Workspace) -> list[Deployment]:
    """The deployments that this clone was told of, newest first: no node is asked."""
    return deployments(workspace) if Ledger.of(workspace.repository).head() else []


def last_commits(workspace: Workspace) -> dict[str, str]:
    """The commit that was deployed last on each node, as far as this clone was told."""
    found: dict[str, str] = {}
    for each in told_deployments(workspace):
        for name, outcome in each.nodes.items():
            if outcome in (Outcome.DEPLOYED, Outcome.UNCHANGED):
                found.setdefault(name, each.commit)
    return found


def deployment_of(workspace: Workspace, digest: str) -> Deployment | None:
    """The deployment that used a plan, if this clone knows of one."""
    files = Ledger.of(workspace.repository).read(FOLDER)
    found = (_read(files[name], Deployment.from_json, "deployment") for name in last_of_each(files).values())
    return next((each for each in found if each.plan == digest), None)


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


def _deployment(run: Run, outcome: Outcome, reason: str, *, ended: datetime | None) -> Deployment:
    began = datetime.strptime(run.identity.split("-", 1)[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Deployment(
        identity=run.identity,
        plan=run.plan.digest,
        commit=run.plan.commit,
        who=run.who,
        purpose=run.plan.purpose,
        started=began,
        outcome=outcome,
        ended=ended,
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
