"""How often a task runs on a node, with which items, and whether that is certain."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stems.tools.ansible.claims.expression import Evaluator, UnknownError
from stems.tools.ansible.claims.variables import UNKNOWN, Items, Surroundings, View
from stems.tools.ansible.tree import Task

_AS_THEY_ARE = ("loop", "with_list")


def rounds(task: Task, around: Surroundings, folders: tuple[Path, ...]) -> Iterator[tuple[View, bool]]:
    """Each run of a task that is not ruled out, with what it sees, and whether it is sure to happen."""
    for items, is_certain in _through((*task.scope.within, task.keys), {}, task, around, folders):
        yield View(around, task.scope, items), is_certain and task.scope.is_certain


def _through(
    levels: tuple[Mapping[str, Any], ...], items: Items, task: Task, around: Surroundings, folders: tuple[Path, ...]
) -> Iterator[tuple[Items, bool]]:
    """The loops and conditions of everything around a task, from the outside to itself."""
    if not levels:
        yield items, True
        return
    keys = levels[0]
    for more, is_certain in _items(keys, View(around, task.scope, items), folders):
        inner = {**items, **more}
        holds = _holds(keys, View(around, task.scope, inner))
        if holds is not False:
            for found, sure in _through(levels[1:], inner, task, around, folders):
                yield found, sure and is_certain and holds is True


def _holds(keys: Mapping[str, Any], view: View) -> bool | None:
    if keys.get("when") is None:
        return True
    try:
        answer = Evaluator(view.look).holds(keys["when"])
    except UnknownError:
        return None
    return answer if view.is_sure else None


def _items(keys: Mapping[str, Any], view: View, folders: tuple[Path, ...]) -> Iterator[tuple[Items, bool]]:
    """What each round of a loop gives; one round with an unknown item for a loop that only Ansible can count."""
    how = next((key for key in keys if key == "loop" or key.startswith("with_")), "")
    if not how:
        yield {}, True
        return
    control = keys.get("loop_control")
    control = control if isinstance(control, dict) else {}
    name, index = str(control.get("loop_var", "item")), str(control.get("index_var", ""))
    try:
        found = _elements(how, keys[how], view, folders)
    except UnknownError:
        found = None
    if found is None:
        yield {each: (UNKNOWN, False) for each in (name, index) if each}, False
        return
    for position, element in enumerate(found):
        yield {name: element, **({index: (position, False)} if index else {})}, view.is_sure


def _elements(how: str, written: object, view: View, folders: tuple[Path, ...]) -> list[tuple[object, bool]] | None:
    evaluator = Evaluator(view.look)
    value, is_template = evaluator.raw(written)
    if how == "with_dict" and isinstance(value, dict):
        return [({"key": key, "value": inner}, is_template) for key, inner in value.items()]
    if how == "with_fileglob":
        patterns = _listed(evaluator.value(_listed(value)))
        return [(path, False) for pattern in patterns for path in _files(str(pattern), folders)]
    if how in _AS_THEY_ARE:
        return [(each, is_template) for each in value] if isinstance(value, list) else None
    if how == "with_items":
        return [each for part in _listed(value) for each in _flat(evaluator, part, is_template=is_template)]
    return None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _flat(evaluator: Evaluator, element: object, *, is_template: bool) -> list[tuple[object, bool]]:
    """`with_items` takes a list in its list apart."""
    if is_template and isinstance(element, str):
        found, inner = evaluator.raw(element)
        return [(each, inner) for each in found] if isinstance(found, list) else [(element, is_template)]
    return [(each, is_template) for each in _listed(element)]


def _files(pattern: str, folders: tuple[Path, ...]) -> list[str]:
    """The files of the repository that a pattern means: those of the first folder that has some."""
    if pattern.startswith("/") and not pattern.startswith(f"{folders[-1]}/"):
        raise UnknownError
    for folder in folders:
        found = sorted(path for path in glob.glob(str(folder / pattern)) if Path(path).is_file())  # noqa: PTH207  # `Path.glob` refuses a pattern that begins with a slash
        if found:
            return found
    return []
