"""What nodes say: shells answer as on a node, one that does not is unknown, and nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import NodeUnreachableError, UsageError
from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.assessment.live import live_nodes, look_at_nodes
from stems.lifecycle.workspace import Workspace
from stems.model.cluster import UserDomain
from stems.model.node import Node
from tests.support.builders import CLUSTER, workspace
from tests.support.fake import FakeRunner
from tests.support.scratch import Scratch

SH = ("/bin/sh", "-s")


class Answering(Workspace):
    """Nodes that are this machine's shell with programs of their own, and one that is gone."""

    programs: Path

    def runner(self, node: Node, *, run_id: str = "") -> NodeRunner:
        del run_id
        if node.name == "crtr":
            return FakeRunner({SH: NodeUnreachableError("crtr: gone", remedy="see whether it is on")}, node.name)
        programs = self.programs / node.name

        def answer(command: Command) -> Result:
            assert command.effect is Effect.READS
            own = f"PATH={programs}:/usr/bin:/bin; HOME={programs}; machine={node.name}\n".encode()
            result = LocalRunner().run(replace(command, stdin=own + command.stdin))
            # Both nodes are this machine, which has one identity.
            return replace(
                result,
                stdout=result.stdout.replace(b"machine_id=", f"machine_id={ord(node.name[0]):032x}\nx=".encode()),
            )

        return FakeRunner({SH: answer}, node.name)


def program(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def place(tmp_path: Path) -> Answering:
    made = workspace(tmp_path, replace(CLUSTER, services={}))
    found = Answering(made.repository, made.head, made.cluster, made.local, made.private, made.held)
    object.__setattr__(found, "programs", tmp_path / "programs")
    return found


def test_what_a_node_has_is_told(place: Answering) -> None:
    program(place.programs / "prtr", "chezmoi", "printf '%s\\n' .bashrc .vimrc")
    program(place.programs / "prtr", "docker", "printf '%s\\n' 1 2 3")
    program(place.programs / "drtr", "docker", "exit 1")
    units = place.programs / "prtr" / ".config" / "systemd" / "user"
    units.mkdir(parents=True)
    (units / "backup.timer").touch()
    (units / "notes.txt").touch()
    told = {node.name: node for node in live_nodes(place)}

    assert told["prtr"].is_known and told["drtr"].is_known and not told["crtr"].is_known
    assert (told["prtr"].dotfiles, told["prtr"].containers) == (2, 3)
    assert told["prtr"].units and str(units / "backup.timer") in told["prtr"].units
    assert not any("notes" in unit for unit in told["prtr"].units)
    assert (told["drtr"].dotfiles, told["drtr"].containers) == (None, None)
    assert told["drtr"].notes[0] == "Docker does not answer"
    assert (told["crtr"].reason, told["crtr"].remedy) == ("crtr: gone", "see whether it is on")


def test_a_chezmoi_that_is_declared_is_missed(place: Answering) -> None:
    domains = replace(place.cluster.domains, user=(UserDomain("chezmoi", "dotfiles"),))
    object.__setattr__(place, "cluster", replace(place.cluster, domains=domains))
    told = {node.name: node for node in live_nodes(place)}

    assert told["drtr"].notes[0] == "chezmoi is not there"


def test_nobody_is_asked_without_a_cluster_file(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "homelab")
    scratch.commit({"README.md": "a\n"}, "Begin")
    with pytest.raises(UsageError, match=r"--live asks the nodes of config/cluster\.yml"):
        look_at_nodes(scratch.root)
