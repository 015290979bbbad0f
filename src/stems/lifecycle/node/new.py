"""A new node in the working tree: its entry in the cluster file, and the role that sets it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stems.configuration.load import load_cluster
from stems.configuration.text import read_text
from stems.errors import UsageError
from stems.infrastructure.runner import Runner
from stems.lifecycle.node.play import SWITCH, play_of
from stems.lifecycle.node.preflight import Preflight, look
from stems.lifecycle.node.role import RoleFiles, bring, role_of, shipped_role
from stems.lifecycle.node.wanted import Wanted
from stems.lifecycle.working_files import replace, require_inside, write_new
from stems.lifecycle.workspace import KNOWN_HOSTS
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.readers.insertion import with_entry
from stems.readers.written import write_yaml
from stems.readers.yaml import read_yaml
from stems.tools.git.repository import Repository

VARIABLES = "variables.yml"


@dataclass(frozen=True, slots=True)
class NewNode:
    """What was written. `entry` are the lines of the cluster file, `line` where they stand: 0 when a person must add
    them."""

    name: str
    entry: str
    line: int
    role: RoleFiles


def entry_of(folder: Path) -> Mapping[str, object]:
    """The entry that a copy of the template describes."""
    path = folder / VARIABLES
    value = read_yaml(read_text(path, str(path)), str(path), strict=True).value
    if not isinstance(value, dict):
        raise UsageError(f"{path}: not an entry of `nodes`", remedy="begin with the one of the template")
    return value


def preflight(repository: Repository, wanted: Wanted, local: Runner) -> Preflight:
    path = repository.root / KNOWN_HOSTS
    return look(wanted.node(), path.read_text() if path.is_file() else "", local)


def write_node(repository: Repository, cluster: Cluster, wanted: Wanted, folder: Path | None) -> NewNode:
    """Write all of it; the cluster file comes last, so that what was interrupted can be done again."""
    root = repository.root
    role = bring(root, cluster.domains.system, role_of(folder) if folder else shipped_role(), play_of(folder))
    wanted = wanted.with_variable(SWITCH, value=True) if role.asks else wanted
    before = read_text(root / CLUSTER_FILE, CLUSTER_FILE)
    changed = with_entry(before, path=CLUSTER_FILE, section="nodes", name=wanted.name, entry=wanted.entry)
    # A mistake in the entry is told before anything is written.
    written = load_cluster(changed).written if changed else None
    for path in (CLUSTER_FILE, role.playbook, *(file.path for file in role.files)):
        require_inside(root, path or CLUSTER_FILE)
    for file in role.files:
        write_new(root, file)
    if role.after != role.before:
        replace(root, role.playbook, role.before.encode(), role.after.encode())
    if changed:
        replace(root, CLUSTER_FILE, before.encode(), changed.encode())
    line = written.key_place("nodes", wanted.name).line if written else 0
    return NewNode(wanted.name, write_yaml({wanted.name: wanted.entry}, indent=2), line, role)
