"""The module of a task and its arguments, wherever the task writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stems.tools.ansible.keys import module_of
from stems.tools.ansible.scope import literal

_ARGUMENT = re.compile(r"""([\w-]+)=((?:\{\{.*?\}\}|"[^"]*"|'[^']*'|[^\s"'])+)""")


def arguments_of(keys: Mapping[str, Any], modules: frozenset[str]) -> tuple[str, dict[str, object] | None]:
    """Which of `modules` a task runs, and its arguments; None where a variable holds all of them."""
    module, written = module_of(keys, modules)
    if not module and "action" in keys:
        action = keys["action"]
        if isinstance(action, dict):
            name, written = str(action.get("module", "")), action
        else:
            name, _, written = str(action).partition(" ")
        module, _ = module_of({name: None}, modules)
    if not module:
        return "", None
    more = literal(keys.get("args"))
    if isinstance(written, dict):
        return module, {**more, **literal(written)}
    if isinstance(written, str) and written.strip().startswith("{{") and "=" not in written:
        return module, None
    return module, {**more, **_split(written or "")}


def _split(text: str) -> dict[str, object]:
    """`key=value` arguments on one line."""
    return {key: value.strip("\"'") for key, value in _ARGUMENT.findall(str(text))}
