"""What a command declares: its lifecycle stage, its one line of help, its exit codes."""

from __future__ import annotations

from dataclasses import dataclass

from stems.errors import ExitCode

STAGES = ("plan", "validate", "deploy", "operate", "develop", "learn", "practise")

_ALWAYS = (ExitCode.DONE, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INTERRUPTED)
_CONFIGURED = (*_ALWAYS, ExitCode.RULE_BROKEN)
_READING = (*_CONFIGURED, ExitCode.UNKNOWN)
_ACTING = (
    *_READING,
    ExitCode.APPROVAL,
    ExitCode.LOCKED,
    ExitCode.TAKEN_BACK,
    ExitCode.TAKING_BACK_FAILED,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A command that help can list without importing it: `module` holds a click command named like the command."""

    name: str
    stage: str
    summary: str
    exit_codes: tuple[ExitCode, ...]

    @property
    def module(self) -> str:
        return f"stems.cli.commands.{self.name}"


COMMANDS: tuple[Declared, ...] = (
    Declared(
        "assess", "plan", "What a repository has, and what the methodology would add.", (*_ALWAYS, ExitCode.UNKNOWN)
    ),
    Declared("adopt", "plan", "Propose configuration for a repository, or for what runs on a node.", _READING),
    Declared("discover", "plan", "Write down what every node is found to be.", _READING),
    Declared("place", "plan", "Which nodes a service fits on, and why not on the others.", _CONFIGURED),
    Declared("validate", "validate", "Judge the repository by every rule, stage by stage.", _CONFIGURED),
    Declared("explain", "validate", "What a rule checks, why it matters, what to do instead.", _ALWAYS),
    Declared(
        "plan",
        "deploy",
        "Ask every tool for its dry run on every node, and show one plan.",
        (*_READING, ExitCode.CHANGES),
    ),
    Declared("approve", "deploy", "Approve exactly one plan.", (*_CONFIGURED, ExitCode.APPROVAL)),
    Declared("deploy", "deploy", "Roll out what was approved, node by node.", _ACTING),
    Declared("rollback", "deploy", "Plan, approve and deploy an earlier commit.", _ACTING),
    Declared("history", "deploy", "What was deployed, by whom, and how it ended.", _READING),
    Declared("unlock", "deploy", "Release the lock of a deployment that is gone.", (*_READING, ExitCode.LOCKED)),
    Declared("status", "operate", "What is deployed, healthy and in sync on every node.", _READING),
    Declared("drift", "operate", "What differs from what was deployed.", (*_READING, ExitCode.DRIFT)),
    Declared("trust", "operate", "Show a node's host key and pin it.", _READING),
    Declared("init", "develop", "Make a repository to start from, and put the methodology into it.", _CONFIGURED),
    Declared("new", "develop", "Write what a new node, a service or a decision begins with.", _CONFIGURED),
    Declared("variables", "develop", "A node's variables, and the layer each comes from.", _CONFIGURED),
    Declared(
        "generate",
        "develop",
        "Files of ssh, Ansible, Prometheus and people, made from the cluster file.",
        (*_CONFIGURED, ExitCode.UNKNOWN),
    ),
    Declared("schema", "develop", "The JSON Schemas of config/, for editors.", _ALWAYS),
    Declared("guide", "learn", "The methodology, one question at a time, with what to type next.", _ALWAYS),
    Declared(
        "lab", "practise", "A throw-away cluster of three real nodes on this machine.", (*_ALWAYS, ExitCode.UNKNOWN)
    ),
)
