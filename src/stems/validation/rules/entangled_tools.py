"""Services of two tools of which each has one that waits for the other's."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.tools.registry import tool_waits
from stems.validation.codes import ENTANGLED_TOOLS
from stems.validation.rule import Rule, Stage, Subject

WHY = """On a node one tool applies all of its services, then the next one does. When each has a service that waits for
one of the other, whichever goes first starts something too early."""


def check(subject: Subject) -> Iterator[Finding]:
    place = subject.cluster.written.place
    waits = tool_waits(subject.cluster)
    for (tool, other), (service, index) in waits.items():
        back = waits.get((other, tool))
        if back and tool < other:
            here, there = place("services", service, "after", index), place("services", back[0], "after", back[1])
            name = subject.cluster.services[service].after[index]
            message = (
                f"services.{service}.after: `{name}` is of {other}, so {tool} waits for {other}; "
                f"and {other} waits for {tool} at {there}"
            )
            yield Finding(ENTANGLED_TOOLS, here, message, "drop one of both, or give all one tool", also=(there,))


RULE = Rule(ENTANGLED_TOOLS, "entangled-tools", Stage.CLUSTER, WHY, check)
