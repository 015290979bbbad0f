"""Nodes of discovered truth, as `.meta/ssot/` has it, and of other files that are about nodes by their name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from stems.lifecycle.assessment.evidence.listed import at, nodes_in, sighting_of
from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.model.names import HOST, is_name
from stems.model.truth import UNKNOWN, Fact
from stems.readers.truth import read_truth
from stems.readers.written_truth import write_size
from stems.validation.files import File
from stems.validation.truth import node_of

T = TypeVar("T")

_TRUTH = re.compile(r"(?:.*/)?(?:\.?meta/)?(?:ssot|truth)/(?P<rest>.+)\.(?:ya?ml|json)")
_ABOUT_NODES = re.compile(
    r"(?:.*/)?(?:cluster|nodes|machines|infrastructure|topology|inventory|hosts|servers|network|homelab)"
    r"(?:[_-](?:truth|info|config|map|nodes|inventory|data))?\.(?:ya?ml|json)"
)
_OF_ONE = re.compile(r"(?:.*/)?(?:nodes|hosts|machines|servers)/(?P<name>[^/]+)")


def sightings(look: Look) -> Iterator[Sighting]:
    for file in look.settled:
        truth = _TRUTH.fullmatch(file.path)
        if node := node_of(file):
            yield from _discovered(file, node)
        elif truth:
            yield from _of(file, "discovered truth", truth["rest"])
        elif _ABOUT_NODES.fullmatch(file.path) and not (look.is_declared and file.path == "config/cluster.yml"):
            yield from _of(file, "list of nodes", "")


def _discovered(file: File, node: str) -> Iterator[Sighting]:
    """What a file of `stems discover` says. Its words are known, so that nothing of it is guessed."""
    truth = read_truth(file.text, file.path, node).truth
    if truth is None:
        return
    facts = {
        "hostname": _said(truth.hostname, str),
        "arch": _said(truth.arch, str),
        "memory": _said(truth.memory, lambda size: str(write_size(size))),
        "gpu": _said(truth.gpu, lambda gpus: ",".join(gpu.name for gpu in gpus)),
        "services": _said(
            truth.containers, lambda found: ",".join(dict.fromkeys(one.project or one.name for one in found))
        ),
    }
    others = (facts["hostname"],) if is_name(HOST, facts["hostname"]) and facts["hostname"] != node else ()
    addresses = [] if truth.addresses is UNKNOWN else [each for found in truth.addresses.values() for each in found]
    reached = [address.partition("/")[0] for address in addresses if ":" not in address]
    yield Sighting(
        node,
        truth.written.place("node"),
        "discovered truth",
        Strength.DECLARED,
        others,
        # Of several, nobody can tell which one the others reach.
        reached[0] if len(reached) == 1 else "",
        facts={word: value for word, value in facts.items() if value},
    )


def _said(fact: Fact[T], write: Callable[[T], str]) -> str:
    return "" if fact is UNKNOWN else write(fact)


def _of(file: File, says: str, rest: str) -> Iterator[Sighting]:
    for document in file.documents[:20]:
        if not rest and _is_inventory(document.value):
            continue
        yield from nodes_in(document.value, at(document), says, Strength.DECLARED, names_alone=bool(rest))
        alone = _OF_ONE.fullmatch(rest)
        name = alone["name"] if alone else rest if rest and "/" not in rest else ""
        one = sighting_of(name, document.value, document.place(), says, Strength.DECLARED) if name else None
        # A file such as `infrastructure-truth.yaml` says `type` and `name` of itself.
        if one and (alone or one.address):
            yield one


def _is_inventory(value: object) -> bool:
    """Whether it has the groups of an Ansible inventory, which is read as one."""
    groups = value.values() if isinstance(value, Mapping) else ()
    return any(isinstance(group, Mapping) and not {"hosts", "children"}.isdisjoint(group) for group in groups)
