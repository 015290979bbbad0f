"""`stems discover`: truth is written once, changes only when a node does, and survives a node that does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.lab.state import Lab, LabNode, lab_folder
from stems.infrastructure.lab.up import start
from stems.infrastructure.local import LocalRunner
from stems.model.truth import UNKNOWN, Truth
from stems.readers.truth import read_truth
from tests.cluster.conftest import Tell
from tests.support.lab import lab_name
from tests.support.story import NODES, Story, story

RUN = "docker run -d --name $name-seen -p 127.0.0.1:8123:80 -p 80 $(docker images -q | head -n 1) sleep 600"


def test_truth_changes_only_with_its_node(told: Tell) -> None:
    """Nothing changes on the nodes; a second look changes nothing here; a node that stopped keeps its file."""
    with told("discover", services=False) as story:
        story.ask("crtr", RUN)
        photographs, moments = story.photographs(), story.moments("crtr")
        said = story.stems("discover")
        files = _files(story)
        assert all(f"truth/{node}.yml" in said.out for node in NODES)
        _is_true(story, {node: _truth(text, node) for node, text in files.items()})

        again = story.stems("discover", "--json").json
        assert {name: node["state"] for name, node in again["nodes"].items()} == dict.fromkeys(NODES, "unchanged")
        assert _files(story) == files
        story.assert_same(photographs)
        assert story.moments("crtr") == moments

        story.stems("validate", "--no-linters")

        _says_the_rest_while_docker_hangs(story)
        story.ask("crtr", "docker rm -f $name-seen")
        shown = story.stems("discover", "--node", "crtr", "--dry-run")
        assert f"-  - name: {story.site.name}-seen" in shown.out and "would be changed" in shown.out
        assert _files(story) == files
        _keeps_what_a_stopped_node_said(story, files)
        _leaves_the_files_of_others(story)


def _is_true(story: Story, truths: dict[str, Truth]) -> None:
    crtr = truths["crtr"]
    for node, truth in truths.items():
        assert story.ask(node, "hostname").strip() == truth.hostname
        assert story.ask(node, "nproc").strip() == str(truth.cpus)
        assert story.ask(node, "docker version --format '{{.Server.Version}}'").strip() == truth.docker
        assert truth.compose and truth.failed is not UNKNOWN
        assert truth.memory is not UNKNOWN and truth.gpu is not UNKNOWN and truth.disks is not UNKNOWN
        assert truth.mounts is not UNKNOWN and truth.mounts[0].path == "/"
        assert truth.enabled is not UNKNOWN and "ssh.service" in truth.enabled
        address = story.ask(node, "ip -4 -o addr show eth0").split()[3]
        assert truth.addresses is not UNKNOWN and address in truth.addresses["eth0"]
        assert "docker0" not in truth.addresses
        user = story.ask(node, "id -un").strip()
        assert truth.users is not UNKNOWN and {user, "root"} <= {one.name for one in truth.users}
    assert crtr.containers is not UNKNOWN
    seen = next(one for one in crtr.containers if one.name == f"{story.site.name}-seen")
    assert seen.ports == ("127.0.0.1:8123:80/tcp",), "a port that Docker chose is no fact"


def _says_the_rest_while_docker_hangs(story: Story) -> None:
    story.ask("crtr", "sudo pkill -STOP -x dockerd")
    try:
        found = story.stems("discover", "--node", "crtr", "--json", exits=7).json["nodes"]["crtr"]
    finally:
        story.ask("crtr", "sudo pkill -CONT -x dockerd")
    assert (found["state"], found["unseen"]) == ("unchanged", ["docker", "compose", "containers"])
    assert found["truth"]["docker"] != "unknown"


def _keeps_what_a_stopped_node_said(story: Story, files: dict[str, str]) -> None:
    node = story.lab.node("drtr")
    break_node(story.lab, node, "stop-sshd", LocalRunner())
    try:
        said = story.stems("discover", exits=7)
    finally:
        heal(story.lab, LocalRunner(), nodes=[node])
    assert "its file is left as it is" in said.out
    now = _files(story)
    assert now["drtr"] == files["drtr"] and now["prtr"] == files["prtr"]
    assert now["crtr"] != files["crtr"], "the container is gone"


def _leaves_the_files_of_others(story: Story) -> None:
    (story.root / ".meta/ssot").mkdir(parents=True)
    own = story.root / ".meta/ssot/prtr.yml"
    own.write_text("role: ours\n")
    refused = story.stems("discover", exits=2)
    assert ".meta/ssot/prtr.yml" in refused.err
    assert own.read_text() == "role: ours\n"
    story.stems("discover", "--node", "crtr")
    assert _truth((story.root / ".meta/ssot/crtr.yml").read_text(), "crtr").docker
    assert [path.name for path in own.parent.iterdir() if path.name != "prtr.yml"] == ["crtr.yml"]


def _files(story: Story) -> dict[str, str]:
    return {node: (story.root / "truth" / f"{node}.yml").read_text() for node in NODES}


def _truth(text: str, node: str) -> Truth:
    reading = read_truth(text, f"truth/{node}.yml", node)
    assert reading.truth is not None and not reading.problems, text
    return reading.truth


@pytest.fixture
def bare() -> Iterator[Lab]:
    """A lab of one node that has no Docker."""
    name = lab_name("-bare")
    folder = lab_folder(name)
    node = LabNode("crtr", "cooperator", "gateway", fresh=True)
    try:
        yield start(Lab(name, folder, folder / "repository", nodes=(node,)), LocalRunner(), say=print)
    finally:
        down(name, LocalRunner(), force=True)


def test_a_node_without_docker_is_known_to_have_none(bare: Lab, tmp_path: Path) -> None:
    with story(bare, tmp_path, "bare", services=False) as told:
        told.site.cluster["rollout"] |= {"order": ["crtr"], "pilot": "crtr"}
        told.commit()
        told.stems("discover")
        truth = _truth((told.root / "truth/crtr.yml").read_text(), "crtr")
        assert (truth.docker, truth.compose, truth.containers) == (None, None, ())
        assert truth.memory is not UNKNOWN
