"""The whole story on a lab: the real commands with their real output, each checked for how it must end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click

from stems.cli import output
from stems.errors import ExitCode, StemsError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.lab.reach import on_node
from stems.infrastructure.lab.repository import commit_all, git
from stems.infrastructure.lab.state import Lab, named, save
from stems.infrastructure.local import LocalRunner
from stems.model.names import printable

_LIMIT = 900.0
_LINE = 72


@dataclass(frozen=True)
class Edit:
    """What a commit of the story changes in a file of the example repository."""

    path: str
    old: str
    new: str
    message: str


_COMPOSE = "services/web/compose.yml"
APPROVERS = Edit(
    "config/cluster.yml",
    "\n# One node at a time",
    '\napprovers: [{{name: owner, key: "{key}"}}]\n\n# One node at a time',
    "Name who may approve",
)
WRONG_PAGE = Edit(_COMPOSE, "8080/health", "8080/nothing-here", "Check another page")
RIGHT_PAGE = Edit(_COMPOSE, "8080/nothing-here", "8080/health", "Check the right page again")
NEW_PAGE = Edit("services/web/site/index.html", "<h1>", "<h1>New: ", "Say something new")
EDITS = (APPROVERS, WRONG_PAGE, RIGHT_PAGE, NEW_PAGE)


@dataclass(frozen=True)
class Theatre:
    """A lab on which the story is played, and what to do with each line that a command prints."""

    lab: Lab
    show: Callable[[str], None] = output.say

    @property
    def repository(self) -> Path:
        return self.lab.repository

    @property
    def down(self) -> str:
        return f"stems lab down{named(self.lab.name)} --force"

    def scene(self, title: str, about: str) -> None:
        self.show("")
        self.show(click.style(f"── {title} {'─' * max(0, _LINE - len(title))}", fg="cyan", bold=True))
        self.show(about)

    def stems(self, *arguments: str, ends: ExitCode = ExitCode.DONE, quiet: bool = False) -> str:
        """Run a stems command as a person would, and stop the story when it ends otherwise than it must."""
        lines: list[str] = []

        def line(content: bytes) -> None:
            lines.append(content.decode("utf-8", "replace").rstrip("\n"))
            if not quiet:
                self.show(f"  {lines[-1]}")

        self.show("")
        self.show(click.style(f"  $ stems {' '.join(arguments)}", bold=True))
        result = LocalRunner().run(_stems_command(self.repository, arguments), watch=line)
        if ends is not ExitCode.DONE:
            self.show(click.style(f"  exit code {result.status}", dim=True))
        if result.status != ends:
            raise StemsError(
                f"the story went wrong: `stems {' '.join(arguments)}` ended with {result.status}, not {int(ends)}",
                said="\n".join(map(printable, lines)),
                remedy=f"the lab is still up: look at it in {self.repository}, or remove it with `{self.down}`",
            )
        return "\n".join(lines)

    def plan_and_approve(self, *, key: Path) -> str:
        """Plan, read the digest off it as a person would, approve it with a signature."""
        said = self.stems("plan")
        digest = click.unstyle(said).split("plan ", 1)[1].split()[0]
        self.stems("approve", digest, "--yes", "--key", str(key), quiet=True)
        return digest

    def edit(self, edit: Edit) -> None:
        """Change a file of the repository and commit."""
        file = self.repository / edit.path
        text = file.read_text()
        if edit.old not in text:
            raise StemsError(f"{edit.path}: not as the story expects", remedy=f"start anew: `{self.down}`")
        file.write_text(text.replace(edit.old, edit.new, 1))
        # What the story commits is no work of a person, who would be asked before it goes.
        save(replace(self.lab, written=commit_all(self.repository, edit.message, LocalRunner())))
        self.show(click.style(f"  $ git commit -m '{edit.message}'", bold=True) + f"   # {edit.path}")

    def by_hand(self, node: str, text: str) -> None:
        """What somebody does on a node, past stems."""
        self.show(click.style(f"  {node} $ {text}", bold=True))
        result = on_node(self.lab, self.lab.node(node), text, runner=LocalRunner(), effect=Effect.WRITES)
        if not result.ok:
            raise StemsError(f"{node}: {text} failed", said=result.errors)


def _stems_command(repository: Path, arguments: tuple[str, ...]) -> Command:
    # One stream, so that progress and result keep their order; `$0` and on are the argv, nothing is quoted.
    merged = ("/bin/sh", "-c", 'exec "$0" "$@" 2>&1', sys.executable, "-m", "stems", *arguments)
    colour = {"FORCE_COLOR": "1"} if output.coloured_result() else {}
    return Command(merged, Effect.WRITES, cwd=str(repository), timeout=_LIMIT, env=colour)


def play(lab: Lab, show: Callable[[str], None] = output.say) -> None:
    """The story from set-up to history. Raises at the first command that does not end as it must."""
    theatre = Theatre(lab, show)
    key = key_of(lab)
    first = bring(lab, show)
    _drift(theatre, key)
    _bad_release(theatre, key)
    _unknown_node(theatre)
    _rollback(theatre, key, first)


def key_of(lab: Lab) -> Path:
    """The private key with which the story's approvals are signed."""
    return lab.folder / "approver"


