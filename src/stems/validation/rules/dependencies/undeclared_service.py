"""A folder of a service that nobody runs."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM502"

_UNITS = """
domains:
  services: {tool: systemd, source: units}
services:
  web: {node: gate}
"""

PAGE = Page(
    checks="""Folders in the source of the services domain with a Compose file, or with units where systemd is the tool,
and no service of `config/cluster.yml`.""",
    why="""Somebody reads the folder and believes that the service runs. Or it does run, started by hand, and nobody
knows how it is doing.""",
    instead="""Declare it under `services`, or move it to `archive/`, which nobody deploys. `stems adopt` writes the
entry of one that runs.""",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
        "services/old/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": cluster(_UNITS),
            "units/web/web.service": "[Service]\nExecStart=/usr/bin/web\n",
            "units/backup/backup.timer": "[Timer]\nOnCalendar=daily\n",
        },
        {
            "config/cluster.yml": cluster(_UNITS),
            "units/web/web.container": "[Container]\nImage=docker.io/library/nginx:1.27\n",
            "units/old/old.container": "[Container]\nImage=docker.io/library/nginx:1.27\n",
        },
    ),
    also_good=(
        {
            "config/cluster.yml": cluster(_UNITS),
            "units/web/web.service": "[Service]\nExecStart=/usr/bin/web\n",
            "units/bin/web.sh": "#!/bin/sh\n",
            "units/README.md": "What runs.\n",
        },
        {
            "config/cluster.yml": cluster("""
                domains:
                  services: {tool: compose, source: services}
                services:
                  web: {node: gate}
                """),
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/gate/compose.override.yaml": "services: {web: {mem_limit: 64m}}\n",
        },
    ),
)

RULE = Rule(CODE, "undeclared-service", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE), Severity.NOTE)
