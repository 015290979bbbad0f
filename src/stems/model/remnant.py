"""A remnant: what a later deployment did on a node, and the commit that the node goes back to does not name."""

from __future__ import annotations

from dataclasses import dataclass

_VERBS = {"create": "made by", "install": "installed by", "remove": "removed by"}
_REMEDIES = {
    "create": "remove it by hand or write a task with `state: absent`",
    "install": "remove it by hand or write a task with `state: absent`",
    "remove": "put it back by hand or write a task that brings it",
}
_MEND = "put it right by hand or write a task that says how it is to be"


@dataclass(frozen=True, slots=True)
class Remnant:
    """One resource that stays as later deployments left it.

    `action` is what became of it, `deployment` did it; not `is_sure` where that did not end well, and it may not have
    come so far. `doubt` says why the commit may name the resource all the same.
    """

    node: str
    resource: str
    action: str
    deployment: str
    is_sure: bool = True
    doubt: str = ""

    @property
    def is_task(self) -> bool:
        return self.resource.startswith("task:")

    @property
    def path(self) -> str:
        """Of a file, else nothing."""
        kind, _, name = self.resource.partition(":")
        return name if kind == "file" and name.startswith("/") else ""

    def __str__(self) -> str:
        perhaps = "" if self.is_sure else "perhaps "
        if self.is_task:
            done = f"what {self.resource} {perhaps}did in {self.deployment}"
            return f"stays: {done}: the earlier commit does not have it; put right by hand what it changed"
        done = f"{self.resource}, {perhaps}{_VERBS.get(self.action, 'changed by')} {self.deployment}"
        doubt = f" ({self.doubt})" if self.doubt else ""
        return f"stays: {done}: the earlier commit does not name it{doubt}; {_REMEDIES.get(self.action, _MEND)}"

    def to_json(self) -> dict[str, object]:
        return {
            "resource": self.resource,
            "action": self.action,
            "deployment": self.deployment,
            "is_sure": self.is_sure and not self.doubt,
            "text": str(self),
        }


@dataclass(frozen=True, slots=True)
class Remnants:
    """What stays on one node, and what of it is not known."""

    found: tuple[Remnant, ...] = ()
    not_known: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.found or self.not_known)

    def lines(self) -> tuple[str, ...]:
        return (*map(str, self.found), *(f"what else stays is not known: {reason}" for reason in self.not_known))

    def to_json(self) -> dict[str, object]:
        return {"found": [each.to_json() for each in self.found], "not_known": list(self.not_known)}
