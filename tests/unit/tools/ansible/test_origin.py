"""Only a task that copies one known file leads to that file; all else is refused with the task's place."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.change import Change, Domain, Risk
from stems.tools.ansible import tool as ansible
from stems.tools.ansible.check import scan
from stems.tools.ansible.origin import adopted
from stems.tools.ansible.tool import origin
from stems.tools.origin import Origin
from tests.unit.tools.ansible.build import NODES, job, site

COPY = "copy: {src: app.conf, dest: /etc/app.conf}"
AT = "ansible/site.yml:3"


def playbook(task: str) -> dict[str, str]:
    return {"site.yml": f"- hosts: all\n  tasks:\n    - {task}\n"}


def found(
    root: Path, files: dict[str, str], *, source: str = AT, resource: str = "file:/etc/app.conf", action: str = "change"
) -> Origin | None:
    change = Change("prtr", Domain.SYSTEM, "ansible", resource, action, Risk.SYSTEM, source=source)
    return origin(job(root, files), site("prtr"), change)


@pytest.mark.parametrize("name", ["files/app.conf", "app.conf"])
@pytest.mark.parametrize(
    "task",
    [
        COPY,
        "ansible.builtin.copy: {src: ./app.conf, dest: '{{ folder }}/app.conf', mode: '0600'}",
        "copy: src=app.conf dest=/etc/",
    ],
)
def test_a_copied_file(tmp_path: Path, name: str, task: str) -> None:
    expected = Origin("/etc/app.conf", f"ansible/{name}", "root", mode_in=f"`mode` of the task at {AT}")

    assert found(tmp_path, {**playbook(task), name: "x\n"}) == expected


@pytest.mark.parametrize("part", ["tasks/main.yml", "handlers/main.yml", "tasks/deep/main.yml"])
def test_a_role_has_its_own_files(tmp_path: Path, part: str) -> None:
    files = {
        "site.yml": "- hosts: all\n  roles: [web]\n",
        f"roles/web/{part}": f"- {COPY}\n",
        "roles/web/files/app.conf": "of the role\n",
        "files/app.conf": "of the playbook\n",
    }
    origin = found(tmp_path, files, source=f"ansible/roles/web/{part}:1")

    assert origin and origin.place == "ansible/roles/web/files/app.conf"


@pytest.mark.parametrize(
    "task",
    [
        "template: {src: app.conf, dest: /etc/app.conf}",
        "copy: {content: x, dest: /etc/app.conf}",
        "copy: {src: '{{ folder }}', dest: /etc/app.conf}",
        "copy: {src: /tmp/app.conf, dest: /etc/app.conf}",
        "copy: {src: app.conf, dest: /etc/app.conf, remote_src: true}",
        "copy: {src: files/, dest: /etc/}",
        "copy: {src: ../../../app.conf, dest: /etc/app.conf}",
        "copy: {src: elsewhere.conf, dest: /etc/app.conf}",
        "lineinfile: {path: /etc/app.conf, line: x}",
    ],
)
def test_what_is_not_certain_names_the_task(tmp_path: Path, task: str) -> None:
    with pytest.raises(ToolError, match=r"is written by the task at ansible/site.yml:3, not copied") as refused:
        found(tmp_path, {**playbook(task), "files/app.conf": "x\n"})

    assert refused.value.remedy.startswith("edit that task")


def test_two_files_of_that_name_are_not_certain(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="not copied from one known file"):
        found(tmp_path, {**playbook(COPY), "files/app.conf": "x\n", "app.conf": "y\n"})


def test_what_the_vault_holds_does_not_leave_it(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"is encrypted in ansible/files/app.conf"):
        found(tmp_path, {**playbook(COPY), "files/app.conf": "$ANSIBLE_VAULT;1.1;AES256\n6162\n"})


def test_a_file_that_is_gone_stays_wanted_by_its_task(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="is gone there") as refused:
        found(tmp_path, {**playbook(COPY), "files/app.conf": "x\n"}, action="create")

    assert "remove the task at ansible/site.yml:3" in refused.value.remedy


@pytest.mark.parametrize("resource", ["task:Greet", "unit:app.service", "package:vim"])
def test_what_is_no_file(tmp_path: Path, resource: str) -> None:
    with pytest.raises(ToolError, match=r"is made by the task at ansible/site.yml:3"):
        found(tmp_path, playbook("command: x"), resource=resource)


def adoptable(root: Path, edited: dict[str, bytes], *changes: Change) -> list[tuple[str, str]]:
    """What is adopted of edited files where the playbook copies one and keeps a line in another."""
    asked = job(root, {**playbook(COPY), "files/app.conf": "by hand\n"})
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in edited.items()}
    claims = ansible.claims(asked, NODES["prtr"])
    found = adopted(asked, scan(asked), claims, edited=digests, changes=changes)
    return [(change.action, change.resource) for change in found]


def test_a_hand_edit_that_is_copied_now_is_adopted(tmp_path: Path) -> None:
    assert adoptable(tmp_path, {"/etc/app.conf": b"by hand\n", "/etc/other": b"by hand\n"}) == [
        ("adopt", "file:/etc/app.conf")
    ]


def test_what_is_not_as_it_is_copied_is_not_adopted(tmp_path: Path) -> None:
    told = Change("prtr", Domain.SYSTEM, "ansible", "file:/etc/app.conf", "mode", Risk.SYSTEM)

    assert adoptable(tmp_path, {"/etc/app.conf": b"another\n"}) == []
    assert adoptable(tmp_path, {"/etc/app.conf": b"by hand\n"}, told) == []
