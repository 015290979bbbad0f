"""The whole of `config/cluster.yml`."""

from typing import Annotated

from pydantic import Field

from stems.configuration.schema.domains import DomainsPart
from stems.configuration.schema.fields import (
    Alert,
    Architecture,
    CheckoutPath,
    ClusterName,
    HostName,
    NodeName,
    Part,
    RoleName,
    ServiceName,
    Timezone,
    Variables,
    Version,
)
from stems.configuration.schema.node import LayerPart, NodePart
from stems.configuration.schema.operation import ApproverPart, GatesPart, RolloutPart
from stems.configuration.schema.service import ServicePart


class NamePart(Part):
    """What the cluster is called."""

    name: ClusterName = Field(description="The cluster's name, also the name of its folder on every node.")
    domain: HostName = Field(default="local", description="The DNS domain of its nodes.")
    timezone: Timezone = Field(default="UTC", description="The time zone of its nodes.")


class ClusterFile(Part, title="stems: config/cluster.yml"):
    """Everything that stems has to be told about a cluster."""

    version: Version = Field(description="The version of this format.")
    cluster: NamePart = Field(description="What the cluster is called.")
    checkout: CheckoutPath = Field(description="Where each node keeps its clone of this repository.")
    variables: Variables = Field(default={}, description="Variables of every node; every other layer wins over them.")
    architectures: dict[Architecture, LayerPart] = Field(default={}, description="What an architecture gives.")
    roles: dict[RoleName, LayerPart] = Field(default={}, description="What a role gives to its nodes.")
    nodes: Annotated[dict[NodeName, NodePart], Field(min_length=1, max_length=1000)] = Field(
        description="The machines."
    )
    domains: DomainsPart = Field(default=DomainsPart(), description="Which tool owns which part of a node.")
    services: Annotated[dict[ServiceName, ServicePart], Field(max_length=5000)] = Field(
        default={}, description="What runs, and where."
    )
    gates: GatesPart = Field(default=GatesPart(), description="Which classes of change a person must approve.")
    approvers: Annotated[list[ApproverPart], Field(min_length=1)] | None = Field(
        default=None, description="If present, an approval must be signed by one of them."
    )
    rollout: RolloutPart = Field(default=RolloutPart(), description="How a deployment goes from node to node.")
    alerts: list[Alert] = Field(default=[], description="Apprise URLs, normally taken from the environment.")
