"""What a task of Ansible is about: the resource it changes and what it does to it."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath
from typing import Any

from stems.model.change import Risk, Undo
from stems.model.names import printable
from stems.tools.ansible.diffs import is_told, states
from stems.tools.ansible.events import Outcome
from stems.tools.network import ACCOUNTS, changes_access, touches_network

FILES = frozenset({
    "template", "copy", "lineinfile", "blockinfile", "file", "replace", "assemble", "get_url", "ini_file", "xml",
})  # fmt: skip
UNITS = frozenset({"service", "systemd", "systemd_service", "sysvinit"})
PACKAGES = frozenset({
    "apt", "package", "dnf", "dnf5", "yum", "pacman", "zypper", "apk", "homebrew", "snap", "flatpak",
})  # fmt: skip
COMMANDS = frozenset({"command", "shell", "raw", "script", "expect"})
INCLUDES = frozenset({"include_tasks", "import_tasks", "include_role", "import_role"})
NOT_CHANGES = INCLUDES | frozenset({
    "add_host", "group_by", "set_fact", "set_stats", "debug", "assert", "meta", "include_vars", "setup", "gather_facts",
    "stat", "slurp", "wait_for", "fetch", "wait_for_connection", "pause", "ping", "fail", "find", "getent",
    "service_facts", "package_facts",
})  # fmt: skip
"""Modules that touch no node; `add_host` says changed all the same."""

_TRUE = (True, "yes", "true", "True")
_UNIT_ACTIONS = {"started": "start", "stopped": "stop", "restarted": "restart", "reloaded": "reload"}
_UNIT_SUFFIXES = (".service", ".timer", ".socket", ".path", ".mount", ".target", ".slice", ".swap")


def resource_of(outcome: Outcome) -> str:
    """`file:`, `unit:` or `package:` where the task says which, else the task itself."""
    for modules, kind, name in (
        (FILES, "file", path_of),
        (UNITS, "unit", _unit),
        (PACKAGES, "package", _packages),
    ):
        if outcome.module in modules and (found := name(outcome)):
            return f"{kind}:{printable(found)}"
    return f"task:{printable(outcome.task)}"


def path_of(outcome: Outcome) -> str:
    """The absolute path that a file-like task writes, or nothing."""
    path = str(next((found for found in _paths(outcome) if found), ""))
    if path.endswith("/") and outcome.module in ("copy", "template"):
        # The destination is a folder: the file in it is named like its source.
        headers = [str(part.get("after_header", "")) for part in states(outcome)]
        source = headers[0] if headers and headers[0] else outcome.args.get("src") if is_told(outcome) else ""
        path += PurePosixPath(str(source or "")).name
    return normal(path) if path.startswith("/") and "\n" not in path and "\0" not in path else ""


def normal(path: str) -> str:
    """An absolute path as the node has it, however it is written."""
    # Two slashes at the beginning are kept by POSIX.
    return posixpath.normpath(f"/{path.lstrip('/')}")


def action_of(outcome: Outcome, *, before: str, after: str) -> str:
    state = str(outcome.args.get("state") or "")
    if outcome.module in UNITS:
        enabled = outcome.args.get("enabled")
        switch = "" if enabled is None else "enable" if enabled in (True, "yes", "true") else "disable"
        return _UNIT_ACTIONS.get(state) or switch or "change"
    if outcome.module in PACKAGES:
        return "remove" if is_removal(outcome) else "upgrade" if state == "latest" else "install"
    if outcome.module in COMMANDS or outcome.status != "ok":
        return "run"
    if is_removal(outcome):
        return "remove"
    if outcome.module in FILES and after and not before and not outcome.censored:
        return "create"
    return "mode" if outcome.module in FILES and _only_attributes(outcome) else "change"


def is_removal(outcome: Outcome) -> bool:
    """Whether a file, a directory or a package goes. `lineinfile` and `blockinfile` remove only text."""
    removes = outcome.module in PACKAGES or outcome.module == "file"
    return removes and outcome.args.get("state") in ("absent", "removed")


def risk_of(outcome: Outcome, resource: str) -> Risk:
    if _cuts_off(outcome, resource):
        return Risk.NETWORK
    told = (outcome.status == "ok" or outcome.tolerated) and not outcome.unsure
    if not told or not is_told(outcome) or outcome.module in COMMANDS or outcome.censored:
        return Risk.UNKNOWN
    return Risk.DESTRUCTIVE if is_removal(outcome) else Risk.SYSTEM


def _cuts_off(outcome: Outcome, resource: str) -> bool:
    if outcome.module in ACCOUNTS:
        # Of an account that is not there check mode says nothing but that it would come.
        return changes_access(outcome.module, outcome.args, is_new="uid" not in outcome.result)
    if not is_told(outcome) and "files" in outcome.result:
        return any(touches_network(f"{resource}/{name}", outcome.module) for name in outcome.result["files"])
    whole = is_removal(outcome) or not is_told(outcome) or outcome.args.get("recurse") in _TRUE
    return touches_network(resource, outcome.module, whole=whole)


def undo_of(resource: str) -> Undo:
    """Only what has a before-state, or is a state that the earlier commit declares too, can be taken back."""
    return {"file": Undo.BY_BACKUP, "unit": Undo.BY_REPLAY}.get(resource.partition(":")[0], Undo.NO)


def _paths(outcome: Outcome) -> list[Any]:
    existing = [part.get("before_header", "") for part in states(outcome)]
    headers = [str(header).removesuffix(" (content)") for header in existing if str(header).startswith("/")]
    return [
        outcome.result.get("dest"),
        *(headers if outcome.module in ("copy", "template") else ()),
        outcome.result.get("path"),
        outcome.args.get("dest") or outcome.args.get("path") or outcome.args.get("name"),
    ]


def _unit(outcome: Outcome) -> str:
    name = str(outcome.args.get("name") or "")
    return unit_name(name) if name else ""


def unit_name(name: str) -> str:
    """A unit as systemd calls it: without a type it is a service."""
    return name if name.endswith(_UNIT_SUFFIXES) else f"{name}.service"


def _packages(outcome: Outcome) -> str:
    named = next((outcome.args[key] for key in ("name", "pkg", "package") if outcome.args.get(key)), "")
    return ",".join(map(str, named)) if isinstance(named, list) else str(named)


def _only_attributes(outcome: Outcome) -> bool:
    parts = [part for part in states(outcome) if part.get("before") or part.get("after")]
    return bool(parts) and all(
        isinstance(side, dict) and "state" not in side
        for part in parts
        for side in (part.get("before"), part.get("after"))
    )
