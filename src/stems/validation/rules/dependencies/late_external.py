"""A network that another service of the node makes, and that is needed before it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.model.service import in_order
from stems.tools.compose.model.project import Named, Project
from stems.validation.externals import KINDS, is_made_by_hand, made_by, named_of
from stems.validation.page import Page, cluster
from stems.validation.projects import projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM535"

PAGE = Page(
    checks="""Networks and volumes with `external: true` that a project of another service on the same node makes, where
that service comes later: neither `after` nor the order of `services` puts it first.""",
    why="""On a node where everything runs already nobody sees it. On a new one the project is refused, `network proxy
declared as external, but could not be found`, and the deployment stops in the middle.""",
    instead="Name the service that makes it in `after` of the one that needs it.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              blog: {node: gate}
              traefik: {node: gate}
            """),
        "services/blog/compose.yml": """
            services:
              blog: {image: "ghost:5.94.0", networks: [proxy]}
            networks:
              proxy: {external: true}
            """,
        "services/traefik/compose.yml": """
            services:
              traefik: {image: "traefik:v3.1", networks: [proxy]}
            networks:
              proxy: {name: proxy}
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              blog: {node: gate, after: [traefik]}
              traefik: {node: gate}
            """),
        "services/blog/compose.yml": """
            services:
              blog: {image: "ghost:5.94.0", networks: [proxy]}
            networks:
              proxy: {external: true}
            """,
        "services/traefik/compose.yml": """
            services:
              traefik: {image: "traefik:v3.1", networks: [proxy]}
            networks:
              proxy: {name: proxy}
            """,
    },
    also_bad=(
        # The network that every project has.
        {
            "services/a/compose.yml": """
                services: {a: {image: "a:1"}}
                networks: {default: {name: z_default, external: true}}
                """,
            "services/z/compose.yml": "services: {z: {image: 'z:1'}}\n",
        },
        {
            "services/a/compose.yml": """
                services: {a: {image: "a:1", volumes: ["media:/media"]}}
                volumes: {media: {external: true}}
                """,
            "services/z/compose.yml": """
                services: {z: {image: "z:1", volumes: ["media:/media"]}}
                volumes: {media: {name: media}}
                """,
        },
    ),
    also_good=(
        # The order of the services is enough.
        {
            "services/z/compose.yml": """
                services: {z: {image: "z:1", networks: [proxy]}}
                networks: {proxy: {external: true}}
                """,
            "services/a/compose.yml": "services: {a: {image: 'a:1'}}\nnetworks: {proxy: {name: proxy}}\n",
        },
        # A playbook makes it before any service comes.
        {
            "services/a/compose.yml": """
                services: {a: {image: "a:1", networks: [proxy]}}
                networks: {proxy: {external: true}}
                """,
            "services/z/compose.yml": "services: {z: {image: 'z:1'}}\nnetworks: {proxy: {name: proxy}}\n",
            "setup.sh": "#!/bin/sh\ndocker network create proxy\n",
        },
        # What makes it is on another node.
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                nodes:
                  gate: {hostname: gate, ssh: {host: gate.example, user: owner}}
                  work: {hostname: work, ssh: {host: work.example, user: owner}}
                domains:
                  services: {tool: compose, source: services}
                services:
                  a: {node: gate}
                  z: {node: work}
                """,
            "services/a/compose.yml": """
                services: {a: {image: "a:1", networks: [proxy]}}
                networks: {proxy: {external: true}}
                """,
            "services/z/compose.yml": "services: {z: {image: 'z:1'}}\nnetworks: {proxy: {name: proxy}}\n",
        },
        {
            "stacks/a/compose.yml": """
                services: {a: {image: "a:1", networks: [proxy]}}
                networks: {proxy: {external: true}}
                """,
            "stacks/z/compose.yml": "services: {z: {image: 'z:1'}}\nnetworks: {proxy: {name: proxy}}\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for node, projects in _concerned(subject).items():
        ordered = [one.name for one in in_order(subject.cluster.services_on(node)) if one.name in projects]
        for kind in KINDS:
            for late in _late({name: projects[name] for name in ordered}, kind):
                if (late.service, late.name) not in seen and not is_made_by_hand(subject, kind, late.name):
                    seen.add((late.service, late.name))
                    message = f"{late.service}: needs the {kind} {late.name} before {late.maker} makes it on {node}"
                    remedy = f"write `after: [{late.maker}]` for {late.service} in config/cluster.yml"
                    yield Finding(CODE, late.place, message, remedy, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class _Late:
    """What a service needs and another one makes after it."""

    service: str
    name: str
    maker: str
    place: Place


def _concerned(subject: Subject) -> Mapping[str, Mapping[str, Project]]:
    """By node the declared projects that make what another one needs, or need it."""
    declared = [(one, one.declared.name) for one in subject.once(projects_of) if one.declared]
    needed = {one.real_name for each, _ in declared for kind in KINDS for one in _needs(each.project, kind)}
    found: dict[str, dict[str, Project]] = defaultdict(dict)
    for composed, name in declared if needed else ():
        made = (each for kind in KINDS for each in made_by(composed.project, kind))
        if any(each in needed for each in made) or any(_needs(composed.project, kind) for kind in KINDS):
            for node in composed.nodes:
                found[node.name][name] = composed.project
    return found


def _needs(project: Project, kind: str) -> list[Named]:
    return [one for one in named_of(project, kind) if one.is_external is True and isinstance(one.real_name, str)]


def _late(projects: Mapping[str, Project], kind: str) -> Iterator[_Late]:
    """Of the projects of one node, in their order."""
    makers = {name: maker for maker, project in projects.items() for name in made_by(project, kind)}
    there: set[object] = set()
    for service, project in projects.items():
        for one in _needs(project, kind):
            maker = makers.get(one.real_name)
            if maker not in (None, service) and one.real_name not in there:
                yield _Late(service, str(one.real_name), maker or "", one.place)
        there.update(made_by(project, kind))


RULE = Rule(CODE, "late-external", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.WARNING)
