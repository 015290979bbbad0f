"""How much a finding weighs depends on whether anything that runs needs what it is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.model.finding import Severity
from stems.validation.page import Example
from tests.unit.validation.examples import judged

VAULT = "db_password: Winter2024!\n"
ROLE = "- hosts: all\n  roles: [gone]\n"


@pytest.mark.parametrize(
    ("code", "severity", "example"),
    [
        ("STM429", Severity.ERROR, {"ansible/site.yml": ROLE}),
        ("STM429", Severity.WARNING, {"ansible/site.yml": "- hosts: all\n  tasks: []\n", "ansible/other.yml": ROLE}),
        ("STM602", Severity.WARNING, {"inventories/production/group_vars/all/vault.yml": VAULT}),
        ("STM602", Severity.NOTE, {"inventories/development/group_vars/all/vault.yml": VAULT}),
        (
            "STM403",
            Severity.NOTE,
            {
                "ansible/site.yml": "- hosts: all\n  roles: [geerlingguy.docker]\n",
                "ansible/requirements.yml": "roles: [geerlingguy.docker]\n",
            },
        ),
    ],
)
def test_a_finding_weighs_what_it_does(tmp_path: Path, code: str, severity: Severity, example: Example) -> None:
    found = [each for each in judged(tmp_path, example, every_stage=True).findings if each.code == code]

    assert [each.severity for each in found] == [severity]


def test_a_missing_role_is_not_measured_against_a_file_that_is_not_there(tmp_path: Path) -> None:
    found = [each for each in judged(tmp_path, {"ansible/site.yml": ROLE}).findings if each.code == "STM429"]

    assert "requirements.yml" not in found[0].message
