"""Status on one screen: a row a node, then only what needs a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stems.cli.render.text import age, beside, bold, columns, count, dim, marked, one_line, short, size
from stems.infrastructure.lock import Held
from stems.lifecycle.look.health import NodeHealth, describe_check, describe_service
from stems.lifecycle.look.paused import paused_services
from stems.lifecycle.status import NodeStatus, Sync
from stems.lifecycle.workspace import Workspace
from stems.model.names import printable
from stems.model.observation import Answer, Unknown
from stems.model.state import Health

_HEAD = ("NODE", "ROLE", "DEPLOYED", "HEALTHY", "IN SYNC", "SERVICES", "LOAD", "MEMORY FREE", "UP")
_SHOWN = 5
_HEALTH_MARKS = {Health.UNKNOWN: "unknown", Health.STARTING: "wait"}


def is_ahead(answers: Mapping[str, Answer[NodeStatus]]) -> bool:
    """Whether the current commit is not on some node, and no deployment is about to change that."""
    known = [answer.value for answer in answers.values() if not isinstance(answer, Unknown)]
    busy = any(seen.observed.lock or seen.unfinished for seen in known)
    return not busy and any(not seen.is_current for seen in known)


def render_status(
    workspace: Workspace, answers: Mapping[str, Answer[NodeStatus]], *, earlier: str = ""
) -> Iterator[str]:
    """`earlier` is what became of the current commit before, where it is not what the nodes run."""
    cluster = workspace.cluster
    yield f"{bold(cluster.name)}  {count(len(cluster.nodes), 'node')}  {dim('current commit ' + short(workspace.head))}"
    yield ""
    yield from columns(
        [tuple(dim(word) for word in _HEAD), *(_row(workspace, name, answers[name]) for name in answers)]
    )
    for name, answer in answers.items():
        yield from _troubles(workspace, name, answer)
    if earlier or is_ahead(answers):
        yield ""
    if earlier:
        yield marked("warn", f"the current commit {one_line(earlier)}")
    if is_ahead(answers):
        yield dim("next: `stems plan` shows what the current commit would change")


def _row(workspace: Workspace, name: str, answer: Answer[NodeStatus]) -> tuple[str, ...]:
    node = workspace.cluster.nodes[name]
    if isinstance(answer, Unknown):
        return (bold(name), node.role, *[marked("unknown", "unknown")] * 3, "", "", "", "")
    seen = answer.value
    facts = seen.observed.facts
    up = sum(state.health is Health.HEALTHY for state in seen.health.services)
    return (
        bold(name),
        node.role,
        _deployed(seen),
        _healthy(seen),
        _in_sync(seen.sync, deployed=seen.observed.deployed),
        f"{up}/{len(seen.health.services)}" if seen.observed.deployed else "",
        f"{facts.load:.2f}",
        f"{size(facts.memory_available)} of {size(facts.memory_total)}",
        age(facts.uptime),
    )


def _deployed(seen: NodeStatus) -> str:
    if not seen.observed.deployed:
        return marked("none", "nothing yet")
    if seen.behind is None:
        return marked("unknown", f"{short(seen.observed.deployed)}, not in this clone")
    branch = f", on {printable(seen.branch) or 'no branch here'}" if seen.ahead else ""
    behind = f", {seen.behind} behind" if seen.behind else ""
    return marked("good" if seen.is_current else "warn", short(seen.observed.deployed) + branch + behind)


def _healthy(seen: NodeStatus) -> str:
    if seen.health.is_healthy:
        return marked("good", "yes") if seen.observed.deployed else marked("none", "nothing yet")
    answers = [state.health for state in seen.health.services] + [
        Health.UNKNOWN for check in seen.health.checks if check.passed is None
    ]
    bad = any(health in (Health.DOWN, Health.UNHEALTHY) for health in answers) or any(
        check.passed is False for check in seen.health.checks
    )
    if bad:
        return marked("bad", "no")
    return marked("unknown", "unknown") if Health.UNKNOWN in answers else marked("wait", "starting")


def _in_sync(sync: Sync, *, deployed: str) -> str:
    if not deployed:
        return marked("none", "nothing yet")
    if sync.in_sync is None:
        return marked("unknown", "unknown")
    return marked("good", "yes") if sync.in_sync else marked("bad", "no")


def _troubles(workspace: Workspace, name: str, answer: Answer[NodeStatus]) -> Iterator[str]:
    node = workspace.cluster.nodes[name]
    lines = list(_unknown_lines(workspace, name, answer) if isinstance(answer, Unknown) else _known_lines(answer.value))
    if node.paused:
        lines.append(marked("none", f"paused: {node.paused}"))
    for service, reason in paused_services(workspace.cluster, name).items():
        lines.append(marked("none", f"{service} is paused: {reason}"))
    if lines:
        yield ""
        yield bold(name)
        yield from (f"  {line}" for line in lines)


def _unknown_lines(workspace: Workspace, name: str, answer: Unknown) -> Iterator[str]:
    node = workspace.cluster.nodes[name]
    yield marked("unknown", beside(name, answer.reason))
    if node.when_down.impact:
        yield f"impact: {node.when_down.impact}"
    if node.when_down.mitigation:
        yield f"do now: {node.when_down.mitigation}"
    services = ", ".join(service.name for service in workspace.cluster.services_on(name))
    if services:
        yield f"services there: {services}"
    if answer.error.remedy:
        yield dim(f"next: {printable(answer.error.remedy)}")


def _ill(health: NodeHealth) -> Iterator[str]:
    for state in health.services:
        if state.health is not Health.HEALTHY:
            yield marked(_HEALTH_MARKS.get(state.health, "bad"), printable(describe_service(state)))
    for check in health.checks:
        if not check.passed:
            yield marked("unknown" if check.passed is None else "bad", printable(describe_check(check)))


def _known_lines(seen: NodeStatus) -> Iterator[str]:
    yield from _some(list(_ill(seen.health)))
    home = seen.observed.facts.home
    yield from _some([
        marked("bad", f"{printable(_from_home(touched, home))} is not as deployed") for touched in seen.sync.touched
    ])  # fmt: skip
    yield from _some([marked("unknown", printable(line)) for line in seen.sync.unreadable])
    if seen.awaiting:
        yield marked("none", f"not deployed here yet: {', '.join(seen.awaiting)}")
    if seen.observed.lock:
        yield marked("wait", f"locked: {_holder(seen.observed.lock)}")
    if seen.unfinished:
        yield marked("bad", f"deployment {seen.unfinished} began here and did not end; run `stems deploy --resume`")
    elif seen.sync.touched:
        yield dim("next: see it with `stems drift`, put it right with `stems deploy --repair`")


def _some(lines: list[str]) -> list[str]:
    """The first few of many, and how many there are besides."""
    more = [dim(f"… and {len(lines) - _SHOWN} more, shown with --json")] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more]


def _from_home(path: str, home: str) -> str:
    return f"~{path.removeprefix(home)}" if path.startswith(f"{home}/") else path


def _holder(held: Held) -> str:
    return printable(str(held.lock)) if held.lock else "held, but the lock cannot be read"


def status_document(
    workspace: Workspace, answers: Mapping[str, Answer[NodeStatus]], *, earlier: str = ""
) -> dict[str, Any]:
    return {
        "schema": "stems.status/1",
        "cluster": workspace.cluster.name,
        "commit": workspace.head,
        "earlier": earlier or None,
        "nodes": [_node_document(workspace, name, answer) for name, answer in answers.items()],
    }


def _node_document(workspace: Workspace, name: str, answer: Answer[NodeStatus]) -> dict[str, Any]:
    node = workspace.cluster.nodes[name]
    about = {"node": name, "role": node.role, "paused": node.paused}
    if isinstance(answer, Unknown):
        down = {"impact": node.when_down.impact, "mitigation": node.when_down.mitigation}
        return {**about, "known": False, "reason": answer.reason, "remedy": answer.error.remedy, "when_down": down}
    seen = answer.value
    return {
        **about,
        "known": True,
        "deployed": seen.observed.deployed or None,
        "behind": seen.behind,
        "ahead": seen.ahead,
        "branch": seen.branch or None,
        "healthy": seen.health.is_healthy,
        "in_sync": seen.sync.in_sync,
        "not_as_deployed": list(seen.sync.touched),
        "unreadable": list(seen.sync.unreadable),
        "awaiting": list(seen.awaiting),
        "services": [
            {
                "service": state.service,
                "health": state.health.value,
                "detail": state.detail,
                "as_deployed": state.as_deployed,
            }
            for state in seen.health.services
        ],
        "checks": [
            {"check": check.check, "services": list(check.of), "passed": check.passed, "detail": check.detail}
            for check in seen.health.checks
        ],
        "lock": _holder(seen.observed.lock) if seen.observed.lock else None,
        "unfinished": seen.unfinished or None,
        "machine_id": seen.observed.facts.machine_id,
        "load": seen.observed.facts.load,
        "memory_total": seen.observed.facts.memory_total,
        "memory_available": seen.observed.facts.memory_available,
        "uptime": seen.observed.facts.uptime,
    }
