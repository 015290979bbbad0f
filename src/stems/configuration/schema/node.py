"""`nodes:` and the layers of variables around them."""

from typing import Annotated, Literal

from pydantic import Field

from stems.configuration.schema.check import CheckPart
from stems.configuration.schema.fields import (
    Architecture,
    HostName,
    NodePath,
    Part,
    RoleName,
    Size,
    SshHost,
    Text,
    UserName,
    Variables,
)

Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class LayerPart(Part):
    """What an architecture or a role gives to its nodes."""

    variables: Variables = Field(default={}, description="Variables of every node of this architecture or role.")


class SshPart(Part):
    """Where a node answers."""

    host: SshHost = Field(description="A host name, an address or an alias of `~/.ssh/config`.")
    user: UserName | None = Field(default=None, description="The account to log in as. Default: OpenSSH's own rule.")
    port: Port | None = Field(default=None, description="The port. Default: OpenSSH's own rule.")
    identity: NodePath | None = Field(default=None, description="A private key file on this machine, `~` allowed.")


class HardwarePart(Part):
    """What a node is declared to have."""

    cpus: Count = Field(default=0, description="Processor cores; what services may use is compared with them.")
    memory: Size = Field(
        default=0, description="Memory, for instance `16G`; what services require is compared with it."
    )
    disk: Size = Field(default=0, description="Disk, for instance `1T`; compared with what `stems discover` finds.")
    gpu: Count = Field(default=0, description="Graphics processors; what services require is compared with them.")


class WhenDownPart(Part):
    """What is lost while a node is down, and what to do."""

    impact: Text | None = Field(default=None, description="What is lost while this node is down.")
    mitigation: Text | None = Field(default=None, description="What to do meanwhile.")


class NodePart(Part):
    """One machine of the cluster."""

    hostname: HostName = Field(description="The node's own host name.")
    ssh: SshPart = Field(description="Where the node answers.")
    privilege: Literal["sudo", "sudo-password", "none"] = Field(
        default="sudo", description="How the SSH user becomes root: `sudo`, `sudo-password` (asked once), or `none`."
    )
    role: RoleName | None = Field(default=None, description="The node's role: a layer of variables, an Ansible group.")
    arch: Architecture | None = Field(default=None, description="The node's architecture.")
    hardware: HardwarePart = Field(default=HardwarePart(), description="What the node is declared to have.")
    variables: Variables = Field(default={}, description="Variables of this node; they win over all other layers.")
    checks: list[CheckPart] = Field(default=[], description="What must be true for the node to be healthy.")
    when_down: WhenDownPart = Field(default=WhenDownPart(), description="What `status` says while the node is down.")
    paused: Text | None = Field(default=None, description="Why the node is left out of repair and alerts.")
