"""Taking a lab down: containers, their volumes, the network, keys and what it wrote."""

from __future__ import annotations

import shutil

from stems.errors import StemsError, ToolError
from stems.infrastructure.lab.engine import Engine, require_engine
from stems.infrastructure.lab.repository import work_in
from stems.infrastructure.lab.state import cache_home, lab_folder, load, named
from stems.infrastructure.lab.turn import turn
from stems.infrastructure.runner import Runner


class WorkInTheWayError(StemsError):
    """A lab's repository holds work that would go with it."""


def down(name: str, runner: Runner, *, force: bool = False) -> None:
    """Leave nothing of the lab but the cached images and, where the person chose its folder, the repository.

    `force` gives up the work in the lab's repository, and a state that cannot be read.
    """
    folder = lab_folder(name)
    with turn(cache_home()):
        if not force:
            _require_no_work(name, runner)
        remove_containers(require_engine(runner), label=f"stems.lab={name}")
        if folder.exists():
            shutil.rmtree(folder)


def remove_containers(engine: Engine, *, label: str) -> None:
    """By label, so that also what a half-finished `up` left is found."""
    containers = engine.read("ps", "--all", "--quiet", "--filter", f"label={label}").split()
    if containers:
        engine.act("rm", "--force", "--volumes", *containers, timeout=120)
    networks = engine.read("network", "ls", "--quiet", "--filter", f"label={label}").split()
    if networks:
        engine.act("network", "rm", *networks)


def _require_no_work(name: str, runner: Runner) -> None:
    lab = load(name)
    if lab is None or not lab.repository.is_relative_to(lab.folder):
        return
    remedy = f"move it away, or give it up with `stems lab down{named(name)} --force`"
    try:
        work = work_in(lab, runner)
    except ToolError as error:
        raise WorkInTheWayError(error.problem, ran=error.ran, said=error.said, remedy=remedy) from None
    if work:
        raise WorkInTheWayError(f"{lab.repository} holds {work}", remedy=remedy)
