"""`checks:` of nodes and services."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from stems.configuration.schema.fields import AbsolutePath, Free, Part, Url

KINDS = ("http", "mount", "disk_free")


class DiskFreePart(Part):
    """How much of a filesystem must be free."""

    path: AbsolutePath = Field(description="A path on the filesystem, from `/` on.")
    at_least: Free = Field(description="A share (`10%`) or a size (`5G`).")


def _one_kind(schema: dict[str, Any]) -> None:
    schema["oneOf"] = [{"required": [kind]} for kind in KINDS]


class CheckPart(Part, json_schema_extra=_one_kind):
    """One check: exactly one of `http`, `mount` and `disk_free`."""

    http: Url | None = Field(default=None, description="A URL as seen from the node; a GET must answer.")
    expect: Annotated[int, Field(ge=100, le=599)] | None = Field(
        default=None, description="The HTTP status that `http` must answer with. Default: 200."
    )
    mount: AbsolutePath | None = Field(default=None, description="A path that must be a mount point, from `/` on.")
    disk_free: DiskFreePart | None = Field(default=None, description="A filesystem that must have space.")

    @model_validator(mode="after")
    def _require_one_kind(self) -> Self:
        written = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(written) != 1:
            raise ValueError("must have exactly one of `http`, `mount` and `disk_free`")
        if self.expect is not None and self.http is None:
            raise ValueError("`expect` belongs to `http`")
        return self
