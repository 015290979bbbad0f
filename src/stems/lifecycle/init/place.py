"""The folder that becomes a repository of a cluster, and what is in it already."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stems.errors import ToolError, UsageError
from stems.infrastructure.runner import Runner
from stems.lifecycle.assess import assess
from stems.lifecycle.assessment.proposal import propose
from stems.lifecycle.init.component import component_files, folder_of
from stems.lifecycle.init.manifest import FOLDER
from stems.model.assessment import Assessment
from stems.model.change import Domain
from stems.model.cluster import CLUSTER_FILE
from stems.model.names import printable
from stems.tools.git.repository import Repository
from stems.tools.git.snapshot import find_any

_OWN = frozenset({".git", FOLDER})


@dataclass(frozen=True, slots=True)
class Folder:
    """`root` need not exist yet. `taken` are the domains that it has files for, `is_adoptable` that it names nodes."""

    root: Path
    repository: Repository | None = None
    taken: frozenset[Domain] = frozenset()
    is_adoptable: bool = False

    def has(self, path: str) -> bool:
        return os.path.lexists(self.root / path)

    @property
    def is_described(self) -> bool:
        return self.has(CLUSTER_FILE)


def look(path: Path | None, here: Path, runner: Runner) -> Folder:
    """Without a path, the repository of the current folder, or that folder."""
    root = (here / path if path else here).resolve()
    if os.path.lexists(root) and not root.is_dir():
        raise UsageError(f"{printable(str(root))}: not a folder", remedy="name another one")
    repository = _repository(root, runner)
    if repository and not path:
        root = repository.root
    elif repository and repository.root.resolve() != root.resolve():
        raise UsageError(
            f"{printable(str(root))} lies in the repository {printable(str(repository.root))}",
            remedy="name that one, or a folder outside of it",
        )
    found = Folder(root, repository)
    if not _has_files(root) or found.is_described:
        return found
    seen = assess(root)
    return Folder(root, repository, _taken(found, seen), propose(seen).is_usable)


def _repository(root: Path, runner: Runner) -> Repository | None:
    place = next(folder for folder in (root, *root.parents) if folder.is_dir())
    found, has_files = find_any(place, runner)
    if found and not has_files:
        raise UsageError(
            f"{place}: a repository without a working tree", remedy="name a clone of it, or another folder"
        )
    return Repository.find(place, runner) if found else None


def _has_files(root: Path) -> bool:
    try:
        return any(entry.name not in _OWN for entry in os.scandir(root))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ToolError(f"{root}: cannot be read: {error.strerror}", remedy=f"look at `ls -ld {root}`") from None


def _taken(folder: Folder, seen: Assessment) -> frozenset[Domain]:
    return frozenset(domain for domain in Domain if _is_taken(folder, seen, domain))


def _is_taken(folder: Folder, seen: Assessment, domain: Domain) -> bool:
    own = folder_of(domain)
    if any(one.domain is domain and one.root != own for one in seen.domains):
        return True
    return folder.has(own) and not _is_of_template(folder.root, domain)


def _is_of_template(root: Path, domain: Domain) -> bool:
    """Whether all that is in the folder of a domain is the template's: what was written before something failed."""
    texts = {file.path: file.text for file in component_files(domain)}
    for folder, _, names in os.walk(root / folder_of(domain)):
        for name in names:
            path = Path(folder, name)
            text = texts.get(path.relative_to(root).as_posix())
            if text is None or path.is_symlink() or path.read_bytes() != text.encode():
                return False
    return True
