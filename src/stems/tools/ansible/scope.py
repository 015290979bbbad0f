"""What surrounds a task of a playbook: the variables that are literal there, and the keys that it takes part in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

OPAQUE = ""
"""The name, in a layer of variables, of all those that cannot be read here."""

_ROLE_KEYWORDS = frozenset({
    "role", "name", "when", "tags", "vars", "become", "become_user", "become_method", "become_exe", "become_flags",
    "environment", "delegate_to", "delegate_facts", "connection", "port", "remote_user", "ignore_errors",
    "ignore_unreachable", "no_log", "run_once", "check_mode", "diff", "any_errors_fatal", "throttle", "timeout",
    "debugger", "collections", "module_defaults",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """The surroundings of a task.

    Variables lie in layers, each over the one before it: `defaults` of the role, `play` with its files of variables,
    `role`, `around` for those of blocks, includes and the task itself, `params` of what includes it. Those of a node
    lie between the first two. `within` are the keys of everything around it, outermost first. `is_certain` unless it
    runs only when something else happened, and `is_reached` unless nothing in the text leads to it.
    """

    defaults: Mapping[str, object] = field(default_factory=dict)
    play: Mapping[str, object] = field(default_factory=dict)
    role: Mapping[str, object] = field(default_factory=dict)
    around: Mapping[str, object] = field(default_factory=dict)
    params: Mapping[str, object] = field(default_factory=dict)
    within: tuple[Mapping[str, Any], ...] = ()
    is_certain: bool = True
    is_reached: bool = True

    def of(self, keys: Mapping[str, Any]) -> Scope:
        """For the task or block that has these keys."""
        return replace(self, around={**self.around, **literal(keys.get("vars"))})

    def inside(self, keys: Mapping[str, Any], *, is_certain: bool = True) -> Scope:
        """For what lies in a block or is included."""
        return replace(self, within=(*self.within, keys), is_certain=self.is_certain and is_certain)

    def given(self, params: Mapping[str, object]) -> Scope:
        return replace(self, params={**self.params, **params})

    def in_role(self, defaults: Mapping[str, object], variables: Mapping[str, object]) -> Scope:
        return replace(self, defaults={**self.defaults, **defaults}, role={**self.role, **variables})

    def perhaps(self) -> Scope:
        return replace(self, is_certain=False)

    def unreached(self) -> Scope:
        return replace(self, is_reached=False)

    @property
    def mark(self) -> str:
        """Equal for equal surroundings, within one reading of a tree."""
        around = tuple(map(id, self.within))
        return repr((self.around, self.params, around, self.is_certain, self.is_reached))


def literal(value: object) -> dict[str, object]:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def role_params(entry: Mapping[str, Any]) -> dict[str, object]:
    """What an entry of `roles` or of dependencies gives to its role beside keywords."""
    return {key: value for key, value in literal(entry).items() if key not in _ROLE_KEYWORDS}
