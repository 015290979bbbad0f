"""What is adopted is written into the working tree, once, and nothing that is there is changed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from stems.configuration.load import load_cluster
from stems.errors import ConfigurationError, StemsError, UnknownError, UsageError
from stems.infrastructure.command import Effect, Result
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.adopt import adopt
from stems.lifecycle.undeclared import adoptable
from stems.lifecycle.validate import validate_working_tree
from stems.lifecycle.workspace import Workspace
from stems.model.node import Node
from tests.support.fake import FakeRunner
from tests.support.scratch import Scratch
from tests.unit.tools.compose.existing.recorded import recording

CLUSTER = """\
version: 1
cluster: {name: home}
checkout: ~/home-config
nodes:
  prtr:
    hostname: prtr
    ssh: {host: prtr.example}   # in the cellar
domains:
  services: {tool: compose, source: services}

# In this order.
rollout: {order: [prtr]}
"""


class Answering(Workspace):
    """A workspace whose node says what was recorded."""

    said: dict[str, Result | StemsError]

    def runner(self, node: Node, *, run_id: str = "") -> NodeRunner:
        del run_id
        return FakeRunner({("/bin/sh", "-s"): self.said["said"]}, node.name)


def workspace(root: Path, said: Result | StemsError, text: str = CLUSTER) -> Answering:
    scratch = Scratch(root / "repository")
    head = scratch.commit({"config/cluster.yml": text}, "Begin")
    made = Answering(scratch.open(), head, load_cluster(text), LocalRunner(), root, ExitStack())
    object.__setattr__(made, "said", {"said": said})
    return made


def saying(name: str) -> Result:
    return Result(0, recording(name).encode())


def test_a_project_is_written_down(tmp_path: Path) -> None:
    place = workspace(tmp_path, saying("media"))
    root = place.repository.root
    made = adopt(place, "prtr", "media")

    entry = "  media:\n    node: prtr\n    reason: TO BE WRITTEN\n    project: media\n    data: local\n"
    changed = (root / "config/cluster.yml").read_text()
    assert changed == CLUSTER.rstrip() + "\n\nservices:\n" + entry
    assert changed.splitlines()[made.line - 1] == "  media:"
    text = (root / "services/media/compose.yml").read_text()
    assert "# The photos of the household\n" in text and "/tmp/media/site:/site:ro" in text
    template = (root / "services/media/env.template").read_text().splitlines()
    names = [line for line in template if line and not line.startswith("#")]
    assert names == ["B=", "LONG=", "TOKEN=", "PASSWORD=", "DB_TOKEN="]
    # The reason is to be written, and this repository lets Git take an `.env` along.
    found = [str(one.place) for one in validate_working_tree(root).findings]
    assert found == ["services/media/env.template:6:1", "config/cluster.yml:17:13"]
    assert "services/" in place.repository.read("status", "--porcelain").decode()


def test_a_second_one_needs_no_commit_before(tmp_path: Path) -> None:
    place = workspace(tmp_path, saying("media"))
    adopt(place, "prtr", "media")
    place.said["said"] = saying("vault")
    made = adopt(place, "prtr", "vault", service="keys")

    assert list(load_cluster((place.repository.root / "config/cluster.yml").read_text()).services) == ["media", "keys"]
    assert "container_name: vault\n" in (place.repository.root / made.folder / "compose.yml").read_text()
    place.said["said"] = saying("all")
    assert [one.name for one in adoptable(place, "prtr")] == ["shared"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    place = workspace(tmp_path, saying("media"))
    mine = place.repository.root / "services/media/docker-compose.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(UsageError, match="exists, and nothing is overwritten"):
        adopt(place, "prtr", "media")

    assert (place.repository.root / "config/cluster.yml").read_text() == CLUSTER
    assert [path.name for path in mine.parent.iterdir()] == [mine.name]


def test_a_cluster_file_in_flow_style_is_left_alone(tmp_path: Path) -> None:
    text = CLUSTER + "services: {other: {node: prtr, reason: mine}}\n"
    place = workspace(tmp_path, saying("media"), text)
    made = adopt(place, "prtr", "media")

    assert made.line == 0 and made.entry.startswith("  media:\n    node: prtr\n")
    assert (place.repository.root / "config/cluster.yml").read_text() == text


@pytest.mark.parametrize(
    ("name", "service", "problem"),
    [
        ("nothing", "", "no project or container nothing"),
        ("../x", "", "no name of a project or container"),
        ("media", "../x", "not a name for a service"),
        ("container:media", "", "no project or container media"),
        ("vault", "media", "there is a project media"),
    ],
)
def test_what_cannot_be_is_said(tmp_path: Path, name: str, service: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        adopt(workspace(tmp_path, saying("all")), "prtr", name, service=service)


@pytest.mark.parametrize(
    "said",
    [
        Result(0, b"@failed Docker does not answer\n@end\n"),
        Result(0, b"@containers\n| []\n"),
        Result(0, b""),
        Result(0, b"@denied\n| permission denied\n@end\n"),
    ],
)
def test_a_node_that_does_not_answer_is_unknown(tmp_path: Path, said: Result) -> None:
    with pytest.raises(UnknownError):
        adoptable(workspace(tmp_path, said), "prtr")


def test_a_cluster_without_services_is_told_what_to_add(tmp_path: Path) -> None:
    text = CLUSTER.replace("services: {tool: compose, source: services}", "user: {tool: files, source: dotfiles}")
    with pytest.raises(ConfigurationError, match="no `services` under `domains`"):
        adoptable(workspace(tmp_path, saying("all"), text), "prtr")


def test_the_question_only_reads(tmp_path: Path) -> None:
    place = workspace(tmp_path, saying("all"))
    runner = FakeRunner({("/bin/sh", "-s"): saying("all")}, "prtr")
    object.__setattr__(place, "runner", lambda node, run_id="": runner)
    adoptable(place, "prtr")

    assert [command.effect for command in runner.ran] == [Effect.READS]
