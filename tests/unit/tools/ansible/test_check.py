"""What is wrong with a tree is said with its place, before anything is simulated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.finding import Place, Severity
from stems.model.rule_exception import RuleException
from stems.tools.ansible import tool as ansible
from stems.tools.ansible.check import scan
from stems.tools.ansible.hazards import has_volatile_hints
from stems.tools.ansible.preview import require_safe
from stems.tools.exceptions import Exceptions
from tests.unit.tools.ansible.build import NODES, job

GOOD = """
- hosts: gateway
  vars: {conf: /etc/app}
  tasks:
    - name: One
      ansible.builtin.template: {src: a.conf.j2, dest: "{{ conf }}/a.conf"}
    - block:
        - copy: src=b dest={{ folder }}/
    - lineinfile: {path: "/etc/{{ item }}", line: x}
      loop: [one, two]
    - copy: {content: x, dest: "{{ unknown }}/x"}
  roles:
    - web
"""
ROLE = {
    "roles/web/defaults/main.yml": "web_path: /etc/web\n",
    "roles/web/tasks/main.yml": "- include_tasks: more.yml\n",
    "roles/web/tasks/more.yml": "- file: {path: '{{ web_path }}', state: directory}\n",
}
DEPENDENCY = {
    "roles/web/meta/main.yml": "dependencies: [{role: d, check_mode: false}]\n",
    "roles/d/tasks/main.yml": "[]\n",
}
ACTING = {"roles/acting/tasks/main.yml": "- {command: x, check_mode: false}\n"}


def found(root: Path, files: dict[str, str]) -> list[tuple[str, str, Severity]]:
    return [(finding.code, str(finding.place), finding.severity) for finding in ansible.check(job(root, files))]


def play(task: str) -> dict[str, str]:
    return {"site.yml": f"- hosts: all\n  tasks:\n    - {task}\n"}


def test_a_good_tree_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path, {"site.yml": GOOD, **ROLE}) == []


def test_files_are_claimed_where_the_play_reaches(tmp_path: Path) -> None:
    asked = job(tmp_path, {"site.yml": GOOD, **ROLE})

    claims = [(claim.resource, str(claim.place)) for claim in ansible.claims(asked, NODES["crtr"])]
    assert claims == [
        ("file:/etc/app/a.conf", "ansible/site.yml:5:7"),
        ("file:/etc/crtr/b", "ansible/site.yml:8:11"),
        ("file:/etc/one", "ansible/site.yml:9:7"),
        ("file:/etc/two", "ansible/site.yml:9:7"),
        ("file:{{ unknown }}/x", "ansible/site.yml:11:7"),
        ("file:/etc/web", "ansible/roles/web/tasks/more.yml:1:3"),
    ]
    assert list(ansible.claims(asked, NODES["drtr"])) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ("STM402", "ansible/site.yml")),
        ({"site.yml": "- hosts: all\n  tasks: [\n"}, ("STM401", "ansible/site.yml:2:11")),
        (play("import_tasks: none.yml"), ("STM402", "ansible/site.yml:3:7")),
        (play("{command: x, check_mode: false}"), ("STM405", "ansible/site.yml:3:7")),
        (play("{command: x, check_mode: no}"), ("STM405", "ansible/site.yml:3:7")),
        (play("{command: x, check_mode: '{{ maybe }}'}"), ("STM405", "ansible/site.yml:3:7")),
        (play("{command: x, vars: {ansible_host: 192.0.2.1}}"), ("STM407", "ansible/site.yml:3:7")),
        (
            {**play("include_tasks: {file: a.yml, apply: {check_mode: false}}"), "a.yml": "[]\n"},
            ("STM405", "ansible/site.yml:3:7"),
        ),
        (
            {**play("include_role: {name: web, apply: {check_mode: false}}"), **ROLE},
            ("STM405", "ansible/site.yml:3:7"),
        ),
        (
            {**play("include_role: {name: web}"), **ROLE, **DEPENDENCY},
            ("STM405", "ansible/roles/web/meta/main.yml:1:16"),
        ),
        (
            {**play("include_role: {name: '{{ kind }}'}"), **ROLE, **ACTING},
            ("STM405", "ansible/roles/acting/tasks/main.yml:1:3"),
        ),
        (
            {**play("include_tasks: 'more/{{ kind }}.yml'"), "more/a/b.yml": "- {command: x, check_mode: false}\n"},
            ("STM405", "ansible/more/a/b.yml:1:3"),
        ),
        (
            {**play("{command: x}"), "host_vars/crtr.yml": "ansible_ssh_args: -o X\n"},
            ("STM407", "ansible/host_vars/crtr.yml:1:1"),
        ),
    ],
)
def test_errors_stop_a_preview_before_it_runs(tmp_path: Path, files: dict[str, str], expected: tuple[str, str]) -> None:
    assert (*expected, Severity.ERROR) in found(tmp_path, files)
    with pytest.raises(ToolError, match="ansible/"):
        require_safe(scan(job(tmp_path, files)))


@pytest.mark.parametrize(
    "task",
    [
        "{stat: {path: x}, delegate_to: localhost}",
        "{set_fact: {a: b}, run_once: true}",
        "{uri: {url: 'http://192.0.2.1/'}, connection: local}",
        "local_action: wait_for port=22 host=x",
        "{copy: {dest: /etc/x, content: x}, delegate_to: '{{ inventory_hostname }}'}",
    ],
)
def test_what_only_reads_may_do_so_elsewhere(tmp_path: Path, task: str) -> None:
    assert found(tmp_path, play(task)) == []


def test_a_play_for_nobody_is_an_error_but_no_danger(tmp_path: Path) -> None:
    """Of an earlier commit it comes of a node that went since."""
    files = {"site.yml": "- hosts: all\n  tasks: []\n- hosts: nowhere\n  tasks: []\n"}

    assert found(tmp_path, files) == [("STM404", "ansible/site.yml:3:3", Severity.ERROR)]
    require_safe(scan(job(tmp_path, files)))


def test_the_usual_probe_may_run_in_a_preview(tmp_path: Path) -> None:
    """A task that says that it changes nothing must also plainly read."""
    probe = play("{command: systemctl is-active x, check_mode: false, changed_when: false}")
    assert found(tmp_path, probe) == [("STM405", "ansible/site.yml:3:7", Severity.NOTE)]

    acting = play("{command: rm x, check_mode: false, changed_when: false}")
    assert found(tmp_path, acting) == [("STM405", "ansible/site.yml:3:7", Severity.ERROR)]


ACCEPTED = """\
- hosts: all
  tasks:
    # stems: allow STM405: asks the vendor's tool
    - name: Beside it
      command: vendor ask
      check_mode: false
    # stems: allow STM405: what is inside belongs to it
    - check_mode: false
      block:
        - command: x

        - command: y
    - command: z
  roles: [acting]