def bring(lab: Lab, show: Callable[[str], None] = output.say) -> str:
    """The first two scenes: the example is on every node. Returns its commit."""
    theatre = Theatre(lab, show)
    _approvers(theatre, key_of(lab))
    return _first_deployment(theatre, key_of(lab))


def _approvers(theatre: Theatre, key: Path) -> None:
    theatre.scene("Set up", "Three nodes answer over SSH. Approvals shall be signed: name who may approve, and commit.")
    if not key.exists():
        command = Command(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "owner", "-f", str(key)), Effect.WRITES)
        LocalRunner().run(command)
    public = " ".join(key.with_suffix(".pub").read_text().split()[:2])
    theatre.edit(replace(APPROVERS, new=APPROVERS.new.format(key=public)))
    theatre.stems("validate")


def _first_deployment(theatre: Theatre, key: Path) -> str:
    theatre.scene(
        "Deploy", "Every tool's real dry run on every node, one plan, approved by its digest, then rolled out."
    )
    digest = theatre.plan_and_approve(key=key)
    theatre.stems("deploy", digest)
    theatre.stems("status")
    return git(theatre.repository, "rev-parse", "HEAD", runner=LocalRunner()).strip()


def _drift(theatre: Theatre, key: Path) -> None:
    theatre.scene("Drift", "Somebody edits a dotfile and stops a container. stems finds both, and puts them right.")
    theatre.by_hand("prtr", "echo 'set -g mouse off' >>~/.tmux.conf")
    theatre.by_hand("drtr", "docker stop -t 0 web-web-1 >/dev/null")
    theatre.stems("drift", ends=ExitCode.DRIFT)
    said = theatre.stems("deploy", "--repair", ends=ExitCode.APPROVAL, quiet=True)
    digest = click.unstyle(said).split("plan ", 1)[1].split()[0]
    theatre.stems("approve", digest, "--yes", "--key", str(key))
    theatre.stems("deploy", digest)
    theatre.stems("drift")


def _bad_release(theatre: Theatre, key: Path) -> None:
    theatre.scene(
        "A bad release", "Its health check fails on the pilot. Everything is taken back, no other node is touched."
    )
    theatre.edit(WRONG_PAGE)
    digest = theatre.plan_and_approve(key=key)
    theatre.stems("deploy", digest, ends=ExitCode.TAKEN_BACK)
    theatre.edit(RIGHT_PAGE)
    theatre.stems("status")


def _unknown_node(theatre: Theatre) -> None:
    theatre.scene(
        "A node that hangs", "Unknown is never absent: what is lost is said, nothing is planned, nothing forgotten."
    )
    runner = LocalRunner()
    node = theatre.lab.node("crtr")
    break_node(theatre.lab, node, "pause", runner)
    try:
        theatre.stems("status", ends=ExitCode.UNKNOWN)
        theatre.stems("plan", ends=ExitCode.UNKNOWN, quiet=True)
    finally:
        heal(theatre.lab, runner, nodes=[node])
    theatre.stems("status")


def _rollback(theatre: Theatre, key: Path, first: str) -> None:
    theatre.scene("Undo", "A second release, then back to the first: a rollback is a plan like every other.")
    theatre.edit(NEW_PAGE)
    theatre.stems("deploy", theatre.plan_and_approve(key=key))
    said = theatre.stems("rollback", first[:12], ends=ExitCode.APPROVAL)
    digest = click.unstyle(said).split("plan ", 1)[1].split()[0]
    theatre.stems("approve", digest, "--yes", "--key", str(key), quiet=True)
    theatre.stems("deploy", digest)
    theatre.stems("history")
