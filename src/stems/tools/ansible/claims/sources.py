"""Where Ansible looks for a file that a task names: in the role, beside the tasks, beside the playbook."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sources:
    """The folders of one task, in their order; the last one is the source of the domain."""

    folders: tuple[Path, ...]

    def found(self, name: str) -> Path | None:
        """A file or folder of the repository."""
        source = self.folders[-1]
        if not name or "\0" in name or (name.startswith("/") and not name.startswith(f"{source}/")):
            # What lies elsewhere on this machine says nothing about the commit.
            return None
        return next((path for folder in self.folders if (path := folder / name).exists()), None)


# Every task of a file looks into the same.
@lru_cache(maxsize=1000)
def sources_of(root: Path, named: str, path: str, part: str) -> Sources:
    """`path` is that of the file with the task, `part` the folder that its module looks into first."""
    source, file = root / named, root / path
    role = next((above for above in file.parents if above.parent == source / "roles"), None)
    bases = dict.fromkeys([*((role,) if role else ()), file.parent, source])
    return Sources(tuple(folder for base in bases for folder in (base / part, base)))
