"""Every runner keeps the same promises: the fake that unit tests use, this machine, and a real node over SSH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stems.errors import DeadlineError, StemsError, ToolError
from stems.infrastructure.command import MAX_OUTPUT, Command, Effect, Result, script
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import Runner
from stems.infrastructure.ssh import SshRunner
from stems.infrastructure.this_node import ThisNodeRunner
from stems.model.node import Node, SshAddress
from tests.support.fake import FakeRunner

HERE = Node("here", "here", SshAddress("here.example"))
MANY = 10 * 1024 * 1024
WORDS = ("a b", "it's", '"quoted"', "two\nlines", "$HOME", "`id`", "$(id)", "; id", "*", "", "-n", "\\n", "größe")


def command(*argv: str, stdin: bytes = b"", timeout: float = 30.0, cwd: str = "", account: str = "") -> Command:
    return Command(argv, Effect.READS, stdin=stdin, timeout=timeout, cwd=cwd, account=account)


@dataclass
class Place:
    """A runner under test. `shell` says that a shell stands between it and the program, as on every node."""

    runner: Runner
    shell: bool

    def ends(self, asked: Command, expected: Result) -> None:
        self._teach(asked, expected)

        assert self.runner.run(asked) == expected

    def raises(self, asked: Command, expected: StemsError) -> StemsError:
        self._teach(asked, expected)
        with pytest.raises(type(expected)) as raised:
            self.runner.run(asked)
        return raised.value

    def _teach(self, asked: Command, expected: Result | StemsError) -> None:
        if isinstance(self.runner, FakeRunner):
            self.runner.answers[asked.argv] = expected


@pytest.fixture(scope="module")
def control() -> Iterator[Path]:
    """A folder for control sockets: one of pytest's own would make a path that is too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="stems-") as folder:
        yield Path(folder)


def over_ssh(lab: Lab, name: str, control: Path) -> Iterator[SshRunner]:
    there = lab.node(name)
    address = SshAddress(there.host, there.user, there.port, str(lab.identity))
    runner = SshRunner(Node(name, there.hostname, address), lab.known_hosts, control)
    try:
        yield runner
    finally:
        subprocess.run(("ssh", *runner.ssh, "-O", "exit", there.host), capture_output=True, check=False)


