"""The play goes where that is certain, and what somebody has stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.lifecycle.node.play import asks, play_of, with_play

SITE = "# mine\n- hosts: all\n  roles:\n    - motd\n"
PLAY = "- hosts: all\n  tasks:\n    - include_role: {name: node}\n      when: node_setup\n"


def test_it_comes_before_the_first_play_for_all_nodes() -> None:
    assert with_play(SITE, "site.yml", PLAY) == SITE.replace("# mine\n", f"# mine\n{PLAY}")
    later = "- hosts: box\n  tasks: []\n"
    assert with_play(SITE + later, "site.yml", PLAY) == SITE.replace("# mine\n", f"# mine\n{PLAY}") + later


@pytest.mark.parametrize(
    "play",
    [
        "- hosts: box\n  roles:\n    - node\n", "- hosts: box\n  roles:\n    - {role: node}\n",
        "- hosts: box\n  pre_tasks:\n    - ansible.builtin.import_role: {name: node}\n",
        "- hosts: box\n  tasks:\n    - include_role: name=node\n",
    ],
)  # fmt: skip
def test_a_playbook_that_has_the_role_stays(play: str) -> None:
    assert with_play(play + SITE, "site.yml", PLAY) == play + SITE
    assert not asks(play + SITE)


@pytest.mark.parametrize(
    "text",
    ["", "- [", "1\n", "- 1\n", "- hosts: localhost\n  tasks: []\n" + SITE, "- import_playbook: other.yml\n" + SITE],
)
def test_elsewhere_a_person_adds_it(text: str) -> None:
    assert with_play(text, "site.yml", PLAY) is None


def test_a_task_that_is_called_like_the_role_is_another_thing() -> None:
    site = "- hosts: all\n  tasks:\n    - name: node\n      ansible.builtin.ping:\n"

    assert with_play(site, "site.yml", PLAY) == PLAY + site


def test_the_shipped_one_asks_for_the_variable(tmp_path: Path) -> None:
    assert asks(play_of()) and asks(play_of(tmp_path))
    assert not asks(SITE)
    (tmp_path / "play.yml").write_text("- hosts: work\n  roles: [node]\n")
    assert play_of(tmp_path) == "- hosts: work\n  roles: [node]\n"
