"""Callback plugin of Ansible: one JSON object a line on standard output, for stems to judge a run by."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import partial
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import ansible
from ansible import constants, context
from ansible.errors import AnsibleError
from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import module_loader, module_utils_loader
from ansible.release import __version__

DOCUMENTATION = """
    name: stems_events
    type: stdout
    short_description: One JSON object a line, for stems
    description: Plays, tasks, results and statistics as JSON lines. Nothing of a task with no_log is written.
"""

UNTIL = "STEMS_ANSIBLE_UNTIL"
ALLOWED = "STEMS_ANSIBLE_ALLOWED"
PACKED = "STEMS_ANSIBLE_PACKED"
PLAYS = "STEMS_ANSIBLE_PLAYS"
RESULT_KEYS = (
    "changed", "diff", "msg", "reason", "rc", "skip_reason", "skipped_reason", "false_condition", "dest", "path",
    "checksum", "uid",
)  # fmt: skip
UNITS = ("service", "systemd", "systemd_service", "sysvinit")
ARGUMENTS = (
    "dest", "path", "name", "pkg", "package", "state", "enabled", "daemon_reload", "upgrade", "sysctl_file", "src",
    "recurse", "system",
)  # fmt: skip


def _loaded(name: str) -> Any:
    """A module of stems from the file beside this folder: this Python need not have stems."""
    spec = spec_from_file_location(f"stems_{name}", Path(__file__).parents[1] / f"{name}.py")
    if spec is None or spec.loader is None:
        raise AnsibleError(f"{name}.py of stems cannot be loaded")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_reading = _loaded("reading")
_vaulted = _loaded("vaulted")
_sources = _loaded("sources")
_packed = _loaded("packed")
_plays = _loaded("plays")


class CallbackModule(CallbackBase):  # type: ignore[misc]  # Ansible has no types
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "stems_events"

    def __init__(self) -> None:
        super().__init__()
        self._tolerated: set[str] = set()
        self._plays: list[Any] = []
        self._numbered = _plays.Numbered()
        self._is_ended = False
        self._vaulted = _vaulted.Vaulted()
        _vaulted.watch(self._vaulted)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        # What is loaded by now stays to the end: looking through it again and again costs a tenth of a run's time.
        gc.freeze()
        # What cannot be kept is packed again: no reason to end a run without its events.
        with suppress(OSError):
            _packed_here().lend()
        config = str(constants.CONFIG_FILE or "")
        plays = playbook.get_plays()
        self._numbered = _plays.Numbered(plays)
        places = [_path(play) for play in plays]
        self._write("playbook", plays=len(plays), places=places, version=__version__, config=config)

    def v2_playbook_on_play_start(self, play: Any) -> None:
        number = self._numbered.of(play)
        counts = PLAYS not in os.environ or number in json.loads(os.environ[PLAYS])
        if counts:
            self._learn_vault(play)
        else:
            _plays.leave_out(play)
        self._plays.append(play)
        told = {"name": play.get_name(), "hosts": play.hosts, "matched": _plays.matched(play), "path": _path(play)}
        self._write("play", **told, number=number, counts=counts)

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:  # noqa: FBT001  # Ansible's signature
        self._task(task, handler=False)

    def v2_playbook_on_handler_task_start(self, task: Any) -> None:
        self._task(task, handler=True)

    def v2_playbook_on_cleanup_task_start(self, task: Any) -> None:
        self._task(task, handler=False)

    def v2_playbook_on_no_hosts_matched(self) -> None:
        self._write("no_hosts_matched")

    def v2_runner_on_ok(self, result: Any) -> None:
        self._result(result, "ok")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: FBT001, FBT002
        self._result(result, "failed", ignored=bool(ignore_errors))

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._result(result, "skipped")

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._result(result, "unreachable", ignored=bool(_part(result, "task_fields").get("ignore_unreachable")))

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._result(result, "ok", item=True)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._result(
            result, "failed", item=True, ignored=bool((_part(result, "task_fields") or {}).get("ignore_errors"))
        )

    def v2_runner_item_on_skipped(self, result: Any) -> None:
        self._result(result, "skipped", item=True)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        with suppress(OSError):
            _packed_here().keep()
        # Only now are those known that came with an included role.
        for play in self._plays:
            for handler in (handler for block in play.handlers for handler in block.block):
                self._write("handler", play=self._numbered.of(play), **_handler(handler))
        self._write("stats", nodes={host: stats.summarize(host) for host in sorted(stats.processed)})

    def _task(self, task: Any, *, handler: bool) -> None:
        if context.CLIARGS.get("check") and _acts(task) and not _is_allowed(task):
            # A role or a file whose name only Ansible knows was not examined before.
            self._write("acting", path=_path(task))
            _end()
        self._is_ended |= bool(os.environ.get(UNTIL)) and _path(task).endswith(os.environ[UNTIL])
        if self._is_ended and not handler:
            # What comes from here on was never previewed, so nobody approved it. Handlers run all the same: nothing
            # would notify them again.
            task.when, task.ignore_errors = [False], True
        elif context.CLIARGS.get("check") and not task.ignore_errors and (handler or _module(task) in UNITS):
            # In check mode a unit is missing whose file an earlier task would write. The run goes on, and stems judges.
            task.ignore_errors = True
            self._tolerated.add(task._uuid)
        self._write("task", name=task.get_name(), action=_action(task), path=_path(task), handler=handler)

    def _result(self, result: Any, status: str, *, item: bool = False, ignored: bool = False) -> None:
        fields, content, task = _part(result, "task_fields") or {}, _part(result, "result"), _part(result, "task")
        if _module(task) == "include_vars":
            self._learn_included(result, content)
        censored = "censored" in content or bool(fields.get("no_log")) or bool(task.no_log)
        # The sum over a loop repeats what its items already said.
        loop = "results" in content and not item
        shown = {} if censored else {key: content[key] for key in RESULT_KEYS if key in content}
        if loop:
            shown.pop("diff", None)
        elif not censored and content.get("changed") and _module(task) == "copy":
            shown |= _sources.copied(task, fields.get("args") or {})
        diff = shown.pop("diff", None)
        is_vaulted = diff is not None and (
            self._vaulted.is_in(diff) or _sources.is_vault_file(task, fields.get("args") or {})
        )
        shown = self._vaulted.without(shown)
        if diff is not None:
            shown["diff"] = diff
        tolerated = status == "failed" and task._uuid in self._tolerated
        self._write(
            "result",
            node=_part(result, "host").get_name(),
            status=status,
            task=task.get_name(),
            action=_action(task),
            path=_path(task),
            item=item,
            loop=loop,
            ignored=ignored and not tolerated,
            tolerated=tolerated,
            censored=censored,
            vaulted=is_vaulted,
            delegated=_delegated(task, content, _part(result, "host").get_name()),
            handler=type(task).__name__ == "Handler",
            play=self._numbered.of(self._plays[-1]),
            notify=list(map(str, fields.get("notify") or ())),
            register=str(fields.get("register") or ""),
            result={"changed": bool(content.get("changed")), **shown},
            args={} if censored else self._vaulted.without(_arguments(fields, content)),
        )

    def _learn_vault(self, play: Any) -> None:
        """What is encrypted in the variables of a play's nodes: tasks decrypt it in processes of their own."""
        manager = play.get_variable_manager()
        for host in manager._inventory.get_hosts(play.hosts):
            self._vaulted.learn_of(partial(manager.get_vars, play=play, host=host))

    def _learn_included(self, result: Any, content: dict[str, Any]) -> None:
        """Variables of an encrypted file, which Ansible tells to no callback. It has noted them by now."""
        manager = self._plays[-1].get_variable_manager()
        noted = getattr(manager, "_nonpersistent_fact_cache", {}).get(_part(result, "host").get_name(), {})
        if "censored" in content:
            self._vaulted.learn(noted)
        self._vaulted.learn_encrypted(noted)

    def _write(self, event: str, **fields: Any) -> None:
        try:
            sys.stdout.write(json.dumps({"stems": event, **fields}, default=str) + "\n")
            sys.stdout.flush()
        except OSError:
            _end()


