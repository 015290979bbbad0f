"""An existing repository gets a lab: same names and variables, and no way to its real nodes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.clone import up_for
from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.engine import require_engine
from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.lab.images import give_images
from stems.infrastructure.lab.reach import answers
from stems.infrastructure.lab.repository import commit_all, git
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from tests.support.lab import ask, lab_name

RUNNER = LocalRunner()
CLUSTER = """\
version: 1
cluster: {name: home, domain: local}
checkout: ~/home-config
variables: {greeting: hello}
nodes:
  alpha:
    hostname: alpha-box
    ssh: {host: alpha.example, user: trtr, port: 2222}  # the door
    variables: {address: 192.0.2.7, ssh_port: 2222}  # between nodes
  beta:
    hostname: beta-box
    ssh:
      host: beta.example
      user: root
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    (folder / "config").mkdir()
    (folder / "config" / "cluster.yml").write_text(CLUSTER)
    (folder / "config" / "known_hosts").write_text("alpha ssh-ed25519 AAAA\n")
    git(folder, "init", "--quiet", "--initial-branch=main", runner=RUNNER)
    git(folder, "remote", "add", "origin", "ssh://nowhere.example/home", runner=RUNNER)
    commit_all(folder, "Describe the home", RUNNER)
    return folder


@pytest.fixture(scope="module")
def copy(original: Path) -> Iterator[Lab]:
    name = lab_name("-for")
    try:
        yield up_for(name, original, RUNNER, say=print)
    finally:
        down(name, RUNNER, force=True)


def test_nodes_have_the_names_and_accounts_of_the_real_ones(copy: Lab) -> None:
    assert ask(copy, "alpha", "id -un; hostname; sudo -n id -un").text.split() == ["trtr", "alpha-box", "root"]
    assert ask(copy, "beta", "id -un; hostname").text.split() == ["root", "beta-box"]


def test_no_real_address_is_left(copy: Lab) -> None:
    written = "".join((copy.repository / "config" / name).read_text() for name in ("cluster.yml", "known_hosts"))

    assert ".example" not in written
    assert "192.0.2.7" not in written
    assert "2222" not in written
    assert "# between nodes" in written
    assert "greeting: hello" in written
    assert "# the door" in written
    assert RUNNER.run(Command(("git", "-C", str(copy.repository), "remote"), Effect.READS)).stdout == b""


def test_original_is_untouched(copy: Lab, original: Path) -> None:
    del copy
    said = RUNNER.run(Command(("git", "-C", str(original), "status", "--porcelain"), Effect.READS))

    assert said.stdout == b""
    assert (original / "config" / "cluster.yml").read_text() == CLUSTER


def test_nodes_know_no_way_out(copy: Lab) -> None:
    """They have no route beyond the lab's network, and Docker drops what would cross its border."""
    internal = require_engine(RUNNER).read("network", "inspect", "--format", "{{.Internal}}", copy.network)

    assert internal.strip() == "true"
    for name in ("alpha", "beta"):
        _assert_no_way_out(copy, name)


def _assert_no_way_out(copy: Lab, name: str) -> None:
    assert ask(copy, name, "ip -4 route show default; ip -6 route show default").text == ""
    # Only the table of routes is asked: no packet leaves.
    assert "unreachable" in ask(copy, name, "ip route get 192.0.2.1").errors


def test_node_that_lost_its_network_comes_back_at_its_address(copy: Lab) -> None:
    node = copy.node("alpha")
    try:
        break_node(copy, node, "disconnect", RUNNER)

        assert not answers(copy, node, RUNNER)
    finally:
        heal(copy, RUNNER)
    assert answers(copy, node, RUNNER)
    _assert_no_way_out(copy, "alpha")


def test_nodes_get_the_images_that_are_named(copy: Lab) -> None:
    """They reach no registry; what this machine does not have either is told before anything is copied."""
    engine = require_engine(RUNNER)
    name = f"stems-lab/of-{copy.name}:1"
    engine.act("tag", "stems-lab/busybox:1", name)
    try:
        give_images(copy, [name], engine, say=print)
        for node in ("alpha", "beta"):
            assert ask(copy, node, f"docker image inspect {name} >/dev/null").ok
    finally:
        engine.act("rmi", name)
    with pytest.raises(UsageError, match="does not have it"):
        give_images(copy, [name], engine, say=print)


def test_up_again_keeps_the_clone(copy: Lab, original: Path) -> None:
    (copy.repository / "note").write_text("mine\n")

    assert up_for(copy.name, original, RUNNER, say=print) == copy
    assert (copy.repository / "note").exists()
