"""Services of two tools of which each has one that waits for the other's."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.registry import tool_waits
from stems.validation.codes import ENTANGLED_TOOLS
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="Services of two tools where each tool has one that waits, by `after`, for a service of the other.",
    why="""On a node one tool applies all of its services, then the next one does. When a proxy that is a unit waits
for a container, and another container waits for a unit, whichever tool goes first starts something too early.""",
    instead="Drop one of both `after`, or give all of them one tool.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, after: [mount]}
              mount: {node: gate, tool: systemd, unit: mnt.mount}
              proxy: {node: gate, tool: systemd, unit: caddy.service, after: [web]}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, after: [mount]}
              mount: {node: gate, tool: systemd, unit: mnt.mount}
              proxy: {node: gate, tool: systemd, unit: caddy.service}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
)


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


RULE = Rule(ENTANGLED_TOOLS, "entangled-tools", Stage.DEPENDENCIES, Principle.P3, PAGE, check)
