"""Bringing a lab up, again if need be: what is missing or stopped is repaired, the rest stays."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from stems.infrastructure.lab import faults
from stems.infrastructure.lab.engine import Engine, require_engine
from stems.infrastructure.lab.example import require_room, write_example
from stems.infrastructure.lab.image import Say, require_image, service_images
from stems.infrastructure.lab.keys import require_keys
from stems.infrastructure.lab.network import placed, require_network
from stems.infrastructure.lab.nodes import find_way, make_node, states
from stems.infrastructure.lab.reach import wait_until_ready
from stems.infrastructure.lab.recipe import USER
from stems.infrastructure.lab.state import Lab, LabNode, cache_home, lab_folder, load, save
from stems.infrastructure.runner import Runner

NODES = (
    LabNode("crtr", "cooperator", "gateway"),
    LabNode("drtr", "director", "gpu", login_shell="/bin/zsh"),
    LabNode("prtr", "projector", "work"),
)
"""The cluster that the example repository describes. One node's shell differs, as on real machines."""


def up(
    name: str,
    runner: Runner,
    *,
    say: Say,
    repository: Path | None = None,
    nodes: tuple[LabNode, ...] = NODES,
    internal: bool = False,
) -> Lab:
    """The lab of that name with every node running and answering."""
    began = time.monotonic()
    engine = require_engine(runner)
    image = require_image(engine, runner, cache=cache_home(), say=say)
    lab = _prepare(_known(name, repository, nodes=nodes, internal=internal), engine, runner, image=image)
    _start_nodes(lab, engine, image=image, say=say)
    _each(lab, lambda node: wait_until_ready(lab, node, runner))
    say(f"{len(lab.nodes)} nodes answer over SSH after {time.monotonic() - began:.0f} s")
    return _with_repository(lab, runner)


def _known(name: str, repository: Path | None, *, nodes: tuple[LabNode, ...], internal: bool) -> Lab:
    if lab := load(name):
        return lab
    folder = lab_folder(name)
    if repository:
        require_room(repository)
    return Lab(name, folder, repository or folder / "repository", nodes=nodes, user=USER, internal=internal)


def _prepare(lab: Lab, engine: Engine, runner: Runner, *, image: str) -> Lab:
    lab = placed(lab, require_network(lab, engine))
    lab = replace(lab, way=lab.way or find_way(engine, image))
    require_keys(lab, runner)
    save(lab)
    return lab


def _with_repository(lab: Lab, runner: Runner) -> Lab:
    if (lab.repository / ".git").exists():
        return lab
    lab = replace(lab, written=write_example(lab, runner))
    save(lab)
    return lab


def _start_nodes(lab: Lab, engine: Engine, *, image: str, say: Say) -> None:
    found = states(lab, engine)
    missing = [node for node in lab.nodes if lab.container(node) not in found]
    if missing:
        names = ", ".join(node.name for node in missing)
        say(f"starting {names} as containers ({lab.way}, {'no way out' if lab.internal else 'loopback ports'})")
        images = service_images(engine)
        _each(lab, lambda node: make_node(lab, node, engine, image=image, images=images), only=missing)
    for node in lab.nodes:
        if node not in missing:
            faults.heal_container(lab, node, engine)


def _each(lab: Lab, act: Callable[[LabNode], None], *, only: list[LabNode] | None = None) -> None:
    nodes = lab.nodes if only is None else only
    with ThreadPoolExecutor(max_workers=max(1, len(nodes))) as pool:
        # Every node is tried, so that one failure does not hide another's state.
        for done in [pool.submit(act, node) for node in nodes]:
            done.result()
