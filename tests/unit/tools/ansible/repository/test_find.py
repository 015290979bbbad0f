"""The Ansible trees of a repository are found wherever people keep them, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from stems.tools.ansible.repository.find import Declared
from tests.unit.tools.ansible.repository.trees import tree, trees

PLAY = "- hosts: all\n  tasks: []\n"


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        ({"site.yml": PLAY}, [""]),
        ({"ansible/playbooks/site.yml": PLAY, "ansible/roles/a/tasks/main.yml": "- ping:\n"}, ["ansible"]),
        ({"ansible.cfg": "", "ansible/roles/a/tasks/main.yml": "- ping:\n", "ansible/site.yml": PLAY}, [""]),
        ({"one/ansible.cfg": "", "one/a.yml": PLAY, "two/ansible.cfg": "", "two/b.yml": PLAY}, ["one", "two"]),
        ({"ansible/inventories/prod/group_vars/all.yml": "a: 1\n", "ansible/a.yml": PLAY}, ["ansible"]),
        ({"tasks/main.yml": "- ping:\n", "defaults/main.yml": "a: 1\n", "meta/main.yml": "a: 1\n"}, [""]),
        ({"compose.yml": "services: {}\n", "routes.yml": "- hosts: [a.example]\n  backend: b\n"}, []),
        ({"files/etc/hosts": "127.0.0.1 localhost\n"}, []),
        ({"tasks/main.yml": "- name: no role\n"}, []),
    ],
)
def test_where_a_tree_begins(files: dict[str, str], roots: list[str]) -> None:
    assert [found.root for found in trees(files)] == roots


def test_a_declared_tree_has_the_names_that_it_is_given() -> None:
    files = {"infra/site.yml": PLAY, "other/site.yml": PLAY}

    declared, found = trees(files, Declared("./infra", nodes=frozenset({"gate"})))

    assert (declared.root, declared.is_declared, sorted(declared.nodes)) == ("infra", True, ["gate"])
    assert (found.root, found.is_declared) == ("other", False)


def test_roles_are_known_by_the_names_that_plays_use() -> None:
    found = tree(
        {
            "site.yml": "- hosts: all\n  roles: [common, {role: net/vpn}, geerlingguy.docker]\n",
            "roles/common/tasks/main.yml": "- import_role: {name: base}\n",
            "roles/common/meta/main.yml": "dependencies:\n  - role: net/vpn\n  - {src: 'https://x.example/ntp.git'}\n",
            "roles/base/defaults/main.yml": "a: 1\n",
            "roles/net/vpn/tasks/main.yml": "- ping:\n",
            "requirements.yml": "- geerlingguy.docker\n",
        }
    )

    assert sorted(found.roles) == ["base", "common", "net/vpn"]
    assert sorted(use.name for use in found.uses) == [
        "base",
        "common",
        "geerlingguy.docker",
        "net/vpn",
        "net/vpn",
        "ntp",
    ]
    assert sorted(use.name for use in found.foreign_uses) == ["geerlingguy.docker", "ntp"]
    assert found.brought >= {"geerlingguy.docker"}


def test_tasks_are_read_with_what_is_around_them() -> None:
    found = tree(
        {
            "site.yml": """
                - hosts: all
                  become: true
                  tasks:
                    - block:
                        - ansible.builtin.copy: src=a dest="/etc/b c" mode={{ m }}
                      rescue:
                        - local_action: command echo hello
                    - include_tasks: more/extra.yml
                  handlers:
                    - name: restart
                      action: {module: service, name: a}
                """,
            "more/extra.yml": "- ansible.builtin.command: {cmd: uptime}\n  args: {chdir: /}\n",
        }
    )

    read = {task.module: task for task in found.tasks}

    assert list(read) == ["", "copy", "command", "include_tasks", "service"]
    assert read["copy"].arguments() == {"src": "a", "dest": "/etc/b c", "mode": "{{ m }}"}
    assert read["copy"].says("become") is True
    assert read["copy"].place.line == 5
    assert read["service"].is_handler
    assert read["service"].arguments()["name"] == "a"
    assert read["command"].arguments() == {"cmd": "uptime", "chdir": "/"}
