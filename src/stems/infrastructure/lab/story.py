"""The story that `lab demo` tells: commands a person would type, and what happens to the nodes meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stems.errors import ExitCode, StemsError
from stems.infrastructure.command import Effect
from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.lab.reach import on_node
from stems.infrastructure.lab.repository import commit_all
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.runner import Runner

DIGEST = "DIGEST"
"""Stands for the plan that the last command asked to approve."""

_ASKED = re.compile(r"stems approve ([0-9a-f]{6,64})")

Act = Callable[[Lab, Runner], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the story, or something that happens; `expected` are the exit codes that tell it right."""

    title: str
    words: tuple[str, ...] = ()
    expected: tuple[ExitCode, ...] = (ExitCode.DONE,)
    happens: Act | None = None


def asked_digest(output: str) -> str:
    """The plan that a command's output asks to approve, or nothing."""
    found = _ASKED.findall(output)
    return found[-1] if found else ""


def _on(lab: Lab, name: str, text: str, runner: Runner) -> None:
    result = on_node(lab, lab.node(name), text, runner=runner, effect=Effect.WRITES)
    if not result.ok:
        raise StemsError(f"{name}: the story could not go on", said=result.errors)


def _edit_by_hand(lab: Lab, runner: Runner) -> None:
    _on(lab, "drtr", "sudo sh -c 'echo changed at night >>/etc/motd' && docker stop -t 1 web-web-1", runner)


def _change_the_page(lab: Lab, runner: Runner) -> None:
    page = lab.repository / "services" / "web" / "site" / "index.html"
    page.write_text(page.read_text().replace("It works", "It works better"))
    commit_all(lab.repository, "Say it better", runner)


def _break_the_page(lab: Lab, runner: Runner) -> None:
    compose = lab.repository / "services" / "web" / "compose.yml"
    compose.write_text(compose.read_text().replace("-h, /site]", "-h, /sight]"))
    commit_all(lab.repository, "Move the page to a folder that is not there", runner)


def _mend_the_page(lab: Lab, runner: Runner) -> None:
    compose = lab.repository / "services" / "web" / "compose.yml"
    compose.write_text(compose.read_text().replace("-h, /sight]", "-h, /site]"))
    commit_all(lab.repository, "Move the page back", runner)


def _kill(lab: Lab, runner: Runner) -> None:
    break_node(lab, lab.node("drtr"), "kill", runner)


def _heal(lab: Lab, runner: Runner) -> None:
    heal(lab, runner)


APPROVE = Step("A person reads the plan and approves exactly that one", ("approve", DIGEST, "--yes"))
DEPLOY = Step("Roll out what was approved: the pilot first, then node by node", ("deploy", DIGEST))
PLAN = Step("Every tool says what it would do on every node", ("plan",))

STORY = (
    Step("Does the repository break a rule?", ("validate",)),
    PLAN,
    APPROVE,
    DEPLOY,
    Step("What is deployed, healthy, in sync?", ("status",)),
    Step("Someone edits a node by hand and stops a service", happens=_edit_by_hand),
    Step("Drift is found, not stumbled upon", ("drift",), (ExitCode.DRIFT,)),
    Step("A repair is a plan too, and waits for a person", ("deploy", "--repair"), (ExitCode.APPROVAL,)),
    APPROVE,
    Step("Back to what was approved", ("deploy", DIGEST)),
    Step("A better page is committed", happens=_change_the_page),
    PLAN,
    APPROVE,
    DEPLOY,
    Step("A bad change is committed", happens=_break_the_page),
    PLAN,
    APPROVE,
    Step("It fails on the pilot and is taken back; no other node sees it", ("deploy", DIGEST), (ExitCode.TAKEN_BACK,)),
    Step("Everything still runs", ("status",)),
    Step("The bad change is mended", happens=_mend_the_page),
    Step("A node loses its power", happens=_kill),
    Step("Unknown is not absent: it is said, and nothing is concluded from it", ("status",), (ExitCode.UNKNOWN,)),
    Step("The power is back", happens=_heal),
    Step("The page was better before, after all", ("rollback",), (ExitCode.APPROVAL,)),
    APPROVE,
    Step("An earlier commit is a plan like any other", ("deploy", DIGEST)),
    Step("What happened, as the ledger in Git tells it", ("history",)),
)
