"""A new service in the working tree: where it fits, what would be written, and writing it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import date

from stems.configuration.load import load_cluster
from stems.configuration.text import read_text
from stems.errors import UsageError
from stems.lifecycle.decision.page import Decision, write_decision
from stems.lifecycle.place import Candidate, Placement, place_in
from stems.lifecycle.placing import placement_decision
from stems.lifecycle.service.files import service_files
from stems.lifecycle.service.trial_tree import trial_tree
from stems.lifecycle.service.wanted import Wanted, folder_of
from stems.lifecycle.template import ShippedFile
from stems.lifecycle.validate import validate_as
from stems.lifecycle.working_files import replace as replace_file
from stems.lifecycle.working_files import require_inside, write_new
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.model.finding import Finding
from stems.model.service import Data
from stems.readers.insertion import with_entry
from stems.readers.written import write_yaml
from stems.tools.git.repository import Repository
from stems.validation.rules.structure.missing_readme import CODE as UNWRITTEN_PAGE


@dataclass(frozen=True, slots=True)
class Draft:
    """All that would be written. `after` is the cluster file with the entry, empty when a person must add it.

    `findings` are what rules would say about the service.
    """

    wanted: Wanted
    node: str
    reason: str
    folder: str
    files: tuple[ShippedFile, ...]
    entry: str
    before: str
    after: str
    decision: Decision | None
    findings: tuple[Finding, ...]


def require_free(repository: Repository, folder: str, files: tuple[ShippedFile, ...]) -> None:
    """Raise where something of somebody else is in the way. What an interrupted run wrote is not."""
    root = repository.root
    for file in files:
        require_inside(root, file.path)
    ours = {file.path: file.text for file in files}
    there = [path for path in _below(repository, folder) if not _is_ours(repository, path, ours)]
    if there:
        raise UsageError(
            f"{there[0]}: is there already, and stays as it is",
            remedy=f"give the new service another name, or see `stems place {folder.rpartition('/')[2]}`",
        )


def places_for(repository: Repository, cluster: Cluster, wanted: Wanted) -> Placement:
    """Which nodes it fits on, with its files as they would be."""
    files = service_files(wanted, folder_of(cluster, wanted.name))
    require_free(repository, folder_of(cluster, wanted.name), files)
    with trial_tree(repository, {file.path: file.text for file in files}) as tree:
        return place_in(tree, cluster, wanted.service())


def draft_of(repository: Repository, cluster: Cluster, wanted: Wanted, node: str, reason: str) -> Draft:
    """Nothing is written yet; what is wrong with the entry is told here."""
    folder = folder_of(cluster, wanted.name)
    files = service_files(wanted, folder)
    domain = cluster.domains.services
    entry = wanted.entry(node, reason, domain.tool if domain else "")
    before = read_text(repository.root / CLUSTER_FILE, CLUSTER_FILE)
    after = with_entry(before, path=CLUSTER_FILE, section="services", name=wanted.name, entry=entry) or ""
    findings = _findings(repository, after, files) if after else ()
    shown = write_yaml({wanted.name: entry}, indent=2)
    return Draft(wanted, node, reason, folder, files, shown, before, after, None, findings)


def decided(draft: Draft, placement: Placement, chosen: Candidate, day: date) -> Draft:
    """With the page that says why it runs there."""
    page = placement_decision(placement, chosen, draft.reason, day)
    return replace(draft, decision=replace(page, context=f"{_asks(draft.wanted)}\n\n{page.context}"))


def write_service(repository: Repository, draft: Draft) -> str:
    """Write all of it, the cluster file last, so that what was interrupted can be done again.

    Returns the path of the decision, empty where none was asked for.
    """
    root = repository.root
    require_inside(root, CLUSTER_FILE)
    require_free(repository, draft.folder, draft.files)
    for file in draft.files:
        if not os.path.lexists(root / file.path):
            write_new(root, file)
    page = write_decision(root, draft.decision).path if draft.decision else ""
    if draft.after:
        replace_file(root, CLUSTER_FILE, draft.before.encode(), draft.after.encode())
    return page


def _below(repository: Repository, folder: str) -> list[str]:
    place = repository.root / folder
    if not os.path.lexists(place):
        return []
    if place.is_symlink() or not place.is_dir():
        return [folder]
    return sorted(path.relative_to(repository.root).as_posix() for path in place.rglob("*") if not path.is_dir())


def _is_ours(repository: Repository, path: str, ours: dict[str, str]) -> bool:
    place = repository.root / path
    return path in ours and not place.is_symlink() and place.is_file() and place.read_bytes() == ours[path].encode()


def _findings(repository: Repository, cluster_file: str, files: tuple[ShippedFile, ...]) -> tuple[Finding, ...]:
    cluster = load_cluster(cluster_file)
    texts = {file.path: file.text for file in files}
    with trial_tree(repository, {**texts, CLUSTER_FILE: cluster_file}) as tree:
        found = validate_as(cluster, tree).findings
    # What the new page is to say is for a person to write afterwards, which the last lines of the command ask for.
    return tuple(finding for finding in found if finding.place.path in texts and finding.code != UNWRITTEN_PAGE)


def _asks(wanted: Wanted) -> str:
    what = f"Runs {wanted.image}." if wanted.image else f"A unit of systemd that runs `{wanted.command}`."
    listens = f" It listens on port {wanted.node_port} of its node." if wanted.port else ""
    gpu = f" and {wanted.gpu} GPU" if wanted.gpu else ""
    keeps = "keeps no data" if wanted.data == Data.NONE.value else f"keeps {wanted.data} data"
    return f"A new service, {wanted.name}. {what}{listens} It asks for {wanted.memory} of memory{gpu}, and {keeps}."
