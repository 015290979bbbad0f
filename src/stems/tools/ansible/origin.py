"""Which file of an Ansible tree a difference is about: only a `copy` of one known file writes that file as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import dirname, join, normpath

from stems.model.change import ADOPT, Change, Domain, Risk, Undo
from stems.model.claim import Claim
from stems.readers.encrypted import VAULT
from stems.tools.ansible.changes import NAME, paths_of
from stems.tools.ansible.check import Scan, scan
from stems.tools.ansible.claims.arguments import arguments_of
from stems.tools.ansible.settings import settings_of
from stems.tools.ansible.subject import FILES
from stems.tools.ansible.tree import Task
from stems.tools.base import Job, Site
from stems.tools.origin import REPAIR, Origin, refused

_VAULT = VAULT.encode()
_PARTS_OF_ROLES = ("tasks", "handlers")


def origin(job: Job, site: Site, change: Change) -> Origin | None:
    del site
    path = change.resource.removeprefix("file:")
    if not path.startswith("/"):
        raise refused(change, f"is made by the task at {change.source}", f"edit that task, or {REPAIR}")
    place = _copied(job, scan(job), change.source)
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


def adopted(
    job: Job, scanned: Scan, claims: Iterable[Claim], *, edited: Mapping[str, str], changes: Sequence[Change]
) -> Iterator[Change]:
    """Files that were edited by hand and are what is copied: Ansible does not tell them, and they are to be noted."""
    waiting = {f"file:{path}": digest for path, digest in edited.items()}
    for path in paths_of(changes).values():
        waiting.pop(f"file:{path}", None)
    for claim in claims:
        digest, source = waiting.get(claim.resource), f"{claim.place.path}:{claim.place.line}"
        place = _copied(job, scanned, source) if digest else None
        if place and hashlib.sha256((job.tree.root / place).read_bytes()).hexdigest() == digest:
            del waiting[claim.resource]
            yield Change(
                node=claim.node,
                domain=Domain.SYSTEM,
                tool=NAME,
                resource=claim.resource,
                action=ADOPT,
                risk=Risk.SYSTEM,
                before=digest,
                after=digest,
                source=source,
                undo=Undo.BY_BACKUP,
                by_hand=True,
                note="edited by hand, and so in the commit",
            )


def _copied(job: Job, scanned: Scan, source: str) -> str | None:
    """The one file of the repository that the task at a place copies, None where that is not certain."""
    for _, tasks in scanned.plays:
        for task in tasks:
            if f"{task.place.path}:{task.place.line}" == source and (name := _literal_source(task)):
                found = {path for path in _places(job, task, name) if (job.tree.root / path).is_file()}
                return found.pop() if len(found) == 1 else None
    return None


def _literal_source(task: Task) -> str:
    module, given = arguments_of(task.keys, FILES)
    if given is None:
        return ""
    name = str(given.get("src") or "")
    is_plain = module == "copy" and not given.get("content") and not given.get("remote_src")
    return name if is_plain and "{" not in name and not name.startswith(("/", "~")) and not name.endswith("/") else ""


def _places(job: Job, task: Task, name: str) -> Iterator[str]:
    """Where Ansible looks: in the role of the task, else beside the playbook, and beside the file of the task."""
    beside = dirname(task.place.path)
    parts = beside.split("/")
    inner = max((number for number, part in enumerate(parts) if part in _PARTS_OF_ROLES), default=-1)
    above = "/".join(parts[:inner]) if inner >= 0 else dirname(join(_source(job), settings_of(job).playbook))
    for folder in dict.fromkeys((above, beside)):
        for path in (join(folder, "files", name), join(folder, name)):
            if not normpath(path).startswith("../"):
                yield normpath(path)


def _source(job: Job) -> str:
    return "" if settings_of(job).source.strip("/") == "." else settings_of(job).source.strip("/")
