"""Files in somebody's home that tasks of Ansible write, as far as what is written says which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath

from stems.tools.ansible.repository.tasks import Task, listed

_WHOLE = {
    "copy": "dest", "template": "dest", "get_url": "dest", "assemble": "dest", "file": "path",
}  # fmt: skip
_PART = {
    "lineinfile": "path", "blockinfile": "path", "replace": "path",
    "ini_file": "path", "community.general.ini_file": "path",
}  # fmt: skip
_OTHER_NAMES = ("path", "dest", "name", "destfile")
_OWN_HOME = re.compile(
    r"(?:~|\$HOME|\{\{\s*(?:ansible_env\.HOME|ansible_env\[['\"]HOME['\"]\]|ansible_user_dir|ansible_facts\.user_dir"
    r"|ansible_facts\[['\"]user_dir['\"]\]|lookup\(['\"]env['\"],\s*['\"]HOME['\"]\))\s*\}\})/(?P<rest>.+)"
)
_NAMED_HOME = re.compile(
    r"(?:~(?!root/)[\w.-]+|/home/(?:[\w.-]+|\{\{[^{}]*\}\})|\{\{\s*(?:\w*_)?home(?:_?dir|_?path|_folder)?\s*\}\})"
    r"/(?P<rest>.+)"
)
_ITEM = re.compile(r"\{\{\s*item(?:\.(?P<key>\w+)|\[['\"](?P<quoted>\w+)['\"]\])?\s*\}\}")
_YES = (True, "yes", "true", "True", "Yes")
_NO = (False, "no", "false", "False", "No")
_MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class HomeFile:
    """A path below a home, and whether the task writes all of the file. `argument` is where the task says so."""

    path: str
    task: Task
    argument: str
    is_whole: bool


def home_files(task: Task) -> Iterator[HomeFile]:
    """What a task writes; nothing for what it only makes where there is none."""
    arguments = task.arguments()
    name, is_whole = _argument(task, arguments)
    written = arguments.get(name) if name else None
    if task.module == "file" and arguments.get("state") not in ("link", "absent", "hard"):
        return
    if not isinstance(written, str) or arguments.get("force") in _NO:
        return
    for text in _each(task, written):
        path = _below_home(task, text)
        if path:
            yield HomeFile(path, task, name, is_whole)


def _argument(task: Task, arguments: dict[str, object]) -> tuple[str, bool]:
    is_whole = task.module in _WHOLE
    if not is_whole and task.module not in _PART:
        return "", False
    usual = _WHOLE.get(task.module) or _PART[task.module]
    return next((name for name in (usual, *_OTHER_NAMES) if name in arguments), ""), is_whole


def _each(task: Task, written: str) -> Iterator[str]:
    """A path for each item of a loop whose items are written out."""
    if "item" not in written:
        yield written
        return
    items = next((task.keys[key] for key in ("loop", "with_items", "with_list") if key in task.keys), None)
    for item in listed(items)[:_MOST_ITEMS]:
        yield _ITEM.sub(lambda found: _filled(found, item), written)  # noqa: B023  # it is called at once


def _filled(found: re.Match[str], item: object) -> str:
    key = found["key"] or found["quoted"]
    value = item.get(key) if key and isinstance(item, dict) else item if not key else None
    return value if isinstance(value, str) else found[0]


def _below_home(task: Task, text: str) -> str:
    found = _NAMED_HOME.fullmatch(text) or (_OWN_HOME.fullmatch(text) if _is_of_a_person(task) else None)
    # A folder that something is copied into says no file.
    if found is None or "{{" in found["rest"] or "{%" in found["rest"] or found["rest"].endswith("/"):
        return ""
    return normpath(found["rest"])


def _is_of_a_person(task: Task) -> bool:
    """Whether `~` is no home of root: with `become` it is that of whom the task becomes."""
    if task.says("become") not in _YES:
        return True
    return task.says("become_user") not in (None, "root")
