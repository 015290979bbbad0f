"""A collection of Ansible that tasks use and no requirements name."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.validation.ansible_trees import ansible_trees_of
from stems.validation.files import Files
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM449"

PAGE = Page(
    checks="""Collections that tasks and roles name, as `community.docker` in `community.docker.docker_container`, and
that no `requirements.yml`, script or other file of the repository names, while it does name others. It is told once for
each. Where a repository names no collection at all it is a note: the package `ansible` may bring it.""",
    why="""It is on the machine of whoever wrote the playbook. On any other one Ansible stops: `couldn't resolve
module/action`.""",
    instead="Add it under `collections:` in `requirements.yml`, with its version.",
    bad={
        "requirements.yml": """
            collections:
              - {name: community.general, version: 9.5.0}
            """,
        "playbook.yml": """
            - hosts: all
              tasks:
                - community.docker.docker_network: {name: proxy}
            """,
    },
    good={
        "requirements.yml": """
            collections:
              - {name: community.general, version: 9.5.0}
              - {name: community.docker, version: 3.13.0}
            """,
        "playbook.yml": """
            - hosts: all
              tasks:
                - community.docker.docker_network: {name: proxy}
            """,
    },
    also_bad=(
        {
            "collections/requirements.yml": "collections: [community.general]\n",
            "roles/disk/tasks/main.yml": "- ansible.posix.mount: {path: /srv, src: /dev/sda1, state: mounted}\n",
        },
        {
            "requirements.yml": "collections: [community.general]\n",
            "site.yml": "- hosts: all\n  roles: [community.general.a, devsec.hardening.ssh_hardening]\n",
        },
    ),
    also_good=(
        {
            "requirements.yml": "collections: [{name: 'https://github.com/ansible-collections/community.docker.git'}]\n",
            "site.yml": "- hosts: all\n  tasks:\n    - community.docker.docker_network: {name: proxy}\n",
        },
        {
            "requirements.yml": "collections: [community.general]\n",
            "Makefile": "deps:\n\tansible-galaxy collection install community.docker:3.13.0\n",
            "site.yml": "- hosts: all\n  tasks:\n    - community.docker.docker_network: {name: proxy}\n",
        },
        {
            "requirements.yml": "collections: [community.general]\n",
            "collections/ansible_collections/home/base/galaxy.yml": "namespace: home\nname: base\n",
            "site.yml": "- hosts: all\n  tasks:\n    - home.base.thing: {name: proxy}\n",
        },
        {
            "requirements.yml": "collections: [community.general]\n",
            "site.yml": """
                - hosts: all
                  tasks:
                    - ansible.builtin.ping:
                    - ansible.legacy.command: ls
                    - community.general.ufw: {state: enabled}
                    # - community.docker.docker_network: {name: proxy}
                """,
        },
        {
            "requirements.yml": "collections: [community.general]\n",
            "old/site.yml": "- hosts: all\n  tasks:\n    - community.docker.docker_network: {name: proxy}\n",
        },
        # A collection that is a repository of its own.
        {
            "galaxy.yml": "namespace: home\nname: base\n",
            "requirements.yml": "collections: [community.general]\n",
            "playbooks/site.yml": "- hosts: all\n  roles: [home.base.web]\n",
        },
    ),
)

_ALWAYS = ("ansible.builtin", "ansible.legacy")
_LONGEST = 100
_MOST = 50


def check(subject: Subject) -> Iterator[Finding]:
    for tree in subject.once(ansible_trees_of):
        used = {name: place for name, place in reversed(list(_used(tree))) if not name.startswith(_ALWAYS)}
        named = _named(subject.files, tree, list(used)[:_MOST]) if used else set()
        is_known = any(entry.kind == "collection" for entry in tree.requirements)
        for name, place in list(used.items())[:_MOST]:
            if name not in named and not _is_own(tree, *name.split(".")):
                message = f"the collection {name} is used, and no requirements name it"
                severity = Severity.WARNING if is_known else Severity.NOTE
                yield Finding(CODE, place, message, "add it under `collections:` in requirements.yml", severity)


def _used(tree: AnsibleTree) -> Iterator[tuple[str, Place]]:
    for task in tree.tasks:
        if task.module.count(".") >= 2 and len(task.module) < _LONGEST and "{" not in task.module:
            yield ".".join(task.module.split(".")[:2]), task.at_key(task.key)
    for use in tree.uses:
        if use.name.count(".") == 2 and "/" not in use.name and not use.is_dynamic and tree.role(use) is None:
            yield ".".join(use.name.split(".")[:2]), use.place


def _named(files: Files, tree: AnsibleTree, names: list[str]) -> set[str]:
    """Those that something else than playbooks and roles names: it may install them."""
    own = {task.file for task in tree.tasks} | tree.playbooks
    left = dict.fromkeys(names)
    for file in files:
        if left and file.path not in own and not file.is_documentation:
            text = file.text
            for name in [name for name in left if name in text or name.replace(".", "/") in text]:
                del left[name]
    return set(names) - left.keys()


def _is_own(tree: AnsibleTree, namespace: str, name: str) -> bool:
    if any(f"ansible_collections/{namespace}/{name}/" in path for path in tree.content.paths):
        return True
    return any(
        f"namespace: {namespace}" in tree.content.text(path) and f"name: {name}" in tree.content.text(path)
        for path in tree.content.paths
        if path.endswith("galaxy.yml")
    )


RULE = Rule(
    CODE, "unnamed-collection", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING, needs_every_file=True
)
