"""What a play hands on to one of another step: each step is a run of its own, in which it is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from stems.model.change import Group
from stems.model.finding import Finding, Place
from stems.tools.ansible.fact_names import FACT
from stems.tools.ansible.hazards import FALSE
from stems.tools.ansible.hosts import is_local
from stems.tools.ansible.keys import module_of
from stems.tools.ansible.tree import BLOCKS, SECTIONS, Play, Task

HANDED_ON = "STM409"

_SETS = frozenset({"set_fact"})
_HOSTS = frozenset({"add_host", "group_by"})
_TEMPLATES = frozenset({"template"})
_CONDITIONS = ("when", "until", "failed_when", "changed_when", "that", "var", "loop")
_EXPRESSION = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}", re.DOTALL)
_OPTIONS = frozenset({"cacheable"})

Plays = Sequence[tuple[Play, Sequence[Task]]]


def handed_on(source: Path, plays: Plays, groups: Sequence[Group]) -> Iterator[Finding]:
    """Variables and groups that a play makes and a later one of another step uses, as far as the text tells."""
    if len(set(groups)) < 2:
        return
    made = [_made(tasks) for _, tasks in plays]
    for earlier, later in combinations(range(len(plays)), 2):
        if groups[earlier] is groups[later]:
            continue
        there = [made[number] for number in range(later + 1) if groups[number] is groups[later]]
        missing = {name: place for name, place in made[earlier].items() if not any(name in each for each in there)}
        play, tasks = plays[later]
        for name, made_at in missing.items():
            used = next(_uses(source, play, tasks, partial(_is_named, name)), None)
            if used:
                yield _handed(name, made_at, used)
        yield from _hosts(plays[earlier][1], play)
        if _gathers(plays[earlier][0]) and play.keys.get("gather_facts") in FALSE:
            used = next(_uses(source, play, tasks, _is_fact), None)
            if used:
                yield _facts(plays[earlier][0], used)


def _made(tasks: Sequence[Task]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for task in tasks:
        if task.keys.get("register"):
            found.setdefault(str(task.keys["register"]), task.place)
        _, given = module_of(task.keys, _SETS)
        for name in given if isinstance(given, dict) else ():
            if name not in _OPTIONS:
                found.setdefault(str(name), task.place)
    return found


def _uses(source: Path, play: Play, tasks: Sequence[Task], is_meant: Callable[[str], bool]) -> Iterator[Place]:
    """Where a play has an expression that is meant."""
    own = {key: value for key, value in play.keys.items() if key not in SECTIONS}
    if any(map(is_meant, _expressions(own))):
        yield play.place
    for task in tasks:
        keys = {key: value for key, value in task.keys.items() if key not in BLOCKS}
        if any(map(is_meant, _expressions(keys))) or any(map(is_meant, _in_template(source, keys))):
            yield task.place


def _is_named(name: str, expression: str) -> bool:
    # After a dot it is a part of something else, unless that is a node.
    before = r"\b" if "hostvars" in expression else r"(?<![\w.])"
    return re.search(rf"{before}{re.escape(name)}\b", expression) is not None


def _is_fact(expression: str) -> bool:
    return FACT.search(expression) is not None


def _gathers(play: Play) -> bool:
    """Whether a play gathers facts of nodes, as one does that does not say otherwise."""
    return play.keys.get("gather_facts") not in FALSE and not is_local(play.patterns)


def _expressions(value: object, *, is_condition: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _expressions(inner, is_condition=key in _CONDITIONS)
    elif isinstance(value, list):
        for inner in value:
            yield from _expressions(inner, is_condition=is_condition)
    elif isinstance(value, str):
        if is_condition:
            yield value
        yield from ("".join(parts) for parts in _EXPRESSION.findall(value))


def _in_template(source: Path, keys: Mapping[str, Any]) -> Iterator[str]:
    _, given = module_of(keys, _TEMPLATES)
    name = str(given.get("src") or "") if isinstance(given, dict) else ""
    if not name or "{" in name:
        return
    for path in source.rglob(Path(name).name):
        if path.is_file() and path.as_posix().endswith(f"/{name}"):
            yield from _expressions(path.read_text("utf-8", "replace"))


def _hosts(tasks: Sequence[Task], play: Play) -> Iterator[Finding]:
    """A play for nodes or a group that a task of another step adds."""
    for task in tasks:
        _, given = module_of(task.keys, _HOSTS)
        words = re.findall(r"[\w.-]+", json.dumps(given, default=str)) if given else []
        for part in re.split(r"[,:&!]+", play.patterns):
            if part and part in words:
                yield _handed(part, task.place, play.place)


def _facts(gathers: Play, used: Place) -> Finding:
    message = f"facts are gathered at {gathers.place}, in another step: each is a run of its own, without them"
    return Finding(HANDED_ON, used, message, "let the play gather facts itself: remove its `gather_facts: false`")


def _handed(name: str, made: Place, used: Place) -> Finding:
    message = f"{name} is made at {made}, in another step: each is a run of its own, where it is not there"
    return Finding(HANDED_ON, used, message, "hand it on in a file, or put both into one play")
