"""The files that tasks name: what this tool would own on a node."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from stems.model.claim import Claim
from stems.model.names import is_node_path
from stems.model.node import Node
from stems.tools.ansible.check import Scan
from stems.tools.ansible.hosts import reached
from stems.tools.ansible.subject import FILES, normal
from stems.tools.ansible.tree import Play, Task, module_of
from stems.tools.base import Job

NAME = "ansible"

_REFERENCE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ARGUMENT = re.compile(r"""(\w+)=((?:\{\{.*?\}\}|"[^"]*"|'[^']*'|[^\s"'])+)""")
_ROUNDS = 5


def claims_of(job: Job, node: Node, scanned: Scan) -> Iterator[Claim]:
    """A path that cannot be resolved without Ansible is not claimed."""
    seen: set[tuple[str, object]] = set()
    for play, tasks in scanned.plays:
        if not _reaches(job, play, node):
            continue
        for task in tasks:
            for path in _paths(task, {**job.variables.get(node.name, {}), "inventory_hostname": node.name}):
                if (path, task.place) not in seen:
                    seen.add((path, task.place))
                    yield Claim(node.name, NAME, f"file:{path}", task.place)


def _reaches(job: Job, play: Play, node: Node) -> bool:
    names = reached(play.patterns, job.cluster)
    return names is not None and node.name in names


def _paths(task: Task, resolved: Mapping[str, object]) -> Iterator[str]:
    module, arguments = module_of(task.keys, FILES)
    if not module:
        return
    given = arguments_of(arguments)
    named = next((given[key] for key in ("dest", "path", "name") if given.get(key)), "")
    for item in _items(task):
        variables = {**task.variables, **resolved, **item}
        path, source = _resolve(str(named), variables), _resolve(str(given.get("src") or ""), variables)
        if path.endswith("/") and module in ("copy", "template"):
            path += PurePosixPath(source).name
        if path.startswith("/") and "{" not in path and is_node_path(path):
            yield normal(path)


def _items(task: Task) -> Iterator[Mapping[str, object]]:
    """What a literal loop gives; one round without a loop, and one without `item` for a loop that is computed."""
    loop = next((task.keys[key] for key in ("loop", "with_items") if key in task.keys), None)
    if not isinstance(loop, list):
        yield {}
        return
    for item in loop:
        yield {"item": item} if not isinstance(item, dict) else {}


def _resolve(text: str, variables: Mapping[str, object]) -> str:
    """Plain references replaced by their values; everything else is left as it is."""
    for _ in range(_ROUNDS):
        text = _REFERENCE.sub(lambda match: str(variables.get(match[1], match[0])), text)
    return text


def arguments_of(arguments: object) -> Mapping[str, object]:
    """What a task gives its module: a mapping, or `key=value` on one line."""
    if isinstance(arguments, str):
        return {key: value.strip("\"'") for key, value in _ARGUMENT.findall(arguments)}
    return arguments if isinstance(arguments, dict) else {}
