"""A changed service shows what the repository changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from stems.lifecycle.jobs import Work
from stems.lifecycle.previewing.service_diffs import MOST_LINES, ServiceDiffs, service_diffs
from stems.model.change import Change, Domain, Risk
from stems.model.cluster import Domains, ServicesDomain
from stems.model.service import Service
from stems.tools.base import Tree
from tests.support.builders import CLUSTER
from tests.support.scratch import Scratch

NOW = replace(CLUSTER, domains=Domains(services=ServicesDomain("compose", "services")))
COMPOSE = "services/web/compose.yml"


def container(name: str, service: str, *, action: str = "recreate", by_hand: bool = False) -> Change:
    made = Change("prtr", Domain.SERVICES, "compose", f"container:{name}", action, Risk.SERVICE, service=service)
    return replace(made, by_hand=by_hand)


def work_at(scratch: Scratch, commit: str) -> Work:
    return Work(commit, NOW, Tree(scratch.root, commit, scratch.open().tracked(commit)), ())


def of(scratch: Scratch, commit: str, since: str) -> Mapping[str, str]:
    return service_diffs(scratch.open(), work_at(scratch, commit), since=since)


def test_the_diff_of_a_service_is_that_of_its_folder(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    first = scratch.commit({COMPOSE: "image: web:1\n", "services/grafana/compose.yml": "a\n", "ansible/site.yml": "a"})
    page = "services/web/site/new.html"
    second = scratch.commit({COMPOSE: "image: web:2\n", page: "hello\n", "ansible/site.yml": "b"})

    found = of(scratch, second, first)

    assert found.keys() == {"web"}
    assert f"--- {COMPOSE}\n+++ {COMPOSE}\n@@ -1,1 +1,1 @@\n-image: web:1\n+image: web:2\n" in found["web"]
    assert "+hello\n" in found["web"]


def test_every_file_is_new_where_nothing_was_deployed(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    commit = scratch.commit({COMPOSE: "image: web:1\n"})

    assert "+image: web:1\n" in of(scratch, commit, "")["web"]


def test_what_a_commit_said_that_this_clone_lacks_is_not_taken_for_nothing(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    commit = scratch.commit({COMPOSE: "image: web:1\n"})

    assert of(scratch, commit, "f" * 40) == {}


def test_a_secret_and_a_file_that_is_too_long_stay_out(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    secret = "DB_PASSWORD=correct-horse-battery\n"
    commit = scratch.commit({"services/web/web.env": secret, "services/web/big": "x" * 300_000, COMPOSE: "a: b\n"})

    text = of(scratch, commit, "")["web"]

    assert "horse" not in text
    assert "services/web/big" not in text
    assert "+a: b" in text


def test_a_long_diff_ends_with_how_much_more_there_is(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    commit = scratch.commit({COMPOSE: "a\n" * 1000})

    assert of(scratch, commit, "")["web"].splitlines()[MOST_LINES:] == ["… 603 more lines, see `git diff`"]


def test_a_file_that_went_away_shows_what_it_said(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    first = scratch.commit({COMPOSE: "a: b\n", "services/web/old.conf": "old\n"})
    second = scratch.commit({"services/web/old.conf": None})

    assert "-old\n" in of(scratch, second, first)["web"]


def test_it_stands_beside_the_first_container_and_not_beside_what_was_done_by_hand(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    first = scratch.commit({COMPOSE: "a: b\n"})
    second = scratch.commit({COMPOSE: "a: c\n"})
    edited = container("web-web-1", "web", by_hand=True)
    changes = [edited, container("web-a-1", "web"), container("web-b-1", "web"), container("other", "other")]

    found = ServiceDiffs(scratch.open(), work_at(scratch, second)).beside(changes, since=first)

    assert [bool(change.diff) for change in found] == [False, True, False, False]
    assert [replace(change, diff="") for change in found] == changes


def test_a_service_in_a_deeper_folder_has_the_diff_of_that(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    commit = scratch.commit(
        {"services/gate/web/compose.yml": "a\n", "services/gate/web/conf/x": "b\n", "services/z": "c\n"}
    )
    deep = replace(NOW, services={"web": Service("web", ("prtr",), "compose", folder="gate/web")})
    work = replace(work_at(scratch, commit), cluster=deep)

    assert service_diffs(scratch.open(), work, since="").keys() == {"gate/web"}
    (change,) = ServiceDiffs(scratch.open(), work).beside([container("web", "web")], since="")
    assert "services/gate/web/conf/x" in change.diff
