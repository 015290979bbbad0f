"""Stage, checkout, lock, journal and ledger on real nodes, with the shell and tools of Debian and those of busybox."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote
from uuid import uuid4

import pytest

from stems.errors import LockHeldError, NodeUnreachableError, ToolError
from stems.infrastructure import journal, lock
from stems.infrastructure.command import Command, Effect, Result, Watch, script
from stems.infrastructure.guards import Guarded
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.probe import Section, probe
from stems.infrastructure.running import end_command, parse_processes, running_processes
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.node import Node, SshAddress
from stems.model.observation import Absent, Present
from stems.tools.base import Site
from stems.tools.git.checkout import apply, changes, preview, restore
from stems.tools.git.exchange import fetch, push, read_from
from stems.tools.git.ledger import Ledger
from stems.tools.git.repository import Repository
from stems.tools.git.stage import stage
from tests.support.scratch import Scratch

LOCAL = LocalRunner()
DEPLOYMENT = "20260101T000000Z-abcdef"
FIND_BUSYBOX = """
mkdir -p {folder} && busybox --install -s {folder} && rm -f {folder}/git && ln -s "$(command -v git)" {folder}/git
"""
PHOTOGRAPH = r"""
cd {folder} && find . | LC_ALL=C sort | while IFS= read -r path; do
  stat -c '%F %a %u %Y %n' "$path"
  if [ -f "$path" ]; then sha256sum <"$path"; fi
