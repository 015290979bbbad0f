"""What the services of a node ask of it together: kept for them, or taken at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from stems.model.finding import Place
from stems.tools.compose.model.project import Resources
from stems.validation.hardware import Put, put_on
from stems.validation.subject import Subject

Amount = Callable[[Resources], float | object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one service asks for, in bytes or processors, and where that is written: `requires`, or a Compose file."""

    name: str
    amount: float
    place: Place
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is asked of one node, each the largest first. Values that only a node knows do not count."""

    memory_kept: tuple[Asked, ...] = ()
    memory_most: tuple[Asked, ...] = ()
    cpus_kept: tuple[Asked, ...] = ()
    cpus_most: tuple[Asked, ...] = ()


def capacity_of(subject: Subject) -> Mapping[str, Capacity]:
    """By node. Asked for with `subject.once`."""
    required: dict[str, dict[str, Asked]] = {}
    for service in subject.cluster.services.values():
        if service.requires.memory:
            place = subject.cluster.written.place("services", service.name, "requires", "memory")
            asked = Asked(service.name, service.requires.memory, place, is_required=True)
            for node in service.nodes:
                required.setdefault(node, {})[service.name] = asked
    return {node: _capacity(puts, required.get(node, {})) for node, puts in subject.once(put_on).items()}


def total(asked: Iterable[Asked]) -> float:
    return sum(one.amount for one in asked)


def _capacity(puts: tuple[Put, ...], required: Mapping[str, Asked]) -> Capacity:
    return Capacity(
        _with_required(puts, required, lambda one: one.reserved_memory),
        _with_required(puts, required, lambda one: _first(one.memory, one.reserved_memory)),
        _largest_first(_written(puts, lambda one: one.reserved_cpus)),
        _largest_first(_written(puts, lambda one: _first(one.cpus, one.reserved_cpus))),
    )


def _with_required(puts: tuple[Put, ...], required: Mapping[str, Asked], amount: Amount) -> tuple[Asked, ...]:
    """A service that requires more than its containers ask for together counts with what it requires."""
    by_service: dict[str, list[Put]] = {}
    for put in puts:
        by_service.setdefault(_service(put), []).append(put)
    found: list[Asked] = []
    for name in {*by_service, *required}:
        written = _written(by_service.get(name, ()), amount)
        asked = required.get(name)
        found += [asked] if asked and asked.amount > total(written) else written
    return _largest_first(found)


def _written(puts: Iterable[Put], amount: Amount) -> list[Asked]:
    amounts = ((put, amount(put.service.resources)) for put in puts)
    return [Asked(put.name, each * put.count, put.place) for put, each in amounts if isinstance(each, int | float)]


def _service(put: Put) -> str:
    return put.declared.name if put.declared else ""


def _first(*amounts: object) -> object:
    return next((one for one in amounts if isinstance(one, int | float) and one), None)


def _largest_first(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    return tuple(sorted((one for one in asked if one.amount), key=lambda one: (-one.amount, one.name, one.place)))
