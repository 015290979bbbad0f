"""The repository on the controller: which commits there are and what is in them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stems.errors import StemsError, ToolError, UsageError
from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.runner import Runner
from stems.model.names import SHA, is_name, is_relative_path, printable
from stems.tools.git.command import git_command, output_of, required

SUBMODULE_MODE = "160000"


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as people read it: full SHA, author, ISO date, subject."""

    sha: str
    author: str
    when: str
    subject: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a commit: its mode (`100644`, `100755`, `120000`, `160000`), object and path."""

    mode: str
    object: str
    path: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A Git repository with a working tree: `root` is its top, `common` the folder that its worktrees share."""

    root: Path
    common: Path
    runner: Runner

    @classmethod
    def find(cls, path: Path, runner: Runner) -> Repository:
        """The repository that `path` lies in."""
        result = runner.run(
            git_command(path, "rev-parse", "--is-bare-repository", "--git-common-dir", "--show-toplevel")
        )
        bare, _, places = os.fsdecode(result.stdout).partition("\n")
        if bare == "true":
            raise UsageError(f"{path}: a bare repository has no files to work on", remedy="use a clone of it")
        if not result.ok:
            raise not_a_repository(path, result)
        common, _, top = places.partition("\n")
        return cls(Path(top.removesuffix("\n")), (path / common).resolve(), runner)

    def git(self, *arguments: str) -> Command:
        return git_command(self.root, *arguments)

    def read(self, *arguments: str) -> bytes:
        """What a reading Git command prints."""
        return output_of(self.runner, self.git(*arguments), f"{self.root}: git {arguments[0]} failed")

    def head(self) -> str:
        result = self.runner.run(resolve_command(self.root, "HEAD"))
        if not result.ok:
            raise UsageError(f"{self.root}: no commit yet", remedy="commit your configuration with `git commit`")
        return result.text.strip()

    def resolve(self, ref: str) -> str:
        """The full SHA of the one commit that `ref` names."""
        if ref == "HEAD":
            return self.head()
        if not ref or printable(ref) != ref or "\n" in ref:
            raise UsageError(f"{printable(ref)!r} is not a commit", remedy="see `git log`")
        return parse_resolve(ref, self.runner.run(resolve_command(self.root, ref)))

    def has(self, sha: str) -> bool:
        return is_name(SHA, sha) and self.runner.run(self.git("cat-file", "-e", f"{sha}^{{commit}}")).ok

    def is_dirty(self) -> tuple[str, ...]:
        """The paths that differ from HEAD or are untracked: what a plan for HEAD leaves out."""
        return parse_status(self.read("status", "--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=none"))

    def is_shallow(self) -> bool:
        return self.read("rev-parse", "--is-shallow-repository").strip() == b"true"

    def object_format(self) -> str:
        """The algorithm that names its objects: `sha1` or `sha256`."""
        return self.read("rev-parse", "--show-object-format").decode().strip()

    def is_ancestor(self, older: str, newer: str) -> bool:
        command = self.git("merge-base", "--is-ancestor", full(older), full(newer))
        result = self.runner.run(command)
        if result.status == 1:
            return False
        return required(result, command, f"{older[:12]} and {newer[:12]} cannot be compared").ok

    def show(self, sha: str, path: str) -> bytes | None:
        """The content of a file of a commit, None when the commit has no such file."""
        return self.show_all(sha, path)[0]

    def show_all(self, sha: str, *paths: str) -> tuple[bytes | None, ...]:
        """The contents of files of one commit, from one process."""
        for path in paths:
            if not is_relative_path(path):
                raise UsageError(f"{printable(path)}: not a path inside the repository")
        asked = "".join(f"{name}\n" for name in (f"{full(sha)}^{{commit}}", *(f"{sha}:{path}" for path in paths)))
        command = git_command(self.root, "cat-file", "--batch", stdin=asked.encode())
        found = parse_batch(output_of(self.runner, command, f"{', '.join(paths)}: cannot be read from {sha[:12]}"))
        if not found or found[0] is None:
            raise unknown_commit(sha)
        return tuple(one[1] if one and one[0] == b"blob" else None for one in found[1:])

    def blob(self, name: str) -> bytes | None:
        """The content of a file by the name of its object, None where this clone does not have it."""
        if not is_name(SHA, name):
            return None
        result = self.runner.run(self.git("cat-file", "blob", name))
        return result.stdout if result.ok else None

    def entries(self, sha: str) -> tuple[Entry, ...]:
        return parse_entries(self.read("ls-tree", "-r", "-z", "--full-tree", full(sha)))

    def tracked(self, sha: str) -> frozenset[str]:
        return frozenset(entry.path for entry in self.entries(sha))

    def submodules(self, sha: str) -> tuple[str, ...]:
        return tuple(entry.path for entry in self.entries(sha) if entry.mode == SUBMODULE_MODE)

    def log(self, older: str, newer: str) -> tuple[Commit, ...]:
        """The commits that `newer` has and `older` has not, newest first."""
        form = "--format=%H%n%an%n%aI%n%s"
        return parse_log(self.read("log", "-z", "--no-show-signature", form, f"{full(older)}..{full(newer)}"))

    def apart(self, one: str, other: str) -> tuple[int, int]:
        """How many commits `one` has that `other` has not, and the other way round."""
        counts = self.read("rev-list", "--left-right", "--count", f"{full(one)}...{full(other)}").split()
        return int(counts[0]), int(counts[1])

    def branch_with(self, sha: str) -> str:
        """A branch that has a commit, one of this clone before one of a remote; empty where none has."""
        form = "--format=%(refname:short)%00%(symref)"
        found = self.read("for-each-ref", f"--contains={full(sha)}", form, "refs/heads", "refs/remotes").decode()
        # What only points to another branch, as `origin/HEAD` does, has no name of its own.
        return next((line.removesuffix("\0") for line in found.splitlines() if line.endswith("\0")), "")

    def subject(self, sha: str) -> str:
        """The first line of a commit's message."""
        return (
            self.read("log", "-1", "--no-show-signature", "--format=%s", full(sha)).decode("utf-8", "replace").strip()
        )

    def changed_paths(self, older: str, newer: str) -> tuple[str, ...]:
        return names(self.read("diff-tree", "-r", "-z", "--name-only", "--no-renames", full(older), full(newer)))

    def tag(self, name: str, sha: str, message: str) -> None:
        """An annotated tag; one that already names the same commit stays."""
        there = self.runner.run(resolve_command(self.root, f"refs/tags/{name}"))
        if there.ok and there.text.strip() == sha:
            return
        arguments = ("tag", "--no-sign", "--annotate", f"--message={message}", "--end-of-options", name, full(sha))
        env = identity(self.runner, self.root)
        command = git_command(self.root, *arguments, effect=Effect.WRITES, env=env)
        output_of(self.runner, command, f"{name}: the tag cannot be made")

    def state_folder(self) -> Path:
        """Where plans and approvals of this clone lie, out of reach of commits and of other people."""
        folder = self.common / "stems"
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        return folder


