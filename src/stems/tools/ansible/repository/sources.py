"""The files and templates that tasks and templates name, as far as the names are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.model.finding import Place
from stems.tools.ansible.repository.names import templates
from stems.tools.ansible.repository.strings import texts_in
from stems.tools.ansible.repository.tasks import Task
from stems.tools.ansible.repository.tree import AnsibleTree

_PARTS = {"template": "templates", "copy": "files", "unarchive": "files", "script": "files"}
_ITEM = re.compile(r"\{\{\s*item(?:\.(?P<word>\w+)|\[['\"](?P<key>\w+)['\"]\])?\s*\}\}")
_LOOKUP = re.compile(
    r"\b(?:lookup|query|q)\(\s*['\"](?:ansible\.builtin\.)?(?P<kind>file|template)['\"]\s*,\s*"
    r"['\"](?P<name>[^'\"{}~$]{1,200})['\"]\s*\)(?!\s*\|\s*(?:default|d)\b)"
)
_INCLUDED = re.compile(
    r"\{%[-+]?\s*(?:include|extends|import|from)\s+['\"](?P<name>[^'\"{}]{1,200})['\"]"
    r"(?!\s+ignore\s+missing|\s*[~+]|\s*%(?!\}))"
)
_SILENT = re.compile(r"\{#.*?#\}|\{%[-+]?\s*raw\b.*?endraw", re.DOTALL)
_NO = (None, False, "no", "false", "False", "No")


@dataclass(frozen=True, slots=True)
class Source:
    """A name, the part of a role that Ansible looks into first, and where it is written."""

    name: str
    part: str
    place: Place


def sources_of(task: Task) -> Iterator[Source]:
    """What a task brings from the machine that runs Ansible."""
    part = _PARTS.get(task.module)
    if part:
        for name, place in _each(task, _source(task)):
            yield Source(name, part, place)
    for at, text in () if task.is_block else texts_in(task.document, task.keys):
        for found in _LOOKUP.finditer(text):
            yield Source(found["name"], "templates" if found["kind"] == "template" else "files", task.at_key(*at))


def missing_includes(tree: AnsibleTree) -> Iterator[Source]:
    """What templates include, where no path of the tree ends in such a name."""
    for path in templates(tree):
        text = tree.content.text(path) if "templates" in path.split("/")[:-1] else ""
        for found in _INCLUDED.finditer(_SILENT.sub(_blank, text)):
            name = found["name"]
            if not any(f"/{other}".endswith(f"/{name.lstrip('./')}") for other in tree.content.under(tree.root)):
                line, start = text.count("\n", 0, found.start()) + 1, text.rfind("\n", 0, found.start())
                yield Source(name, path, Place(path, line, found.start() - start))


def _source(task: Task) -> str:
    if task.module == "script":
        return task.free_text().partition(" ")[0]
    arguments = task.arguments()
    if arguments.get("remote_src") not in _NO or "content" in arguments:
        return ""
    name = arguments.get("src")
    return name if isinstance(name, str) and "://" not in name else ""


def _each(task: Task, name: str) -> Iterator[tuple[str, Place]]:
    """A name, or one for each item of a list that stands at the task itself."""
    item = _ITEM.search(name)
    if item is None:
        if name:
            yield name, task.at_argument("src")
        return
    key = next((key for key in ("loop", "with_items") if isinstance(task.keys.get(key), list)), "")
    word = item["key"] or item["word"]
    for index, each in enumerate(task.keys[key]) if key and "loop_control" not in task.keys else ():
        value = each.get(word) if isinstance(each, dict) and word else None if word else each
        if isinstance(value, str) and "{{" not in value:
            yield name[: item.start()] + value + name[item.end() :], task.document.place(*task.at, key, index)


def _blank(silent: re.Match[str]) -> str:
    """As many blanks, so that what comes after stays where it is."""
    return re.sub(r"[^\n]", " ", silent[0])
