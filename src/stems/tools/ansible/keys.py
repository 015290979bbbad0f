"""The keys of a task: which module it names, and what it includes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stems.tools.ansible.scope import literal

INCLUDES = ("import_tasks", "include_tasks")
ROLE_INCLUDES = ("import_role", "include_role")


def included_by(keys: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of an include or import of tasks or a role, as a mapping, wherever the task writes them."""
    named = first(keys, (*INCLUDES, *ROLE_INCLUDES))
    return {**(named if isinstance(named, dict) else {}), **literal(keys.get("args"))}


def module_of(keys: Mapping[str, Any], modules: frozenset[str]) -> tuple[str, Any]:
    """Which of `modules` a task names, shortly or in full, and its arguments."""
    return next(((short, keys[key]) for key in keys if (short := key.rpartition(".")[2]) in modules), ("", None))


def first(keys: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The value of the first of these keys that a task has, shortly or in full."""
    full = (*names, *(f"ansible.builtin.{name}" for name in names))
    return next((keys[name] for name in full if keys.get(name)), None)


def included_name(keys: Mapping[str, Any], includes: tuple[str, ...], arguments: tuple[str, ...]) -> str:
    """What a task includes, empty for one that includes nothing."""
    if not any(name.rpartition(".")[2] in includes for name in keys):
        return ""
    named = first(keys, includes)
    given = included_by(keys)
    return str(named) if isinstance(named, str) else str(next((given[key] for key in arguments if given.get(key)), ""))
