"""`domains:`: which tool owns which part of a node."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from stems.configuration.schema.fields import NodePath, Part, RepositoryPath, ToolName, UserName, VariableName

_TOOL = "The tool that owns this domain."
_SOURCE = "Where it lies in the repository."
_OWNS = "Paths on the node that belong to this domain when no tool claims them."
_ENVIRONMENT = "Variables of your own environment that the tool may see."


class UserPart(Part):
    """Dotfiles of one account."""

    tool: ToolName = Field(description=_TOOL)
    source: RepositoryPath = Field(description=_SOURCE)
    owns: list[NodePath] = Field(default=["~/"], description=_OWNS)
    account: UserName | None = Field(default=None, description="Whose dotfiles. Default: the SSH user's.")


class SystemPart(Part):
    """System configuration."""

    tool: ToolName = Field(description=_TOOL)
    source: RepositoryPath = Field(description=_SOURCE)
    playbook: RepositoryPath = Field(
        default="site.yml", description="With tool `ansible`: the playbook, inside `source`."
    )
    inventory: RepositoryPath | None = Field(
        default=None, description="With tool `ansible`: your own inventory, read beside the generated one."
    )
    owns: list[NodePath] = Field(default=[], description=_OWNS)
    environment: list[VariableName] = Field(default=[], description=_ENVIRONMENT)


class ServicesPart(Part):
    """Where services lie, and the tool of those that name none."""

    tool: ToolName = Field(description=_TOOL)
    source: RepositoryPath = Field(description=_SOURCE)


def _one_or_several(value: object) -> object:
    return [value] if isinstance(value, dict) else value


Users = Annotated[
    list[UserPart],
    BeforeValidator(_one_or_several, json_schema_input_type=UserPart | list[UserPart]),
]


class DomainsPart(Part):
    """The three domains; each is optional."""

    user: Users = Field(default=[], description="Dotfiles: one mapping, or a list with one entry for each `account`.")
    system: SystemPart | None = Field(default=None, description="The system configuration.")
    services: ServicesPart | None = Field(default=None, description="Services.")
