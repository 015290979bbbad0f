"""One node, one holder: whatever happens at the same time, and whoever dies in between."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stems.errors import LockHeldError, ToolError
from stems.infrastructure.command import Command, Effect, Result, Watch, script
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.lock import (
    Held,
    Lock,
    parse_lock,
    release,
    snippet,
    take,
    take_command,
    take_over,
    take_over_command,
    unlock,
)
from stems.infrastructure.probe import Section
from stems.model.observation import Absent, Present, Unknown

RUNNER = LocalRunner()
LOCK = Lock("20260101T000000Z-abcdef", "ada", "laptop", 'it\'s a "deploy" $(id)', "a" * 64)


@pytest.fixture
def state(tmp_path: Path) -> str:
    return str(tmp_path / "it's state")


def other(number: int = 0) -> Lock:
    return replace(LOCK, id=f"20260101T000000Z-{number:06d}", token=f"token{number}")


def look(state: str) -> Held | None:
    result = RUNNER.run(script(snippet(state), Effect.READS))
    seen = parse_lock("prtr", Section(result.status, result.text))
    if isinstance(seen, Present):
        return seen.value
    assert isinstance(seen, Absent)
    return None


def start(command: Command) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(command.stdin)
    process.stdin.close()
    return process


def words(commands: list[Command]) -> list[str]:
    processes = [start(command) for command in commands]
    outputs = [process.stdout.read() if process.stdout else b"" for process in processes]
    for process in processes:
        process.wait(30)
        assert process.stdout
        process.stdout.close()
    return [output.decode().split()[0] for output in outputs]


def test_a_lock_says_who_holds_the_node(state: str) -> None:
    assert look(state) is None

    take(RUNNER, state, LOCK)

    held = look(state)
    assert held
    assert held.lock
    assert replace(held.lock, since="") == LOCK
    assert held.lock.since.endswith("Z")
    assert Path(state).stat().st_mode & 0o777 == 0o700
    assert [path.name for path in Path(state).iterdir()] == ["lock"]


def test_a_held_node_is_refused_with_the_holder_and_the_way_out(state: str) -> None:
    take(RUNNER, state, LOCK)

    with pytest.raises(LockHeldError) as refused:
        take(RUNNER, state, other())

    assert "ada on laptop" in refused.value.problem
    assert f"stems unlock {LOCK.id}" in refused.value.remedy


def test_asking_again_after_a_lost_answer_is_fine(state: str) -> None:
    take(RUNNER, state, LOCK)
    take(RUNNER, state, LOCK)


def test_of_many_takers_exactly_one_wins(state: str) -> None:
    for _ in range(3):
        said = words([take_command(state, other(number)) for number in range(12)])

        assert sorted(said) == ["held"] * 11 + ["taken"]
        held = look(state)
        assert held
        assert unlock(RUNNER, state, held)


def test_only_the_holder_lets_go(state: str) -> None:
    assert not release(RUNNER, state, LOCK)
    take(RUNNER, state, LOCK)

    assert not release(RUNNER, state, other())
    assert not release(RUNNER, state, replace(LOCK, token="an earlier run"))
    assert look(state)
    assert release(RUNNER, state, LOCK)
    assert look(state) is None
    assert list(Path(state).iterdir()) == []


def test_of_many_who_resume_exactly_one_wins(state: str) -> None:
    take(RUNNER, state, LOCK)
    seen = look(state)
    assert seen

    said = words([take_over_command(state, seen, replace(LOCK, token=f"run{number}")) for number in range(4)])

    assert sorted(said) == ["held"] * 3 + ["taken"]
    assert not release(RUNNER, state, LOCK)


def test_resuming_never_leaves_the_node_free_for_a_moment(state: str) -> None:
    take(RUNNER, state, LOCK)

    with ThreadPoolExecutor(2) as pool:
        takers = pool.submit(lambda: [words([take_command(state, other(n))])[0] for n in range(20)])
        for number in range(5):
            seen = look(state)
            assert seen
            take_over(RUNNER, state, seen=seen, lock=replace(LOCK, token=f"run{number}"))
    assert set(takers.result()) == {"held"}


def test_a_lock_of_another_deployment_is_never_taken_over(state: str) -> None:
    take(RUNNER, state, LOCK)
    seen = look(state)
    assert seen

    with pytest.raises(LockHeldError):
        take_over(RUNNER, state, seen=seen, lock=other())


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"schema":"stems.lock/9"}', b'{"schema":"stems.lock/1"}', b"\x1b", b"\xff\xfe", b"\0",
     b"{\n\n", b"x" * 5000],
)  # fmt: skip
def test_a_lock_that_cannot_be_read_is_held_until_a_person_removes_it(state: str, content: bytes) -> None:
    Path(state).mkdir()
    (Path(state) / "lock").write_bytes(content)

    with pytest.raises(LockHeldError, match="cannot be read") as refused:
        take(RUNNER, state, LOCK)
    assert "`stems unlock unreadable`" in refused.value.remedy
    held = look(state)
    assert held
    assert held.lock is None
    assert not unlock(RUNNER, state, Held("something else", None))
    assert unlock(RUNNER, state, held)
    assert look(state) is None


def test_a_directory_in_place_of_the_lock_is_held(state: str) -> None:
    (Path(state) / "lock").mkdir(parents=True)

    with pytest.raises(LockHeldError):
        take(RUNNER, state, LOCK)
    assert list((Path(state) / "lock").iterdir()) == []

    held = look(state)
    assert held
    with pytest.raises(ToolError) as raised:
        unlock(RUNNER, state, held)
    assert "directory" in raised.value.said


def test_a_mark_left_by_a_killed_release_blocks_until_a_person_unlocks(state: str) -> None:
    take(RUNNER, state, LOCK)
    (Path(state) / "lock.busy").touch()

    with pytest.raises(LockHeldError, match="changing the lock") as refused:
        release(RUNNER, state, LOCK)
    assert f"`stems unlock {LOCK.id}`" in refused.value.remedy
    held = look(state)
    assert held
    assert unlock(RUNNER, state, held)
    assert list(Path(state).iterdir()) == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for a few files."""
    image, place = tmp_path / "image", tmp_path / "small"
    image.write_bytes(bytes(256 * 1024))
    place.mkdir()
    make = f"mke2fs -q -N 16 {image} && mount -o loop {image} {place}"
    if subprocess.run(("sh", "-c", make), capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk takes root with all its rights")
    yield place
    subprocess.run(("umount", str(place)), check=True)


def test_a_full_disk_keeps_no_lock(small: Path) -> None:
    state = str(small / "state")
    take(RUNNER, state, LOCK)
    with pytest.raises(OSError, match="No space left"):
        for number in range(20):
            (small / str(number)).touch()

    assert release(RUNNER, state, LOCK)
    assert look(state) is None


@dataclass(frozen=True)
class Nobody:
    """This machine, as an account without any rights."""

    place: str = "here"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        argv = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command.argv)
        return RUNNER.run(replace(command, argv=argv), watch=watch)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="becoming somebody else takes root")
