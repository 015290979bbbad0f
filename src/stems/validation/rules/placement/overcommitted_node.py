"""Services that together keep or may take more than their node has."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.readers.truth import MARK
from stems.tools.compose.model.project import Resources
from stems.validation.hardware import Put, has_of, put_on, size
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
    checks="""The memory and the processors that the Compose services of a node reserve together, against the hardware
that is declared, or else was found by `stems discover`. It is a note where only their limits of memory together are
more. What depends on a variable of the node, and what runs only with a profile, does not count.""",
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

Amount = Callable[[Resources], float | object]
_NAMED = 3


def check(subject: Subject) -> Iterator[Finding]:
    for name, puts in subject.once(put_on).items():
        has = subject.once(has_of)[name]
        kept = _sum(puts, lambda one: one.reserved_memory)
        most = _sum(puts, lambda one: one.memory)
        place = subject.cluster.written.place("nodes", name, "hardware")
        if has.memory and _total(kept) > has.memory:
            message = f"{name} has {size(has.memory)} of memory, and its services reserve {size(_total(kept))}"
            yield Finding(CODE, place, f"{message}: {_said(kept)}", "move one of them", Severity.WARNING, _places(kept))
        elif has.memory and _total(most) > has.memory:
            message = (
                f"{name} has {size(has.memory)} of memory, and the limits of its services are {size(_total(most))}"
            )
            yield Finding(CODE, place, f"{message}: {_said(most)}", "see what they really need", Severity.NOTE)
        cpus = _sum(puts, lambda one: one.reserved_cpus)
        if has.cpus and _total(cpus) > has.cpus:
            message = f"{name} has {has.cpus} processors, and its services reserve {_total(cpus):g}"
            yield Finding(CODE, place, message, "move one of them", Severity.WARNING, _places(cpus))


Sums = list[tuple[Put, float]]


def _sum(puts: tuple[Put, ...], amount: Amount) -> Sums:
    """What each asks for, the largest first."""
    amounts = ((put, amount(put.service.resources)) for put in puts)
    found = [(put, float(each) * put.count) for put, each in amounts if isinstance(each, int | float) and each]
    return sorted(found, key=lambda each: (-each[1], each[0].name))


def _total(sums: Sums) -> float:
    return sum(each for _, each in sums)


def _said(sums: Sums) -> str:
    more = f" and {len(sums) - _NAMED} more" if len(sums) > _NAMED else ""
    return ", ".join(f"{put.name} {size(each)}" for put, each in sums[:_NAMED]) + more


def _places(sums: Sums) -> tuple[Place, ...]:
    return tuple(put.place for put, _ in sums[:_NAMED])


RULE = Rule(CODE, "overcommitted-node", Stage.PLACEMENT, Principle.P5, PAGE, check, Severity.WARNING)
