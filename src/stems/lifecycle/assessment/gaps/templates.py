"""No templates? Whether what differs between nodes is a variable, or written out again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from stems.lifecycle.assessment.gaps.seen import SEVERAL, SHOWN, Seen, count
from stems.lifecycle.assessment.nodes import is_address
from stems.model.assessment import Effort, Evidence, FoundService, Gap, Pillar, Question, Step, Strength
from stems.model.finding import Place

_LARGEST = 200_000
_ADDRESS = re.compile(r"(?<![\w.:])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)")
_MOST = 1000


def gaps(seen: Seen) -> Iterator[Gap]:
    nodes = [node for node in seen.nodes if node.strength is not Strength.MENTIONED]
    if not seen.templates and not seen.variables:
        how = "take the file that differs least between nodes, and make what differs in it a variable"
        step = Step("Make one file a template", how, Effort.HOUR, 50 if len(nodes) > 1 else 20)
        what = f"{count(len(nodes), 'node')} and " if len(nodes) > 1 else ""
        yield Gap(Question.TEMPLATES, Pillar.PARITY, f"{what}no template and no variable anywhere", step=step)
    elif not seen.templates:
        shown = tuple(one for part in seen.variables for one in part.evidence[:1])[:SHOWN]
        yield Gap(Question.TEMPLATES, Pillar.PARITY, "variables are there, and no template uses them", shown)
    yield from _copies(seen)
    yield from _addresses(seen)
    yield from _env_templates(seen)


def _copies(seen: Seen) -> Iterator[Gap]:
    """Services that are written out once for each of their nodes."""
    by_name: dict[tuple[str, str], list[FoundService]] = {}
    for one in seen.services:
        if one.nodes:
            by_name.setdefault((one.name, one.tool), []).append(one)
    copied = [found for found in by_name.values() if len({one.nodes for one in found}) > 1]
    if copied:
        worst = max(copied, key=len)
        names = ", ".join(found[0].name for found in copied[:SHOWN])
        message = f"{count(len(copied), 'service')} written out once for each node: {names}"
        how = f"keep one copy of {worst[0].name}, and make what differs variables of its nodes"
        step = Step("Write one service once", how, Effort.HOUR, 58)
        shown = tuple(Evidence(one.place, one.nodes[0]) for one in worst[:SHOWN])
        yield Gap(Question.TEMPLATES, Pillar.PARITY, message, shown, len(copied), step)


def _addresses(seen: Seen) -> Iterator[Gap]:
    """Addresses of nodes that stand in many files: a move would have to find all of them."""
    names = {
        one.address: node.name
        for node in seen.nodes
        for one in node.sightings
        if is_address(one.address) and not one.address.startswith(("127.", "::1"))
    }
    places: dict[str, list[Place]] = {}
    for file in seen.look.settled if names else ():
        text = file.text if len(file.text) < _LARGEST else ""
        first: dict[str, int] = {}
        for found in islice(_ADDRESS.finditer(text), _MOST):
            if found[0] in names:
                first.setdefault(found[0], found.start())
        for address, offset in first.items():
            places.setdefault(address, []).append(file.at(offset))
    repeated = {address: found for address, found in places.items() if len(found) >= SEVERAL}
    if repeated:
        worst = min(repeated, key=lambda address: (-len(repeated[address]), names[address]))
        shown = tuple(Evidence(place, worst) for place in repeated[worst][:SHOWN])
        message = f"the address of {names[worst]} is written out in {len(repeated[worst])} files"
        others = sorted(
            f", of {names[address]} in {len(repeated[address])}" for address in repeated if address != worst
        )
        message += "".join(others[:SHOWN]) + (", and more" if others[SHOWN:] else "")
        how = f"keep {worst} in one place, such as a variable of its node, and name that elsewhere"
        step = Step("Write each address once", how, Effort.HOUR, 45)
        yield Gap(Question.TEMPLATES, Pillar.PARITY, message, shown, len(repeated[worst]), step)


def _env_templates(seen: Seen) -> Iterator[Gap]:
    there = any(part.what == "templates of environment files" for part in seen.templates)
    using = next((part for part in seen.variables if part.what == "Compose files with variables"), None)
    if using and not there and not any(part.what == "environment files" for part in seen.variables):
        step = Step(
            "Say which values a service needs",
            f"write env.template beside {using.evidence[0].place.path}: each name, without its value",
            Effort.MINUTES,
            55,
        )
        message = (
            f"{count(using.count, 'Compose file')} with variables, and no env.template says which values they need"
        )
        yield Gap(Question.TEMPLATES, Pillar.PARITY, message, using.evidence, using.count, step)
