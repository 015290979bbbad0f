"""The Ansible trees of a repository as their files say, for rules about playbooks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from stems.model.cluster import SystemDomain
from stems.tools.ansible.inventory import groups_of
from stems.tools.ansible.repository.content import Content
from stems.tools.ansible.repository.find import Declared, find_sites
from stems.tools.ansible.repository.site import Site
from stems.tools.ansible.repository.tasks import Task
from stems.validation.subject import Subject

ANSIBLE = "ansible"


def content_of(subject: Subject) -> Content:
    """The files as Ansible's reader asks for them, asked for with `subject.once`."""
    files = subject.files
    return Content(
        [file.path for file in files],
        lambda path: files[path].text,
        lambda path: files[path].documents,
        [file.path for file in files if file.is_aside or file.is_documentation],
    )


def sites_of(subject: Subject) -> tuple[Site, ...]:
    """Each tree, declared or found, asked for with `subject.once`."""
    return find_sites(subject.once(content_of), tuple(_declared(subject)))


def tasks_of(subject: Subject) -> Iterator[tuple[Site, Task]]:
    """Every task of every tree."""
    return chain.from_iterable(((site, task) for task in site.tasks) for site in subject.once(sites_of))


def _declared(subject: Subject) -> Iterator[Declared]:
    nodes = frozenset((*subject.cluster.nodes, *groups_of(subject.cluster)))
    for tool, job in subject.jobs:
        if tool.NAME == ANSIBLE and isinstance(job.settings, SystemDomain):
            yield Declared(job.settings.source, job.settings.inventory, nodes)
