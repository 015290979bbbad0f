"""What an assessment looks at: files, what rules say of them, and how they came to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from posixpath import normpath

from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.tools.git.snapshot import Message
from stems.validation.check import Judgement
from stems.validation.content import Kind
from stems.validation.files import File, Files
from stems.validation.subject import Subject

# `inventory.example` and `hosts.sample.ini` show how it would be done.
_SPECIMEN = re.compile(r"(?:^|[._-])(?:example|sample|dist|default|template|skeleton)s?(?:[._-]|$)", re.IGNORECASE)
_SCRIPTS = (".sh", ".bash", ".zsh")


@dataclass(frozen=True)
class Look:
    """A repository that is assessed.

    `messages` are its newest commits, None where there is no history. `untracked` are files that Git does not have.
    """

    name: str
    subject: Subject
    judgement: Judgement
    messages: tuple[Message, ...] | None = None
    untracked: tuple[str, ...] = ()

    @property
    def files(self) -> Files:
        return self.subject.files

    @property
    def cluster(self) -> Cluster:
        """An empty one where none is declared, or cannot be read: what is wrong with it is a finding."""
        return self.subject.cluster

    @cached_property
    def live(self) -> tuple[File, ...]:
        """The files that configure something: no archives, examples or pages."""
        return tuple(file for file in self.own if not file.is_aside and not file.is_documentation)

    @cached_property
    def own(self) -> tuple[File, ...]:
        """Without the methodology: its pages and templates came with it, and say nothing of this repository."""
        return tuple(file for file in self.files if not file.path.startswith(".stems/"))

    @cached_property
    def settled(self) -> tuple[File, ...]:
        """Those of them that are not there to be copied."""
        return tuple(file for file in self.live if not _SPECIMEN.search(file.name))

    @property
    def is_declared(self) -> bool:
        return CLUSTER_FILE in self.files

    @cached_property
    def unit_folders(self) -> dict[str, str]:
        """The folder of each declared service of systemd, which may hold several units."""
        source = self.cluster.domains.services.source if self.cluster.domains.services else ""
        named = (one for one in self.cluster.services.values() if one.tool == "systemd" and source)
        return {one.name: normpath(f"{source}/{one.where}") for one in named}

    @cached_property
    def scripts(self) -> tuple[File, ...]:
        """Shell scripts, by their ending or their first line."""
        return tuple(file for file in self.live if self._is_script(file))

    def _is_script(self, file: File) -> bool:
        if file.name.endswith(_SCRIPTS):
            return file.kind is Kind.TEXT
        # Most scripts without an ending lie where programs do, and reading every file only for its start is dear.
        return "." not in file.name.lstrip(".") and _starts_a_shell(file.text[:80])


def _starts_a_shell(start: str) -> bool:
    return start.startswith("#!") and re.search(r"\b(?:ba|z|da|k)?sh\b", start.split("\n", maxsplit=1)[0]) is not None


def matching(files: tuple[File, ...], pattern: re.Pattern[str]) -> Iterator[File]:
    """Those whose whole path is as the pattern says."""
    return (file for file in files if pattern.fullmatch(file.path))
