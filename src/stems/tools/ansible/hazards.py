"""What a playbook must not hold: tasks that act in a preview, and other ways to a node than the cluster's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stems.model.change import Group
from stems.model.finding import Finding, Place, Severity
from stems.tools.ansible.inventory import CONNECTION
from stems.tools.ansible.keys import included_by
from stems.tools.ansible.reading import never_changes, only_reads
from stems.tools.ansible.tree import Play, Task

ACTS_IN_PREVIEW = "STM405"
NOT_ONE_NODE = "STM406"
CONNECTION_ELSEWHERE = "STM407"

INSTEAD = (
    "remove it; a command that plainly reads needs `changed_when: false`; "
    f"to accept it, write `# stems: allow {ACTS_IN_PREVIEW}: REASON` above it"
)

FALSE = (False, "no", "false", "False", "off")
_TRUE = (True, "yes", "true", "True", "on")
_KEYWORDS = frozenset({
    "any_errors_fatal", "args", "async", "become", "become_exe", "become_flags", "become_method", "become_user",
    "changed_when", "check_mode", "collections", "connection", "debugger", "delay", "delegate_facts", "delegate_to",
    "diff", "environment", "failed_when", "ignore_errors", "ignore_unreachable", "listen", "loop", "loop_control",
    "module_defaults", "name", "no_log", "notify", "poll", "port", "register", "remote_user", "retries", "run_once",
    "tags", "throttle", "timeout", "until", "vars", "when",
})  # fmt: skip
_VOLATILE = re.compile(
    r"ansible_date_time|\bnow\(|strftime|lookup\(\s*['\"](?:ansible\.builtin\.)?(?:pipe|password|url|random_choice)|\|\s*random|"
    r"\bto_uuid|random_mac|password_hash|\|\s*shuffle|ansible_(?:facts\W+)?(?:uptime|memfree|memory_mb|loadavg|proc_cmdline)|"
    r"ansible_uptime_seconds|ansible_managed|\buuid\b|\bpid\b"
)
_LARGEST = 1024 * 1024


def of_play(play: Play, group: Group) -> Iterator[Finding]:
    if "serial" in play.keys and group is Group.NONE:
        message = "`serial` has no effect: stems goes from node to node by itself"
        yield Finding(NOT_ONE_NODE, play.place, message, "order nodes with `rollout`", Severity.WARNING)
    yield from of_keys(play.keys, play.place)


def of_task(task: Task) -> Iterator[Finding]:
    yield from of_keys(task.keys, task.place)
    applied = included_by(task.keys).get("apply")
    if isinstance(applied, dict):
        yield from of_keys(applied, task.place)


def of_keys(keys: Mapping[str, Any], place: Place) -> Iterator[Finding]:
    """What a play, a block, a task, a role and the `apply` of an include have in common."""
    if keys.get("check_mode", True) not in (*_TRUE, None) and not _holds(keys, never_changes):
        yield _acting(place, harmless=keys.get("changed_when") in FALSE and task_reads(keys))
    variables = keys.get("vars")
    if isinstance(variables, dict):
        yield from of_variables(variables, lambda _: place)


def of_variables(variables: Mapping[str, Any], place: Callable[[str], Place]) -> Iterator[Finding]:
    """`place` says where a variable is written."""
    for name in sorted(CONNECTION & variables.keys()):
        message = f"{name}: how to reach a node is said in config/cluster.yml only"
        yield Finding(CONNECTION_ELSEWHERE, place(name), message, f"remove {name}, and set `ssh` of the node")


def ends_for_all(keys: Mapping[str, Any]) -> bool:
    """Whether the failure of one node ends the play for others."""
    return bool(keys.get("any_errors_fatal") or "max_fail_percentage" in keys)


def has_volatile_hints(source: Path) -> bool:
    """Whether the tree uses a clock, chance or a fact that moves, so that two previews may differ."""
    return any(_VOLATILE.search(_text(path)) for path in source.rglob("*") if path.is_file() and not path.is_symlink())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace") if path.stat().st_size <= _LARGEST else ""
    except OSError:
        return ""


def task_reads(keys: Mapping[str, Any]) -> bool:
    """Whether the one module of a task only looks. A block, a role or an include is more than that."""
    return _holds(keys, only_reads)


def _holds(keys: Mapping[str, Any], says: Callable[[str, object], bool]) -> bool:
    """What is said of the one module of a task and its arguments."""
    modules = [key for key in keys if key not in _KEYWORDS and not key.startswith("with_")]
    if len(modules) != 1:
        return False
    if modules[0] == "local_action":
        module, _, rest = str(keys["local_action"]).partition(" ")
        return says(module.rpartition(".")[2], rest)
    arguments, given = keys[modules[0]], keys.get("args")
    if isinstance(given, dict) and not isinstance(arguments, str):
        arguments = {**(arguments or {}), **given}
    return says(modules[0].rpartition(".")[2], arguments)


def _acting(place: Place, *, harmless: bool) -> Finding:
    if harmless:
        message = "`check_mode: false`: this task runs in every preview, and only reads"
        return Finding(ACTS_IN_PREVIEW, place, message, "", Severity.NOTE)
    message = "`check_mode: false`: this task would act in a preview"
    return Finding(ACTS_IN_PREVIEW, place, message, INSTEAD)
