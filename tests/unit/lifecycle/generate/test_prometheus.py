"""Prometheus finds nodes and checks where it reaches them, and is not sent where it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from stems.lifecycle.generate.prometheus import prometheus
from stems.lifecycle.generate.source import Source
from tests.unit.lifecycle.generate import sample


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return sample.source(tmp_path_factory.mktemp("source"))


def groups(source: Source, **options: Any) -> dict[str, dict[str, str]]:
    """Labels by target."""
    found = yaml.safe_load(prometheus(source, port=9100, **options).text)
    assert json.loads(prometheus(source, port=9100, as_json=True, **options).text) == found
    return {target: group["labels"] for group in found for target in group["targets"]}


def test_every_node_is_asked_at_its_address(source: Source) -> None:
    found = groups(source, only="nodes")

    assert [*found] == ["192.0.2.11:9100", "[2001:db8::12]:9100", "work:9100"]
    assert found["192.0.2.11:9100"] == {"kind": "node", "cluster": "colab", "node": "crtr", "role": "gateway"}


def test_a_check_is_asked_from_elsewhere(source: Source) -> None:
    found = groups(source, only="services")

    assert found["http://192.0.2.11/health"]["service"] == "caddy"
    assert {"http://[2001:db8::12]:8080/", "http://work:8080/"} <= set(found)


def test_what_only_the_node_reaches_is_left_out_and_said(source: Source) -> None:
    made = prometheus(source, port=9100)

    assert "9090" not in made.text and "metrics on crtr" in made.notes[0].text
    assert f"# {made.notes[0].text}\n" in made.text


def test_it_is_asked_where_prometheus_runs_on_that_node(source: Source) -> None:
    found = groups(source, seen_from="crtr")

    assert found["http://127.0.0.1:9090/-/ready"]["node"] == "crtr" and "127.0.0.1:9100" in found
    assert prometheus(source, port=9100, seen_from="crtr").notes == ()


def test_a_node_without_an_address_is_named(tmp_path: Path) -> None:
    text = sample.CLUSTER.replace('{address: "2001:db8::12"}', "{}")
    made = prometheus(sample.read(tmp_path, {"config/cluster.yml": text}).source(), port=9100)

    assert made.notes[0].text.endswith("reach: drtr") and "127.0.0.1" not in made.text.replace(made.notes[1].text, "")
