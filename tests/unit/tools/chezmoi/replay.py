"""A chezmoi that says what was recorded of the real one, 2.72.0: for tests on a machine that has none.

It looks at nothing and writes nothing but a log of how it was called.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.model.cluster import Cluster, Domains, UserDomain
from stems.tools.base import Job, Site, Tree
from tests.support.dotfiles import NODE, Files, site, write_tree

_PROGRAM = """#!/bin/sh
answers={answers}
umask >"$answers/umask"
for word; do case $word in --version|status|diff|state|managed|apply) name=${{word#--}}; break ;; esac; done
{{ printf '%s' "$name"; printf ' %s' "$@"; echo; }} >>"$answers/log"
[ "$name" != apply ] || cat >"$answers/typed" 2>/dev/null
[ ! -e "$answers/$name.out" ] || cat "$answers/$name.out"
[ ! -e "$answers/$name.err" ] || cat "$answers/$name.err" >&2
exit "$(cat "$answers/$name.code" 2>/dev/null || echo 0)"
"""
VERSION = "chezmoi version v2.72.0, commit 0123456, built at 2026-08-01T00:00:00Z\n"


@dataclass
class Replay:
    """A node whose chezmoi is a recording, and jobs for it."""

    folder: Path

    @cached_property
    def site(self) -> Site:
        return site(self.folder)

    @property
    def home(self) -> Path:
        return Path(self.site.home)

    def install(self) -> Replay:
        answers = self.folder / "answers"
        answers.mkdir()
        program = self.home / ".local/bin/chezmoi"
        program.parent.mkdir(parents=True)
        program.write_text(_PROGRAM.format(answers=answers))
        program.chmod(0o755)
        self.says("version", VERSION)
        self.says("state", "{}")
        return self

    def says(self, command: str, out: str = "", err: str = "", *, code: int = 0) -> None:
        for kind, text in (("out", out), ("err", err), ("code", str(code))):
            (self.folder / "answers" / f"{command}.{kind}").write_text(text)

    @property
    def calls(self) -> list[str]:
        """How it was called, without the options that every call has."""
        lines = (self.folder / "answers" / "log").read_text().splitlines()
        return [line.split(" --use-builtin-diff ")[-1] for line in lines]

    def job(self, files: Files, *, deployment: str = "", **variables: object) -> Job:
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "dotfiles", files)
        settings = UserDomain("chezmoi", "dotfiles")
        cluster = Cluster("colab", "~/colab", {NODE.name: NODE}, domains=Domains(user=(settings,)))
        tree = Tree(root, "0" * 40, frozenset(f"dotfiles/{name}" for name in files))
        return Job(cluster, settings, tree, {NODE.name: variables}, LocalRunner(), self.folder, deployment)