def _packed_here() -> Any:
    """With the folders of modules as they are known by now: roles bring their own."""
    others = (
        Path(each) for loader in (module_loader, module_utils_loader) for each in loader._get_paths(subdirs=False)
    )
    own = Path(constants.DEFAULT_LOCAL_TMP) / "ansiballz_cache"
    return _packed.Packed(Path(os.environ[PACKED]), own, Path(ansible.__file__).parent, others)


def _end() -> None:
    """End the run: whoever decides about it is gone."""
    # The null device keeps the interpreter from stumbling over the closed pipe on its way out. Ansible's own handler
    # of SIGTERM ends its workers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _part(result: Any, name: str) -> Any:
    """A part of a result: public since ansible-core 2.19, with an underscore before."""
    return getattr(result, name) if hasattr(type(result), name) else getattr(result, f"_{name}")


def _action(task: Any) -> str:
    return str(getattr(task, "resolved_action", None) or task.action)


def _module(task: Any) -> str:
    return _action(task).rpartition(".")[2]


def _acts(task: Any) -> bool:
    """Whether a task acts in check mode, and neither its module only looks nor it says so and plainly does."""
    simulated = task.check_mode in (True, None, "yes", "true", "True", "on")
    harmless = task.changed_when in (False, [False], ["no"], ["false"], ["False"], "no", "false")
    reads = _reading.only_reads if harmless else _reading.never_changes
    return not simulated and not reads(_module(task), task.args)


def _is_allowed(task: Any) -> bool:
    """Whether a person accepts that this task acts: by its place, or by a pattern for its file."""
    path = _path(task)
    file = path.rpartition(":")[0]
    return any(fnmatchcase(path, each) or fnmatchcase(file, each) for each in json.loads(os.environ.get(ALLOWED, "[]")))


def _delegated(task: Any, content: dict[str, Any], node: str) -> str:
    """The machine that a task acts on instead of its node."""
    if not task.delegate_to:
        return ""
    named = (content.get("_ansible_delegated_vars") or {}).get("ansible_delegated_host") or task.delegate_to
    return "" if named == node else str(named)


def _handler(handler: Any) -> dict[str, Any]:
    """A handler as written: its arguments may be templates."""
    # Before ansible-core 2.19 one topic is still a text here.
    topics = [handler.listen] if isinstance(handler.listen, str) else handler.listen or ()
    named = dict.fromkeys([handler.get_name(), handler.name or "", *topics])
    return {
        "names": [str(name) for name in named if name],
        "action": _action(handler),
        "path": _path(handler),
        "notify": list(map(str, handler.notify or ())),
        "args": {key: handler.args[key] for key in ARGUMENTS if handler.args.get(key) is not None},
    }


def _path(thing: Any) -> str:
    return str(thing.get_path() or "") if hasattr(thing, "get_path") else ""


def _arguments(fields: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """The few arguments that say what a task is about."""
    invocation = content.get("invocation") or {}
    sources = fields.get("args") or {}, invocation.get("module_args") or {}
    return {key: source[key] for source in sources for key in ARGUMENTS if source.get(key) is not None}
