"""The role reaches the playbook where that is certain, and what somebody has stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.lifecycle.node.role import bring, shipped_role
from stems.model.cluster import SystemDomain

SITE = "- hosts: all\n  become: true\n  roles:\n    - motd\n"
PLAY = "- hosts: all\n  roles:\n    - {role: node, when: node_setup}\n"
SYSTEM = SystemDomain("ansible", "ansible")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "ansible").mkdir()
    (tmp_path / "ansible/site.yml").write_text(SITE)
    return tmp_path


def test_all_of_the_role_is_written_beside_the_playbook(root: Path) -> None:
    made = bring(root, SystemDomain("ansible", "system", "plays/site.yml"), shipped_role(), PLAY)

    assert {file.path.split("roles/")[0] for file in made.files} == {"system/plays/"}
    assert "add to system/plays/site.yml" in made.notes[0] and PLAY.rstrip() in made.notes[0]
    assert made.asks


def test_what_was_interrupted_is_finished(root: Path) -> None:
    role = shipped_role()
    first = root / "ansible" / role[0].path
    first.parent.mkdir(parents=True)
    first.write_text(role[0].text)

    assert len(bring(root, SYSTEM, role, PLAY).files) == len(role) - 1


def test_a_role_that_somebody_changed_stays_as_it_is(root: Path) -> None:
    role = shipped_role()
    first = root / "ansible" / role[0].path
    first.parent.mkdir(parents=True)
    first.write_text("# mine\n")

    made = bring(root, SYSTEM, role, PLAY)

    assert made.files == ()
    assert "stays as it is" in made.notes[0]


@pytest.mark.parametrize("system", [None, SystemDomain("etc", "etc")])
def test_without_ansible_nothing_is_written(root: Path, system: SystemDomain | None) -> None:
    made = bring(root, system, shipped_role(), PLAY)

    assert made.files == ()
    assert "not added" in made.notes[0]
