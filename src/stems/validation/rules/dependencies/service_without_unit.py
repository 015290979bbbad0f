"""A service of systemd without any unit."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM560"

PAGE = Page(
    checks="Services with the tool `systemd` that have neither a unit file in their folder nor a `unit`.",
    why="Nothing would be started, and the file looks as if something were.",
    instead="Commit a unit file in the folder of the service, or name the unit of a package with `unit`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/README": """
            later
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": cluster(
                "domains:\n  services: {tool: systemd, source: .}\nservices:\n  web: {node: gate}\n"
            ),
            "units/web/web.service": "[Service]\nExecStart=/usr/bin/web\n",
        },
    ),
    also_good=(
        {
            "config/cluster.yml": cluster(
                "domains:\n  services: {tool: systemd, source: .}\nservices:\n  web: {node: gate}\n"
            ),
            "web/web.container": "[Container]\nImage=docker.io/library/nginx:1.27\n",
        },
        {
            "config/cluster.yml": cluster(
                "domains:\n  services: {tool: systemd, source: units/}\nservices:\n  web: {node: gate}\n"
            ),
            "units/web/web.service": "[Service]\nExecStart=/usr/bin/web\n",
        },
    ),
)

RULE = Rule(CODE, "service-without-unit", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE))
