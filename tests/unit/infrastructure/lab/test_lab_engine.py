"""Docker that does not answer: started where that helps, and otherwise the reason is said."""

from __future__ import annotations

import pytest

from stems.errors import DeadlineError
from stems.infrastructure.command import Command, Result
from stems.infrastructure.lab.engine import Engine, EngineError, find_command, require_engine
from tests.support.fake import FakeRunner, Said

ASK = ("docker", "version", "--format", "{{.Server.Version}}")
SHELL = ("/bin/sh", "-s")
DENIED = b"permission denied while trying to connect to the Docker daemon socket"
ABSENT = b"Cannot connect to the Docker daemon. Is the docker daemon running?"


def runner_of(answer: Said, *, programs: tuple[str, ...] = ("docker", "dockerd"), root: bool = False) -> FakeRunner:
    found = {find_command(program).stdin for program in programs}

    def shell(command: Command) -> Result:
        known = {find_command(program).stdin for program in ("docker", "dockerd")}
        assert command.stdin in known, "Docker is started"
        return Result(0 if command.stdin in found else 1)

    return FakeRunner({ASK: answer, SHELL: shell, ("true",): Result(0 if root else 1)})


def test_engine_that_answers_needs_no_daemon_here() -> None:
    runner = runner_of(Result(0, b"28.0\n"), programs=("docker",))

    assert require_engine(runner).ask(*ASK[1:]).ok


def test_engine_that_refuses_this_account_is_not_started() -> None:
    with pytest.raises(EngineError, match="may not talk to Docker") as refused:
        require_engine(runner_of(Result(1, b"", DENIED)))

    assert "usermod -aG docker" in refused.value.remedy


def test_account_that_docker_refuses_asks_as_root() -> None:
    runner = runner_of(lambda command: Result(0 if command.account else 1, b"", DENIED), root=True)
    engine = require_engine(runner)
    engine.ask(*ASK[1:])

    assert runner.ran[-1].account == "root"


def test_missing_program_is_named() -> None:
    for programs in ((), ("docker",)):
        with pytest.raises(EngineError, match="there is no docker"):
            require_engine(runner_of(Result(1, b"", ABSENT), programs=programs))


@pytest.mark.parametrize(("said", "pulled"), [(Result(0), True), (Result(1), False), (DeadlineError("no end"), False)])
def test_registry_that_hangs_is_one_that_gives_nothing(said: Said, *, pulled: bool) -> None:
    engine = Engine(FakeRunner({("docker", "pull", "-q", "debian"): said}))

    assert engine.pull("debian") is pulled
