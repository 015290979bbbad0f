"""A lab is three real nodes on this machine: it comes up, breaks, heals, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from stems.errors import UsageError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.down import WorkInTheWayError, down
from stems.infrastructure.lab.engine import require_engine
from stems.infrastructure.lab.faults import FAULTS, break_node, heal
from stems.infrastructure.lab.reach import answers
from stems.infrastructure.lab.state import Lab, load
from stems.infrastructure.lab.status import status
from stems.infrastructure.lab.up import up
from stems.infrastructure.local import LocalRunner
from tests.support.lab import ask, lab_name

RUNNER = LocalRunner()
NAMES = ("crtr", "drtr", "prtr")

FAILED_UNITS = """
failed() { systemctl list-units --failed --plain --no-legend "$@" | cut -d' ' -f1; }
systemctl is-system-running --wait >/dev/null
[ -z "$(failed)" ] || sudo systemctl restart $(failed)
failed
"""


@pytest.mark.parametrize("name", NAMES)
def test_node_is_a_whole_machine(lab: Lab, name: str) -> None:
    said = ask(
        lab,
        name,
        "sudo -n id -un && git --version && python3 --version && docker compose version",
    )

    assert said.ok, said.errors
    assert said.text.splitlines()[0] == "root"


@pytest.mark.parametrize("name", NAMES)
def test_no_unit_of_a_node_has_failed(lab: Lab, name: str) -> None:
    """A unit that another test's faults made fail is started again; one that fails by itself is named."""
    said = ask(lab, name, FAILED_UNITS)

    assert said.ok, said.errors
    assert said.text == ""


def test_nodes_are_three_different_machines_that_know_each_other(lab: Lab) -> None:
    identities = {ask(lab, name, "cat /etc/machine-id").text for name in NAMES}

    assert len(identities) == 3
    assert ask(lab, "crtr", "getent hosts drtr prtr director projector").ok


@pytest.mark.parametrize("name", NAMES)
def test_service_image_is_there_without_a_registry(lab: Lab, name: str) -> None:
    assert ask(lab, name, "docker run --rm --network none --pull never stems-lab/busybox:1 true").ok


def test_mounted_files_of_docker_are_ordinary_files(lab: Lab) -> None:
    """A tool that replaces /etc/hosts by a rename must work as on a real node."""
    said = ask(lab, "prtr", "sudo cp -p /etc/hosts /etc/hosts.new && sudo mv /etc/hosts.new /etc/hosts && hostname -f")

    assert said.ok, said.errors


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - {"fill-disk"}))
def test_fault_makes_a_node_unreachable_until_it_is_healed(lab: Lab, fault: str) -> None:
    node = lab.node("prtr")
    try:
        break_node(lab, node, fault, RUNNER)

        assert not answers(lab, node, RUNNER)
        assert answers(lab, lab.node("drtr"), RUNNER)
    finally:
        heal(lab, RUNNER)
    assert answers(lab, node, RUNNER)


def test_full_disk_refuses_writes_and_keeps_what_was_there(lab: Lab) -> None:
    node, write = (
        lab.node("prtr"),
        "for place in ~ /tmp; do dd if=/dev/zero of=$place/new bs=64k count=1 || exit 1; done",
    )
    ask(lab, "prtr", "echo kept >~/old")
    try:
        break_node(lab, node, "fill-disk", RUNNER)

        assert ask(lab, "prtr", "cat ~/old").text == "kept\n"
        assert "No space left on device" in ask(lab, "prtr", write).errors
        assert "No space left on device" in ask(lab, "prtr", "dd if=/dev/zero of=/tmp/new bs=64k count=1").errors
    finally:
        heal(lab, RUNNER, nodes=[node])
    assert ask(lab, "prtr", f"{write}; rm ~/new /tmp/new").ok
    assert ask(lab, "prtr", "cat ~/old; rm ~/old").text == "kept\n"


def test_healing_names_a_container_that_stays_ill_and_ends(lab: Lab) -> None:
    """It may be ill with no fault of the node."""
    sick = "docker run --detach --name sick --health-cmd false --health-interval 1s stems-lab/busybox:1"
    assert ask(lab, "crtr", sick).ok
    try:
        assert "sick" in heal(lab, RUNNER, nodes=[lab.node("crtr")])["crtr"]
    finally:
        ask(lab, "crtr", "docker rm --force sick")


def test_up_again_repairs_a_lost_node_as_the_same_node(lab: Lab) -> None:
    before = ask(lab, "drtr", "cat /etc/machine-id").text
    require_engine(RUNNER).act("rm", "--force", "--volumes", lab.container(lab.node("drtr")))

    assert up(lab.name, RUNNER, say=print) == load(lab.name)
    assert ask(lab, "drtr", "cat /etc/machine-id").text == before
    assert [seen.answers for seen in status(lab, RUNNER)] == [True, True, True]


def test_example_repository_is_committed_and_holds_no_private_key(lab: Lab) -> None:
    git = ("git", "-C", str(lab.repository))

    assert RUNNER.run(Command((*git, "status", "--porcelain"), Effect.READS)).stdout == b""
    assert RUNNER.run(Command((*git, "grep", "PRIVATE KEY"), Effect.READS)).status == 1


@pytest.fixture(scope="module")
def other() -> Iterator[Lab]:
    """A second lab beside the first, one node of which has no Docker."""
    name = lab_name("-other")
    try:
        yield up(name, RUNNER, say=print, fresh=["prtr"])
    finally:
        down(name, RUNNER, force=True)


def test_fresh_node_installs_docker_with_no_network(other: Lab) -> None:
    assert not ask(other, "prtr", "command -v docker").ok

    installed = ask(other, "prtr", "sudo DEBIAN_FRONTEND=noninteractive apt-get install -qy docker.io")

    assert installed.ok, installed.errors
    assert ask(other, "prtr", "docker run --rm --network none stems-lab/busybox:1 true && docker compose version").ok


def test_work_in_the_repository_is_not_taken_down(other: Lab) -> None:
    (other.repository / "note").write_text("mine\n")

    with pytest.raises(WorkInTheWayError, match="not committed"):
        down(other.name, RUNNER)

    assert load(other.name) is not None
    (other.repository / "note").unlink()


def test_repository_of_a_lab_cannot_move(other: Lab) -> None:
    with pytest.raises(UsageError, match="repository of lab"):
        up(other.name, RUNNER, say=print, repository=other.folder / "elsewhere")


def test_down_leaves_nothing(other: Lab) -> None:
    engine = require_engine(RUNNER)
    form = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}'
    volumes = engine.read("inspect", "--format", form, *(other.container(node) for node in other.nodes)).split()
    assert len(volumes) == len(other.nodes)

    with ThreadPoolExecutor() as pool:
        # Two at once: what one has removed already, the other must not stumble over.
        for done in [pool.submit(down, other.name, RUNNER) for _ in range(2)]:
            done.result()
    down(other.name, RUNNER)

    assert engine.read("container", "ls", "--quiet", "--all", "--filter", f"label={other.label}") == ""
    assert engine.read("network", "ls", "--quiet", "--filter", f"label={other.label}") == ""
    assert not set(volumes) & set(engine.read("volume", "ls", "--quiet").split())
    assert not other.folder.exists()
