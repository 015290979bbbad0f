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
from dataclasses import replace
from typing import Protocol

import pytest

from stems.errors import StemsError
from stems.infrastructure.command import Effect
from stems.infrastructure.guards import Guarded
from stems.model.change import Change
from stems.model.observation import Present
from stems.tools.base import Job, Preview, Site, Tool

FIRST, SECOND = "first", "second"


class Adapter(Protocol):
    """How the suite reaches one tool on one node.

    `photograph` describes everything on the node that the tool could have touched, so that any change of it shows.
    `edit_by_hand` changes one thing that the first release wrote, and returns its resource. `break_off` arranges, on
    the node or in the job, that applying this release fails after part of it was done, and returns what takes the
    obstacle away; it must leave the node such that the first release is still as deployed.
    """

    tool: Tool
    site: Site

    def job(self, release: str, *, deployment: str) -> Job: ...

    def photograph(self) -> str: ...

    def edit_by_hand(self) -> str: ...

    def break_off(self, release: str) -> Callable[[], None]: ...


class ToolSuite:
    """The promises of a tool."""

    def test_a_preview_only_looks(self, adapter: Adapter) -> None:
        """It changes nothing, says the same again, and does not call drift what is pending."""
        empty = adapter.photograph()
        first, second = changes(adapter, FIRST), changes(adapter, FIRST)
        assert [change.identity for change in first] == [change.identity for change in second] != []

        assert adapter.photograph() == empty
        deploy(adapter, FIRST, deployment="1")
        deployed = adapter.photograph()
        pending = changes(adapter, SECOND)
        assert pending and [change.resource for change in pending if change.by_hand] == []
        assert adapter.photograph() == deployed

    def test_a_hand_edit_is_drift_and_is_repaired(self, adapter: Adapter) -> None:
        deploy(adapter, FIRST, deployment="1")
        deployed = adapter.photograph()
        resource = adapter.edit_by_hand()

        drift = [change for change in changes(adapter, FIRST) if change.by_hand]
        assert [change.resource for change in drift] == [resource]
        deploy(adapter, FIRST, deployment="2")
        assert predictable(adapter, FIRST) == []
        assert adapter.photograph() == deployed

    def test_each_release_comes_whole(self, adapter: Adapter) -> None:
        """Nothing is left to do after apply, and the earlier release comes back as it was."""
        deploy(adapter, FIRST, deployment="1")
        deployed = adapter.photograph()
        assert predictable(adapter, FIRST) == []

        deploy(adapter, SECOND, deployment="2")
        assert adapter.photograph() != deployed
        assert predictable(adapter, SECOND) == []
        deploy(adapter, FIRST, deployment="3")
        assert adapter.photograph() == deployed

    def test_a_deployment_is_taken_back(self, adapter: Adapter) -> None:
        deploy(adapter, FIRST, deployment="1")
        deployed = adapter.photograph()
        deploy(adapter, SECOND, deployment="2")

        assert list(restore(adapter, FIRST, deployment="2")) == []
        assert adapter.photograph() == deployed
        assert predictable(adapter, FIRST) == []
        assert list(restore(adapter, FIRST, deployment="2")) == []
        assert adapter.photograph() == deployed

    def test_half_done_work_is_taken_back(self, adapter: Adapter) -> None:
        deploy(adapter, FIRST, deployment="1")
        mend = adapter.break_off(SECOND)
        deployed = adapter.photograph()
        with pytest.raises(StemsError):
            deploy(adapter, SECOND, deployment="2")
        mend()

        assert list(restore(adapter, FIRST, deployment="2")) == []
        assert adapter.photograph() == deployed
        assert predictable(adapter, FIRST) == []


def changes(adapter: Adapter, release: str) -> tuple[Change, ...]:
    """What the tool would change, asked through a runner that refuses writes."""
    job = adapter.job(release, deployment="")
    site = replace(adapter.site, runner=Guarded(adapter.site.runner, Effect.READS, Effect.STAGES))
    answer = adapter.tool.preview(job, [site])[site.node.name]
    assert isinstance(answer, Present), answer.reason
    preview: Preview = answer.value
    assert not preview.blocked
    return preview.changes


def predictable(adapter: Adapter, release: str) -> list[str]:
    return [change.resource for change in changes(adapter, release) if change.predictable]


def deploy(adapter: Adapter, release: str, *, deployment: str) -> None:
    approved = changes(adapter, release)
    adapter.tool.apply(adapter.job(release, deployment=deployment), adapter.site, approved)


def restore(adapter: Adapter, release: str, *, deployment: str) -> list[str]:
    return list(adapter.tool.restore(adapter.job(release, deployment=deployment), adapter.site))
