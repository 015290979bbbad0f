"""What `stems init` would write into a folder: only what is not there, and one edit of the cluster file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stems.configuration.load import load_cluster
from stems.configuration.text import read_text
from stems.errors import ConfigurationError, UsageError
from stems.lifecycle.init.beside import Beside, beside
from stems.lifecycle.init.cluster_file import Beginning, cluster_text
from stems.lifecycle.init.component import common_files, component_files, declared, folder_of, settings_of
from stems.lifecycle.init.manifest import FOLDER, MANIFEST, blob_id, written
from stems.lifecycle.init.place import Folder
from stems.lifecycle.template import ShippedFile, methodology_files
from stems.model.change import Domain
from stems.model.cluster import CLUSTER_FILE
from stems.readers.insertion import with_entry
from stems.validation.whitelists import FOLDER as WHITELISTS

_SERVICES = "services"
_ADDRESSES = "192.0.2."
"""Where the addresses of the template begin, which no machine has."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Files to write, those of the template that are there already and stay, and what is to be known.

    `beside` is what of the methodology goes with a `.meta/` of the repository, where the methodology is new.

    `cluster` is the cluster file with one more domain where it is there already, and empty where it stays as it is.
    """

    root: Path
    files: tuple[ShippedFile, ...]
    kept: tuple[str, ...] = ()
    cluster: str = ""
    before: str = ""
    added: tuple[Domain, ...] = ()
    notes: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()
    makes_repository: bool = False
    leaves_to_adopt: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.files or self.cluster or self.makes_repository)

    @property
    def names_machines(self) -> bool:
        """Whether the cluster file names machines of the person, and not those of the template alone."""
        text = next((file.text for file in self.files if file.path == CLUSTER_FILE), "")
        return bool(self.cluster) or _ADDRESSES not in text


@dataclass(slots=True)
class _Wanted:
    files: list[ShippedFile] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    added: list[Domain] = field(default_factory=list)
    text: str = ""
    beside: tuple[Beside, ...] = ()


def begin(folder: Folder, beginning: Beginning, *, only: Sequence[Domain] = ()) -> Begun:
    """Nothing is written. `only` are the domains to begin with, or to add where there is a cluster file."""
    wanted = _Wanted()
    before = ""
    if folder.is_described:
        before = read_text(folder.root / CLUSTER_FILE, CLUSTER_FILE)
        _grow(folder, before, only, wanted)
    elif not folder.is_adoptable:
        _make(folder, beginning, only or tuple(Domain), wanted)
    elif only:
        wanted.notes.append(f"no domain is added before there is a {CLUSTER_FILE}")
    algorithm = _algorithm(folder)
    if not folder.has(f"{FOLDER}/{MANIFEST}"):
        wanted.files += _tree(algorithm)
        wanted.beside = beside(folder.has)
        if folder.has(WHITELISTS):
            wanted.notes.append(f"{WHITELISTS} says what may lie where: put {FOLDER}/ and what else is new on its list")
    there = tuple(file.path for file in wanted.files if folder.has(file.path))
    return Begun(
        folder.root,
        tuple(sorted(file for file in wanted.files if file.path not in there)),
        kept=there,
        cluster=wanted.text,
        before=before,
        added=tuple(wanted.added),
        notes=tuple(wanted.notes),
        beside=wanted.beside,
        makes_repository=folder.repository is None,
        leaves_to_adopt=folder.is_adoptable,
    )


def _make(folder: Folder, beginning: Beginning, only: Sequence[Domain], wanted: _Wanted) -> None:
    """The template, without what the folder has in its own way."""
    for domain in only:
        if domain in folder.taken:
            wanted.notes.append(
                f"the {domain.value} domain has files here already: declare them under `domains` of {CLUSTER_FILE}"
            )
        else:
            wanted.added.append(domain)
            wanted.files += component_files(domain)
    text = cluster_text(Beginning(beginning.name, beginning.nodes, tuple(wanted.added), beginning.checkout))
    wanted.files += (*common_files(), ShippedFile(CLUSTER_FILE, text, executable=False))


def _grow(folder: Folder, text: str, only: Sequence[Domain], wanted: _Wanted) -> None:
    """The domains that are wanted and not declared yet, with their files."""
    cluster = load_cluster(text)
    there = {
        Domain.USER: bool(cluster.domains.user),
        Domain.SYSTEM: cluster.domains.system is not None,
        Domain.SERVICES: cluster.domains.services is not None,
    }
    for domain in only:
        source = folder_of(domain)
        if there[domain]:
            wanted.notes.append(f"the {domain.value} domain is declared already")
            continue
        if folder.has(source):
            raise UsageError(
                f"{source}/ is there already, and the {domain.value} domain is not declared",
                remedy=f"declare it under `domains` of {CLUSTER_FILE}, or move it away",
            )
        text = _with(text, "domains", domain.value, settings_of(domain))
        if domain is Domain.SERVICES:
            for name, entry in declared()[_SERVICES].items():
                text = _with(text, _SERVICES, name, {**entry, "node": next(iter(cluster.nodes))})
        wanted.added.append(domain)
        wanted.files += component_files(domain)
        wanted.text = text


def _with(text: str, section: str, name: str, entry: dict[str, object]) -> str:
    changed = with_entry(text, path=CLUSTER_FILE, section=section, name=name, entry=entry)
    if changed is None:
        raise ConfigurationError(
            f"{CLUSTER_FILE}: nothing can be added to `{section}` for sure, because it is not in block style",
            remedy=f"write `{section}:` with one entry in each line below it, then run this again",
        )
    return changed


def _tree(algorithm: str) -> Iterator[ShippedFile]:
    shipped = methodology_files()
    for file in shipped:
        yield file._replace(path=f"{FOLDER}/{file.path}")
    objects = {file.path: (blob_id(file.text.encode(), algorithm),) for file in shipped}
    yield ShippedFile(f"{FOLDER}/{MANIFEST}", written(objects), executable=False)


def _algorithm(folder: Folder) -> str:
    return folder.repository.object_format() if folder.repository else "sha1"
