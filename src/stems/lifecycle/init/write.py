"""What `stems init` begins a repository with, written into its folder."""

from __future__ import annotations

from stems.errors import ToolError
from stems.infrastructure.command import Effect
from stems.infrastructure.runner import Runner
from stems.lifecycle.init.begin import Begun
from stems.lifecycle.init.manifest import FOLDER, MANIFEST
from stems.lifecycle.working_files import replace, require_inside, write_new
from stems.model.cluster import CLUSTER_FILE
from stems.tools.git.command import git_command, output_of

_LAST = (CLUSTER_FILE, f"{FOLDER}/{MANIFEST}")


def write_begun(begun: Begun, runner: Runner) -> None:
    """What says that all is there comes last, so that what was interrupted can be done again."""
    root = begun.root
    for path in [*(file.path for file in begun.files), *([CLUSTER_FILE] if begun.cluster else [])]:
        require_inside(root, path)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolError(f"{root}: cannot be made: {error.strerror}", remedy=f"look at {root.parent}") from None
    if begun.makes_repository:
        command = git_command(root, "init", "--quiet", "--initial-branch=main", effect=Effect.WRITES)
        output_of(runner, command, f"{root}: git init failed")
    for file in sorted(begun.files, key=lambda file: file.path in _LAST):
        write_new(root, file)
    if begun.cluster:
        replace(root, CLUSTER_FILE, begun.before.encode(), begun.cluster.encode())
