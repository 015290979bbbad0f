"""The data is what stems hands to chezmoi, in a form that chezmoi reads by itself."""

from __future__ import annotations

import json

import pytest
import yaml

from stems.errors import UsageError
from stems.lifecycle.generate.chezmoi_data import chezmoi_data
from stems.lifecycle.jobs import variables_of
from stems.tools.chezmoi.node import template_data
from tests.unit.lifecycle.generate.sample import cluster


def test_both_forms_are_what_stems_hands_over() -> None:
    handed = json.loads(template_data(variables_of(cluster())["drtr"]))

    assert handed["address"] == "2001:db8::12" and handed["odd"] == "a\u202eb: #1"
    assert yaml.safe_load(chezmoi_data(cluster(), "drtr").text) == handed
    assert json.loads(chezmoi_data(cluster(), "drtr", as_json=True).text) == handed


def test_a_node_must_be_one() -> None:
    with pytest.raises(UsageError, match="nobody: no such node"):
        chezmoi_data(cluster(), "nobody")
