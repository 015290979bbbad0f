"""The JSON Schemas of stems' files, for editors. stems judges by the models themselves, in better words."""

from __future__ import annotations

import json
from typing import Any

from stems.configuration.schema.exceptions import ExceptionsFile
from stems.configuration.schema.file import ClusterFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OF_OTHER_PACKAGES = "^(?!STM)[A-Z]{2,8}[0-9]{1,4}$"


def json_schema() -> dict[str, Any]:
    return {"$schema": DIALECT, **ClusterFile.model_json_schema()}


def exceptions_schema() -> dict[str, Any]:
    """That of `config/exceptions.yml`, with every code that has a rule; a package has codes of its own letters."""
    from stems.validation.catalogue import RULES  # noqa: PLC0415  # whoever reads the cluster needs no rule

    schema = {"$schema": DIALECT, **ExceptionsFile.model_json_schema()}
    allow = schema["$defs"]["ExceptionPart"]["properties"]["allow"]
    known = [{"const": rule.code, "description": rule.name} for rule in sorted(RULES, key=lambda rule: rule.code)]
    allow["anyOf"] = [*known, {"pattern": _OF_OTHER_PACKAGES}]
    return schema


def schema_text() -> str:
    """The schema as it lies in the repository: same models, same bytes."""
    return _text(json_schema())


def exceptions_schema_text() -> str:
    return _text(exceptions_schema())


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
