"""Changes that could cut the way in, made under the eyes of the supervisor on the node."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial

from stems.errors import StemsError, ToolError
from stems.infrastructure import supervisor
from stems.infrastructure.parallel import repeating
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.progress import Event, Phase
from stems.lifecycle.rollout.quiet import wait_until_quiet
from stems.lifecycle.run import STEPS, Run
from stems.model.change import Change, Domain, Risk
from stems.model.node import Node, Privilege
from stems.model.plan import NodePlan
from stems.tools.network import is_way, is_way_unit

PATIENCE = supervisor.SILENCE + 90.0
"""Seconds within which the way in must be back: silence, then putting back and restarting."""
_INTERVAL = 2.0


@dataclass(frozen=True)
class Watch:
    """One watch of the supervisor on a node, and the way there: a new connection for each word."""

    name: str
    runner: NodeRunner

    def arm(self, home: str, changes: Sequence[Change]) -> None:
        """What the approved changes name is kept too, where it lies outside of the ways that are always kept."""
        named = [change.resource.partition(":")[::2] for change in changes]
        # A word for the shell on the node: a path with a space in it is one only below what is kept anyway.
        paths = [name for kind, name in named if kind == "file" and is_way(name) and len(name.split()) == 1]
        units = [
            name if "." in name else f"{name}.service" for kind, name in named if kind == "unit" and is_way_unit(name)
        ]
        result = self.runner.run(supervisor.arm_command(self.name, home, paths=paths, units=units))
        if not result.ok:
            remedy = "see that root can write to /var/lib there"
            raise ToolError(f"{self.runner.place}: the supervisor cannot be started", said=result.errors, remedy=remedy)

    def say_alive(self) -> None:
        self.runner.run(supervisor.alive_command(self.name))

    def is_confirmed(self) -> bool:
        try:
            result = self.runner.run(supervisor.confirm_command(self.name))
        except StemsError:
            # Without an answer, or with sudo refusing: either way nobody gets in as root.
            return False
        return result.ok and result.text.strip() == "confirmed"

    def outcome(self) -> list[str]:
        """The outcome and what could not be put back; an empty word when there is none in time."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(StemsError):
                told = self.runner.run(supervisor.outcome_command(self.name)).text.splitlines()
                if told:
                    self.runner.run(supervisor.forget_command(self.name))
                    return told
            time.sleep(_INTERVAL)
        return [""]


def needs_supervision(run: Run, node: NodePlan, changes: Sequence[Change]) -> bool:
    """Changes of class network, and in the system domain those of unknown effect: they may cut the way in, too."""
    if run.node(node.node).privilege is Privilege.NONE:
        return False
    return any(
        change.risk is Risk.NETWORK or (change.risk is Risk.UNKNOWN and change.domain is Domain.SYSTEM)
        for change in changes
    )


def let_go(runner: NodeRunner, node: Node) -> None:
    """End what a dead controller's supervisor still watches: whoever takes care of its deployment is in."""
    if node.privilege is Privilege.NONE:
        return
    result = runner.run(supervisor.let_go_command())
    if not result.ok:
        problem = f"{node.name}: an earlier supervisor cannot be ended"
        raise ToolError(problem, said=result.errors, remedy="see `systemctl list-units 'stems-supervisor-*'` there")


@contextmanager
def supervised(run: Run, node: NodePlan, domain: Domain, changes: Sequence[Change]) -> Iterator[None]:
    """Raises `ToolError` when nobody gets in afterwards; the node has then put the way in back by itself."""
    if not needs_supervision(run, node, changes):
        yield
        return
    watch = Watch(supervisor.new_name(run.identity), run.runners[node.node].fresh())
    watch.arm(run.homes[node.node], changes)
    try:
        with repeating(supervisor.ALIVE_EVERY, watch.say_alive):
            yield
    except BaseException:
        _restore(run, node, domain, watch)
        raise
    if not watch.is_confirmed():
        raise _cut_off(run, node, domain, watch)


def _cut_off(run: Run, node: NodePlan, domain: Domain, watch: Watch) -> StemsError:
    """Wait for what the supervisor does, and say it."""
    _tell(run, node, domain, "nobody gets in any more: waiting until the node puts the way in back")
    outcome, *left = watch.outcome()
    problem = f"{node.node}: after the {domain.value} domain was applied nobody got in any more"
    if outcome == "taken back":
        mend = "mend what cuts the way in, commit, and deploy again"
        return ToolError(f"{problem}; the node put the way in back by itself", remedy=mend)
    if outcome:
        what = "its supervisor could not put everything back"
        return ToolError(
            f"{problem}, and {what}", said="\n".join(left), remedy=f"mend it at the console of {node.node}"
        )
    remedy = f"look at {node.node} at its console; {supervisor.folder_of(watch.name)}/log says what was tried"
    return ToolError(f"{problem}, and it did not put it back within {PATIENCE:.0f} s", remedy=remedy)


def _restore(run: Run, node: NodePlan, domain: Domain, watch: Watch) -> None:
    """What failed half-way may have cut the way in, too: it is put back before anything else is taken back.

    Only when nothing of it runs any more, or it would go on to cut. Where nobody gets in, the node does not wait.
    """
    with repeating(supervisor.ALIVE_EVERY, watch.say_alive), suppress(StemsError):
        say = partial(_tell, run, node, domain)
        wait_until_quiet(watch.runner, run.node(node.node), run.identity, say=say)
    with suppress(StemsError):
        watch.runner.run(supervisor.hurry_command(watch.name))
    outcome, *left = watch.outcome()
    if outcome != "taken back":
        _tell(run, node, domain, f"the way in: {outcome or 'no word of its supervisor'} {' '.join(left)}".strip())


def _tell(run: Run, node: NodePlan, domain: Domain, text: str) -> None:
    run.progress(Event(node.node, STEPS[domain], Phase.NOTE, text))
