"""`files` keeps the promises of a tool: with each shell of this machine, on a real node, and for another account."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote
from uuid import uuid4

import pytest

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect, Result, Watch, script
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.state import home as home_of
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import Runner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.change import Risk
from stems.model.node import Node, SshAddress
from stems.tools.base import Job, Site, Tool
from stems.tools.files import tool as files
from tests.contract.suite import FIRST, SECOND, Adapter, Broken, HandEdit, ToolSuite, changes, deploy, restore
from tests.support.dotfiles import Dotfiles, Executable, Files, Link

ODD = 'it\'s "odd" $HOME `x` \\ é ☂'
FIRST_RELEASE: Files = {
    "t/.bashrc": "first\n",
    "t/.gitconfig.j2": "name = {{ node_name }}\n",
    "t/.config/app/settings": "a = 1\n",
    "t/.config/old/gone": "gone\n",
    "t/bin/run": Executable("#!/bin/sh\n"),
    "t/.vimrc": Link(".config/app/settings"),
    f"t/{ODD}/{ODD}": "odd\n",
}
SECOND_RELEASE: Files = {
    "t/.bashrc": "second\n",
    "t/.gitconfig.j2": "name = {{ node_name }}\n",
    "t/.config/app/settings": Executable("a = 1\n"),
    "t/bin/run/moved": "a directory in the place of a file\n",
    "t/.vimrc": Link("bin"),
    f"t/{ODD}/{ODD}": "odder\n",
    "t/zz/new": "new\n",
}
SECRETS: Files = {
    "t/.app.j2": "token = {{ word }}\n",
    "t/.pgpass.j2": "localhost:5432:app:me:{{ word }}\n",
    "t/.phrase.j2": "{{ word }}\n",
    ".stems-files.yml": "secret: [/t/.phrase]\n",
}
"""One is known by its name in the file, one by the name of the file, and one because it is said."""
PHOTOGRAPH = r"""
find . | LC_ALL=C sort | while IFS= read -r path; do
  stat -c '%F %a %u %n' "$path"
  if [ -L "$path" ]; then readlink "$path"; elif [ -f "$path" ]; then sha256sum <"$path"; fi
done
"""
SHELLS = [["/bin/sh"]] + [["busybox", "sh"] for found in [shutil.which("busybox")] if found]


@dataclass(frozen=True)
class Shell:
    """This machine, with one of its shells."""

    words: Sequence[str]
    place: str = "this machine"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        return LocalRunner().run(replace(command, argv=(*self.words, *command.argv[1:])), watch=watch)


@dataclass
class Target:
    """A home, the dotfiles for it, and a script's way to it."""

    site: Site
    dotfiles: Dotfiles
    home: str
    account: str = ""
    tool: Tool = files
    extra: dict[str, str] = field(default_factory=dict)

    def job(self, release: str, *, deployment: str) -> Job:
        tree = FIRST_RELEASE if release == FIRST else {**SECOND_RELEASE, **self.extra}
        secrets = SECRETS if "word" in self.dotfiles.variables else {}
        return self.dotfiles.job({**tree, **secrets}, deployment=deployment)

    def sh(self, text: str) -> str:
        command = script(f"cd {quote(self.home)} || exit 1\n{text}", Effect.WRITES, account=self.account)
        result = self.site.runner.run(command)
        assert result.ok, result.errors
        return result.text

    def photograph(self) -> str:
        return self.sh(f"[ ! -d t ] || cd t || exit 1\n{PHOTOGRAPH}" if self.account else PHOTOGRAPH)

    def edit_by_hand(self) -> HandEdit:
        self.sh("echo mine >t/.bashrc")
        return HandEdit(f"file:~{self.account}/t/.bashrc", Risk.DESTRUCTIVE)

    def break_off(self, release: str) -> Broken:
        # Comes last, and a directory with something in it is never replaced.
        self.sh("mkdir t/zzz t/zzz/mine")
        self.extra = {"t/zzz": "x\n"}
        return Broken(f"{self.home}/t/zzz", self.extra.clear)

    def plant(self, secret: str) -> None:
        self.dotfiles.variables = {**self.dotfiles.variables, "word": secret}

    def spoil(self, secret: str) -> None:
        lines = {".app": f"token = {secret}", ".pgpass": f"localhost:5432:app:me:{secret}", ".phrase": secret}
        self.sh("\n".join(f"echo {quote(line)} >t/{name}" for name, line in lines.items()))

    def holds(self, secret: str) -> bool:
        return self.sh("cat t/.app t/.pgpass t/.phrase").count(secret) == 3

    def renew_key(self) -> None:
        renewed = script(f"echo other >{quote(self.site.state)}/key\n", Effect.WRITES)
        assert self.site.runner.run(renewed).ok

    def told(self) -> object:
        return ()