class TestWithoutRights:
    @pytest.fixture
    def home(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o755)
            yield Path(name)

    def test_a_lock_that_somebody_else_hides_is_not_absent(self, home: Path) -> None:
        (home / "hidden").mkdir(0o700)
        hidden = str(home / "hidden/state")

        result = Nobody().run(script(snippet(hidden), Effect.READS))
        seen = parse_lock("prtr", Section(result.status, result.text))

        assert isinstance(seen, Unknown)
        assert "permission denied" in seen.error.said
        with pytest.raises(ToolError, match="cannot be changed"):
            release(Nobody(), hidden, LOCK)

    def test_a_lock_in_a_folder_of_somebody_else_is_an_error_and_not_busy(self, home: Path) -> None:
        take(RUNNER, str(home), LOCK)

        with pytest.raises(ToolError) as raised:
            release(Nobody(), str(home), LOCK)
        assert "cannot be written" in raised.value.said

    def test_a_lock_of_somebody_else_in_an_own_folder_is_removed_by_a_person(self, home: Path) -> None:
        take(RUNNER, str(home), LOCK)
        os.chown(home, 65534, 65534)
        result = Nobody().run(script(snippet(str(home)), Effect.READS))
        seen = parse_lock("prtr", Section(result.status, result.text))
        assert isinstance(seen, Present)

        assert seen.value.identity == "unreadable"
        assert unlock(Nobody(), str(home), seen.value)
        assert list(home.iterdir()) == []


def test_a_state_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ToolError):
        take(RUNNER, str(tmp_path / "file/state"), LOCK)


@pytest.mark.parametrize("section", [Section(1, ""), Section(0, ""), Section(0, "fre"), Section(127, "free")])
def test_an_answer_that_is_no_answer_is_unknown(section: Section) -> None:
    assert isinstance(parse_lock("prtr", section), Unknown)
