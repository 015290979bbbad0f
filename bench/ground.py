"""What every part of the benchmark stands on: the lab, its repository, and places for shared connections."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Subject, Summary, side_by_side
from bench.place import STEMS, Place
from bench.table import Line
from stems.lifecycle.workspace import Workspace, open_workspace


@dataclass(frozen=True)
class Ground:
    """What every part stands on. `known_hosts` outlives the workspace's own."""

    place: Place
    workspace: Workspace
    known_hosts: Path
    rounds: int

    @property
    def scratch(self) -> Path:
        return self.place.scratch

    @property
    def repository(self) -> Path:
        return self.place.repository

    def compare(self, subjects: dict[str, Subject]) -> dict[str, Summary]:
        return side_by_side(subjects, rounds=self.rounds)

    def stems(self, *arguments: str, cwd: Path | None = None, expect: tuple[int, ...] = (0,)) -> Subject:
        return Subject((*STEMS, *arguments), cwd=cwd or self.repository, env=self.runtime("warm"), expect=expect)

    def runtime(self, name: str) -> dict[str, str]:
        """A private runtime folder, where shared connections live."""
        folder = self.scratch / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return {"XDG_RUNTIME_DIR": str(folder)}

    def cold(self, subject: Subject) -> Subject:
        """The same without any connection that is open already."""
        folder = self.scratch / "cold"
        return dataclasses.replace(
            subject, env={"XDG_RUNTIME_DIR": str(folder)}, before=lambda: _fresh(folder)
        )  # fmt: skip


@contextmanager
def opened(place: Place, *, rounds: int) -> Iterator[Ground]:
    with open_workspace(place.repository) as workspace:
        known_hosts = place.scratch / "known_hosts"
        known_hosts.write_text(workspace.pinned)
        ground = Ground(place, workspace, known_hosts, rounds)
        try:
            yield ground
        finally:
            for folder in ("warm", "cold", "bare"):
                close_masters(place.scratch / folder)


def _fresh(folder: Path) -> None:
    close_masters(folder)
    folder.mkdir(mode=0o700, exist_ok=True)


def close_masters(folder: Path) -> None:
    for path in (path for path in folder.rglob("*") if path.is_socket()) if folder.is_dir() else ():
        argv = ("ssh", "-o", f"ControlPath={path}", "-O", "exit", "node")
        subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
        path.unlink(missing_ok=True)


def judged(lines: Sequence[Line], found: Mapping[str, Summary]) -> list[Line]:
    """The lines of a comparison. Where a run ended as it should not have, no budget counts as met."""
    wrong = [Line(f"⚠ {name} {each.failed}".replace("|", "¦"), "") for name, each in found.items() if each.failed]
    if not wrong:
        return list(lines)
    return [*(dataclasses.replace(line, met=False if line.budget else None) for line in lines), *wrong]
