"""`gates:`, `approvers:` and `rollout:`: who decides, and how a deployment goes from node to node."""

from typing import Literal

from pydantic import Field

from stems.configuration.schema.fields import Duration, NodeName, Part, PersonName, PublicKey

RiskWord = Literal["user", "system", "service", "network", "destructive", "unknown"]


class GatesPart(Part):
    """Which classes of change a person must approve."""

    automatic: list[RiskWord] | None = Field(
        default=None, description="Classes that go by themselves. Default: `user`, unless it is listed as manual."
    )
    manual: list[RiskWord] = Field(
        default=[], description="Classes that a person must approve. A class that nobody listed is manual."
    )


class ApproverPart(Part):
    """Someone whose signature makes an approval."""

    name: PersonName = Field(description="Who it is.")
    key: PublicKey = Field(description="The OpenSSH public key.")


class RolloutPart(Part):
    """How a deployment goes from node to node."""

    order: list[NodeName] = Field(default=[], description="The order of nodes; nodes that are not named come last.")
    pilot: NodeName | None = Field(default=None, description="The node that goes first.")
    pause: Duration = Field(default=5.0, description="How long to wait between nodes.")
    healthy_for: Duration = Field(default=10.0, description="How long a node must stay healthy.")
    deadline: Duration = Field(
        default=120.0,
        description="How long a node may take to become healthy. What waiting does not mend is judged sooner: "
        "what is down, and what restarts again and again.",
    )
    on_failure: Literal["revert", "revert-node", "stop"] = Field(
        default="revert", description="Take back every touched node, only the failing one, or leave all as they are."
    )
