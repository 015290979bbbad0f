"""Whether files are still as they were left: touched, unreadable and in sync are three things."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from stems.infrastructure.probe import Section
from stems.lifecycle.look.health import NodeHealth
from stems.lifecycle.look.left import forget_command, parse_left, snippet
from stems.lifecycle.status import Sync, judge_sync
from stems.model.node import Privilege
from stems.model.state import Health, ServiceState
from tests.support.builders import FIRST, NODES

# What `sha256sum -c` says: GNU coreutils 9.1, and busybox 1.35.
GNU_CHANGED = "/etc/motd: FAILED\nsha256sum: WARNING: 1 computed checksum did NOT match\n"
GNU_GONE = (
    "sha256sum: /etc/motd: No such file or directory\n/etc/motd: FAILED open or read\n"
    "sha256sum: WARNING: 1 listed file could not be read\n"
)
GNU_HIDDEN = (
    "sha256sum: /etc/a: b: Permission denied\n/etc/a: b: FAILED open or read\n"
    "sha256sum: WARNING: 1 listed file could not be read\n"
)
BUSYBOX_CHANGED = "/etc/motd: FAILED\nsha256sum: WARNING: 1 of 2 computed checksums did NOT match\n"
BUSYBOX_GONE = (
    "sha256sum: can't open '/etc/motd': No such file or directory\n/etc/motd: FAILED\n"
    "sha256sum: WARNING: 1 of 1 computed checksums did NOT match\n"
)
BUSYBOX_HIDDEN = (
    "sha256sum: can't open '/etc/motd': Permission denied\n/etc/motd: FAILED\n"
    "sha256sum: WARNING: 1 of 1 computed checksums did NOT match\n"
)


@pytest.mark.parametrize("said", [GNU_CHANGED, GNU_GONE, BUSYBOX_CHANGED, BUSYBOX_GONE])
def test_what_changed_or_is_gone_is_touched(said: str) -> None:
    assert parse_left(Section(0, said)) == (("/etc/motd",), ())


@pytest.mark.parametrize(("said", "first"), [(GNU_HIDDEN, "sha256sum: /etc/a"), (BUSYBOX_HIDDEN, "sha256sum: can't")])
def test_what_cannot_be_read_is_not_called_touched(said: str, first: str) -> None:
    touched, unreadable = parse_left(Section(0, said))

    assert touched == ()
    assert len(unreadable) == 1 and unreadable[0].startswith(first)


@pytest.mark.parametrize(
    "said",
    [
        "sudo: a password is required\n",
        "sh: 1: sha256sum: not found\n",
        "sha256sum: /home/owner/left/files.sha256: no properly formatted checksum lines found\n",
        "sha256sum: WARNING: 1 line is improperly formatted\n",
        "sha256sum: /home/owner/left/ansible.sha256: Permission denied\n",
    ],
)
def test_an_answer_that_proves_nothing_is_unknown_never_in_sync(said: str) -> None:
    touched, unreadable = parse_left(Section(0, said))

    assert touched == ()
    assert unreadable


def test_silence_is_in_sync() -> None:
    assert parse_left(Section(0, "\n")) == ((), ())


def test_files_of_root_are_read_through_sudo_where_that_asks_nothing() -> None:
    asks = NODES["crtr"].__class__("crtr", "crtr", NODES["crtr"].ssh, privilege=Privilege.SUDO_PASSWORD)

    assert "as='sudo -n'" in snippet("~/state", NODES["crtr"])
    assert "sudo" not in snippet("~/state", asks).replace("ansible", "")
    assert '"$HOME"/state/left/*.sha256' in snippet("~/state", asks)


def test_the_quick_look_says_what_is_not_as_noted_and_nothing_else(tmp_path: Path) -> None:
    """Run here, on files as tools note them."""
    (tmp_path / "left").mkdir()
    sums = {}
    for name in ("same", "changed", "gone"):
        (tmp_path / name).write_text(name)
        sums[name] = f"{hashlib.sha256(name.encode()).hexdigest()}  {tmp_path}/{name}\n"
    noted = tmp_path / "left/files.sha256"
    look = ("sh", "-c", snippet(str(tmp_path), NODES["crtr"]))

    noted.write_text(sums["same"])
    assert subprocess.run(look, capture_output=True, text=True, check=True).stdout == ""
    noted.write_text(sums["same"] + "no line of a manifest\n")
    told = subprocess.run(look, capture_output=True, text=True, check=True).stdout
    assert parse_left(Section(0, told)) == ((), (told.strip(),)), "a line that cannot be read proves nothing"

    noted.write_text("".join(sums.values()))
    (tmp_path / "changed").write_text("otherwise")
    (tmp_path / "gone").unlink()
    told = subprocess.run(look, capture_output=True, text=True, check=True).stdout
    assert parse_left(Section(0, told)) == ((f"{tmp_path}/changed", f"{tmp_path}/gone"), ())


WELL = NodeHealth((ServiceState("web", Health.HEALTHY),))
REPLACED = NodeHealth((ServiceState("web", Health.HEALTHY, as_deployed=False),))


@pytest.mark.parametrize(
    ("well", "said", "sync"),
    [
        (WELL, "", Sync(in_sync=True)),
        (WELL, GNU_CHANGED, Sync(in_sync=False, touched=("/etc/motd",))),
        (REPLACED, "", Sync(in_sync=False, touched=("web",))),
        (WELL, "sudo: no\n", Sync(in_sync=None, unreadable=("sudo: no",))),
        (REPLACED, "sudo: no\n", Sync(in_sync=False, touched=("web",), unreadable=("sudo: no",))),
    ],
    ids=["silence", "a file", "a service", "unreadable", "both"],
)
def test_in_sync_has_three_values(well: NodeHealth, said: str, sync: Sync) -> None:
    assert judge_sync(well, Section(0, said), deployed=FIRST) == sync


def test_where_nothing_was_deployed_there_is_nothing_to_be_in_sync_with() -> None:
    assert judge_sync(WELL, Section(0, GNU_CHANGED), deployed="") == Sync(in_sync=None)


def test_a_file_that_is_forgotten_is_not_missed_and_the_others_are_watched_on(tmp_path: Path) -> None:
    noted = tmp_path / "ansible.sha256"
    lines = [f"{'0' * 64}  /etc/{name}\n" for name in ("a b", "a b.d", "motd")]
    noted.write_text("".join(lines))
    for _ in range(2):
        command = forget_command(str(noted), ["/etc/a b", "/etc/*"])
        subprocess.run(command.argv, input=command.stdin, check=True)

    assert noted.read_text() == "".join(lines[1:])
    assert list(tmp_path.glob("ansible*")) == [noted]


def test_where_nothing_is_noted_nothing_is_forgotten(tmp_path: Path) -> None:
    command = forget_command(str(tmp_path / "none"), ["/etc/motd"])

    assert subprocess.run(command.argv, input=command.stdin, check=True).returncode == 0
