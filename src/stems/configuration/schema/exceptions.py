"""The whole of `config/exceptions.yml`."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from stems.configuration.schema.fields import Part, Text, Version
from stems.model.names import is_relative_path

_CODE = re.compile(r"[A-Z]{2,8}\d{1,4}")


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError("must be the code of a finding, for instance `STM405`")
    return text


def _where(text: str) -> str:
    if not is_relative_path(text):
        raise ValueError("must be a path inside the repository, a folder, or a pattern with `*`")
    return text


def _day(text: object) -> object:
    if isinstance(text, str):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError("must be a day, for instance `2027-01-31`")


class ExceptionPart(Part):
    """Findings that somebody accepts."""

    allow: Annotated[str, AfterValidator(_code)] = Field(description="The code of the findings.")
    where: Annotated[str, AfterValidator(_where)] = Field(
        description="The file or folder that they are in; `*` stands for any part of a path."
    )
    reason: Text = Field(description="Why they are accepted.")
    until: Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})] | None = Field(
        default=None, description="The last day on which it counts."
    )


class ExceptionsFile(Part, title="stems: config/exceptions.yml"):
    """Exceptions that are not written beside what they are about."""

    version: Version = Field(description="The version of this format.")
    exceptions: list[ExceptionPart] = Field(description="The exceptions.")
