"""`services:`."""

from typing import Annotated, Literal

from pydantic import Field

from stems.configuration.schema.check import CheckPart
from stems.configuration.schema.fields import (
    Architecture,
    ComposeService,
    FolderName,
    Names,
    Part,
    ProjectName,
    ServiceName,
    Size,
    Text,
    ToolName,
    UnitName,
)


class RequiresPart(Part):
    """What a service needs of its node."""

    memory: Size = Field(default=0, description="Memory, for instance `512M`.")
    arch: list[Architecture] = Field(default=[], description="The architectures it runs on. Default: any.")
    gpu: Annotated[int, Field(ge=0, le=1000)] = Field(default=0, description="Graphics processors.")


class ServicePart(Part):
    """One service and where a person put it."""

    node: Names = Field(description="A node, a list of nodes, or `all`.")
    tool: ToolName | None = Field(default=None, description="Default: `domains.services.tool`.")
    reason: Text | None = Field(default=None, description="Why it runs there; for people.")
    requires: RequiresPart = Field(
        default=RequiresPart(), description="What it needs; compared with what its nodes are declared to have."
    )
    folder: FolderName | None = Field(
        default=None,
        description="Its folder below `domains.services.source`, at any depth. Default: called like the service.",
    )
    only: Annotated[list[ComposeService], Field(min_length=1)] | None = Field(
        default=None, description="Which services of its Compose files run here. Default: all."
    )
    project: ProjectName | None = Field(default=None, description="Compose project. Default: Compose's own rule.")
    unit: UnitName | None = Field(
        default=None,
        description="With tool `systemd`: the unit, where a package brings it or the folder holds several.",
    )
    scope: Literal["system", "user"] = Field(
        default="system",
        description="With tool `systemd`: whose units they are, the system's or those of the node's SSH user.",
    )
    state: Literal["running", "stopped", "masked"] = Field(
        default="running", description="With tool `systemd`: how its units are to be."
    )
    enabled: bool | None = Field(
        default=None, description="With tool `systemd`: whether it starts at boot. Default: when it is to be running."
    )
    data: Literal["none", "local", "shared"] = Field(
        default="none", description="Where it keeps data: decides what moving, reverting and retiring may do."
    )
    checks: list[CheckPart] = Field(default=[], description="What must be true for it to be healthy.")
    after: list[ServiceName] = Field(default=[], description="Services that must run before it.")
    rollback_safe: Text | None = Field(
        default=None, description="Why an older image can read data that a newer one has written."
    )
    paused: Text | None = Field(default=None, description="Why it is left out of repair and alerts.")
