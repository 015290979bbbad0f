"""Files of variables for nodes and groups: `group_vars/` and `host_vars/`, wherever they lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import splitext

FOLDERS = {"group_vars": "group", "host_vars": "host"}
_ENDINGS = (".yml", ".yaml", ".json", "")
_NO_NAMES = (".gitkeep", ".keep", ".gitignore", "README")


@dataclass(frozen=True, slots=True)
class VariableFile:
    """One file, the node or group that it is for, and the folder that it lies in."""

    path: str
    kind: str
    """`group` or `host`."""
    name: str
    folder: str


def variable_files(paths: Iterable[str]) -> Iterator[VariableFile]:
    for path in paths:
        steps = path.split("/")
        for index, step in enumerate(steps[:-1]):
            if step in FOLDERS:
                name = _name(steps[index + 1 :])
                if name:
                    yield VariableFile(path, FOLDERS[step], name, "/".join(steps[: index + 1]))
                break


def _name(steps: list[str]) -> str:
    stem, ending = splitext(steps[-1])
    if steps[-1] in _NO_NAMES or steps[-1].startswith(".") or ending in (".md", ".example", ".sample", ".j2", ".txt"):
        return ""
    if len(steps) > 1:
        return steps[0]
    # A name may have dots of its own, such as gate.example.
    return stem if ending in _ENDINGS else steps[0]
