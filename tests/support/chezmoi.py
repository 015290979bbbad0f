"""A home on a node of the lab for the real chezmoi, where there is one to try: on PATH, or named by STEMS_CHEZMOI."""

from __future__ import annotations

import base64
import io
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote

import pytest

from stems.infrastructure.command import Effect, script
from stems.infrastructure.guards import Guarded
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.change import Change, Risk
from stems.model.cluster import Cluster, Domains, UserDomain
from stems.model.node import Node, SshAddress
from stems.model.observation import Answer, Present
from stems.tools.base import Job, Preview, Site, Tool, Tree
from stems.tools.chezmoi import tool as chezmoi
from tests.contract.suite import FIRST, Broken, HandEdit
from tests.support.dotfiles import Files, write_tree

PROGRAM = os.environ.get("STEMS_CHEZMOI") or shutil.which("chezmoi")
NOT_TRIED = "NOT TRIED AGAINST THE REAL CHEZMOI: none is on PATH, and STEMS_CHEZMOI names none"
needs_chezmoi = pytest.mark.skipif(not PROGRAM, reason=NOT_TRIED)

ROOT = "/home/owner/contract-chezmoi"
GUEST = "guest"
# A file that leaves the source stays on the node unless it is named: each release removes what only the other one has.
FIRST_RELEASE: Files = {
    ".chezmoiremove": ".new\n",
    ".chezmoiignore": "README.md\n",
    "README.md": "for people\n",
    "dot_bashrc.tmpl": "# {{ .node_name }}\nfirst\n",
    "dot_old": "old\n",
    "private_dot_config/private_app/settings": "a = 1\n",
    "bin/executable_run": "#!/bin/sh\n",
    "symlink_dot_vimrc": ".config/app/settings\n",
    "create_dot_local-only": "mine\n",
    "a b": "a name with a space\n",
}
SECOND_RELEASE: Files = {
    **{name: text for name, text in FIRST_RELEASE.items() if name not in ("dot_old", "bin/executable_run")},
    ".chezmoiremove": ".old\n",
    "dot_bashrc.tmpl": "# {{ .node_name }}\nsecond\n",
    "bin/run": "#!/bin/sh\n",
    "symlink_dot_vimrc": "bin\n",
    "dot_new": "new\n",
}
PHOTOGRAPH = r"""
find . \( -path ./.config/chezmoi -o -path ./.cache -o -path ./.local \) -prune -o -print | LC_ALL=C sort |
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
    home: str
    account: str = ""
    tool: Tool = chezmoi
    extra: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, object] = field(default_factory=lambda: {"node_name": "prtr"})

    def job(self, release: str, *, deployment: str) -> Job:
        files = FIRST_RELEASE if release == FIRST else {**SECOND_RELEASE, **self.extra}
        return self.job_of({**files, **self.secrets}, deployment)

    def job_of(self, files: Files, deployment: str = "") -> Job:
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "dotfiles", files)
        self.stage(root)
        settings = UserDomain("chezmoi", "dotfiles", account=self.account)
        node = self.site.node
        cluster = Cluster("contract", "~/config", {node.name: node}, domains=Domains(user=(settings,)))
        tree = Tree(root, "0" * 40, frozenset(f"dotfiles/{name}" for name in files))
        return Job(cluster, settings, tree, {node.name: self.variables}, LocalRunner(), self.folder, deployment)

    def stage(self, root: Path) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.add(root / "dotfiles", "dotfiles")
        text = base64.b64encode(packed.getvalue()).decode()
        stage = quote(self.site.stage)
        self._run(f"rm -rf {stage} && mkdir -p {stage} && base64 -d <<'END' | tar x -C {stage}\n{text}\nEND\n")

    def answer(self, files: Files) -> Answer[Preview]:
        site = replace(self.site, runner=Guarded(self.site.runner, Effect.READS, Effect.STAGES))
        return chezmoi.preview(self.job_of(files), [site])["prtr"]

    def previewed(self, files: Files) -> dict[str, Change]:
        answer = self.answer(files)
        assert isinstance(answer, Present), answer.reason
        return {change.resource: change for change in answer.value.changes}

    def deployed(self, files: Files, *, deployment: str) -> dict[str, Change]:
        """What was approved, all of it, after it was applied."""
        approved = self.previewed(files)
        chezmoi.apply(self.job_of(files, deployment), self.site, list(approved.values()))
        return approved

    def photograph(self) -> str:
        return self.ask(PHOTOGRAPH)

    def edit_by_hand(self) -> HandEdit:
        self.ask("echo by hand >>.bashrc")
        return HandEdit(f"file:~{self.account}/.bashrc", Risk.DESTRUCTIVE)

    def break_off(self, release: str) -> Broken:
        del release
        self.extra = {"run_after_break.sh": "#!/bin/sh\nexit 3\n"}
        return Broken("break.sh", self.extra.clear)

    def plant(self, secret: str) -> None:
        """In an encrypted file, and where a template asks a program for it."""
        self.encrypting()
        self.ask(f"(umask 077; echo {quote(secret)} >kept)")
        self.variables["kept"] = f"{self.home}/kept"
        self.secrets = {
            "encrypted_private_dot_key.age": self.ask(f"echo {quote(secret)} | chezmoi encrypt"),
            "private_dot_token.tmpl": '{{ output "cat" .kept }}',
        }

    def spoil(self, secret: str) -> None:
        self.ask(f"echo {quote(secret)} >.key; echo {quote(secret)} >.token")

    def holds(self, secret: str) -> bool:
        return self.ask("cat .key .token") == f"{secret}\n" * 2

    def renew_key(self) -> None:
        state = f"{self.home}/.local/state/stems/contract" if self.account else self.site.state
        self.ask(f"head -c 32 /dev/urandom >{quote(state)}/key")

    def told(self) -> object:
        return ()

    def encrypting(self) -> None:
        """Give the account a key of age, where it has none."""
        key = f"{self.home}/.config/chezmoi/key.txt"
        self.ask(f"mkdir -p .config/chezmoi; [ -e {key} ] || chezmoi age-keygen --output={key} 2>/dev/null")
        recipient = self.ask(f"chezmoi age-keygen --convert {key}").strip()
        age = f'[age]\nidentity = "{key}"\nrecipient = "{recipient}"'
        self.configure(f'encryption = "age"\nuseBuiltinAge = true\n{age}')

    def configure(self, text: str) -> None:
        """Write the account's own configuration of chezmoi."""
        self.ask(f"mkdir -p .config/chezmoi && cat >.config/chezmoi/chezmoi.toml <<'END'\n{text}\nEND\n")

    def ask(self, text: str) -> str:
        return self._run(f"HOME={quote(self.home)}; cd && umask 022 || exit 1\n{text}", self.account)

    def _run(self, text: str, account: str = "") -> str:
        result = self.site.runner.run(script(text, Effect.WRITES, timeout=90, account=account))
        assert result.ok, result.errors
        return result.text


