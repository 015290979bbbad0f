"""A lab for an existing repository: a clone of it in which every node is a lab node of the same name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stems.errors import ConfigurationError, UsageError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.address import with_ssh, with_variable
from stems.infrastructure.lab.behind import behind
from stems.infrastructure.lab.example import short_path
from stems.infrastructure.lab.image import Say
from stems.infrastructure.lab.keys import pinned
from stems.infrastructure.lab.recipe import USER as ACCOUNT
from stems.infrastructure.lab.repository import commit_all, git, has_repository, make_repository
from stems.infrastructure.lab.state import Lab, LabNode, lab_folder, load
from stems.infrastructure.lab.up import start, with_fresh
from stems.infrastructure.runner import Runner
from stems.model.names import HOST, NODE, USER, is_name
from stems.model.node import ADDRESS, SSH_PORT
from stems.readers.yaml import read_yaml

CLUSTER = "config/cluster.yml"
KNOWN_HOSTS = "config/known_hosts"


def up_for(name: str, original: Path, runner: Runner, *, say: Say, fresh: Iterable[str] = ()) -> Lab:
    """The lab of that name for the repository `original`, of which HEAD is cloned. The original is only read.

    Its network has no way out, the clone has no remote, and its ssh addresses are the lab's.
    """
    folder = lab_folder(name)
    lab = load(name)
    if lab is None:
        lab = _described(Lab(name, folder, folder / "repository", nodes=(), internal=True), original, runner)
    elif not lab.internal:
        raise UsageError(f"lab {name} is there for the example", remedy="give another --name")
    lacking = behind(lab, original, runner) if has_repository(lab) else ""
    lab = start(with_fresh(lab, fresh), runner, say=say)
    if has_repository(lab):
        if lacking:
            say(lacking)
        return lab
    say(f"cloning {original}: its uncommitted changes and its remotes stay behind")
    return make_repository(lab, lambda folder: _clone(lab, original, folder, runner=runner))


def _described(lab: Lab, original: Path, runner: Runner) -> Lab:
    """The lab with the nodes of the original, each of which can get another address."""
    shown = runner.run(Command(("git", "-C", str(original), "show", f"HEAD:{CLUSTER}"), Effect.READS))
    if not shown.ok:
        raise UsageError(
            f"{original}: Git shows no {CLUSTER} of its current commit",
            said=shown.errors,
            remedy="commit it first, or name another repository",
        )
    lab = replace(lab, nodes=parse_nodes(read_yaml(shown.text, CLUSTER).value))
    # What cannot be replaced is refused before anything starts.
    for_lab(shown.text, lab)
    return lab


def parse_nodes(document: object) -> tuple[LabNode, ...]:
    """The nodes that a lab needs to play, as `cluster.yml` declares them."""
    declared = document.get("nodes") if isinstance(document, dict) else None
    if not isinstance(declared, dict) or not declared:
        raise ConfigurationError(f"{CLUSTER}: it declares no nodes", remedy="run `stems validate` there")
    return tuple(_node(name, part) for name, part in declared.items())


def _node(name: object, part: Any) -> LabNode:
    part = part if isinstance(part, Mapping) else {}
    ssh = part.get("ssh")
    user = ssh.get("user", ACCOUNT) if isinstance(ssh, Mapping) else ACCOUNT
    hostname = part.get("hostname", name)
    if not (is_name(NODE, name) and is_name(HOST, hostname) and is_name(USER, user)):
        raise ConfigurationError(
            f"{CLUSTER}: the node {name!r} cannot be read", remedy="run `stems validate` in that repository"
        )
    return LabNode(str(name), str(hostname), str(part.get("role") or ""), user=str(user))


def _clone(lab: Lab, original: Path, folder: Path, *, runner: Runner) -> str:
    git(original, "clone", "--quiet", "--no-hardlinks", "--", str(original), str(folder), runner=runner)
    git(folder, "remote", "remove", "origin", runner=runner)
    cluster = folder / CLUSTER
    cluster.write_text(for_lab(cluster.read_text(), lab))
    (folder / KNOWN_HOSTS).write_text(pinned(lab))
    return commit_all(folder, "Point every node at the lab", runner)


def for_lab(text: str, lab: Lab) -> str:
    """`cluster.yml` with the lab's addresses in the place of each node's own, for this machine and for other nodes."""
    # From the last to the first: an alias goes before its anchor does.
    for node in reversed(lab.nodes):
        ssh: dict[str, str | int] = {"host": node.host, "user": node.user, "port": node.port}
        ssh["identity"] = short_path(lab.identity)
        text = with_ssh(text, CLUSTER, node=node.name, ssh=ssh)
        text = with_variable(text, CLUSTER, node=node.name, name=ADDRESS, value=node.address or node.host)
        text = with_variable(text, CLUSTER, node=node.name, name=SSH_PORT, value=22)
    return text
