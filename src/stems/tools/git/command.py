"""How Git is called: no hooks, no monitors, no prompts, and messages in English."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.runner import Runner
from stems.infrastructure.shell import path_word

OPTIONS = (
    "--no-optional-locks", "--no-pager", "--literal-pathspecs",
    "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.ext.allow=never",
    "-c", "core.warnAmbiguousRefs=true", "-c", "advice.detachedHead=false", "-c", "gc.auto=0",
)  # fmt: skip

ENVIRONMENT: Mapping[str, str] = {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}

NO_USER_CONFIG: Mapping[str, str] = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
"""Files of a commit must come out the same for everyone: no filters and line endings of one person's configuration."""

_IN_SHELL = "git " + " ".join(OPTIONS)


def prelude(*, env: Mapping[str, str] | None = None, **values: str) -> str:
    """The start of a script for a node: variables, and `run`, which calls Git the same way."""
    exports = [f"export {name}={value}" for name, value in {**ENVIRONMENT, **(env or {})}.items()]
    variables = [f"{name}={path_word(value)}" for name, value in values.items()]
    return "\n".join([*exports, "umask 077", *variables, f'run() {{ {_IN_SHELL} "$@"; }}\n'])


def git_command(  # what a command has, by name
    root: Path,
    *arguments: str,
    effect: Effect = Effect.READS,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float = 60.0,
) -> Command:
    return Command(
        ("git", *OPTIONS, "-C", str(root), *arguments),
        effect,
        stdin=stdin,
        timeout=timeout,
        env={**ENVIRONMENT, **(env or {})},
    )


def output_of(runner: Runner, command: Command, problem: str) -> bytes:
    """What a Git command printed; one that fails is a `ToolError` that starts with `problem`."""
    return required(runner.run(command), command, problem).stdout


def required(result: Result, command: Command, problem: str) -> Result:
    if not result.ok:
        raise ToolError(problem, ran=str(command), said=result.errors, remedy="see what Git says about it")
    return result
