"""The ledger only grows, copies of it join, and writing it touches nobody's files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import StemsError, ToolError, UnknownError
from stems.infrastructure.command import Command, Effect, Result, Watch
from stems.infrastructure.guards import Guarded
from stems.infrastructure.local import LocalRunner
from stems.tools.base import Site
from stems.tools.git.exchange import bring, fetch, ledger_at, parse_look, push, push_command, read_from
from stems.tools.git.ledger import REF, Ledger, LedgerError
from stems.tools.git.repository import Repository
from stems.tools.git.stage import stage
from tests.support.scratch import Scratch, site_at

LOCAL = LocalRunner()


@pytest.fixture
def ledger(scratch: Scratch) -> Ledger:
    scratch.commit({"a": "1"})
    return Ledger.of(scratch.open())


@pytest.fixture
def site(scratch: Scratch, ledger: Ledger, tmp_path: Path) -> Site:
    site = site_at(tmp_path / "node")
    stage(scratch.open(), scratch.git("rev-parse", "HEAD"), site=site, local=LOCAL)
    return site


@pytest.fixture
def other(scratch: Scratch, ledger: Ledger, tmp_path: Path) -> Ledger:
    """A second clone, that starts without a ledger."""
    scratch.git("clone", "-q", ".", str(tmp_path / "other"))
    return Ledger.of(Repository.find(tmp_path / "other", LOCAL))


def test_records_come_back_and_the_working_tree_stays(scratch: Scratch, ledger: Ledger) -> None:
    (scratch.root / "a").write_text("edited")
    scratch.git("add", "a")
    before = scratch.git("status", "--porcelain"), scratch.git("rev-parse", "HEAD")

    ledger.append({"plans/a.json": b'{"a": 1}\n', "approvals/a-ada-1.json": b"{}"}, "Approve a")
    ledger.append({"deployments/1.json": b"\xff\x00\n"}, "Deploy a")

    assert ledger.read() == {
        "approvals/a-ada-1.json": b"{}",
        "deployments/1.json": b"\xff\x00\n",
        "plans/a.json": b'{"a": 1}\n',
    }
    assert ledger.read("plans/") == {"plans/a.json": b'{"a": 1}\n'}
    assert (scratch.git("status", "--porcelain"), scratch.git("rev-parse", "HEAD")) == before
    assert scratch.git("log", "--format=%s", "stems/ledger").splitlines() == ["Deploy a", "Approve a"]
    assert scratch.git("rev-list", "--count", "stems/ledger", "^HEAD") == "2"


def test_an_empty_ledger_is_empty(ledger: Ledger) -> None:
    assert (ledger.head(), ledger.read()) == ("", {})


def test_a_record_is_never_changed_and_saying_it_again_is_fine(ledger: Ledger) -> None:
    first = ledger.append({"plans/a.json": b"1"}, "one")

    assert ledger.append({"plans/a.json": b"1"}, "again") == first
    with pytest.raises(LedgerError, match=r"plans/a\.json: recorded otherwise"):
        ledger.append({"plans/a.json": b"2"}, "rewrite")


@pytest.mark.parametrize(
    "name", ["../a.json", "/a.json", "a", "a b.json", "-a.json", ".git/a.json", "a/../b.json", "a..json"]
)
def test_a_name_that_is_no_record_is_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(LedgerError):
        ledger.append({name: b""}, "x")


def test_many_writers_at_once_lose_nothing(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: ledger.append({f"deployments/{n}.json": b"1"}, str(n)), range(8)))

    assert len(ledger.read("deployments/")) == 8


def test_a_person_without_a_name_for_git_can_still_record(ledger: Ledger, home: Path) -> None:
    (home / ".gitconfig").unlink()

    assert ledger.append({"plans/a.json": b"1"}, "one")


def test_two_copies_join_through_a_node(ledger: Ledger, other: Ledger, site: Site) -> None:
    ledger.append({"deployments/1.json": b"1"}, "one")
    push(ledger, site)
    other.append({"deployments/2.json": b"2"}, "two")

    push(other, site)
    fetch(ledger, site)

    both = {"deployments/1.json": b"1", "deployments/2.json": b"2"}
    assert ledger.read() == other.read() == both
    assert ledger.head() == other.head() == ledger_at(site)


def test_two_who_push_at_once_both_end_on_the_node(ledger: Ledger, other: Ledger, site: Site) -> None:
    ledger.append({"deployments/1.json": b"1"}, "one")
    other.append({"deployments/2.json": b"2"}, "two")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: push(one, site), (ledger, other)))

    fetch(ledger, site)
    assert set(ledger.read()) == {"deployments/1.json", "deployments/2.json"}


def test_a_contradicting_copy_is_an_error_that_names_it(ledger: Ledger, other: Ledger, site: Site) -> None:
    ledger.append({"plans/a.json": b"1"}, "one")
    push(ledger, site)
    other.append({"plans/a.json": b"2"}, "forged")

    with pytest.raises(LedgerError, match="in prtr"):
        push(other, site)
    assert other.read() == {"plans/a.json": b"2"}


def test_a_copy_that_lost_records_cannot_take_ours_away(scratch: Scratch, ledger: Ledger) -> None:
    first = ledger.append({"plans/a.json": b"1"}, "one")
    empty = scratch.git("hash-object", "-t", "tree", "/dev/null")
    shorter = scratch.git("commit-tree", "-p", first, "-m", "lose", empty)

    ledger.merge(shorter, source="prtr")

    assert ledger.read() == {"plans/a.json": b"1"}


def test_a_branch_that_is_no_ledger_is_refused(scratch: Scratch, ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        ledger.merge(scratch.git("rev-parse", "HEAD"), source="prtr")


def test_a_new_laptop_reads_the_story_from_a_node_and_writes_nothing(
    scratch: Scratch, ledger: Ledger, other: Ledger, site: Site, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.mkdir()
    reading = replace(site, runner=Guarded(LOCAL, Effect.READS))
    assert read_from(reading, LOCAL, private=private) == {}
    ledger.append({"deployments/1.json": b"1"}, "one")
    push(ledger, site)

    assert read_from(reading, LOCAL, private=private, prefix="deployments/") == {"deployments/1.json": b"1"}
    assert other.head() == ""


def test_a_node_without_a_ledger_says_so_and_one_that_cannot_be_read_does_not(tmp_path: Path, ledger: Ledger) -> None:
    site = site_at(tmp_path / "fresh")
    assert ledger_at(site) == ""
    (Path(site.state) / "repo.git").mkdir(parents=True)

    with pytest.raises(UnknownError):
        ledger_at(site)
    for status, output in ((0, ""), (1, "none"), (0, "HEAD")):
        with pytest.raises(UnknownError):
            parse_look("prtr", status, output)


def test_a_push_that_cannot_work_is_an_error_and_the_record_stays(ledger: Ledger, tmp_path: Path) -> None:
    ledger.append({"plans/a.json": b"1"}, "one")

    with pytest.raises(ToolError, match="prtr: the ledger cannot be sent"):
        push(ledger, site_at(tmp_path / "fresh"))
    assert ledger.read() == {"plans/a.json": b"1"}


def test_a_commit_that_was_deployed_from_elsewhere_is_brought(scratch: Scratch, other: Ledger, site: Site) -> None:
    sha = scratch.commit({"a": "elsewhere"})
    stage(scratch.open(), sha, site=site, local=LOCAL)
    repository = Repository.find(other.folder.parent, LOCAL)
    assert not repository.has(sha)

    bring(repository, sha, site=site)

    assert repository.has(sha)
    with pytest.raises(StemsError):
        bring(repository, "f" * 40, site=site)


def test_the_ledger_is_never_forced(ledger: Ledger, site: Site) -> None:
    command = push_command(ledger, site, sha="f" * 40)

    assert command.argv[-1] == f"{'f' * 40}:{REF}"
    assert not {"--force", "-f"} & set(command.argv)


class Losing:
    """A controller whose push always loses against somebody else."""

    place = "this machine"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        if "push" in command.argv:
            return Result(1, b"", b"rejected")
        return LOCAL.run(command, watch=watch)


def test_a_push_does_not_try_for_ever(ledger: Ledger, other: Ledger, site: Site) -> None:
    other.append({"deployments/2.json": b"2"}, "two")
    push(other, site)
    ledger.append({"deployments/1.json": b"1"}, "one")

    with pytest.raises(ToolError, match="cannot be sent"):
        push(replace(ledger, runner=Losing()), site)
