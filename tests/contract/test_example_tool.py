"""The example keeps the promises of a tool on a real node, and a cluster file that names it needs nothing else.

It is reached as any package is: by the metadata of an installed one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

import pytest

from stems.infrastructure.command import Effect, script
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.state import home as home_of
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.change import Risk
from stems.model.cluster import Cluster, Domains, SystemDomain
from stems.model.node import Node, SshAddress
from stems.tools.base import Job, Site, Tool, Tree
from stems.tools.foreign import installed
from stems.tools.registry import tools_of
from tests.contract.suite import FIRST, Broken, HandEdit, ToolSuite, changes, deploy, restore
from tests.support.dotfiles import Files, write_tree
from tests.support.lab import ask
from tests.support.packages import install, install_example, write_modules
from tests.support.story import lines, story

TOP = "/etc/stems-example"
FIRST_RELEASE: Files = {
    "all/stems-example/greeting": "hello\n",
    "all/stems-example/old": "old\n",
    "all/stems-example/deep/er/settings": "a = 1\n",
    "prtr/stems-example/odd.conf": "'quoted' $HOME `x` \\ é ☂, and no end of line",
}
SECOND_RELEASE: Files = {
    "all/stems-example/greeting": "all\n",
    "prtr/stems-example/greeting": "hello prtr\n",
    "all/stems-example/deep/er/settings": "a = 2\npassword = hunter2hunter2\n",
    "prtr/stems-example/odd.conf": "",
    "all/stems-example/deep/new": "new\n",
}
MARKER = """
from hashlib import sha256
from stems.infrastructure.command import Effect, script
from stems.infrastructure.parallel import ask_each
from stems.model.change import Change, Domain, Risk
from stems.tools.base import Preview

NAME, PROTOCOL, DOMAIN, NEEDS_STAGE = "marker", 1, Domain.SERVICES, True

def check(job): return ()
def claims(job, node): return ()
def restore(job, site): return ()
def last_lines(job, site, service): return ""

def preview(job, sites):
    by_name = {site.node.name: site for site in sites}
    return ask_each(by_name, lambda name: Preview(tuple(changes(job, by_name[name]))))

def changes(job, site):
    after = sha256(b"").hexdigest()
    for service in job.cluster.services_on(site.node.name):
        look = f"[ -e ~/.{service.name} ] || [ ! -d {site.stage}/services ] || echo absent"
        if site.runner.run(script(look, Effect.READS)).text:
            about = (site.node.name, DOMAIN, NAME, f"file:~/.{service.name}", "create", Risk.SERVICE, "", after)
            yield Change(*about, service=service.name)

def apply(job, site, changes):
    for change in changes:
        site.runner.run(script(f"touch ~/.{change.service}", Effect.WRITES))
"""
LOOK = """
from stems.model.state import Health, ServiceState

NAME, PROTOCOL = "marker", 1

def names(cluster, node): return [service.name for service in cluster.services_on(node.name)]
def look(cluster, node): return "".join(f"[ ! -e ~/.{name} ] || echo '{name}'; " for name in names(cluster, node))

def parse_look(cluster, node, output):
    there = output.split()
    return [ServiceState(name, Health.HEALTHY if name in there else Health.DOWN) for name in names(cluster, node)]
"""
"""A tool of services, as small as one can be: a service runs when its file is there."""
PHOTOGRAPH = f"""
[ ! -d {TOP} ] || find {TOP} -exec stat -c '%F %a %U:%G %n' {{}} + | sort
[ ! -d {TOP} ] || find {TOP} -type f -exec sha256sum {{}} + | sort
[ ! -e "$state/left/etc.sha256" ] || cat "$state/left/etc.sha256"
"""
CLEAN = f"""
sudo rm -rf {TOP} "$state"; mkdir -p "$state"; head -c 32 /dev/urandom >"$state/key"
"""


def secrets(secret: str) -> dict[str, str]:
    """One file that names its secret, and one whose own name says that it is for secrets."""
    return {"app.conf": f"api_token = {secret}\n", ".pgpass": f"localhost:5432:app:me:{secret}\n"}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that Python looks for packages in, with the example installed."""
    folder = install_example(tmp_path / "packages")
    monkeypatch.syspath_prepend(str(folder))
    for cached in (installed.brought, installed.tool):
        cached.cache_clear()
    yield folder
    for cached in (installed.brought, installed.tool):
        cached.cache_clear()


