"""The user's own `ansible.cfg` counts, and facts are gathered only where something uses them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.tools.ansible.check import scan
from stems.tools.ansible.configured import configuration_of, surroundings
from stems.tools.ansible.facts import gathering_of
from stems.tools.ansible.requirements import requirements_of
from stems.tools.base import Job, Tree
from tests.unit.tools.ansible.build import job

PLAY = {"site.yml": "- hosts: all\n  tasks:\n    - {copy: {dest: /etc/x, content: x}, when: ansible_host is defined}\n"}


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def with_tracked(asked: Job, *paths: str) -> Job:
    return replace(asked, tree=Tree(asked.tree.root, asked.tree.commit, frozenset(paths)))


def test_the_one_beside_the_playbook_counts_then_that_of_the_repository_then_the_users(tmp_path: Path) -> None:
    asked = job(tmp_path, PLAY)
    found = configuration_of(asked)
    assert found.path is None or found.path == Path("/etc/ansible/ansible.cfg")

    for place in (tmp_path / "home" / ".ansible.cfg", tmp_path / "ansible.cfg", tmp_path / "ansible" / "ansible.cfg"):
        place.parent.mkdir(exist_ok=True)
        place.write_text("[defaults]\n")
        assert configuration_of(asked).path == place
        # Ansible finds the others by itself.
        assert surroundings(asked) == ({"ANSIBLE_CONFIG": str(place)} if place.parent == tmp_path else {})


def test_a_broken_one_is_left_to_ansible(tmp_path: Path) -> None:
    asked = job(tmp_path, {**PLAY, "ansible.cfg": "roles_path = x\n[defaults\n"})

    assert configuration_of(asked).says("roles_path") == ""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "explicit"),
        ({"templates/a.j2": "{{ ansible_facts['hostname'] }}\n"}, "smart"),
        ({"templates/a.j2": "{{ ansible_default_ipv4.address }}\n"}, "smart"),
        ({"templates/a.j2": "{{ hostvars['a']['ansible_ssh_host_key_rsa_public'] }}\n"}, "smart"),
        ({"templates/a.j2": "{{ ansible_user }} {{ ansible_managed }} {{ ansible_check_mode }}\n"}, "explicit"),
        ({"templates/a.j2": "{{ ansible_user_id }}\n"}, "smart"),
        ({"tasks.yml": "- setup: {gather_subset: network}\n"}, "smart"),
        ({"site.yml": "- hosts: all\n  roles: [far.away.role]\n"}, "smart"),
        ({"ansible.cfg": "[defaults]\ngathering = implicit ; as ever\n"}, ""),
    ],
)
def test_facts_are_gathered_once_and_only_when_used(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    asked = job(tmp_path, {**PLAY, **files})

    assert gathering_of(asked, scan(asked)) == expected


def test_requirements_are_known_by_their_content(tmp_path: Path) -> None:
    files = {**PLAY, "requirements.yml": "roles: [{src: a.b, version: '1'}]\n", "roles/requirements.yml": "- a.c\n"}
    asked = job(tmp_path, files)
    assert requirements_of(asked) is None, "only what Git tracks counts"

    tracked = with_tracked(asked, "ansible/requirements.yml")
    one = requirements_of(tracked)
    assert one and one.files == (tmp_path / "ansible/requirements.yml",)
    both = requirements_of(with_tracked(asked, "ansible/requirements.yml", "ansible/roles/requirements.yml"))
    assert both and both.folder != one.folder

    later = replace(tracked, tree=replace(tracked.tree, commit="1" * 40))
    assert requirements_of(later) == one
    (tmp_path / "ansible/requirements.yml").write_text("collections: [{name: ../vendor/one, type: dir}]\n")
    now = requirements_of(tracked), requirements_of(later)
    assert now[0] != now[1], "what lies beside it changes without it"


def test_what_they_bring_is_found_before_what_the_users_settings_name(tmp_path: Path) -> None:
    settings = "[defaults]\nroles_path = shared:/srv/roles\n"
    asked = job(tmp_path, {**PLAY, "requirements.yml": "roles: [a.b]\n", "ansible.cfg": settings})
    asked = with_tracked(asked, "ansible/requirements.yml")
    wanted = requirements_of(asked)
    assert wanted

    env = surroundings(asked)
    assert env["ANSIBLE_ROLES_PATH"] == f"{wanted.roles}:{tmp_path}/ansible/shared:/srv/roles"
    assert env["ANSIBLE_COLLECTIONS_PATH"].startswith(f"{wanted.collections}:~/.ansible/collections:")


def test_roles_that_were_installed_are_checked_under_a_name_of_their_own(tmp_path: Path) -> None:
    asked = job(tmp_path, {"site.yml": "- hosts: all\n  roles: [a.b]\n", "requirements.yml": "roles: [a.b]\n"})
    asked = with_tracked(asked, "ansible/requirements.yml")
    assert [finding.code for finding in scan(asked).findings] == ["STM403"]

    wanted = requirements_of(asked)
    assert wanted
    (wanted.roles / "a.b/tasks").mkdir(parents=True)
    (wanted.roles / "a.b/tasks/main.yml").write_text("- {command: x, check_mode: false}\n")
    (wanted.folder / "done").touch()
    assert [str(finding.place) for finding in scan(asked).errors] == ["galaxy:roles/a.b/tasks/main.yml:1:3"]
