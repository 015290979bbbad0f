"""The variables that a task sees on a node, ranked as Ansible ranks them, as far as the repository says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stems.errors import ConfigurationError
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.readers.yaml import read_yaml
from stems.tools.ansible.claims.expression import UndefinedError, UnknownError
from stems.tools.ansible.inventory import groups_of
from stems.tools.ansible.keys import module_of
from stems.tools.ansible.scope import OPAQUE, Scope, literal
from stems.tools.ansible.settings import own_inventory
from stems.tools.ansible.tree import ENDINGS, Play, Task
from stems.tools.base import Job

Items = Mapping[str, tuple[object, bool]]
"""What loops give: each with whether it is a template."""

UNKNOWN = object()
"""The value of an item that only Ansible can tell."""
_SETS = frozenset({"set_fact", "include_vars"})
_ANSIBLES_OWN = frozenset({
    "hostvars", "role_path", "role_name", "play_hosts", "inventory_dir", "inventory_file", "vars", "environment",
})  # fmt: skip
_NO_FACTS = frozenset({"ansible_become", "ansible_become_user"})


@dataclass(frozen=True, slots=True)
class Names:
    """Names that some task of a play sets while it runs, and those that roles bring for the whole play."""

    dynamic: frozenset[str] = frozenset()
    of_roles: frozenset[str] = frozenset()
    of_defaults: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for every task of a play on one node."""

    node: Node
    names: Names
    magic: Mapping[str, object]
    host_files: Mapping[str, object]
    cluster: Mapping[str, object]
    group_files: Mapping[str, object]


@dataclass(slots=True)
class View:
    """What one task sees in one round of its loops. Not `is_sure` once something unread might say otherwise."""

    surroundings: Surroundings
    scope: Scope
    items: Items = field(default_factory=dict)
    is_sure: bool = True

    def look(self, name: str) -> tuple[object, bool]:
        """A value and whether it is a template. Raises `UnknownError`."""
        around, scope = self.surroundings, self.scope
        if name in self.items:
            if self.items[name][0] is UNKNOWN:
                raise UnknownError
            return self.items[name]
        if name in around.magic:
            return around.magic[name], False
        if name in scope.params:
            return scope.params[name], True
        return self._in_layers(name)

    def _in_layers(self, name: str) -> tuple[object, bool]:
        around, scope = self.surroundings, self.scope
        if name in around.names.dynamic:
            raise UnknownError
        self.is_sure = self.is_sure and OPAQUE not in around.names.dynamic
        for layer in self._layers():
            if name in layer:
                if layer is scope.play and OPAQUE in layer:
                    # A file of variables is over what the play says itself.
                    self.is_sure = False
                # Variables of the cluster reach Ansible as text, not as templates.
                return layer[name], layer is not around.cluster
            if layer is scope.role and name in around.names.of_roles:
                raise UnknownError
            self.is_sure = self.is_sure and OPAQUE not in layer
        is_fact = name.startswith("ansible_") and name not in _NO_FACTS
        if is_fact or name in _ANSIBLES_OWN or name in around.names.of_defaults:
            raise UnknownError
        raise UndefinedError

    def _layers(self) -> tuple[Mapping[str, object], ...]:
        around, scope = self.surroundings, self.scope
        return (
            scope.around, scope.role, scope.play, around.host_files, around.cluster, around.group_files, scope.defaults,
        )  # fmt: skip


def surroundings(job: Job, node: Node, play: Play, names: Names) -> Surroundings:
    groups = groups_of(job.cluster)
    mine = sorted(group for group, members in groups.items() if node.name in members)
    own = own_inventory(job)
    folders = [Path(path).parent if Path(path).is_file() else Path(path) for path in own] + [play.file.parent]
    host_files = _files(job, folders, "host_vars", [node.name])
    group_files = _files(job, folders, "group_vars", ["all", *(mine or ["ungrouped"])])
    magic: dict[str, object] = {
        "inventory_hostname": node.name,
        "inventory_hostname_short": node.name.partition(".")[0],
        "ansible_host": node.ssh.host,
        "playbook_dir": str(play.file.parent),
        # What has it for a value is as if it were not there.
        "omit": "",
        **({"ansible_user": node.ssh.user} if node.ssh.user else {}),
    }
    if own:
        # Only Ansible knows the groups of another inventory, and their variables.
        group_files = {**group_files, OPAQUE: None}
    else:
        magic |= {"group_names": mine or ["ungrouped"], "groups": _groups(job.cluster, groups)}
    return Surroundings(node, names, magic, host_files, job.variables.get(node.name, {}), group_files)


def names_of(tasks: Iterable[Task], play: Play, dynamic: frozenset[str]) -> Names:
    """`dynamic` are those that any play sets: they last."""
    prompts = play.keys.get("vars_prompt")
    asked = (
        {str(each.get("name")) for each in prompts if isinstance(each, dict)} if isinstance(prompts, list) else set()
    )
    of_roles: set[str] = set()
    of_defaults: set[str] = set()
    for task in tasks:
        of_roles |= task.scope.role.keys()
        of_defaults |= task.scope.defaults.keys()
    return Names(dynamic | asked, frozenset(of_roles), frozenset(of_defaults))


def set_by(task: Task) -> Iterator[str]:
    if isinstance(task.keys.get("register"), str):
        yield task.keys["register"]
    module, arguments = module_of(task.keys, _SETS)
    if module == "set_fact" and isinstance(arguments, dict):
        yield from map(str, arguments)
    elif module == "set_fact":
        yield from (part.partition("=")[0] for part in str(arguments).split() if "=" in part)
    elif module:
        yield OPAQUE


def _groups(cluster: Cluster, groups: Mapping[str, tuple[str, ...]]) -> dict[str, object]:
    return {"all": list(cluster.nodes), **{group: list(names) for group, names in groups.items()}}


def _files(job: Job, folders: list[Path], kind: str, names: list[str]) -> dict[str, object]:
    """The variables of these names; a later name and a later folder win."""
    found: dict[str, object] = {}
    for name in names:
        for folder in dict.fromkeys(folders):
            for path in _below(folder / kind, name):
                found |= _read(job, path)
    return found


def _below(folder: Path, name: str) -> list[Path]:
    single = [path for ending in ENDINGS if (path := folder / f"{name}{ending}").is_file()]
    return [*sorted(path for path in (folder / name).rglob("*") if path.is_file()), *single]


def _read(job: Job, path: Path) -> dict[str, object]:
    shown = path.relative_to(job.tree.root).as_posix() if path.is_relative_to(job.tree.root) else path.name
    try:
        value = read_yaml(path.read_text("utf-8"), shown).value
    except (ConfigurationError, OSError, UnicodeDecodeError):
        return {OPAQUE: None}
    return literal(value) if value is None or isinstance(value, dict) else {OPAQUE: None}