done
"""


@dataclass(frozen=True)
class Busybox:
    """A node whose every tool but Git is busybox."""

    runner: SshRunner
    programs: str

    @property
    def place(self) -> str:
        return self.runner.place

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        shell = ("env", f"PATH={self.programs}", "busybox", "sh")
        return self.runner.run(replace(command, argv=(*shell, *command.argv[1:])), watch=watch)


@dataclass
class World:
    """One repository here and one place on a node."""

    scratch: Scratch
    site: Site
    folder: str
    ssh: SshRunner

    def say(self, text: str) -> str:
        result = self.ssh.run(script(text, Effect.WRITES))
        assert result.ok, result.errors
        return result.text

    def photograph(self, name: str) -> str:
        return self.say(PHOTOGRAPH.format(folder=quote(f"{self.folder}/{name}")))

    def deploy(self, sha: str, deployment: str = DEPLOYMENT) -> list[str]:
        repository = self.scratch.open()
        stage(repository, sha, site=self.site, local=LOCAL)
        state = preview(replace(self.site, runner=Guarded(self.site.runner, Effect.READS)), target=sha)
        found = changes(self.site, state, target=sha, tree=self.scratch.root, repository=repository)
        apply(self.site, found, target=sha, deployment=deployment)
        return [f"{change.action} {change.resource.rpartition('/')[2]}" for change in found]


def ssh_to(lab: Lab, name: str, run_id: str = "") -> SshRunner:
    there = lab.node(name)
    node = Node(name, there.hostname, SshAddress(there.host, there.user, there.port, str(lab.identity)))
    return SshRunner(node, lab.known_hosts, control_folder(), run_id=run_id)


@pytest.fixture(params=["crtr", "drtr", "prtr busybox"], ids=["bash", "zsh", "busybox"])
def world(request: pytest.FixtureRequest, lab: Lab, tmp_path: Path) -> Iterator[World]:
    name, _, busybox = request.param.partition(" ")
    ssh = ssh_to(lab, name)
    home = ssh.run(script('printf %s "$HOME"', Effect.READS)).text
    folder = f"{home}/it's test git {uuid4().hex[:8]}"
    programs = f"/tmp/busybox-{uuid4().hex[:8]}"
    if busybox:
        assert ssh.run(script(FIND_BUSYBOX.format(folder=programs), Effect.WRITES)).ok
    site = Site(
        node=ssh.node,
        runner=Busybox(ssh, programs) if busybox else ssh,
        home=home,
        state=f"{folder}/state",
        stage="",
        checkout=f"{folder}/check out",
        ssh=ssh.ssh,
    )
    yield World(Scratch(tmp_path / "repository"), site, folder, ssh)
    ssh.run(script(f"sudo rm -rf {quote(folder)} {programs}", Effect.WRITES))


def test_a_commit_is_staged_once_and_looking_changes_nothing(world: World) -> None:
    sha = world.scratch.commit({"a b/é": "1", "c": "2"})
    repository = world.scratch.open()

    made = stage(repository, sha, site=world.site, local=LOCAL)
    first = world.photograph(f"state/stage/{sha}/a b"), world.photograph("state/repo.git/objects")
    stage(repository, sha, site=world.site, local=LOCAL)

    assert world.say(f"cat {quote(made)}/*/é") == "1"
    assert (world.photograph(f"state/stage/{sha}/a b"), world.photograph("state/repo.git/objects")) == first
    assert world.say(f"cd {quote(world.site.state)}; stat -c '%a %n' . key stage; wc -c <key") == (
        "700 .\n600 key\n700 stage\n64\n"
    )


def test_many_stage_at_once(world: World) -> None:
    shas = [world.scratch.commit({f"f{n}": str(n)}) for n in range(3)]
    repository = world.scratch.open()

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda sha: stage(repository, sha, site=world.site, local=LOCAL), [*shas, shas[2]]))

    assert [world.say(f"ls {quote(folder)}").split() for folder in made[:3]] == [
        ["f0"],
        ["f0", "f1"],
        ["f0", "f1", "f2"],
    ]
    assert world.say(f"ls -A {quote(world.site.state)}/stage | grep '^[.]' || :") == ""


def test_a_checkout_moves_there_and_back_and_keeps_what_is_not_tracked(world: World) -> None:
    first = world.scratch.commit({"web/compose.yml": "1", "b": "1", ".gitignore": "data/\n.env\n"})
    assert world.deploy(first, "20260101T000000Z-000001") == ["create check out"]
    world.say(
        f"cd {quote(world.site.checkout)} && mkdir web/data && echo db >web/data/db && echo x >.env && "
        "sudo chown -R 999:999 web/data && sudo chmod 700 web/data && echo edited >b"
    )
    second = world.scratch.commit({"web/compose.yml": "2", "b": "2", "new": "2"})

    assert world.deploy(second) == ["restore b", "move check out"]

    assert world.say(f"cd {quote(world.site.checkout)} && cat web/compose.yml b new .env; sudo cat web/data/db") == (
        "222x\ndb\n"
    )
    assert restore(world.site, deployment=DEPLOYMENT) == ()
    assert restore(world.site, deployment=DEPLOYMENT) == ()
    assert world.say(f"cd {quote(world.site.checkout)} && cat web/compose.yml b .env; ls; sudo cat web/data/db") == (
        "1edited\nx\nb\nweb\ndb\n"
    )


def test_looking_at_a_checkout_changes_nothing(world: World) -> None:
    first = world.scratch.commit({"a": "1"})
    world.deploy(first)
    world.say(f"cd {quote(world.site.checkout)} && touch -d 2001-01-01 a")
    second = world.scratch.commit({"a": "2"})
    stage(world.scratch.open(), second, site=world.site, local=LOCAL)
    before = world.photograph("check out")

    state = preview(replace(world.site, runner=Guarded(world.site.runner, Effect.READS)), target=second)

    assert (state.head, state.known, state.edits, state.in_the_way, state.locked) == (first, True, (), (), ())
    assert world.photograph("check out") == before


def test_a_folder_that_a_container_has_taken_is_found_before(world: World) -> None:
    world.deploy(world.scratch.commit({"d/a": "1"}))
    world.say(f"cd {quote(world.site.checkout)} && sudo chown 999:999 d")
    second = world.scratch.commit({"d/a": "2"})
    world.say(f"echo mine >{quote(world.site.checkout)}/d2")

    with pytest.raises(ToolError, match="cannot be written") as refused:
        world.deploy(second)

    assert refused.value.said == "d"


def test_of_many_takers_over_ssh_exactly_one_wins(world: World) -> None:
    def attempt(number: int) -> bool:
        mine = lock.Lock(f"20260101T000000Z-{number:06d}", "ada", "laptop", "deploy", "p")
        try:
            lock.take(world.site.runner, world.site.state, mine)
        except LockHeldError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1


def test_lock_and_journal_answer_in_the_probe(world: World) -> None:
    state, runner = world.site.state, world.site.runner
    mine = lock.Lock(DEPLOYMENT, "ada's", "laptop", "deploy", "p" * 64)
    questions = {"lock": lock.snippet(state), "journal": journal.snippet(state)}
    answers = probe(Guarded(runner, Effect.READS), questions)
    assert lock.parse_lock("n", answers["lock"]) == Absent()
    assert journal.parse_journal("n", answers["journal"]) == Absent()

    lock.take(runner, state, mine)
    journal.append(
        runner, state, journal.Entry(journal.Act.INTENT, DEPLOYMENT, "p", "c", "b", "ada's", "user", "files")
    )

    answers = probe(Guarded(runner, Effect.READS), questions)
    held = lock.parse_lock("n", answers["lock"])
    written = journal.parse_journal("n", answers["journal"])
    assert isinstance(held, Present)
    assert isinstance(written, Present)
    found = journal.unfinished(written.value.entries)
    assert found
    assert found.under_way == (("user", "files", ""),)
    resumed = replace(mine, token="another run")
    lock.take_over(runner, state, seen=held.value, lock=resumed)
    assert not lock.release(runner, state, mine)
    assert lock.release(runner, state, resumed)


def test_what_a_deployment_left_running_is_found_and_ended(world: World, lab: Lab) -> None:
    marked = ssh_to(lab, world.site.node.name, run_id=f"20260101T000000Z-{uuid4().hex[:6]}")
    marked.run(script("sleep 300 >/dev/null 2>&1 & sudo sleep 300 >/dev/null 2>&1 &", Effect.WRITES))

    def running(account: str) -> list[str]:
        found = marked.run(script(running_processes(marked.run_id), Effect.READS, account=account))
        return sorted(process.program for process in parse_processes("n", Section(found.status, found.text)))

    assert running("") == ["sleep"]
    assert running("root") == ["sleep", "sleep", "sudo"]
    marked.run(end_command(marked.run_id, account="root"))
    marked.run(script("sleep 1", Effect.READS))
    assert running("root") == []


def test_the_ledger_goes_to_a_node_and_joins(world: World, tmp_path: Path) -> None:
    sha = world.scratch.commit({"a": "1"})
    stage(world.scratch.open(), sha, site=world.site, local=LOCAL)
    world.scratch.git("clone", "-q", ".", str(tmp_path / "other"))
    one, two = Ledger.of(world.scratch.open()), Ledger.of(Repository.find(tmp_path / "other", LOCAL))
    one.append({"deployments/1.json": b"1"}, "one")
    two.append({"deployments/2.json": b"2"}, "two")

    push(one, world.site)
    push(two, world.site)
    fetch(one, world.site)

    both = {"deployments/1.json": b"1", "deployments/2.json": b"2"}
    assert one.read() == two.read() == read_from(world.site, LOCAL, private=tmp_path) == both


def test_a_push_to_a_host_with_another_key_is_refused(world: World, tmp_path: Path) -> None:
    sha = world.scratch.commit({"a": "1"})
    (tmp_path / "known_hosts").touch()
    stranger = replace(world.ssh, known_hosts=tmp_path / "known_hosts", control=tmp_path / "c")
    site = replace(world.site, ssh=stranger.ssh)

    with pytest.raises((ToolError, NodeUnreachableError), match="cannot be sent"):
        stage(world.scratch.open(), sha, site=site, local=LOCAL)
