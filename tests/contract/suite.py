"""What every tool must keep, whatever it manages: a test module subclasses `ToolSuite` and provides an adapter.

    class TestFiles(ToolSuite):
        @pytest.fixture
        def adapter(self, lab, tmp_path) -> Iterator[Adapter]:
            ...

An adapter has two releases of one small tree. The second changes something, adds something and removes something of
the first. The suite never looks inside: it applies, photographs the node and reads previews.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import Protocol

import pytest

from stems.errors import StemsError
from stems.infrastructure.command import Effect
from stems.infrastructure.guards import Guarded
from stems.model.change import Change, Risk
from stems.model.observation import Present
from stems.tools.base import Job, Preview, Site, Tool
from tests.support.heard import Heard, forms
from tests.support.surroundings import readable_by_others, said_in_logs, surroundings

FIRST, SECOND = "first", "second"
ONE, TWO, BY_HAND = "plain-horse-uno", "plain-horse-due", "plain-horse-tre"
"""Secrets that nothing but their place gives away: neither long nor random."""


@dataclass(frozen=True)
class HandEdit:
    """What somebody changed on the node, and the class of putting it right."""

    resource: str
    risk: Risk


@dataclass(frozen=True)
class Broken:
    """What an error must name, and what takes the obstacle away."""

    named: str
    mend: Callable[[], object]


class Adapter(Protocol):
    """How the suite reaches one tool on one node.

    `photograph` describes everything on the node that the tool could have touched, so that any change of it shows.
    `edit_by_hand` changes one thing that the first release wrote. `break_off` arranges, on the node or in the job, that
    applying this release fails after part of it was done; it must leave the node such that the first release is still
    as deployed.

    `plant` gives the tool a secret from now on, with both releases, as its users do; `spoil` writes another one on the
    node, in the place of that one. `holds` says whether the secret arrived where it is used. `renew_key` gives the
    node another key for its digests. `told` is what the tool says besides, in `status` and of a service.
    """

    tool: Tool
    site: Site

    def job(self, release: str, *, deployment: str) -> Job: ...

    def photograph(self) -> str: ...

    def edit_by_hand(self) -> HandEdit: ...

    def break_off(self, release: str) -> Broken: ...

    def plant(self, secret: str) -> None: ...

    def spoil(self, secret: str) -> None: ...

    def holds(self, secret: str) -> bool: ...

    def renew_key(self) -> None: ...

    def told(self) -> object: ...


class ToolSuite:
    """The promises of a tool."""

    def photograph(self, adapter: Adapter) -> str:
        """What the tool could have touched, and what it must not: the files, containers and units of the node."""
        return f"{adapter.photograph()}\n{surroundings(adapter.site)}"

    def given_away(self, adapter: Adapter, secret: str) -> str:
        """What any account of the node may read of a secret in the files of stems, and in the log of the node."""
        return readable_by_others(adapter.site, secret) + said_in_logs(adapter.site, secret)

    def test_a_preview_only_looks(self, adapter: Adapter) -> None:
        """It changes nothing, says the same again, and does not call drift what is pending."""
        empty = self.photograph(adapter)
        first, second = changes(adapter, FIRST), changes(adapter, FIRST)
        assert [change.identity for change in first] == [change.identity for change in second] != []

        assert differences(empty, self.photograph(adapter)) == []
        deploy(adapter, FIRST, deployment="1")
        deployed = self.photograph(adapter)
        pending = changes(adapter, SECOND)
        assert pending and [change.resource for change in pending if change.by_hand] == []
        assert differences(deployed, self.photograph(adapter)) == []

    def test_a_hand_edit_is_drift_and_is_repaired(self, adapter: Adapter) -> None:
        deploy(adapter, FIRST, deployment="1")
        deployed = self.photograph(adapter)
        edit = adapter.edit_by_hand()

        drift = [change for change in changes(adapter, FIRST) if change.by_hand]
        assert [(change.resource, change.risk) for change in drift] == [(edit.resource, edit.risk)]
        deploy(adapter, FIRST, deployment="2")
        assert predictable(adapter, FIRST) == []
        assert differences(deployed, self.photograph(adapter)) == []

    def test_each_release_comes_whole(self, adapter: Adapter) -> None:
        """Nothing is left to do after apply, and the earlier release comes back as it was."""
        deploy(adapter, FIRST, deployment="1")
        deployed = self.photograph(adapter)
        assert predictable(adapter, FIRST) == []

        deploy(adapter, SECOND, deployment="2")
        assert differences(deployed, self.photograph(adapter)) != []
        assert predictable(adapter, SECOND) == []
        deploy(adapter, FIRST, deployment="3")
        assert differences(deployed, self.photograph(adapter)) == []

    def test_a_deployment_is_taken_back(self, adapter: Adapter) -> None:
        deploy(adapter, FIRST, deployment="1")
        deployed = self.photograph(adapter)
        deploy(adapter, SECOND, deployment="2")

        assert list(restore(adapter, FIRST, deployment="2")) == []
        assert differences(deployed, self.photograph(adapter)) == []
        assert predictable(adapter, FIRST) == []
        assert list(restore(adapter, FIRST, deployment="2")) == []
        assert differences(deployed, self.photograph(adapter)) == []

    def test_half_done_work_is_reported_and_taken_back(self, adapter: Adapter) -> None:
        """The error names the node and what failed, and part of the work was done by then."""
        deploy(adapter, FIRST, deployment="1")
        broken = adapter.break_off(SECOND)
        deployed = self.photograph(adapter)
        with pytest.raises(StemsError) as raised:
            deploy(adapter, SECOND, deployment="2")
        assert raised.value.problem.startswith(f"{adapter.site.node.name}: ") and raised.value.remedy
        assert broken.named in f"{raised.value.problem}\n{raised.value.said}"
        assert differences(deployed, self.photograph(adapter)) != []
        broken.mend()

        assert list(restore(adapter, FIRST, deployment="2")) == []
        assert differences(deployed, self.photograph(adapter)) == []
        assert predictable(adapter, FIRST) == []

    def test_a_secret_is_nowhere_but_where_it_is_used(self, adapter: Adapter) -> None:
        """New, changed, edited by hand, in a failing release and taken back: the tool says none of it."""
        heard = Heard()
        adapter.plant(ONE)
        first = {change.resource: change.after for change in changes(adapter, FIRST, heard)}
        deploy(adapter, FIRST, deployment="1", heard=heard)
        assert adapter.holds(ONE)

        adapter.plant(TWO)
        pending = {change.resource: change.after for change in changes(adapter, FIRST, heard)}
        assert pending and [name for name, after in pending.items() if after and after == first[name]] == []
        adapter.spoil(BY_HAND)
        assert changes(adapter, FIRST, heard)
        deploy(adapter, FIRST, deployment="2", heard=heard)
        adapter.plant(TWO)
        deploy(adapter, FIRST, deployment="3", heard=heard)
        assert adapter.holds(TWO) and changes(adapter, FIRST, heard) == ()

        broken = adapter.break_off(SECOND)
        with pytest.raises(StemsError) as raised:
            deploy(adapter, SECOND, deployment="4", heard=heard)
        heard.note(raised.value)
        broken.mend()
        heard.note(restore(adapter, FIRST, deployment="4", heard=heard), adapter.told())
        assert adapter.holds(TWO)

        for secret in (ONE, TWO, BY_HAND):
            assert [text for text in heard.texts if any(form in text for form in forms(secret))] == []
            assert self.given_away(adapter, secret) == ""

    def test_a_digest_of_a_secret_tells_nothing_without_the_key_of_the_node(self, adapter: Adapter) -> None:
        """Whoever has a plan could otherwise try words until one fits."""
        adapter.plant(ONE)
        first = {change.resource: change.after for change in changes(adapter, FIRST)}
        adapter.plant(TWO)
        second = {change.resource: change.after for change in changes(adapter, FIRST)}
        telling = {name for name, after in second.items() if after != first[name]}
        assert telling

        adapter.renew_key()
        third = {change.resource: change.after for change in changes(adapter, FIRST)}
        assert [name for name in sorted(telling) if third[name] == second[name]] == []


def differences(before: str, now: str) -> list[str]:
    """The lines of two photographs that are not the same."""
    return [] if before == now else list(unified_diff(before.splitlines(), now.splitlines(), n=0, lineterm=""))


def changes(adapter: Adapter, release: str, heard: Heard | None = None) -> tuple[Change, ...]:
    """What the tool would change, asked through a runner that refuses writes."""
    job = adapter.job(release, deployment="")
    site = replace(adapter.site, runner=Guarded(adapter.site.runner, Effect.READS, Effect.STAGES))
    if heard is not None:
        job, site = heard.listening(job, site)
        heard.note(adapter.tool.check(job), adapter.tool.claims(job, site.node))
    answer = adapter.tool.preview(job, [site])[site.node.name]
    if heard is not None:
        heard.note(answer)
    assert isinstance(answer, Present), answer.reason
    preview: Preview = answer.value
    assert not preview.blocked
    return preview.changes


def predictable(adapter: Adapter, release: str) -> list[str]:
    return [change.resource for change in changes(adapter, release) if change.predictable]


def deploy(adapter: Adapter, release: str, *, deployment: str, heard: Heard | None = None) -> None:
    approved = changes(adapter, release, heard)
    job, site = adapter.job(release, deployment=deployment), adapter.site
    if heard is not None:
        job, site = heard.listening(job, site)
    adapter.tool.apply(job, site, approved)


def restore(adapter: Adapter, release: str, *, deployment: str, heard: Heard | None = None) -> list[str]:
    job, site = adapter.job(release, deployment=deployment), adapter.site
    if heard is not None:
        job, site = heard.listening(job, site)
    return list(adapter.tool.restore(job, site))