@pytest.fixture(scope="session")
def on_node(lab: Lab) -> Site:
    """A node of the lab: each of them has chezmoi."""
    found = lab.node("prtr")
    node = Node("prtr", found.hostname, SshAddress(found.host, found.user, found.port, str(lab.identity)))
    runner = SshRunner(node, lab.known_hosts, control_folder())
    assert runner.run(script("command -v chezmoi\n", Effect.READS)).ok, "`lab up` puts it there"
    return Site(node, runner, f"{ROOT}/home", f"{ROOT}/state", f"{ROOT}/state/stage", f"{ROOT}/home/config")


@pytest.fixture
def adapter(on_node: Site, tmp_path: Path) -> Iterator[Target]:
    target = Target(on_node, tmp_path, on_node.home)
    clean = f"cd / && chmod -R u+rwX {ROOT} 2>/dev/null; rm -rf {ROOT}\n"
    key = f"head -c 32 /dev/urandom >{ROOT}/state/key"
    made = f"{clean}(umask 077; mkdir -p {ROOT}/state && {key}) && mkdir {ROOT}/home || exit 1\n"
    assert on_node.runner.run(script(made, Effect.WRITES)).ok
    yield target
    assert on_node.runner.run(script(clean, Effect.WRITES)).ok


@pytest.fixture
def guest(adapter: Target) -> Iterator[Target]:
    """Another account of the node, which may not enter the home of the SSH user."""
    runner = adapter.site.runner
    assert runner.run(script(f"sudo useradd --create-home {GUEST}\n", Effect.WRITES)).ok
    assert runner.run(script(f"chmod 700 {ROOT}\n", Effect.WRITES)).ok
    yield replace(adapter, home=f"/home/{GUEST}", account=GUEST)
    assert runner.run(script(f"sudo userdel --remove {GUEST} 2>/dev/null\n", Effect.WRITES)).ok
