"""The ledger: add-only files on an orphan branch, written without touching the working tree."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stems.errors import StemsError, ToolError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.runner import Runner
from stems.model.names import SHA, is_name, printable
from stems.tools.git.command import git_command, output_of
from stems.tools.git.repository import Entry, Repository, full, identity, parse_entries

REF = "refs/heads/stems/ledger"
TRIES = 10
_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9_@+.-]{0,200}/){0,4}[A-Za-z0-9][A-Za-z0-9_@+.-]{0,200}\.json")


class LedgerError(StemsError):
    """Two copies of the ledger contradict each other, or one of them is no ledger."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in one Git folder: that of a clone, or one made for a look at the ledger of a node."""

    folder: Path
    runner: Runner

    @classmethod
    def of(cls, repository: Repository) -> Ledger:
        return cls(repository.common, repository.runner)

    def head(self) -> str:
        """The newest commit of the ledger, empty when there is none."""
        result = self.runner.run(git_command(self.folder, "rev-parse", "-q", "--verify", f"{REF}^{{commit}}"))
        return result.text.strip() if result.ok else ""

    def read(self, prefix: str = "", *, at: str = "") -> dict[str, bytes]:
        """The files whose names start with `prefix`, by name, of the newest commit or of the one given."""
        sha = at or self.head()
        entries = [entry for entry in self._entries(sha) if entry.path.startswith(prefix)]
        listing = "".join(f"{entry.object}\n" for entry in entries).encode()
        command = git_command(self.folder, "cat-file", "--batch", stdin=listing)
        contents = parse_batch(output_of(self.runner, command, "the ledger cannot be read")) if entries else []
        return {entry.path: content for entry, content in zip(entries, contents, strict=True)}

    def append(self, files: Mapping[str, bytes], message: str) -> str:
        """Add files under names that are not taken; returns the commit that has them."""
        blobs = {check_name(name): self._blob(content) for name, content in sorted(files.items())}
        for _ in range(TRIES):
            parent = self.head()
            there = {entry.path: entry.object for entry in self._entries(parent)}
            check_same(there, blobs, "this ledger")
            if parent and blobs.keys() <= there.keys():
                return parent
            made = self._commit({**there, **blobs}, message=message, parents=(parent,) if parent else ())
            if self._advance(made, was=parent):
                return made
        raise _busy()

    def merge(self, other: str, *, source: str) -> str:
        """Bring in what another copy has: the union of both. `source` names it in messages."""
        full(other)
        for _ in range(TRIES):
            head = self.head()
            ours, theirs = ({entry.path: entry.object for entry in self._entries(sha)} for sha in (head, other))
            check_same(ours, theirs, source)
            if head and self._contains(head, other):
                return head
            # Only a copy that lost nothing of ours may simply take our place.
            if (not head or self._contains(other, head)) and ours.keys() <= theirs.keys():
                made = other
            else:
                made = self._commit({**ours, **theirs}, message=f"Join the ledger of {source}", parents=(head, other))
            if self._advance(made, was=head):
                return made
        raise _busy()

    def _entries(self, sha: str) -> tuple[Entry, ...]:
        if not sha:
            return ()
        command = git_command(self.folder, "ls-tree", "-r", "-z", "--full-tree", full(sha))
        entries = parse_entries(output_of(self.runner, command, "the ledger cannot be read"))
        for entry in entries:
            check_name(entry.path)
            if entry.mode != "100644":
                raise LedgerError(f"{entry.path}: not a file, so this is no ledger")
        return entries

    def _contains(self, newer: str, older: str) -> bool:
        return self.runner.run(git_command(self.folder, "merge-base", "--is-ancestor", older, newer)).status == 0

    def _blob(self, content: bytes) -> str:
        return self._write("hash-object", "-w", "--no-filters", "--stdin", stdin=content)

    def _commit(self, blobs: Mapping[str, str], *, message: str, parents: tuple[str, ...]) -> str:
        lines = "".join(f"100644 {blob}\t{name}\n" for name, blob in sorted(blobs.items()))
        with tempfile.TemporaryDirectory(prefix="stems-ledger-") as private:
            index = {"GIT_INDEX_FILE": f"{private}/index"}
            self._write("update-index", "--add", "--index-info", stdin=lines.encode(), env=index)
            tree = self._write("write-tree", env=index)
        above = [part for parent in parents for part in ("-p", parent)]
        env = identity(self.runner, self.folder)
        return self._write("commit-tree", *above, full(tree), stdin=f"{message}\n".encode(), env=env)

    def _advance(self, made: str, *, was: str) -> bool:
        """Move the branch if nobody else has; an empty old value means that it must not exist."""
        command = self._command("update-ref", "-m", "stems", "--create-reflog", REF, full(made), was)
        return self.runner.run(command).ok

    def _command(self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Command:
        return git_command(self.folder, *arguments, effect=Effect.WRITES, stdin=stdin, env=env)

    def _write(self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        command = self._command(*arguments, stdin=stdin, env=env)
        return output_of(self.runner, command, f"the ledger cannot be written ({arguments[0]})").decode().strip()


def check_name(name: str) -> str:
    if not _NAME.fullmatch(name) or ".." in name:
        raise LedgerError(f"{printable(name)!r} is no name for a record", remedy="report this as a bug")
    return name


def check_same(ours: Mapping[str, str], theirs: Mapping[str, str], source: str) -> None:
    """Records are never changed: one name with two contents means that somebody rewrote one of them."""
    differing = sorted(name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name])
    if differing:
        raise LedgerError(
            f"{differing[0]}: recorded otherwise in {source}",
            said="\n".join(differing),
            remedy=f"compare both with `git log {REF.removeprefix('refs/heads/')} -- {differing[0]}`",
        )


def parse_batch(output: bytes) -> list[bytes]:
    """The blobs of `cat-file --batch`, in the order asked."""
    contents = []
    while output:
        header, _, rest = output.partition(b"\n")
        words = header.decode("ascii", "replace").split()
        if len(words) != 3 or words[1] != "blob" or not is_name(SHA, words[0]):
            raise LedgerError(f"a record cannot be read: {printable(' '.join(words))}")
        size = int(words[2])
        contents.append(rest[:size])
        output = rest[size + 1 :]
    return contents


def _busy() -> ToolError:
    return ToolError("the ledger is being written by another command", remedy="try again")
