"""Changes that could cut the way in, made under the eyes of the supervisor on the node."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from stems.errors import StemsError, ToolError, UnknownError
from stems.infrastructure import supervisor
from stems.infrastructure.command import Command
from stems.infrastructure.parallel import repeating
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.progress import Event, Phase
from stems.lifecycle.run import STEPS, Run
from stems.model.change import Change, Domain, Risk
from stems.model.node import Privilege
from stems.model.plan import NodePlan

PATIENCE = supervisor.SILENCE + 90.0
"""Seconds within which the way in must be back: silence, then putting back and restarting."""
_INTERVAL = 2.0


def needs_supervision(run: Run, node: NodePlan, changes: Sequence[Change]) -> bool:
    """Changes of class network, and in the system domain those of unknown effect: they may cut the way in, too."""
    if run.node(node.node).privilege is Privilege.NONE:
        return False
    return any(
        change.risk is Risk.NETWORK or (change.risk is Risk.UNKNOWN and change.domain is Domain.SYSTEM)
        for change in changes
    )


@contextmanager
def supervised(run: Run, node: NodePlan, domain: Domain, changes: Sequence[Change]) -> Iterator[None]:
    """Raises `ToolError` when nobody gets in afterwards; the node has then put the way in back by itself."""
    if not needs_supervision(run, node, changes):
        yield
        return
    fresh = run.runners[node.node].fresh()
    _do(fresh, supervisor.arm_command(run.identity, run.homes[node.node]), "the supervisor cannot be started")
    try:
        with repeating(supervisor.ALIVE_EVERY, lambda: fresh.run(supervisor.alive_command(run.identity))):
            yield
    except BaseException:
        _restore(run, node, domain, fresh)
        raise
    if not _is_confirmed(run, fresh):
        raise _cut_off(run, node, domain, fresh)


def _is_confirmed(run: Run, fresh: NodeRunner) -> bool:
    try:
        result = fresh.run(supervisor.confirm_command(run.identity))
    except UnknownError:
        return False
    return result.ok and result.text.strip() == "confirmed"


def _cut_off(run: Run, node: NodePlan, domain: Domain, fresh: NodeRunner) -> StemsError:
    """Wait for what the supervisor does, and say it."""
    _tell(run, node, domain, "nobody gets in any more: waiting until the node puts the way in back")
    outcome, *left = _outcome(run, fresh)
    problem = f"{node.node}: after the {domain.value} domain was applied nobody got in any more"
    if outcome == "taken back":
        mend = "mend what cuts the way in, commit, and deploy again"
        return ToolError(f"{problem}; the node put the way in back by itself", remedy=mend)
    if outcome:
        what = "its supervisor could not put everything back"
        return ToolError(
            f"{problem}, and {what}", said="\n".join(left), remedy=f"mend it at the console of {node.node}"
        )
    remedy = f"look at {node.node} at its console; {supervisor.folder_of(run.identity)}/log says what was tried"
    return ToolError(f"{problem}, and it did not put it back within {PATIENCE:.0f} s", remedy=remedy)


def _restore(run: Run, node: NodePlan, domain: Domain, fresh: NodeRunner) -> None:
    """What failed half-way may have cut the way in, too: it is put back before anything else is taken back."""
    with suppress(StemsError):
        fresh.run(supervisor.hurry_command(run.identity))
    outcome, *left = _outcome(run, fresh)
    if outcome != "taken back":
        _tell(run, node, domain, f"the way in: {outcome or 'no word of its supervisor'} {' '.join(left)}".strip())


def _outcome(run: Run, fresh: NodeRunner) -> list[str]:
    """The outcome of the supervisor and what it left; an empty word when it gave none in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(StemsError):
            told = fresh.run(supervisor.outcome_command(run.identity)).text.splitlines()
            if told:
                fresh.run(supervisor.forget_command(run.identity))
                return told
        time.sleep(_INTERVAL)
    return [""]


def _do(runner: NodeRunner, command: Command, problem: str) -> None:
    result = runner.run(command)
    if not result.ok:
        raise ToolError(f"{runner.place}: {problem}", said=result.errors, remedy="see that root can write to /var/lib")


def _tell(run: Run, node: NodePlan, domain: Domain, text: str) -> None:
    run.progress(Event(node.node, STEPS[domain], Phase.NOTE, text))
