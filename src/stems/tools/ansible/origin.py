"""Which file of an Ansible tree a difference is about: only a `copy` of one known file writes that file as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath

from stems.model.change import Change
from stems.tools.ansible.check import scan
from stems.tools.ansible.claim import arguments_of
from stems.tools.ansible.run import settings_of
from stems.tools.ansible.subject import FILES
from stems.tools.ansible.tree import Task, module_of
from stems.tools.base import Job, Site
from stems.tools.origin import REPAIR, Origin, refused

_VAULT = b"$ANSIBLE_VAULT;"


def origin(job: Job, site: Site, change: Change) -> Origin | None:
    del site
    path = change.resource.removeprefix("file:")
    if not path.startswith("/"):
        raise refused(change, f"is made by the task at {change.source}", f"edit that task, or {REPAIR}")
    place = _copied(job, change)
    if place is None:
        raise refused(
            change,
            f"is written by the task at {change.source}, not copied from one known file",
            f"edit that task, or what it reads, until it gives what is on {change.node}; or {REPAIR}",
        )
    if change.action == "create":
        raise refused(change, "is gone there", f"remove the task at {change.source} that brings it, or {REPAIR}")
    with (job.tree.root / place).open("rb") as file:
        if file.read(len(_VAULT)) == _VAULT:
            raise refused(change, f"is encrypted in {place}", f"`ansible-vault edit {place}`, or {REPAIR}")
    return Origin(path, place, "root", mode_in=f"`mode` of the task at {change.source}")


def _copied(job: Job, change: Change) -> str | None:
    """The one file of the repository that the task of a change copies, None where that is not certain."""
    for _, tasks in scan(job).plays:
        for task in tasks:
            if f"{task.place.path}:{task.place.line}" == change.source and (name := _literal_source(task)):
                found = {path for path in _places(job, task, name) if (job.tree.root / path).is_file()}
                return found.pop() if len(found) == 1 else None
    return None


def _literal_source(task: Task) -> str:
    module, arguments = module_of(task.keys, FILES)
    given = arguments_of(arguments)
    name = str(given.get("src") or "")
    is_plain = module == "copy" and not given.get("content") and not given.get("remote_src")
    return name if is_plain and "{" not in name and not name.startswith(("/", "~")) and not name.endswith("/") else ""


def _places(job: Job, task: Task, name: str) -> Iterator[str]:
    """Where Ansible looks: in the role of the task, else beside its file and beside the playbook."""
    source = "" if settings_of(job).source.strip("/") == "." else settings_of(job).source.strip("/")
    beside, roles = dirname(task.place.path), PurePosixPath(source, "roles")
    above = [str(folder) for folder in PurePosixPath(task.place.path).parents if folder.parent == roles]
    for folder in [*(above or [dirname(join(source, settings_of(job).playbook))]), beside]:
        for path in (join(folder, "files", name), join(folder, name)):
            if not normpath(path).startswith("../"):
                yield normpath(path)
