"""Services that together keep or may take more than their node has."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.readers.truth import MARK
from stems.validation.capacity import Asked, capacity_of, total
from stems.validation.hardware import has_of, size
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM210"


def _node(hardware: str, *services: str) -> str:
    names = "".join(f"  {name}: {{node: gate}}\n" for name in services)
    return (
        "version: 1\ncluster: {name: home}\ncheckout: ~/home-config\nnodes:\n"
        f"  gate: {{hostname: gate, ssh: {{host: gate.example}}, hardware: {{{hardware}}}}}\n"
        f"domains:\n  services: {{tool: compose, source: services}}\nservices:\n{names}"
    )


def _kept(name: str, memory: str) -> str:
    return (
        f"services:\n  {name}:\n    image: home/{name}:1\n"
        f"    deploy: {{resources: {{reservations: {{memory: {memory}}}}}}}\n"
    )


PAGE = Page(
    checks="""The memory that the services of a node reserve in their Compose files, or `requires` in the cluster file
where that is more, and the processors that they reserve, against the hardware that is declared, or else was found by
`stems discover`. It is a note where only their limits of memory together are more. What depends on a variable of the
node, and what runs only with a profile, does not count.""",
    why="""Each service was put on the node for itself, and each fits. Under load they do not: the node swaps, and the
kernel ends whatever is largest.""",
    instead="Move one of them, or write what they really need: `docker stats` says it.",
    bad={
        "config/cluster.yml": _node("memory: 4G", "photos", "search"),
        "services/photos/compose.yml": _kept("photos", "3G"),
        "services/search/compose.yml": _kept("search", "2G"),
    },
    good={
        "config/cluster.yml": _node("memory: 8G", "photos", "search"),
        "services/photos/compose.yml": _kept("photos", "3G"),
        "services/search/compose.yml": _kept("search", "2G"),
    },
    also_bad=(
        {
            "config/cluster.yml": _node("memory: 4G", "photos"),
            "services/photos/compose.yml": """
                services:
                  photos: {image: 'home/photos:1', mem_reservation: 1500m, deploy: {replicas: 3}}
                """,
        },
        {
            "config/cluster.yml": _node("cpus: 4", "photos"),
            "services/photos/compose.yml": """
                services:
                  photos: {image: "home/photos:1", deploy: {resources: {reservations: {cpus: "3"}}}}
                  faces: {image: "home/faces:1", deploy: {resources: {reservations: {cpus: "1.5"}}}}
                """,
        },
        {
            "truth/gate.yml": f"{MARK}.\nnode: gate\nmemory: 4G\n",
            "services/photos/compose.yml": _kept("photos", "5G"),
        },
        # What is required counts where it is more.
        {
            "config/cluster.yml": _node("memory: 8G", "photos", "search").replace(
                "photos: {node: gate}", "photos: {node: gate, requires: {memory: 6G}}"
            ),
            "services/photos/compose.yml": _kept("photos", "1G"),
            "services/search/compose.yml": _kept("search", "3G"),
        },
    ),
    also_good=(
        # Nothing is declared, or not of this kind.
        {"services/photos/compose.yml": _kept("photos", "64G")},
        {"config/cluster.yml": _node("cpus: 4", "photos"), "services/photos/compose.yml": _kept("photos", "64G")},
        {
            "config/cluster.yml": _node("memory: 4G", "photos"),
            "services/photos/compose.yml": """
                services:
                  photos: {image: "home/photos:1", mem_reservation: 3G}
                  import: {image: "home/photos:1", mem_reservation: 3G, profiles: [import]}
                """,
        },
        {
            "config/cluster.yml": _node("memory: 4G", "photos"),
            "services/photos/compose.yml": """
                services:
                  photos: {image: 'home/photos:1', mem_reservation: '${KEPT:-64g}'}
                """,
            "services/photos/env.template": "KEPT=\n",
        },
        # On two nodes, each has its own.
        {
            "config/cluster.yml": _node("memory: 4G", "photos").replace(
                "domains:", "  work: {hostname: work, ssh: {host: work.example}, hardware: {memory: 4G}}\ndomains:"
            )
            + "  search: {node: work}\n",
            "services/photos/compose.yml": _kept("photos", "3G"),
            "services/search/compose.yml": _kept("search", "3G"),
        },
    ),
)

_NAMED = 3


def check(subject: Subject) -> Iterator[Finding]:
    for name, asked in subject.once(capacity_of).items():
        has = subject.once(has_of)[name]
        # One that requires more than there is by itself has a rule of its own.
        kept_by = tuple(one for one in asked.memory_kept if not (one.is_required and one.amount > (has.memory or 0)))
        kept, most, cpus = total(kept_by), total(asked.memory_most), total(asked.cpus_kept)
        place = subject.cluster.written.place("nodes", name, "hardware")
        if has.memory and kept > has.memory:
            said = f"its services reserve or require {size(kept)}: {_said(kept_by)}"
            message = f"{name} has {size(has.memory)} of memory, and {said}"
            yield Finding(CODE, place, message, "move one of them", Severity.WARNING, _places(kept_by))
        elif has.memory and most > has.memory and kept_by == asked.memory_kept:
            said = f"its services may take {size(most)}: {_said(asked.memory_most)}"
            message = f"{name} has {size(has.memory)} of memory, and {said}"
            yield Finding(CODE, place, message, "see what they really need", Severity.NOTE)
        if has.cpus and cpus > has.cpus:
            message = f"{name} has {has.cpus} processors, and its services reserve {cpus:g}"
            yield Finding(CODE, place, message, "move one of them", Severity.WARNING, _places(asked.cpus_kept))


def _said(asked: tuple[Asked, ...]) -> str:
    more = f" and {len(asked) - _NAMED} more" if len(asked) > _NAMED else ""
    return ", ".join(f"{one.name} {size(one.amount)}" for one in asked[:_NAMED]) + more


def _places(asked: tuple[Asked, ...]) -> tuple[Place, ...]:
    return tuple(one.place for one in asked[:_NAMED])


RULE = Rule(CODE, "overcommitted-node", Stage.PLACEMENT, Principle.P5, PAGE, check, Severity.WARNING)
