"""Every expected failure: a problem, what was said, what to do next, and its exit code.

StemsError
  UsageError                 2
  ConfigurationError         3
  DriftFoundError            4
  ApprovalError              5
  LockHeldError              6
  UnknownError               7
    NodeUnreachableError
    DeadlineError
  TakenBackError             8
  TakingBackFailedError      9
  CancelledError           130
  ToolError                  1
  NotRecordedError           1
"""

from __future__ import annotations

from enum import IntEnum

LAST_LINES = 10


class ExitCode(IntEnum):
    """What an exit code of `stems` means. Unlisted codes mean failure."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    RULE_BROKEN = 3
    DRIFT = 4
    APPROVAL = 5
    LOCKED = 6
    UNKNOWN = 7
    TAKEN_BACK = 8
    TAKING_BACK_FAILED = 9
    CHANGES = 10
    INTERRUPTED = 130


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "done, or nothing to do",
    ExitCode.FAILED: "failed, see the message",
    ExitCode.USAGE: "wrong usage",
    ExitCode.RULE_BROKEN: "the configuration breaks a rule",
    ExitCode.DRIFT: "drift found",
    ExitCode.APPROVAL: "approval missing, refused or stale",
    ExitCode.LOCKED: "another deployment holds the lock",
    ExitCode.UNKNOWN: "a node is unknown (unreachable or unreadable)",
    ExitCode.TAKEN_BACK: "deploy failed, every touched node was taken back",
    ExitCode.TAKING_BACK_FAILED: "deploy failed and so did taking back",
    ExitCode.CHANGES: "`plan --exit-code` found changes",
    ExitCode.INTERRUPTED: "interrupted",
}


class StemsError(Exception):
    """An expected failure, printed as problem, what ran, what it said and what to do next.

    `problem` starts with its subject (a node or a place). `remedy` is what to type or do.
    `ran` is the command, `said` what it printed; only its last ten lines are shown.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, problem: str, *, remedy: str = "", ran: str = "", said: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.ran = ran
        self.said = "\n".join(said.strip().splitlines()[-LAST_LINES:])


class UsageError(StemsError):
    """The command line asks for something that does not exist."""

    exit_code = ExitCode.USAGE


class ConfigurationError(StemsError):
    """The repository breaks a rule, so nothing can be planned from it."""

    exit_code = ExitCode.RULE_BROKEN


class DriftFoundError(StemsError):
    """Nodes differ from what was deployed on them."""

    exit_code = ExitCode.DRIFT


class ApprovalError(StemsError):
    """An approval is missing, refused, or no longer for what would happen."""

    exit_code = ExitCode.APPROVAL


class LockHeldError(StemsError):
    """Another deployment holds the lock of a node, or a lock cannot be read."""

    exit_code = ExitCode.LOCKED


class UnknownError(StemsError):
    """Something did not answer, so nothing may be concluded from it."""

    exit_code = ExitCode.UNKNOWN


class NodeUnreachableError(UnknownError):
    """A node could not be reached over SSH, or the connection ended before the command did."""


class DeadlineError(UnknownError):
    """A step did not end in its time; whether it still runs is not known."""


class ToolError(StemsError):
    """A tool ran and failed."""


class NotRecordedError(StemsError):
    """A deployment went well, and that could not be written down: it is not over yet."""


class TakenBackError(StemsError):
    """A deployment failed and every node that it touched was taken back."""

    exit_code = ExitCode.TAKEN_BACK


class TakingBackFailedError(StemsError):
    """A deployment failed and so did taking it back."""

    exit_code = ExitCode.TAKING_BACK_FAILED


class CancelledError(StemsError):
    """The person ended the command."""

    exit_code = ExitCode.INTERRUPTED
