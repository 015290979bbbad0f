"""The JSON Schema of `config/cluster.yml`, for editors. stems judges by the models themselves, in better words."""

from __future__ import annotations

import json
from typing import Any

from stems.configuration.schema.file import ClusterFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    return {"$schema": DIALECT, **ClusterFile.model_json_schema()}


def schema_text() -> str:
    """The schema as it lies in the repository: same models, same bytes."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
