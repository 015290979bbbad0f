"""The published JSON Schema is that of the models, and says what every key is for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stems.configuration.schema_json import json_schema, schema_text

PUBLISHED = Path(__file__).parents[3] / "schema" / "cluster.schema.json"


def test_the_published_schema_is_fresh() -> None:
    assert PUBLISHED.read_text() == schema_text(), "run `stems schema > schema/cluster.schema.json`"


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
