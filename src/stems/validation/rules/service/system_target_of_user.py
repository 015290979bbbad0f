"""A unit of a user that waits for a target which only the system has."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Example, Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM564"


def _user(text: str, kind: str = "service", scope: str = "user") -> Example:
    declared = (
        f"domains:\n  services: {{tool: systemd, source: services}}\nservices:\n  web: {{node: gate, scope: {scope}}}\n"
    )
    return {"config/cluster.yml": cluster(declared), f"services/web/web.{kind}": text}


PAGE = Page(
    checks="""`WantedBy` and `RequiredBy` that name nothing but `multi-user.target` or `graphical.target`, in units with
`scope: user`.""",
    why="The manager of a user has no such target: the unit is enabled and never started after a restart of the node.",
    instead="Write `WantedBy=default.target`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, scope: user}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, scope: user}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=default.target
            """,
    },
    also_bad=(
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy = graphical.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target graphical.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nRequiredBy=multi-user.target\nWantedBy=\n"),
        _user("[Container]\nImage=docker.io/library/nginx:1.27\n[Install]\nWantedBy=multi-user.target\n", "container"),
    ),
    also_good=(
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target default.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=default.target multi-user.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target\nWantedBy=default.target\n"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\n# WantedBy=multi-user.target\nWantedBy=timers.target\n"),
        _user("[Container]\nImage=a:1\n[Install]\nWantedBy=multi-user.target default.target\n", "container"),
        _user("[Service]\nExecStart=/usr/bin/web\n[Install]\nWantedBy=multi-user.target\n", scope="system"),
    ),
)

RULE = Rule(CODE, "system-target-of-user", Stage.SERVICE, Principle.P3, PAGE, told(CODE))
