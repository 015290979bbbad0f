"""A service whose limit of processors is beyond what its node has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.readers.truth import MARK
from stems.tools.compose.model.project import Text
from stems.validation.hardware import has_of, put_on
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM211"


def _node(hardware: str) -> str:
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home-config\nnodes:\n"
        f"  gate: {{hostname: gate, ssh: {{host: gate.example}}, hardware: {{{hardware}}}}}\n"
        "domains:\n  services: {tool: compose, source: services}\nservices:\n  photos: {node: gate}\n"
    )


PAGE = Page(
    checks="""`cpus`, `deploy.resources.limits.cpus` and `cpuset` of services, against the processors that their nodes
are declared to have; where nothing is declared, against those that `stems discover` found.""",
    why="""Docker does not start such a container: `range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs
available`. The file was written for a larger node.""",
    instead="Write no more processors than the node has.",
    bad={
        "config/cluster.yml": _node("cpus: 4"),
        "services/photos/compose.yml": """
            services:
              photos:
                image: home/photos:1
                cpus: 8
            """,
    },
    good={
        "config/cluster.yml": _node("cpus: 4"),
        "services/photos/compose.yml": """
            services:
              photos:
                image: home/photos:1
                cpus: 4
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": _node("cpus: 4"),
            "services/photos/compose.yml": """
                services:
                  photos: {image: 'home/photos:1', deploy: {resources: {limits: {cpus: '4.5'}}}}
                """,
        },
        {
            "config/cluster.yml": _node("cpus: 4"),
            "services/photos/compose.yml": "services: {photos: {image: 'home/photos:1', cpuset: '2,4-7'}}\n",
        },
        {
            "truth/gate.yml": f"{MARK}.\nnode: gate\ncpus: 4\n",
            "services/photos/compose.yml": "services: {photos: {image: 'home/photos:1', cpus: 8}}\n",
        },
    ),
    also_good=(
        {
            "config/cluster.yml": _node("memory: 4G"),
            "services/photos/compose.yml": "services: {photos: {image: 'home/photos:1', cpus: 8}}\n",
        },
        {"services/photos/compose.yml": "services: {photos: {image: 'home/photos:1', cpus: 64}}\n"},
        {
            "config/cluster.yml": _node("cpus: 4"),
            "services/photos/compose.yml": "services: {photos: {image: 'home/photos:1', cpuset: 0-3}}\n",
        },
        # What is declared holds.
        {
            "config/cluster.yml": _node("cpus: 4"),
            "truth/gate.yml": f"{MARK}.\nnode: gate\ncpus: 2\n",
            "services/photos/compose.yml": "services: {photos: {image: 'home/photos:1', cpus: 4}}\n",
        },
        {
            "config/cluster.yml": _node("cpus: 4"),
            "services/photos/compose.yml": """
                services:
                  photos: {image: 'home/photos:1', cpus: 3}
                  faces: {image: 'home/faces:1', cpus: 3}
                """,
        },
        {
            "config/cluster.yml": _node("cpus: 4"),
            "services/photos/compose.yml": "services: {photos: {image: 'home/photos:1', cpus: '${CPUS:-8}'}}\n",
            "services/photos/env.template": "CPUS=\n",
        },
    ),
)


_NUMBER = re.compile(r"\d{1,4}")


def check(subject: Subject) -> Iterator[Finding]:
    for name, puts in subject.once(put_on).items():
        has = subject.once(has_of)[name].cpus
        for put in puts:
            asked = put.service.resources.cpus
            if has and isinstance(asked, int | float) and asked > has:
                message = f"{put.name}: may use {asked:g} processors, and {name} has {has}, so that Docker refuses it"
                yield Finding(CODE, put.place, message, f"write at most {has}")
            highest = _highest(put.service.text("cpuset"))
            if has and highest >= has:
                message = f"{put.name}: is to run on processor {highest}, and those of {name} are 0 to {has - 1}"
                yield Finding(CODE, put.service.place_of("cpuset"), message, f"write at most {has - 1}")


def _highest(text: Text | None) -> int:
    """The highest processor of `0-3,6`; -1 where none is named."""
    numbers = _NUMBER.findall(text) if isinstance(text, str) else []
    return max((int(number) for number in numbers), default=-1)


RULE = Rule(CODE, "more-cpus-than-node", Stage.PLACEMENT, Principle.P5, PAGE, check)
