"""What the tree has for Compose: files by the paths in its texts, and the values of `.env` files that Git tracks."""

from __future__ import annotations

from pathlib import Path

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.model.node import Node
from stems.readers.env import Entry, read_env
from stems.readers.interpolation import interpolate
from stems.tools.base import Job
from stems.tools.compose.variables import environment

ENV = ".env"
TEMPLATE = "env.template"
TEMPLATES = (
    TEMPLATE, ".env.template", ".env.example", "env.example", "example.env", ".env.sample", "sample.env",
    ".env.dist", "template.env", ".env-example", ".env_example", "env.sample",
)  # fmt: skip
"""What people call the file that says which names a `.env` has."""
EXAMPLES = (".example", ".template", ".sample", ".dist")
"""What they add to the name of another environment file for that."""


def inside(job: Job, folder: str, path: str) -> Path | None:
    """A path of a Compose file in the tree, `None` when it leads out of it."""
    if path.startswith(("/", "~")):
        return None
    root = job.tree.root.resolve()
    target = (job.tree.root / folder / path).resolve()
    return target if target.is_relative_to(root) else None


def shown(job: Job, path: Path) -> Path:
    """A resolved path as one of the tree."""
    return job.tree.root / path.relative_to(job.tree.root.resolve())


def is_tracked(job: Job, path: Path) -> bool:
    name = path.relative_to(job.tree.root.resolve()).as_posix()
    return name in job.tree.tracked if job.tree.tracked else path.exists()


def has(job: Job, path: str) -> bool:
    found = inside(job, "", path)
    return found is not None and found.is_file()


def entries(job: Job, path: str) -> tuple[Entry, ...]:
    """The entries of an environment file of the tree, none when it has no such file."""
    found = inside(job, "", path)
    if found is None or not found.is_file():
        return ()
    try:
        return read_env(found.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{Place(path)}: not readable as UTF-8 text", remedy=f"look at {path}") from None


def values(job: Job, node: Node, *envs: str) -> dict[str, str]:
    """What is certain of the values that Compose has: variables of the node, above those of tracked files."""
    given = environment(job, node)
    found: dict[str, str] = {}
    for path in envs:
        for entry in entries(job, path):
            value = entry.value if entry.is_literal else interpolate(entry.value or "", {**found, **given})
            if value is not None:
                found[entry.name] = value
    return {**found, **given}