def resolve_command(root: Path, ref: str) -> Command:
    return git_command(root, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")


def parse_resolve(ref: str, result: Result) -> str:
    if "ambiguous" in result.errors:
        raise UsageError(f"{ref} is ambiguous", remedy="name the commit by its full SHA", said=result.errors)
    if not result.ok or not is_name(SHA, result.text.strip()):
        raise UsageError(
            f"{ref} is not a commit of this repository", remedy="see `git log --all`, or `git fetch` first"
        )
    return result.text.strip()


def parse_batch(output: bytes) -> list[tuple[bytes, bytes] | None]:
    """Type and content of each object that `cat-file --batch` was asked for, None for what is not there."""
    found: list[tuple[bytes, bytes] | None] = []
    while output:
        header, _, output = output.partition(b"\n")
        words = header.split(b" ")
        if len(words) == 3 and words[2].isdigit():
            size = int(words[2])
            found.append((words[1], output[:size]))
            output = output[size + 1 :]
        else:
            found.append(None)
    return found


def parse_status(output: bytes) -> tuple[str, ...]:
    return tuple(os.fsdecode(entry[3:]) for entry in output.split(b"\0") if entry)


def parse_entries(output: bytes) -> tuple[Entry, ...]:
    entries = []
    for line in filter(None, output.split(b"\0")):
        about, _, path = line.partition(b"\t")
        mode, _, name = about.decode().split(" ")
        entries.append(Entry(mode, name, os.fsdecode(path)))
    return tuple(entries)


def parse_log(output: bytes) -> tuple[Commit, ...]:
    entries = (entry.decode("utf-8", "replace").split("\n", 3) for entry in output.split(b"\0") if entry)
    return tuple(Commit(sha, author, when, subject.rstrip("\n")) for sha, author, when, subject in entries)


def names(output: bytes) -> tuple[str, ...]:
    """The paths of a NUL-separated list."""
    return tuple(os.fsdecode(name) for name in output.split(b"\0") if name)


def full(sha: str) -> str:
    if not is_name(SHA, sha):
        raise UsageError(f"{printable(sha)!r} is not a full SHA", remedy="report this as a bug")
    return sha


def identity(runner: Runner, root: Path) -> dict[str, str]:
    """The environment that lets Git sign its records when the person has told it no name."""
    known = runner.run(git_command(root, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"))
    if known.ok:
        return {}
    name, mail = "stems", "stems@localhost"
    return {
        "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": mail,
    }  # fmt: skip


def unknown_commit(sha: str) -> UsageError:
    return UsageError(f"{sha[:12]} is not a commit of this repository", remedy="`git fetch` first")


def not_a_repository(path: Path, result: Result) -> StemsError:
    if "dubious ownership" in result.errors:
        return UsageError(
            f"{path}: the repository belongs to another account",
            said=result.errors,
            remedy="work in a clone of your own, or trust it with `git config --global --add safe.directory`",
        )
    if "not a git repository" in result.errors:
        return UsageError(f"{path}: not a Git repository", remedy="go to your repository, or start one with `git init`")
    return ToolError(f"{path}: Git cannot read it", said=result.errors, remedy="see what `git status` says there")
