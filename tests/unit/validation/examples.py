"""The examples of rules as trees on disk, each judged as a repository would be."""

from __future__ import annotations

from pathlib import Path

from stems.lifecycle.validate import validate_tree
from stems.model.cluster import CLUSTER_FILE
from stems.tools.base import Tree
from stems.validation.check import Judgement
from stems.validation.page import Example, Link, cluster, shown


def judged(root: Path, example: Example, *, every_stage: bool = False) -> Judgement:
    return validate_tree(written(root, example), every_stage=every_stage)


def written(root: Path, example: Example) -> Tree:
    """The tree of an example, with a cluster file where it has none."""
    files = {CLUSTER_FILE: default_cluster(example), **example}
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            target.symlink_to(content)
        else:
            target.write_bytes(content if isinstance(content, bytes) else shown(content).encode())
    return Tree(root, "", frozenset(files))


def default_cluster(example: Example) -> str:
    """One node with the domains that have a folder: `dotfiles/`, `ansible/`, and `services/` with each service."""
    tops = {path.split("/")[0] for path in example}
    lines = []
    if "dotfiles" in tops:
        tool = (
            "chezmoi" if any(path.startswith(("dotfiles/dot_", "dotfiles/.chezmoi")) for path in example) else "files"
        )
        lines.append(f"  user: {{tool: {tool}, source: dotfiles}}")
    if "ansible/site.yml" in example:
        lines.append("  system: {tool: ansible, source: ansible}")
    names = sorted({path.split("/")[1] for path in example if path.startswith("services/") and path.count("/") > 1})
    if names:
        tool = "compose" if any("compose" in path for path in example) else "systemd"
        lines.append(f"  services: {{tool: {tool}, source: services}}")
    services = "".join(f"  {name}: {{node: gate}}\n" for name in names)
    domains = "\n".join(["domains:", *lines, ""]) if lines else ""
    return cluster(domains + (f"services:\n{services}" if services else ""))
