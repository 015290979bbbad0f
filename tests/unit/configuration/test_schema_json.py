"""The published JSON Schema is that of the models, and says what every key is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stems.configuration.schema_json import exceptions_schema, exceptions_schema_text, json_schema, schema_text
from stems.validation.catalogue import RULES

FOLDER = Path(__file__).parents[3] / "schema"


def test_the_published_schemas_are_fresh() -> None:
    cluster, exceptions = FOLDER / "cluster.schema.json", FOLDER / "exceptions.schema.json"

    assert cluster.read_text() == schema_text(), "run `stems schema > schema/cluster.schema.json`"
    assert exceptions.read_text() == exceptions_schema_text(), (
        "run `stems schema exceptions > schema/exceptions.schema.json`"
    )


@pytest.mark.parametrize(
    ("code", "fits"), [("STM510", True), ("ETC1", True), ("STM999", False), ("E501", False), ("STM", False)]
)
def test_an_editor_knows_the_codes_of_rules_and_lets_those_of_packages_pass(code: str, fits: bool) -> None:
    allow = exceptions_schema()["$defs"]["ExceptionPart"]["properties"]["allow"]["anyOf"]
    patterns = [each["pattern"] for each in allow if "pattern" in each]
    constants = [each["const"] for each in allow if "const" in each]

    assert (code in constants or any(re.search(pattern, code) for pattern in patterns)) == fits
    assert sorted(constants) == sorted(rule.code for rule in RULES)


def test_every_key_is_described() -> None:
    assert [name for name, key in keys(json_schema()) if not key.keys() & {"description", "$ref"}] == []


def test_no_mapping_takes_unknown_keys() -> None:
    parts = [part for part in json_schema()["$defs"].values() if "properties" in part]

    assert parts
    assert all(part["additionalProperties"] is False for part in parts)


def keys(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, part in {"ClusterFile": schema, **schema["$defs"]}.items():
        for key, described in part.get("properties", {}).items():
            yield f"{name}.{key}", described
