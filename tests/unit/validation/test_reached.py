"""Only tasks that a play leads to run, and what a condition leads to is not certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.validation.files import Files
from stems.validation.reached import reached
from stems.validation.sites import sites_of
from stems.validation.subject import NO_CLUSTER, Subject
from tests.unit.validation.examples import written

TASK = "- copy: {content: a, dest: /etc/a}\n"


def runs(root: Path, files: dict[str, str]) -> set[tuple[str, bool]]:
    """The files of the `copy` tasks that run, each with whether that is certain."""
    written(root, files)
    (site,) = sites_of(Subject(NO_CLUSTER, files=Files(root, files)))
    return {(one.task.file, one.is_certain) for one in reached(site) if one.task.module == "copy"}


@pytest.mark.parametrize(
    ("play", "is_certain"),
    [
        ("roles: [web]", True),
        ("roles: [{role: web, when: is_web}]", False),
        ("tasks: [{import_role: {name: web}}]", True),
        ("tasks: [{include_role: {name: web}, when: is_web}]", False),
        ("tasks: [{block: [{include_role: {name: web}}], when: is_web}]", False),
        ("tasks: [{include_tasks: roles/web/tasks/main.yml}]", True),
        ("roles: ['{{ name }}']", None),
        ("roles: []", None),
        # One way that is certain is enough.
        ("roles: [{role: web, when: is_web}, {role: web}]", True),
    ],
)
def test_a_role_runs_when_a_play_leads_to_it(tmp_path: Path, play: str, is_certain: bool | None) -> None:
    files = {"site.yml": f"- hosts: all\n  {play}\n", "roles/web/tasks/main.yml": TASK}

    assert runs(tmp_path, files) == (set() if is_certain is None else {("roles/web/tasks/main.yml", is_certain)})


def test_what_a_role_needs_and_includes_runs_too(tmp_path: Path) -> None:
    files = {
        "site.yml": "- hosts: all\n  roles: [web]\n",
        "roles/web/tasks/main.yml": "- include_tasks: more.yml\n- import_role: {name: log, tasks_from: send.yml}\n",
        "roles/web/tasks/more.yml": TASK,
        "roles/web/tasks/old.yml": TASK,
        "roles/web/meta/main.yml": "dependencies: [base]\n",
        "roles/base/tasks/main.yml": TASK + "- include_tasks: main.yml\n",
        "roles/log/tasks/main.yml": TASK,
        "roles/log/tasks/send.yml": TASK,
    }

    assert {path for path, _ in runs(tmp_path, files)} == {
        "roles/web/tasks/more.yml",
        "roles/base/tasks/main.yml",
        "roles/log/tasks/send.yml",
    }
