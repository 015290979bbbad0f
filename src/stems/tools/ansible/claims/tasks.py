"""What the tasks of a playbook would own on a node, as far as it can be seen without Ansible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

from stems.model.claim import Certainty, Claim
from stems.model.node import Node
from stems.tools.ansible.check import Scan
from stems.tools.ansible.claims.account import account_of
from stems.tools.ansible.claims.arguments import arguments_of
from stems.tools.ansible.claims.expression import Evaluator, Partly, UnknownError, switch
from stems.tools.ansible.claims.loops import rounds
from stems.tools.ansible.claims.owned import MODULES, Given, owned
from stems.tools.ansible.claims.sources import Sources, sources_of
from stems.tools.ansible.claims.variables import Surroundings, View, names_of, set_by, surroundings
from stems.tools.ansible.hosts import LOCAL, reached
from stems.tools.ansible.scope import Scope
from stems.tools.ansible.settings import own_inventory
from stems.tools.ansible.subject import UNITS
from stems.tools.ansible.tree import Play, Task
from stems.tools.base import Job

NAME = "ansible"

_MOST_ROUNDS = 1000
_NAMES = ("path", "dest", "name", "user", "cron_file", "project_name")


def claims_of(job: Job, node: Node, scanned: Scan) -> Iterator[Claim]:
    """Each once, as certain as it is anywhere."""
    found: dict[tuple[object, ...], Claim] = {}
    dynamic = frozenset(name for _, tasks in scanned.plays for task in tasks for name in set_by(task))
    for play, tasks in scanned.plays:
        is_sure = _reaches(job, play, node)
        if is_sure is None:
            continue
        around = _around(job, node, play, tasks, dynamic)
        readings = [_Reading(job, task, around) for task in tasks]
        is_sure = is_sure and not any(reading.may_end() for reading in readings)
        for reading in readings:
            for claim in reading.claims(is_sure=is_sure):
                key = (claim.resource, claim.place, claim.extent)
                if key not in found or claim.certainty is Certainty.CERTAIN:
                    found[key] = claim
    return iter(found.values())


def _reaches(job: Job, play: Play, node: Node) -> bool | None:
    """Whether a play runs on a node: False where only Ansible can tell, None where it does not."""
    names = reached(play.patterns, job.cluster)
    if names is None:
        return False
    if not own_inventory(job):
        return True if node.name in names else None
    # The groups of another inventory are known to Ansible only.
    parts = [part for part in re.split(r"[,:]", play.patterns.replace(" ", "")) if part]
    if {"all", "*", node.name} & set(parts):
        return not any(part.startswith(("!", "&")) for part in parts)
    return None if all(part in job.cluster.nodes or part in LOCAL for part in parts) else False


def _around(job: Job, node: Node, play: Play, tasks: Sequence[Task], dynamic: frozenset[str]) -> Surroundings:
    """With the home that facts tell of: that of the account which the play runs as."""
    around = surroundings(job, node, play, names_of(tasks, play, dynamic))
    scope = Scope(play=next((task.scope.play for task in tasks), {}))
    view = View(around, scope)
    account = account_of((*play.within, play.keys), view, job.source)
    if not account or not view.is_sure:
        return around
    home = f"~{account}"
    facts = Partly(env=Partly(HOME=home), user_dir=home, user_id=account)
    told = {f"ansible_{name}": value for name, value in facts.items()}
    return replace(around, magic={**around.magic, **told, "ansible_facts": facts})


@dataclass(frozen=True, slots=True)
class _Reading:
    """One task on one node."""

    job: Job
    task: Task
    around: Surroundings

    @property
    def levels(self) -> tuple[Mapping[str, Any], ...]:
        return (*self.task.scope.within, self.task.keys)

    def may_end(self) -> bool:
        """Whether it may end the play for the node before other tasks."""
        ends = str(self.task.keys.get("meta", self.task.keys.get("ansible.builtin.meta", ""))).startswith("end_")
        return (
            ends
            and self.task.scope.is_reached
            and any(True for _ in rounds(self.task, self.around, self._sources("files").folders))
        )

    def claims(self, *, is_sure: bool) -> Iterator[Claim]:
        module, arguments = arguments_of(self.task.keys, MODULES)
        if not module or not self.task.scope.is_reached or _never(self.levels):
            return
        folders = self._sources("files").folders
        for view, happens in islice(rounds(self.task, self.around, folders), _MOST_ROUNDS):
            if not self._is_elsewhere(view):
                yield from self._of_round(module, arguments, view, is_sure=is_sure and happens)

    def _of_round(
        self, module: str, arguments: Mapping[str, object] | None, view: View, *, is_sure: bool
    ) -> Iterator[Claim]:
        node, place = self.around.node.name, self.task.place
        sources = self._sources("templates" if module == "template" else "files")
        given = Given(
            arguments or {}, Evaluator(view.look), sources, partial(account_of, self.levels, view, self.job.source)
        )
        try:
            found = list(owned(module, given))
        except UnknownError:
            yield Claim(node, NAME, _written(module, given.arguments), place, certainty=Certainty.UNKNOWN)
            return
        for each in found:
            certainty = Certainty.CERTAIN if is_sure and each.is_sure and view.is_sure else Certainty.POSSIBLE
            yield Claim(node, NAME, each.resource, place, extent=each.extent, certainty=certainty)

    def _sources(self, part: str) -> Sources:
        return sources_of(self.job.tree.root, self.job.settings.source, self.task.place.path, part)

    def _is_elsewhere(self, view: View) -> bool:
        """Whether it acts on another machine than the one that the play is on."""
        target = next((keys["delegate_to"] for keys in reversed(self.levels) if keys.get("delegate_to")), None)
        if target is None:
            return False
        try:
            return Evaluator(view.look).value(target) != self.around.node.name
        except UnknownError:
            return True


def _never(levels: Sequence[Mapping[str, Any]]) -> bool:
    """Whether it runs only when asked for by a tag, or only looks."""
    tags = [tag for keys in levels for tag in _listed(keys.get("tags"))]
    return "never" in tags or any(keys.get("check_mode") is not None and switch(keys["check_mode"]) for keys in levels)


def _listed(value: object) -> list[str]:
    return [str(each).strip() for each in (value if isinstance(value, list) else str(value or "").split(","))]


def _written(module: str, arguments: Mapping[str, object]) -> str:
    kind = "unit" if module in UNITS else "file"
    return f"{kind}:{next((arguments[name] for name in _NAMES if arguments.get(name)), '')}"
