"""What a tool of another package may answer: the rest of stems relies on it, so it is judged where it comes in.

What is compared and approved is taken as it is or refused; what only people read is cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stems.model.change import Change, Domain, Group, Risk, Undo
from stems.model.claim import Claim
from stems.model.cluster import Cluster
from stems.model.finding import Finding, Place, Severity
from stems.model.names import DIGEST, is_name, printable
from stems.model.node import Node
from stems.model.state import Health, ServiceState
from stems.tools.base import Preview
from stems.tools.network import HOME_WAYS_IN, touches_network
from stems.tools.redact import MAX_DIFF, REDACTED, redacted

_RESOURCE = re.compile(r"[a-z][a-z0-9-]{0,31}:.{1,4096}")
_ACTION = re.compile(r"[a-z][a-z -]{0,31}")
_CODE = re.compile(r"(?!STM)[A-Z]{2,8}[0-9]{1,4}")


class UnfitError(ValueError):
    """An answer that the rest of stems cannot take; the text goes on after "answered"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a preview was asked of, and about which node of which cluster."""

    tool: str
    domain: Domain
    cluster: Cluster
    node: Node


def preview(answer: object, asked: Asked) -> Preview:
    if not isinstance(answer, Preview):
        raise UnfitError(f"{_shown(answer)}, which is no Preview")
    return Preview(
        changes=tuple(_change(each, asked) for each in answer.changes),
        version=line(answer.version),
        blocked=line(answer.blocked),
        unmanaged=tuple(line(each) for each in answer.unmanaged),
        notes=tuple(line(each) for each in answer.notes),
    )


def finding(answer: object) -> Finding:
    if not isinstance(answer, Finding) or not isinstance(answer.severity, Severity):
        raise UnfitError(f"{_shown(answer)}, which is no Finding")
    _require(is_name(_CODE, answer.code), f"the code {_shown(answer.code)}: capital letters, not STM, and a number")
    place, message, remedy = _place(answer.place), line(answer.message), line(answer.remedy)
    # Which files are written is decided by rules of stems alone.
    return replace(answer, place=place, message=message, remedy=remedy, fix=(), linter_code="")


def claim(answer: object, tool: str, node: Node) -> Claim:
    if not isinstance(answer, Claim):
        raise UnfitError(f"{_shown(answer)}, which is no Claim")
    _require((answer.tool, answer.node) == (tool, node.name), f"{_shown(answer)}, a claim of another tool or node")
    _require(_is_resource(answer.resource), f"{_shown(answer.resource)}, which is no resource")
    return replace(answer, place=_place(answer.place))


def states(answer: Iterable[object], tool: str, cluster: Cluster, node: Node) -> Sequence[ServiceState]:
    """One state for each service of the tool on the node: a missing one would look well."""
    found = list(answer)
    for state in found:
        if not isinstance(state, ServiceState) or not isinstance(state.health, Health):
            raise UnfitError(f"{_shown(state)}, which is no ServiceState")
    kept = [replace(state, detail=line(state.detail)) for state in found if isinstance(state, ServiceState)]
    wanted = sorted(service.name for service in cluster.services_on(node.name) if service.tool == tool)
    told = sorted(state.service for state in kept)
    _require(told == wanted, f"about {', '.join(told) or 'nothing'}, asked was {', '.join(wanted) or 'nothing'}")
    return kept


def line(answer: object) -> str:
    """Text of one line, for people."""
    return text(answer).replace("\n", " ")


def text(answer: object) -> str:
    """Text for people."""
    if not isinstance(answer, str):
        raise UnfitError(f"{_shown(answer)}, which is no text")
    return printable(answer)


def _change(answer: object, asked: Asked) -> Change:
    if not isinstance(answer, Change):
        raise UnfitError(f"{_shown(answer)}, which is no Change")
    is_its_own = (answer.node, answer.domain, answer.tool) == (asked.node.name, asked.domain, asked.tool)
    _require(is_its_own, f"{_shown(answer)}, a change of another node, domain or tool")
    _require(_is_resource(answer.resource), f"{_shown(answer.resource)}, which is no resource")
    about = answer.resource
    _require(is_name(_ACTION, answer.action), f"{about} with the action {_shown(answer.action)}")
    _require(isinstance(answer.risk, Risk) and isinstance(answer.undo, Undo), f"{about} without class or undo")
    digests = all(digest == "" or is_name(DIGEST, digest) for digest in (answer.before, answer.after))
    _require(digests, f"{about} with a before or after that is no SHA-256 digest")
    _require(answer.group is Group.NONE, f"{about} of a group step, which a tool of another package does not have")
    _require(answer.service in {"", *asked.cluster.services}, f"{about} of no declared service")
    _require_class(answer, asked)
    return replace(
        answer,
        diff=_diff(answer.diff),
        source=line(answer.source),
        note=line(answer.note),
        by_hand=bool(answer.by_hand),
    )


def _require_class(change: Change, asked: Asked) -> None:
    """A class decides whether a person is asked: a tool cannot make less of a change than it is."""
    told = f"{change.resource} of class {change.risk.value}"
    if _cuts_off(change.resource):
        _require(change.risk in (Risk.NETWORK, Risk.UNKNOWN), f"{told}, and it can cut the way in: that is network")
    if asked.domain is not Domain.USER:
        _require(change.risk is not Risk.USER, f"{told}, in the domain {asked.domain.value}")


def _cuts_off(resource: str) -> bool:
    home, _, below = resource.removeprefix("file:").partition("/")
    return touches_network(resource, "") or (home.startswith("~") and below in HOME_WAYS_IN)


def _is_resource(answer: object) -> bool:
    return is_name(_RESOURCE, answer) and printable(str(answer)) == answer


def _place(answer: object) -> Place:
    if not isinstance(answer, Place):
        raise UnfitError(f"{_shown(answer)}, which is no Place")
    return replace(answer, path=line(answer.path))


def _diff(answer: object) -> str:
    """Without what looks like a secret in one of its lines: what goes on over several was its maker's to redact."""
    diff = text(answer)
    if len(diff) > MAX_DIFF or redacted(diff) == REDACTED:
        return ""
    return "".join(redacted(each) for each in diff.splitlines(keepends=True))


def _require(met: bool, otherwise: str) -> None:  # noqa: FBT001  # what is required reads first
    if not met:
        raise UnfitError(otherwise)


def _shown(answer: object) -> str:
    return repr(answer)[:200]