class RunnerSuite:
    """The promises of a runner."""

    @pytest.mark.parametrize("status", [0, 1, 3, 127, 254, 255])
    def test_an_exit_status_is_a_result(self, place: Place, status: int) -> None:
        place.ends(command("sh", "-c", f"exit {status}"), Result(status))

    def test_both_streams_come_back_as_the_bytes_that_they_are(self, place: Place) -> None:
        written = r"printf 'gr\303\266\303\237e\000\377\n'; printf '\376\000 no newline' >&2; exit 4"

        place.ends(command("sh", "-c", written), Result(4, "größe".encode() + b"\0\xff\n", b"\xfe\0 no newline"))

    def test_ten_megabytes_come_back_whole(self, place: Place) -> None:
        place.ends(command("sh", "-c", f"head -c {MANY} /dev/zero | tr '\\0' x"), Result(0, b"x" * MANY))

    def test_what_never_stops_writing_is_ended_at_the_size_cap(self, place: Place) -> None:
        error = place.raises(command("yes", timeout=60), ToolError(f"yes: more than {MAX_OUTPUT} bytes of output"))

        assert f"more than {MAX_OUTPUT} bytes" in error.problem

    def test_a_command_that_does_not_end_is_ended_by_its_deadline(self, place: Place) -> None:
        error = place.raises(command("sleep", "300", timeout=1), DeadlineError("here: no answer within 1 s"))

        assert "within 1 s" in error.problem
        place.ends(command("true"), Result(0))

    def test_input_larger_than_a_pipe_arrives_whole(self, place: Place) -> None:
        place.ends(command("wc", "-c", stdin=b"x" * MANY), Result(0, f"{MANY}\n".encode()))

    def test_a_program_that_does_not_read_its_input_is_judged_by_its_exit_status(self, place: Place) -> None:
        place.ends(command("sh", "-c", "exit 5", stdin=b"x" * MANY), Result(5))

    def test_every_word_of_an_argv_arrives_as_it_is(self, place: Place) -> None:
        said = "".join(f"{word}\0" for word in WORDS).encode()

        place.ends(command("printf", r"%s\0", *WORDS), Result(0, said))

    def test_a_script_travels_on_standard_input(self, place: Place) -> None:
        asked = script("echo \"it's $0\"\ncat <<'E'\n$HOME\nE\nexit 6", Effect.READS)

        place.ends(asked, Result(6, b"it's /bin/sh\n$HOME\n"))

    def test_a_command_runs_in_its_folder(self, place: Place) -> None:
        place.ends(command("pwd", cwd="/usr"), Result(0, b"/usr\n"))

    def test_a_command_gets_the_environment_that_it_names(self, place: Place) -> None:
        asked = Command(("sh", "-c", 'printf %s "$NAMED"'), Effect.READS, env={"NAMED": "it's\nso"})

        place.ends(asked, Result(0, b"it's\nso"))

    def test_a_token_of_the_user_reaches_no_program(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECRET_TOKEN", "0123")
        monkeypatch.setenv("LC_SECRET", "0123")

        place.ends(command("sh", "-c", 'printf %s "$SECRET_TOKEN$LC_SECRET"'), Result(0))

    def test_lines_are_handed_over_while_the_command_runs(self, place: Place) -> None:
        asked = command("printf", r"one\ntwo\nthree")
        place.ends(asked, Result(0, b"one\ntwo\nthree"))
        seen: list[bytes] = []
        result = place.runner.run(asked, watch=seen.append)

        assert seen == [b"one\n", b"two\n", b"three"]
        assert result.stdout == b"one\ntwo\nthree"

    def test_a_program_that_is_not_there_is_told_from_one_that_failed(self, place: Place) -> None:
        asked = command("no-such-program-of-stems")
        if place.shell:
            result = place.runner.run(asked)
            assert result.status == 127 and b"not found" in result.stderr
        else:
            error = place.raises(asked, ToolError("no-such-program-of-stems is not on this machine"))
            assert "no-such-program-of-stems" in error.problem

    def test_nothing_runs_when_the_folder_is_not_there(self, place: Place, tmp_path: Path) -> None:
        asked = command("touch", str(tmp_path / "ran"), cwd="/no/such/folder")
        if place.shell:
            result = place.runner.run(asked)
            assert result.status != 0 and b"/no/such/folder" in result.stderr
        else:
            error = place.raises(asked, ToolError("/no/such/folder is not on this machine"))
            assert "/no/such/folder" in error.problem
        assert not (tmp_path / "ran").exists()


class TestFakeRunner(RunnerSuite):
    @pytest.fixture
    def place(self) -> Place:
        return Place(FakeRunner({}), shell=False)

    def test_what_nobody_expected_fails_the_test(self) -> None:
        with pytest.raises(AssertionError, match="nobody expected rm"):
            FakeRunner({}).run(command("rm", "-r", "/"))


class OnThisMachine(RunnerSuite):
    """What holds where the process can be seen."""

    @pytest.mark.parametrize("stubborn", ["", "trap '' TERM; "], ids=["obedient", "deaf"])
    @pytest.mark.parametrize("rest", ["sleep 300", "wait"], ids=["busy", "waiting"])
    def test_the_deadline_ends_the_whole_process_group(self, place: Place, stubborn: str, rest: str) -> None:
        mark = f"{os.getpid()}.{len(stubborn)}{len(rest)}"
        with pytest.raises(DeadlineError):
            place.runner.run(command("sh", "-c", f"({stubborn}exec sleep 300{mark}) & {rest}", timeout=1))

        assert subprocess.run(("pgrep", "-f", f"sleep 300{mark}"), capture_output=True, check=False).stdout == b""


# The runner gives its rights up, as a person's account has none over what sudo started. Time runs out meanwhile.
WITHOUT_RIGHTS = """
import os, threading
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.local import LocalRunner
threading.Timer(0.2, os.setresuid, (65534, 65534, 65534)).start()
LocalRunner().run(Command(("sleep", "3"), Effect.READS, timeout=0.5))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts what another account may not end")
def test_a_process_that_may_not_be_ended_does_not_hide_the_deadline() -> None:
    ran = subprocess.run((sys.executable, "-c", WITHOUT_RIGHTS), capture_output=True, text=True, check=False)

    assert "no end within 0.5 s" in ran.stderr and "PermissionError" not in ran.stderr


class TestLocalRunner(OnThisMachine):
    @pytest.fixture
    def place(self) -> Place:
        return Place(LocalRunner(), shell=False)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes root here without being asked")
    def test_root_needs_no_sudo_to_be_root(self, place: Place) -> None:
        place.ends(command("id", "-u", account="root"), Result(0, b"0\n"))


class TestThisNodeRunner(OnThisMachine):
    @pytest.fixture
    def place(self) -> Place:
        return Place(ThisNodeRunner(HERE), shell=True)

    @pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("sudo"), reason="sudo would ask for a password here")
    def test_root_is_reached_through_sudo(self, place: Place) -> None:
        place.ends(command("id", "-u", account="root"), Result(0, b"0\n"))

    @pytest.mark.parametrize("name", ["DOCKER_HOST", "DOCKER_CONTEXT", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "TMPDIR"])
    def test_an_engine_or_folder_of_the_person_is_not_that_of_the_node(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setenv(name, "/somewhere/else")

        assert place.runner.run(command("printenv", name)).text == ""

    def test_what_a_deployment_starts_is_marked(self) -> None:
        runner = ThisNodeRunner(HERE, run_id="20260101T000000Z-abcdef")

        assert runner.run(command("printenv", "LC_STEMS_RUN")).text == "20260101T000000Z-abcdef\n"


class OverSsh(RunnerSuite):
    """What holds on a real node."""

    def test_root_is_reached_through_sudo(self, place: Place) -> None:
        place.ends(command("id", "-u", account="root"), Result(0, b"0\n"))

    def test_root_gets_the_environment_and_the_words_too(self, place: Place) -> None:
        said = f"it's root {'|'.join(WORDS)}|".encode()
        argv = ("sh", "-c", 'printf %s "$NAMED$(id -un) "; printf "%s|" "$@"', "sh", *WORDS)
        asked = Command(argv, Effect.READS, env={"NAMED": "it's "}, account="root")

        place.ends(asked, Result(0, said))

    def test_input_reaches_root_whole(self, place: Place) -> None:
        asked = command("wc", "-c", stdin=b"x" * MANY, account="root")

        place.ends(asked, Result(0, f"{MANY}\n".encode()))


class TestSshRunner(OverSsh):
    """A node whose login shell is bash."""

    @pytest.fixture
    def place(self, lab: Lab, control: Path) -> Iterator[Place]:
        for runner in over_ssh(lab, "prtr", control):
            yield Place(runner, shell=True)


class TestSshRunnerWithZsh(OverSsh):
    """A node whose login shell is zsh: what it makes of words must not matter."""

    @pytest.fixture
    def place(self, lab: Lab, control: Path) -> Iterator[Place]:
        for runner in over_ssh(lab, "drtr", control):
            assert b"zsh" in runner.run(command("sh", "-c", 'getent passwd "$(id -un)"')).stdout
            yield Place(runner, shell=True)
