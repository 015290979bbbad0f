"""One look at every node: facts, lock, journal, services and files, in one round trip each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from stems.errors import UnknownError
from stems.infrastructure import journal, lock
from stems.infrastructure.facts import SNIPPET as FACTS
from stems.infrastructure.facts import Facts, parse_facts
from stems.infrastructure.journal import Journal
from stems.infrastructure.lock import Held
from stems.infrastructure.parallel import ask_each
from stems.infrastructure.probe import Section, probe
from stems.infrastructure.process import end_all
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.places import unseen_state_folder
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.observation import Answer, Observation, Present, Unknown

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Observed:
    """What a node said: its facts, who holds its lock, what its journal tells, and the further sections asked for."""

    facts: Facts
    lock: Held | None
    journal: Journal
    sections: Mapping[str, Section] = field(default_factory=dict)

    @property
    def deployed(self) -> str:
        """The commit that runs here, empty when none was ever deployed."""
        return journal.deployed_commit(self.journal.entries)


def observe(
    cluster: Cluster,
    runners: Mapping[str, NodeRunner],
    nodes: Iterable[Node],
    further: Mapping[str, Mapping[str, str]] | None = None,
    *,
    began: Callable[[str], object] = lambda _: None,
) -> dict[str, Answer[Observed]]:
    """Ask every node at once; `further` are more snippets by node. Two nodes that are one machine are both unknown.

    `began` is called with the name of a node that starts to answer, so that other questions find the way open.
    """
    by_name = {node.name: node for node in nodes}
    more = further or {}

    def ask(name: str) -> Observed:
        return _observe_one(cluster, runners[name], by_name[name], more.get(name, {}), lambda: began(name))

    return _distinct(ask_each(by_name, ask))


@contextmanager
def observing(
    cluster: Cluster, runners: Mapping[str, NodeRunner], nodes: Iterable[Node]
) -> Iterator[Future[dict[str, Answer[Observed]]]]:
    """Ask every node while the caller does what needs no answer. Where that fails, nobody waits for the nodes."""
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(observe, cluster, runners, tuple(nodes))
        try:
            yield asked
        except BaseException:
            end_all()
            raise


def _observe_one(
    cluster: Cluster, runner: NodeRunner, node: Node, more: Mapping[str, str], began: Callable[[], object]
) -> Observed:
    state = unseen_state_folder(cluster)
    snippets = {"facts": FACTS, "lock": lock.snippet(state), "journal": journal.snippet(state), **more}
    sections = probe(runner, snippets, began=began)
    return Observed(
        facts=parse_facts(node.name, sections["facts"].text),
        lock=_required(lock.parse_lock(node.name, sections["lock"])),
        journal=_required(journal.parse_journal(node.name, sections["journal"])) or Journal(),
        sections={name: sections[name] for name in more},
    )


def _required(observation: Observation[Value]) -> Value | None:
    """What was observed, None when it was observed that there is none. Unknown makes the whole node unknown."""
    if isinstance(observation, Unknown):
        raise observation.error
    return observation.value if isinstance(observation, Present) else None


def _distinct(answers: dict[str, Answer[Observed]]) -> dict[str, Answer[Observed]]:
    by_machine: dict[str, list[str]] = {}
    for name, answer in answers.items():
        if isinstance(answer, Present):
            by_machine.setdefault(answer.value.facts.machine_id, []).append(name)
    for names in by_machine.values():
        for name in names if len(names) > 1 else ():
            answers[name] = Unknown(
                UnknownError(
                    f"{name}: has the machine-id of {', '.join(other for other in names if other != name)}",
                    remedy="two names reach one machine, or a card was cloned: fix the address, or give the clone "
                    "a machine-id of its own (`rm /etc/machine-id && systemd-machine-id-setup`)",
                )
            )
    return answers


def known(answers: Mapping[str, Answer[Observed]]) -> dict[str, Observed]:
    return {name: answer.value for name, answer in answers.items() if isinstance(answer, Present)}


def unknown(answers: Mapping[str, Answer[Observed]]) -> dict[str, Unknown]:
    return {name: answer for name, answer in answers.items() if isinstance(answer, Unknown)}
