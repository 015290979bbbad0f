"""Bringing a lab up, again if need be: what is missing or stopped is repaired, the rest stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from stems.errors import UsageError
from stems.infrastructure.lab import faults
from stems.infrastructure.lab.engine import Engine, require_engine
from stems.infrastructure.lab.example import write_example
from stems.infrastructure.lab.image import Say, require_image, service_images
from stems.infrastructure.lab.keys import require_keys
from stems.infrastructure.lab.network import placed, require_network
from stems.infrastructure.lab.nodes import find_way, make_node, states
from stems.infrastructure.lab.programs import find_chezmoi
from stems.infrastructure.lab.reach import wait_until_ready
from stems.infrastructure.lab.repository import has_repository, make_repository, require_room
from stems.infrastructure.lab.state import Lab, LabNode, cache_home, lab_folder, load, save
from stems.infrastructure.lab.turn import turn
from stems.infrastructure.runner import Runner

EXAMPLE = (
    LabNode("crtr", "cooperator", "gateway"),
    LabNode("drtr", "director", "gpu", login_shell="/bin/zsh"),
    LabNode("prtr", "projector", "work"),
)
"""The cluster that the example repository describes. One node's shell differs, as on real machines."""


def up(name: str, runner: Runner, *, say: Say, repository: Path | None = None, fresh: Iterable[str] = ()) -> Lab:
    """The lab of that name with the example repository, written to `repository` or into the lab's state.

    The nodes named in `fresh` start without Docker.
    """
    folder = lab_folder(name)
    lab = load(name)
    if lab is None:
        if repository:
            require_room(repository)
        lab = Lab(name, folder, repository or folder / "repository", nodes=EXAMPLE)
    elif repository and repository != lab.repository:
        raise UsageError(f"the repository of lab {name} is {lab.repository}", remedy="give another --name")
    lab = start(with_fresh(lab, fresh), runner, say=say)
    if has_repository(lab):
        return lab
    return make_repository(lab, lambda folder: write_example(lab, folder, runner))


def with_fresh(lab: Lab, names: Iterable[str]) -> Lab:
    wanted = {lab.node(name).name for name in names}
    return replace(lab, nodes=tuple(replace(node, fresh=node.fresh or node.name in wanted) for node in lab.nodes))


def start(lab: Lab, runner: Runner, *, say: Say) -> Lab:
    """Every node of the lab running and answering, with its addresses filled in."""
    began = time.monotonic()
    engine = require_engine(runner)
    image = require_image(engine, runner, cache=cache_home(), say=say)
    lab = replace(lab, way=lab.way or find_way(engine, image))
    with turn(cache_home()):
        lab = placed(lab, require_network(lab, engine))
        require_keys(lab, runner)
        save(lab)
        _start_nodes(lab, engine, image=image, say=say)
    _each(lab.nodes, lambda node: wait_until_ready(lab, node, runner))
    say(f"{len(lab.nodes)} nodes answer over SSH after {time.monotonic() - began:.0f} s")
    return lab


def _start_nodes(lab: Lab, engine: Engine, *, image: str, say: Say) -> None:
    found = states(lab, engine)
    missing = tuple(node for node in lab.nodes if lab.container(node) not in found)
    for node in lab.nodes:
        if node not in missing:
            faults.heal_container(lab, node, engine)
    if missing:
        names = ", ".join(node.name for node in missing)
        say(f"starting {names} as containers ({lab.way}, {'no way out' if lab.internal else 'loopback ports'})")
        images, program = service_images(engine), find_chezmoi()
        if program:
            say(f"they get the chezmoi of this machine: {program}")
        chezmoi = program.read_bytes() if program else b""
        _each(missing, lambda node: make_node(lab, node, engine, image=image, images=images, chezmoi=chezmoi))


def _each(nodes: tuple[LabNode, ...], act: Callable[[LabNode], None]) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        # Every node is tried before the first failure is raised.
        for done in [pool.submit(act, node) for node in nodes]:
            done.result()