@dataclass
class Target:
    """The /etc of one node of the lab, and releases of a small tree for it."""

    tool: Tool
    site: Site
    cluster: Cluster
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    secret: str = ""

    def job(self, release: str, *, deployment: str) -> Job:
        files: Files = FIRST_RELEASE if release == FIRST else {**SECOND_RELEASE, **self.extra}
        if self.secret:
            files = {**files, **{f"all/stems-example/{name}": text for name, text in secrets(self.secret).items()}}
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "etc", files)
        tree = Tree(root, "0" * 40, frozenset(f"etc/{name}" for name in files))
        assert self.cluster.domains.system
        return Job(self.cluster, self.cluster.domains.system, tree, {}, LocalRunner(), self.folder, deployment)

    def photograph(self) -> str:
        return self.ask(PHOTOGRAPH)

    def edit_by_hand(self) -> HandEdit:
        self.ask(f"echo mine | sudo tee -a {TOP}/greeting")
        return HandEdit(f"file:{TOP}/greeting", Risk.DESTRUCTIVE)

    def break_off(self, release: str) -> Broken:
        del release
        # What was left is noted last; nothing can be written there while it is a folder.
        self.ask('mkdir "$state/left/etc.sha256.new"')

        return Broken("etc.sha256", lambda: self.ask('rmdir "$state/left/etc.sha256.new"'))

    def plant(self, secret: str) -> None:
        self.secret = secret

    def spoil(self, secret: str) -> None:
        for name, text in secrets(secret).items():
            self.ask(f"printf %s {quote(text)} | sudo tee {TOP}/{name} >/dev/null")

    def holds(self, secret: str) -> bool:
        return self.ask(" ".join(["cat", *(f"{TOP}/{name}" for name in secrets(""))])).count(secret) == 2

    def renew_key(self) -> None:
        self.ask('head -c 32 /dev/urandom >"$state/key"')

    def told(self) -> object:
        return ()

    def ask(self, text: str) -> str:
        result = self.site.runner.run(script(f"state={quote(self.site.state)}\n{text}", Effect.WRITES))
        assert result.ok, result.errors
        return result.text


@pytest.fixture
def adapter(lab: Lab, tmp_path: Path, package: Path) -> Iterator[Target]:
    del package
    found = lab.node("prtr")
    node = Node("prtr", found.hostname, SshAddress(found.host, found.user, found.port, str(lab.identity)))
    runner = SshRunner(node, lab.known_hosts, control_folder())
    state = f"{home_of(found)}/.local/state/stems/contract-etc"
    cluster = Cluster("contract-etc", "~/c", {"prtr": node}, domains=Domains(system=SystemDomain("etc", "etc")))
    ((tool, _),) = tools_of(cluster)
    (tmp_path / "trees").mkdir()
    site = Site(node, runner, home_of(found), state, f"{state}/stage", f"{home_of(found)}/c")
    target = Target(tool, site, cluster, tmp_path / "trees")
    target.ask(CLEAN)
    yield target
    target.ask(CLEAN)


class TestExample(ToolSuite):
    def test_a_secret_is_neither_shown_nor_told_by_its_digest(self, adapter: Target) -> None:
        path = f"file:{TOP}/deep/er/settings"
        first = next(change for change in changes(adapter, "second") if change.resource == path)
        adapter.ask('head -c 32 /dev/urandom >"$state/key"')
        second = next(change for change in changes(adapter, "second") if change.resource == path)

        assert "hunter2" not in first.diff and "a = 2" in first.diff
        assert first.after != second.after

    def test_an_edit_after_the_deployment_is_not_taken_back(self, adapter: Target) -> None:
        deploy(adapter, FIRST, deployment="1")
        adapter.edit_by_hand()

        assert restore(adapter, FIRST, deployment="1")[0] == f"{TOP}/greeting: changed since, left as it is"
        assert adapter.ask(f"cat {TOP}/greeting") == "hello\nmine\n"


def test_a_cluster_file_that_names_it_is_all_it_takes(lab: Lab, tmp_path: Path, package: Path) -> None:
    """A tool of the system and one of services: refused where their packages are missing, then as any other tool."""
    with story(lab, tmp_path, "etc", services=False, alone=True) as told:
        told.site.cluster["domains"] = {
            "system": {"tool": "etc", "source": "etc", "owns": ["/etc/"]},
            "services": {"tool": "marker", "source": "services"},
        }
        told.site.cluster["services"] = {"etc-marker": {"node": "prtr"}}
        first = told.commit({"etc/all/etc-motd": "hello\n", "services/etc-marker/README": "", "dotfiles/.etcrc": None})
        refused = told.stems("validate", exits=3)
        for name in ("etc", "marker"):
            assert f"{name} is not a tool of this version, and no installed package brings it" in refused.out

        install(package, "stems-marker", tools={"marker": "stems_marker"}, version="0.3")
        write_modules(package, "stems_marker", {"tool": MARKER, "look": LOOK})
        told.env["PYTHONPATH"] = os.pathsep.join([str(package), *filter(None, [os.environ.get("PYTHONPATH")])])
        told.stems("validate")
        (planned,) = told.plan()["nodes"]
        assert (planned["versions"]["etc"], planned["versions"]["marker"]) == ("stems-etc 1.0", "stems-marker 0.3")
        own = [change for change in planned["changes"] if change["tool"] in ("etc", "marker")]
        assert lines(own) == ["prtr create file:/etc/etc-motd", "prtr create file:~/.etc-marker"]
        told.deploy()
        seen = told.status()["prtr"]
        assert (seen["deployed"], seen["healthy"], seen["in_sync"]) == (first, True, True)
        assert ask(lab, "prtr", "cat /etc/etc-motd").text == "hello\n"

        told.ask("prtr", "echo mine | sudo tee /etc/etc-motd; rm ~/.etc-marker")
        (found,) = told.drift(exits=4).values()
        assert lines(found["by_hand"]) == ["prtr change file:/etc/etc-motd", "prtr create file:~/.etc-marker"]
        seen = told.status(exits=1)["prtr"]
        assert (seen["healthy"], seen["in_sync"]) == (False, False)
        told.stems("deploy", "--repair", answers="y\n")
        assert told.status()["prtr"]["healthy"] is True
        assert ask(lab, "prtr", "cat /etc/etc-motd").text == "hello\n"
