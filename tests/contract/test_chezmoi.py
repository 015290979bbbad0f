"""chezmoi keeps the promises of a tool on a real node, wherever there is one to try: on PATH or in STEMS_CHEZMOI."""

from __future__ import annotations

import base64
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

import pytest

from stems.infrastructure.command import Effect, script
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.change import Risk
from stems.model.cluster import Cluster, Domains, UserDomain
from stems.model.node import Node, SshAddress
from stems.model.observation import Present
from stems.tools.base import Job, Site, Tool, Tree
from stems.tools.chezmoi import tool as chezmoi
from tests.contract.suite import FIRST, SECOND, ToolSuite, changes, deploy
from tests.support.dotfiles import write_tree

PROGRAM = os.environ.get("STEMS_CHEZMOI") or shutil.which("chezmoi")
pytestmark = pytest.mark.skipif(
    not PROGRAM, reason="NOT TRIED AGAINST THE REAL CHEZMOI: none is on PATH, and STEMS_CHEZMOI names none"
)

ROOT = "/home/owner/contract-chezmoi"
FIRST_RELEASE = {
    ".chezmoiignore": "README.md\n",
    "README.md": "for people\n",
    "dot_bashrc.tmpl": "# {{ .node_name }}\nfirst\n",
    "dot_old": "old\n",
    "private_dot_config/private_app/settings": "a = 1\n",
    "bin/executable_run": "#!/bin/sh\n",
    "symlink_dot_vimrc": ".config/app/settings\n",
    "create_dot_local": "mine\n",
    "a b": "a name with a space\n",
}
SECOND_RELEASE = {
    **{name: text for name, text in FIRST_RELEASE.items() if name != "dot_old"},
    ".chezmoiremove": ".old\n",
    "dot_bashrc.tmpl": "# {{ .node_name }}\nsecond\n",
    "bin/run": "#!/bin/sh\n",
    "symlink_dot_vimrc": "bin\n",
    "dot_new": "new\n",
}
del SECOND_RELEASE["bin/executable_run"]
PHOTOGRAPH = r"""
cd "$HOME" && find . \( -path ./.config/chezmoi -o -path ./.cache \) -prune -o -print | LC_ALL=C sort |
while IFS= read -r path; do
  stat -c '%F %a %n' "$path"
  if [ -L "$path" ]; then readlink "$path"; elif [ -f "$path" ]; then sha256sum <"$path"; fi
done
"""


@dataclass
class Target:
    """A home of its own on one node of the lab, and sources for it."""

    site: Site
    folder: Path
    tool: Tool = chezmoi
    extra: dict[str, str] = field(default_factory=dict)
    variables: dict[str, object] = field(default_factory=lambda: {"node_name": "prtr"})

    def job(self, release: str, *, deployment: str) -> Job:
        return self.job_of(FIRST_RELEASE if release == FIRST else {**SECOND_RELEASE, **self.extra}, deployment)

    def job_of(self, files: Mapping[str, str], deployment: str = "") -> Job:
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "dotfiles", files)
        self.stage(root)
        settings = UserDomain("chezmoi", "dotfiles")
        node = self.site.node
        cluster = Cluster("contract", "~/config", {node.name: node}, domains=Domains(user=(settings,)))
        tree = Tree(root, "0" * 40, frozenset(f"dotfiles/{name}" for name in files))
        return Job(cluster, settings, tree, {node.name: self.variables}, LocalRunner(), self.folder, deployment)

    def stage(self, root: Path) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.add(root / "dotfiles", "dotfiles")
        text = base64.b64encode(packed.getvalue()).decode()
        self.ask(f'rm -rf "$stage" && mkdir -p "$stage" && base64 -d <<"END" | tar x -C "$stage"\n{text}\nEND\n')

    def photograph(self) -> str:
        return self.ask(PHOTOGRAPH)

    def edit_by_hand(self) -> str:
        self.ask("echo by hand >>~/.bashrc")
        return "file:~/.bashrc"

    def break_off(self, release: str) -> Callable[[], None]:
        del release
        self.extra = {"run_after_break.sh": "#!/bin/sh\nexit 3\n"}
        return self.extra.clear

    def ask(self, text: str) -> str:
        names = f"HOME={quote(self.site.home)} state={quote(self.site.state)} stage={quote(self.site.stage)}\n"
        result = self.site.runner.run(script(names + text, Effect.WRITES, timeout=90))
        assert result.ok, result.errors
        return result.text


@pytest.fixture
def adapter(lab: Lab, tmp_path: Path) -> Iterator[Target]:
    found = lab.node("prtr")
    assert PROGRAM
    subprocess.run(("docker", "cp", "-L", PROGRAM, f"{lab.container(found)}:/usr/local/bin/chezmoi"), check=True)
    node = Node("prtr", found.hostname, SshAddress(found.host, found.user, found.port, str(lab.identity)))
    runner = SshRunner(node, lab.known_hosts, control_folder())
    site = Site(node, runner, f"{ROOT}/home", f"{ROOT}/state", f"{ROOT}/state/stage", f"{ROOT}/home/config")
    target = Target(site, tmp_path)
    target.ask(f'rm -rf {ROOT}; mkdir -p "$HOME" "$state" && head -c 32 /dev/urandom >"$state/key"')
    yield target
    target.ask(f"rm -rf {ROOT}")


class TestChezmoi(ToolSuite):
    pass


def test_what_others_write_into_a_created_file_stays(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    adapter.ask("echo more >>~/.local")

    assert changes(adapter, FIRST) == ()
    deploy(adapter, SECOND, deployment="2")
    assert adapter.ask("cat ~/.local") == "mine\nmore\n"


def test_a_file_that_was_there_is_shown_as_destructive(adapter: Target) -> None:
    adapter.ask("echo mine >~/.bashrc")
    risks = {change.resource: change.risk for change in changes(adapter, FIRST)}

    assert (risks["file:~/.bashrc"], risks["file:~/.old"]) == (Risk.DESTRUCTIVE, Risk.USER)


def test_a_script_runs_once_and_is_shown_before(adapter: Target) -> None:
    job = adapter.job_of({"run_once_a.sh": "#!/bin/sh\necho ran >>~/ran\n"}, deployment="1")
    answer = chezmoi.preview(job, [adapter.site])["prtr"]
    assert isinstance(answer, Present), answer.reason
    (change,) = answer.value.changes
    assert (change.risk, "+echo ran" in change.diff) == (Risk.UNKNOWN, True)

    for _ in range(2):
        chezmoi.apply(job, adapter.site, [change])
    assert adapter.ask("cat ~/ran") == "ran\n"


def test_a_variable_is_template_data_and_the_users_own_stays(adapter: Target) -> None:
    adapter.ask('mkdir -p ~/.config/chezmoi && echo "[data]\nmine = \\"yes\\"" >~/.config/chezmoi/chezmoi.toml')
    job = adapter.job_of({"dot_a.tmpl": "{{ .node_name }} {{ .mine }}\n"}, deployment="1")
    before = adapter.ask("cat ~/.config/chezmoi/chezmoi.toml")
    chezmoi.apply(job, adapter.site, ())

    assert adapter.ask("cat ~/.a") == "prtr yes\n"
    assert adapter.ask("cat ~/.config/chezmoi/chezmoi.toml") == before


def test_after_taking_back_nothing_looks_edited(adapter: Target) -> None:
    deploy(adapter, FIRST, deployment="1")
    deploy(adapter, SECOND, deployment="2")
    chezmoi.restore(adapter.job(FIRST, deployment="2"), adapter.site)

    assert [change.resource for change in changes(adapter, SECOND) if change.by_hand] == []