"""


def test_what_a_person_accepts_may_act_in_a_preview(tmp_path: Path) -> None:
    """Beside a task or a block, or in a list for a whole role; the callback plugin is told the same."""
    listed = RuleException("STM405", "ansible/roles/acting/", "as is", Place("config/exceptions.yml", 3))
    asked = job(tmp_path, {"site.yml": ACCEPTED, **ACTING})
    assert [str(each.place) for each in scan(asked).errors] == [
        "ansible/site.yml:4:7", "ansible/site.yml:8:7", "ansible/roles/acting/tasks/main.yml:1:3",
    ]  # fmt: skip

    scanned = scan(replace(asked, exceptions=Exceptions(tmp_path, [listed])))
    assert scanned.errors == ()
    site, role = f"{tmp_path}/ansible/site.yml", f"{tmp_path}/ansible/roles/acting"
    assert {f"{site}:{line}" for line in (4, 8, 10, 12)} | {f"{role}/*"} <= set(scanned.allowed)
    assert f"{site}:13" not in scanned.allowed

    late = scan(replace(asked, exceptions=Exceptions(tmp_path, [replace(listed, until=date(2020, 1, 1))])))
    assert [error.message.partition("preview")[2] for error in late.errors] == [" (its exception ended on 2020-01-01)"]
    assert not any("roles" in pattern for pattern in late.allowed)


def test_a_role_that_is_not_in_the_tree_is_said(tmp_path: Path) -> None:
    files = {"site.yml": "- hosts: all\n  roles: [far.away.role]\n"}

    assert found(tmp_path, files) == [("STM403", "ansible/site.yml:2:11", Severity.WARNING)]


@pytest.mark.parametrize("task", ["include_tasks: '{{ kind }}.yml'", "include_role: {name: '{{ kind }}'}"])
def test_what_only_ansible_can_name_is_said(tmp_path: Path, task: str) -> None:
    assert found(tmp_path, play(task)) == [("STM403", "ansible/site.yml:3:7", Severity.WARNING)]


def test_a_role_includes_from_its_tasks_wherever_the_including_file_lies(tmp_path: Path) -> None:
    role = {
        "roles/web/tasks/main.yml": "- include_tasks: deep/one.yml\n",
        "roles/web/tasks/deep/one.yml": "- include_tasks: deep/two.yml\n- import_tasks: three.yml\n",
        "roles/web/tasks/deep/two.yml": "- file: {path: /etc/two, state: touch}\n",
        "roles/web/tasks/deep/three.yml": "- file: {path: /etc/three, state: touch}\n",
    }
    asked = job(tmp_path, {"site.yml": "- hosts: all\n  roles: [web]\n", **role})

    assert list(ansible.check(asked)) == []
    assert [claim.resource for claim in ansible.claims(asked, NODES["crtr"])] == ["file:/etc/two", "file:/etc/three"]


def test_a_playbook_that_imports_itself_ends(tmp_path: Path) -> None:
    files = {"site.yml": "- import_playbook: site.yml\n- hosts: all\n  tasks: [{include_tasks: a.yml}]\n"}

    assert found(tmp_path, {**files, "a.yml": "- include_tasks: a.yml\n"}) == []


def test_clocks_and_chance_are_hints(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("made {{ now() }}\n")
    assert has_volatile_hints(tmp_path)

    (tmp_path / "a.j2").write_text("known\n")
    assert not has_volatile_hints(tmp_path)


def test_a_failure_that_ends_it_for_all_is_seen(tmp_path: Path) -> None:
    assert scan(job(tmp_path, {"site.yml": "- hosts: all\n  any_errors_fatal: true\n  tasks: []\n"})).ends_for_all
