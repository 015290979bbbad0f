"""Configuration for what runs already: files of a service and its entry in the cluster file, in the working tree."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import join, normpath

from stems.configuration.load import load_cluster
from stems.errors import ToolError, UnknownError, UsageError
from stems.lifecycle.undeclared import Asking, ask, claimed, job_of, look
from stems.lifecycle.working_files import replace
from stems.lifecycle.workspace import Workspace
from stems.model.cluster import CLUSTER_FILE
from stems.model.names import SERVICE, is_name, is_relative_path, printable
from stems.model.service import UNWRITTEN
from stems.readers.insertion import with_entry
from stems.readers.written import write_yaml
from stems.tools.compose.existing.candidates import Candidate, grouped, refusal
from stems.tools.compose.existing.described import described
from stems.tools.compose.existing.found import Found
from stems.tools.compose.existing.proposal import Destination, Proposal
from stems.tools.compose.existing.taken import NotTakenError, taken
from stems.tools.compose.model.files import COMPOSE_FILES, OVERRIDE_FILES
from stems.tools.compose.naming import NAME as COMPOSE
from stems.tools.compose.naming import normalised
from stems.tools.compose.tree import TEMPLATE
from stems.tools.compose.variables import environment

_NAME = re.compile(r"(?:(?P<kind>project|container):)?(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,200})")


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was written: files with where each comes from, and the entry of the cluster file.

    `entry` are its lines. `line` is where they stand in the cluster file, 0 when they could not be added there.
    """

    node: str
    candidate: Candidate
    service: str
    folder: str
    proposal: Proposal
    entry: str
    line: int


def adopt(workspace: Workspace, node: str, name: str, *, service: str = "") -> Adopted:
    """Write the files of one of them into the working tree. Nothing that exists is overwritten."""
    asking = ask(workspace, node)
    words = _NAME.fullmatch(name)
    if not words:
        raise UsageError(f"{printable(name)}: no name of a project or container", remedy=f"see `stems adopt {node}`")
    found, account = look(asking, words["name"])
    candidate = _chosen(asking, found, kind=words["kind"] or "", name=words["name"])
    service = service or candidate.name.lower()[:63]
    _require_free(asking, found, candidate, service)
    folder = normpath(join(asking.domain.source, service))
    given = frozenset(environment(job_of(asking), asking.node))
    place = Destination(service, node, f"{asking.cluster.checkout}/{folder}", given, account)
    proposal = _proposal(candidate, found, place)
    return _write(asking, candidate, proposal, service=service, folder=folder)


def _chosen(asking: Asking, found: Found, *, kind: str, name: str) -> Candidate:
    node = asking.node.name
    matching = [one for one in grouped(found) if one.name == name and kind in {"", one.kind}]
    if not matching:
        raise UsageError(f"{node}: no project or container {name}", remedy=f"see `stems adopt {node}`")
    if len(matching) > 1:
        raise UsageError(
            f"{node}: {name} is a project and a container", remedy=f"say `project:{name}` or `container:{name}`"
        )
    why = refusal(matching[0], claimed(asking))
    if why:
        raise UsageError(f"{node}: {name} is not to be adopted: {why}", remedy=f"see `stems adopt {node}`")
    return matching[0]


def _require_free(asking: Asking, found: Found, candidate: Candidate, service: str) -> None:
    if not is_name(SERVICE, service) or not normalised(service):
        raise UsageError(
            f"{printable(service)}: not a name for a service",
            remedy="give one of lower-case letters, digits, `_`, `.` and `-` with `--as`",
        )
    if service in asking.cluster.services:
        place = asking.cluster.written.key_place("services", service)
        raise UsageError(
            f"{place}: there is a service {service}",
            remedy=f"give another name with `--as`; if it is the same, add {asking.node.name} to its `node`",
        )
    projects = {one.name for one in grouped(found) if one.is_project}
    if not candidate.is_project and normalised(service) in projects:
        raise UsageError(
            f"{asking.node.name}: there is a project {normalised(service)}, which is not this container",
            remedy="give another name with `--as`",
        )


def _proposal(candidate: Candidate, found: Found, place: Destination) -> Proposal:
    try:
        if not candidate.is_project:
            return described(candidate, found, place)
        try:
            return taken(candidate, found, place)
        except NotTakenError as error:
            return described(candidate, found, place, why=f"written from what runs, because {error}")
    except (ValueError, KeyError, TypeError) as error:
        raise UnknownError(
            f"{place.node}: what it said about {candidate.name} cannot be read: {printable(str(error))}",
            remedy=f"see `docker inspect` of it on {place.node}",
        ) from None


def _write(asking: Asking, candidate: Candidate, proposal: Proposal, *, service: str, folder: str) -> Adopted:
    root = asking.workspace.repository.root
    target = root / folder
    if not is_relative_path(folder) or not target.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{folder}: leads out of the repository", remedy="look at where its links lead")
    there = [name for name in (*COMPOSE_FILES, *OVERRIDE_FILES, TEMPLATE) if os.path.lexists(target / name)]
    if there:
        raise UsageError(
            f"{folder}/{there[0]} exists, and nothing is overwritten",
            remedy="give another name with `--as`, or declare the service that is there",
        )
    entry = _entry(asking, proposal)
    changed = with_entry(asking.text, path=CLUSTER_FILE, section="services", name=service, entry=entry)
    line = load_cluster(changed).written.key_place("services", service).line if changed else 0
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, text in proposal.files.items():
            with (target / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise ToolError(f"{folder}: cannot be written: {error.strerror}", remedy=f"look at {target}") from None
    if changed:
        replace(root, CLUSTER_FILE, asking.text.encode(), changed.encode())
    lines = write_yaml({service: entry}, indent=2)
    return Adopted(asking.node.name, candidate, service, folder, proposal, lines, line)


def _entry(asking: Asking, proposal: Proposal) -> Mapping[str, object]:
    entry: dict[str, object] = {"node": asking.node.name}
    if asking.domain.tool != COMPOSE:
        entry["tool"] = COMPOSE
    entry["reason"] = UNWRITTEN
    if proposal.project:
        entry["project"] = proposal.project
    if proposal.keeps_data:
        entry["data"] = "local"
    return entry
