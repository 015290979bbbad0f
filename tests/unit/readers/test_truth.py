"""What a node was found to be is written as a file, and read back as the same with places."""

from __future__ import annotations

import pytest

from stems.model.finding import Place
from stems.model.truth import UNKNOWN, Account, Disk, FoundContainer, Gpu, MountPoint, Truth
from stems.readers.truth import is_made_by_stems, read_truth
from stems.readers.written_truth import write_truth

G = 1024**3
PATH = "truth/gate.yml"

EVERYTHING = Truth(
    "gate",
    hostname="cooperator",
    os="Debian GNU/Linux 12 (bookworm)",
    kernel="6.1.0-18-arm64",
    arch="arm64",
    cpus=4,
    cpu="Cortex-A72",
    memory=8 * G,
    gpu=(Gpu("NVIDIA GeForce RTX 3090", "nvidia"),),
    disks=(Disk("mmcblk0", 59 * G, "SD64G"), Disk("sda", 931 * G, UNKNOWN, is_removable=True)),
    mounts=(MountPoint("/", "/dev/mmcblk0p2", "ext4", 58 * G), MountPoint("/nas", "nas.example:/pool", "nfs4")),
    addresses={"eth0": ("192.0.2.7/24",), "wlan0": ()},
    devices=("/dev/ttyUSB0",),
    docker="28.1",
    compose="2.29.1",
    containers=(
        FoundContainer("old", "sha256:0123"),
        FoundContainer("web-web-1", "nginx:1.27", "web", ("127.0.0.1:8080:80/tcp",)),
    ),
    enabled=("ssh.service",),
    failed=(),
    users=(Account("owner", 1000, "/home/owner", "/bin/bash"), Account("root", 0, "/root", "/bin/sh")),
)


@pytest.mark.parametrize("truth", [EVERYTHING, Truth("gate"), Truth("gate", docker=None, compose=None, gpu=())])
def test_what_is_written_is_read_as_the_same(truth: Truth) -> None:
    reading = read_truth(write_truth(truth), PATH, "gate")

    assert reading.truth == truth
    assert not reading.problems


def test_unknown_none_and_nothing_are_three_things() -> None:
    text = write_truth(Truth("gate", docker=None, gpu=(), failed=UNKNOWN))

    assert "\ndocker: none\n" in text
    assert "\ngpu: []\n" in text
    assert "\nfailed: unknown\n" in text


def test_every_part_has_its_place() -> None:
    text = write_truth(EVERYTHING)
    truth = read_truth(text, PATH, "gate").truth

    assert truth is not None
    line = text.splitlines().index('memory: "8G"') + 1
    assert truth.written.place("memory") == Place(PATH, line, 9)


def test_what_is_broken_is_unknown_and_said_with_its_place() -> None:
    text = write_truth(EVERYTHING).replace('memory: "8G"', "memory: much").replace("uid: 1000", "uid: me")
    reading = read_truth(text, PATH, "gate")

    assert reading.truth is not None
    assert reading.truth.memory is UNKNOWN
    assert reading.truth.users is UNKNOWN
    assert reading.truth.cpus == 4
    assert [(text.splitlines()[one.place.line - 1].strip(), one.message) for one in reading.problems] == [
        ("memory: much", "memory: must be a size with its unit, for instance `512M`, `16G` or `1T`"),
        ("uid: me", "users: `uid` must be a whole number"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("node: [\n", 1), ("- gate\n", 1), ("node: work\n", 1), ("hostname: gate\n", 1), ("a: 1\na: 2\n", 2)],
)
def test_a_file_that_does_not_say_its_node_is_no_truth(text: str, line: int) -> None:
    reading = read_truth(text, PATH, "gate")

    assert reading.truth is None
    assert [one.place.line for one in reading.problems] == [line]


def test_the_first_line_tells_its_files_from_those_of_people() -> None:
    assert is_made_by_stems(write_truth(EVERYTHING))
    assert not is_made_by_stems("# ours\n" + write_truth(EVERYTHING))
    assert not is_made_by_stems("")
