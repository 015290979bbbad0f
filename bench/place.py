"""A lab with everything deployed, and a clone of its repository to work in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from stems.infrastructure.lab.state import Lab, require_lab

STEMS = (str(Path(sys.executable).parent / "stems"),)
_OWN = "bench"
_LIMIT = 1200.0


@dataclass(frozen=True)
class Place:
    """`repository` is a clone of the lab's, at the commit that its nodes run. `scratch` is a private folder."""

    lab: Lab
    repository: Path
    scratch: Path

    def git(self, *arguments: str) -> str:
        return call("git", "-c", "user.name=bench", "-c", "user.email=bench@colab.example", *arguments,
                    cwd=self.repository)  # fmt: skip

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)


@contextmanager
def prepared(name: str, scratch: Path) -> Iterator[Place]:
    """The lab of that name, or one of its own that is taken down in the end; what it declares is deployed."""
    with ExitStack() as after:
        if not name:
            name = _OWN
            after.callback(call, *STEMS, "lab", "down", "--name", name, "--force")
            call(*STEMS, "lab", "up", "--name", name, "--directory", str(scratch / "lab"))
        lab = require_lab(name)
        repository = scratch / "repository"
        call("git", "clone", "--quiet", str(lab.repository), str(repository))
        place = Place(lab, repository, scratch)
        _without_approvers(place)
        deploy(place)
        yield place


def deploy(place: Place) -> str:
    """Plan, approve and deploy HEAD; returns what the deployment told, empty when there was nothing to do."""
    plan = json.loads(call(*STEMS, "plan", "--json", cwd=place.repository))
    if all(not node["changes"] and node["deployed"] == plan["commit"] for node in plan["nodes"]):
        return ""
    call(*STEMS, "approve", plan["digest"], "--yes", cwd=place.repository)
    return call(*STEMS, "deploy", plan["digest"], cwd=place.repository)


def call(*argv: str, cwd: Path | None = None) -> str:
    """A step of the preparation, which has to succeed; progress and result together."""
    done = subprocess.run(
        argv, cwd=cwd, text=True, timeout=_LIMIT, stdin=subprocess.DEVNULL, check=False,
        stdout=subprocess.PIPE, stderr=None if "--json" in argv else subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode != 0:
        raise SystemExit(f"bench: {' '.join(argv[:4])} ended with {done.returncode}\n{done.stdout[-2000:]}")
    return done.stdout


def _without_approvers(place: Place) -> None:
    # A lab that played the story wants signatures; what is measured does not depend on them.
    text = (place.repository / "config/cluster.yml").read_text()
    if "\napprovers:" in text:
        raise SystemExit(f"bench: lab {place.lab.name} wants signed approvals: use a lab of its own")


def on_path(name: str) -> str:
    """A program, also where it was installed beside stems."""
    beside = Path(sys.executable).parent / name
    return shutil.which(name) or (str(beside) if beside.exists() else "")
