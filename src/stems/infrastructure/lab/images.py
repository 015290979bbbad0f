"""Images of this machine on the nodes of a lab: a clone's nodes reach no registry."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from stems.errors import UsageError
from stems.infrastructure.lab.engine import Engine
from stems.infrastructure.lab.image import Say
from stems.infrastructure.lab.state import Lab

_PLACE = "/opt/stems-lab/more.tar"
_TIMEOUT = 600.0


def give_images(lab: Lab, names: Sequence[str], engine: Engine, *, say: Say) -> None:
    """Load images that this machine's Docker has into that of every node. One without Docker is named."""
    for name in names:
        if not engine.ask("image", "inspect", "--", name).ok:
            raise UsageError(f"{name}: the Docker of this machine does not have it", remedy=f"docker pull {name}")
    # As a file, because images can be larger than what is kept of a program's output.
    with tempfile.TemporaryDirectory(dir=lab.folder) as folder:
        archive = Path(folder) / "images.tar"
        engine.act("save", "--output", str(archive), "--", *names, timeout=_TIMEOUT)
        for node in lab.nodes:
            container = lab.container(node)
            if not engine.ask("exec", container, "test", "-e", "/usr/bin/docker").ok:
                say(f"{node.name} has no Docker yet, and so no image")
                continue
            engine.act("cp", str(archive), f"{container}:{_PLACE}", timeout=_TIMEOUT)
            engine.act("exec", container, "docker", "load", "--quiet", "--input", _PLACE, timeout=_TIMEOUT)
            engine.act("exec", container, "rm", _PLACE)
