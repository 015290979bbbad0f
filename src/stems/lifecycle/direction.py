"""Whether a plan goes forward: a clone that is not up to date would quietly take a newer commit away."""

from __future__ import annotations

from collections.abc import Mapping

from stems.lifecycle.observe import Observed
from stems.lifecycle.workspace import Workspace


def backward(workspace: Workspace, commit: str, observed: Mapping[str, Observed]) -> dict[str, tuple[str]]:
    """By node: that it runs a commit which `commit` does not contain, for people."""
    contained: dict[str, bool] = {"": True, commit: True}
    for deployed in {seen.deployed for seen in observed.values()} - contained.keys():
        repository = workspace.repository
        contained[deployed] = repository.has(deployed) and repository.is_ancestor(deployed, commit)
    return {
        name: (f"runs {seen.deployed[:12]}, which {commit[:12]} does not contain: what came with it would be undone",)
        for name, seen in observed.items()
        if not contained[seen.deployed]
    }
