"""Ansible is the user's own program, of a version that is known to work."""

from __future__ import annotations

import pytest

from stems.errors import ToolError
from stems.tools.ansible.program import new_enough


@pytest.mark.parametrize("version", ["2.15.0", "2.19.14", "2.21.0rc1", "3.0.0"])
def test_a_supported_version_is_taken(version: str) -> None:
    assert new_enough(version) == version


@pytest.mark.parametrize("version", ["2.14.9", "2.9.6", ""])
def test_a_version_that_is_too_old_says_how_to_get_another(version: str) -> None:
    with pytest.raises(ToolError) as raised:
        new_enough(version)

    assert "ansible-core" in raised.value.remedy