def made(folder: Path, runner: Runner, node: Node, *, base: str) -> Target:
    """A home and a state folder under `base`."""
    home, state = f"{base}/home", f"{base}/state"
    site = Site(node, runner, home, state, f"{state}/stage", f"{home}/colab")
    text = f"umask 077; mkdir -p {quote(home)} {quote(state)} && echo key >{quote(state)}/key\n"
    assert runner.run(script(text, Effect.WRITES)).ok
    (folder / "trees").mkdir()
    return Target(site, Dotfiles(folder / "trees", {"node_name": node.name}, node=node.name), home)


@pytest.fixture
def on_node(lab: Lab, tmp_path: Path) -> Iterator[Target]:
    found = lab.node("drtr")
    address = SshAddress(found.host, found.user, found.port, str(lab.identity))
    node = Node(found.name, found.hostname, address)
    runner = SshRunner(node, lab.known_hosts, control_folder())
    base = f"{home_of(found)}/test-files-{uuid4().hex[:8]}"
    yield made(tmp_path, runner, node, base=base)
    assert runner.run(script(f"chmod -R u+rwx {base} && rm -rf {base}\n", Effect.WRITES)).ok


class TestHere(ToolSuite):
    def photograph(self, adapter: Adapter) -> str:
        """Others use this machine meanwhile: only the home is looked at."""
        return adapter.photograph()

    def given_away(self, adapter: Adapter, secret: str) -> str:
        del adapter, secret
        return ""

    @pytest.fixture(params=SHELLS, ids=lambda shell: str(shell[-1]))
    def adapter(self, tmp_path: Path, request: pytest.FixtureRequest) -> Target:
        node = Node("red", "red", SshAddress("127.0.0.1"))
        return made(tmp_path, Shell(request.param), node, base=str(tmp_path / "place"))


class TestOnANode(ToolSuite):
    @pytest.fixture
    def adapter(self, on_node: Target) -> Target:
        return on_node


class TestForAnotherAccount(ToolSuite):
    @pytest.fixture
    def adapter(self, on_node: Target) -> Iterator[Target]:
        on_node.dotfiles.account = on_node.account = "root"
        on_node.home = "/root"
        clean = "rm -rf t .local/state/stems/colab\n"
        on_node.sh(clean)
        yield on_node
        on_node.sh(clean)


def test_a_full_disk_leaves_whole_files_and_names_the_one_that_did_not_fit(on_node: Target) -> None:
    on_node.sh("sudo mount -t tmpfs -o size=128k,mode=700,uid=$(id -u) tmpfs .")
    try:
        deploy(on_node, FIRST, deployment="1")
        deployed = on_node.photograph()
        on_node.extra = {"t/.large": "x" * 200_000}
        with pytest.raises(ToolError) as failure:
            deploy(on_node, SECOND, deployment="2")

        assert failure.value.problem == f"drtr: {on_node.home}/t/.large: cannot be written"
        assert "No space left on device" in failure.value.said
        assert ".stems." not in on_node.sh("find .")
        assert restore(on_node, SECOND, deployment="2") == []
        assert on_node.photograph() == deployed
    finally:
        on_node.sh(f"cd / && sudo umount {on_node.home}")


def test_no_room_for_the_before_state_means_that_nothing_is_touched(on_node: Target) -> None:
    deploy(on_node, FIRST, deployment="1")
    deployed = on_node.photograph()
    on_node.sh(f"mkdir -p {on_node.site.state}/before && chmod 500 {on_node.site.state}/before")
    with pytest.raises(ToolError, match="cannot be made"):
        deploy(on_node, SECOND, deployment="2")

    assert on_node.photograph() == deployed


def test_what_is_left_is_what_sha256sum_checks(on_node: Target) -> None:
    deploy(on_node, FIRST, deployment="1")
    left = on_node.site.left("files")
    on_node.sh(f"sha256sum -c --quiet {left}")
    on_node.edit_by_hand()

    assert "t/.bashrc: FAILED" in on_node.sh(f"sha256sum -c --quiet {left} 2>/dev/null || true")


def test_an_account_that_does_not_exist_is_named(on_node: Target) -> None:
    on_node.dotfiles.account = "nobody-here"
    site = on_node.site
    answer = files.preview(on_node.job(FIRST, deployment=""), [site])[site.node.name]

    assert "the home of nobody-here" in getattr(answer, "reason", "")


def test_a_second_release_is_one_deployment_away(on_node: Target) -> None:
    deploy(on_node, FIRST, deployment="1")
    resources = {change.resource: change.action for change in changes(on_node, SECOND)}

    assert resources == {
        "file:~/t/.bashrc": "change",
        "file:~/t/.config/app/settings": "mode",
        "file:~/t/.config/old/gone": "remove",
        "dir:~/t/.config/old": "remove",
        "link:~/t/.vimrc": "change",
        "dir:~/t/bin/run": "replace",
        "file:~/t/bin/run/moved": "create",
        f"file:~/t/{ODD}/{ODD}": "change",
        "dir:~/t/zz": "create",
        "file:~/t/zz/new": "create",
    }
