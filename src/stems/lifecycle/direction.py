"""Whether a plan goes forward: a clone that is not up to date would quietly take a newer commit away."""

from __future__ import annotations

from collections.abc import Mapping

from stems.lifecycle.look.observe import Observed
from stems.lifecycle.workspace import Workspace
from stems.tools.git.repository import Repository


def backward(workspace: Workspace, commit: str, observed: Mapping[str, Observed]) -> dict[str, tuple[str]]:
    """By node: that it runs a commit which `commit` does not contain, for people."""
    every = {seen.deployed for seen in observed.values()}
    contained = {deployed: contains(workspace.repository, commit, deployed) for deployed in every}
    return {
        name: (f"runs {seen.deployed[:12]}, which {commit[:12]} does not contain: what came with it would be undone",)
        for name, seen in observed.items()
        if not contained[seen.deployed]
    }


def contains(repository: Repository, commit: str, deployed: str) -> bool:
    """Whether a commit has all of what was deployed; nothing deployed is in every commit."""
    if deployed in ("", commit):
        return True
    return repository.has(deployed) and repository.is_ancestor(deployed, commit)
