"""Nodes that do not answer: unknown is said, nothing is concluded from it, and nothing that was known is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.local import LocalRunner
from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story, wait_until


def test_nodes_that_do_not_answer_are_unknown(told: Tell) -> None:
    """One that hangs, or all without sshd: exit 7 everywhere, and every record stays as it was."""
    with told("unknown") as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        second = story.commit({f"dotfiles/.{story.site.name}rc": "second\n"}, "second")
        records = story.records()
        with _broken(story, "drtr", "pause"):
            _says_unknown(story, "drtr")
            _left_out(story, second)
        # Probes that were under way when the node hung may fail a moment later.
        wait_until("drtr is healthy", lambda: story.start("status").wait().code == 0, deadline=60)
        came_back = story.status()["drtr"]
        assert (came_back["known"], came_back["deployed"], came_back["behind"]) == (True, first, 1)
        assert "1 behind" in story.stems("status").out
        story.deploy()
        assert {seen["deployed"] for seen in story.status().values()} == {second}

        assert story.records() != records
        records = story.records()
        with ExitStack() as faults:
            for node in NODES:
                faults.enter_context(_broken(story, node, "stop-sshd"))
            _says_unknown(story, *NODES)
            story.stems("rollback", first, exits=7)
            story.stems("deploy", "--repair", exits=7)
            story.stems("deploy", "--resume", exits=7)
            assert story.stems("history", "--json").json["deployments"][0]["commit"] == second
            story.stems("history", exits=7, root=story.clone("phone"))
        assert story.records() == records


def test_a_node_that_cannot_be_trusted_or_entered_is_unknown(told: Tell) -> None:
    """Another host key than the pinned one, or no key to enter with: exit 7, naming the node and what to do."""
    with told("stranger", services=False) as story:
        other = story.git("show", "HEAD:config/known_hosts").replace("drtr ", "other ").replace("prtr ", "drtr ")
        story.commit({"config/known_hosts": other.replace("other ", "prtr ")})
        seen = story.status(exits=7)
        assert [seen[node]["known"] for node in ("crtr", "drtr", "prtr")] == [True, False, False]
        assert "host key" in seen["drtr"]["reason"] and "stems trust" in seen["drtr"]["remedy"]
        story.stems("deploy", exits=7)

        story.commit({"config/known_hosts": other.replace("other ", "prtr ").replace("crtr ", "nobody ")})
        assert not story.status(exits=7)["crtr"]["known"]

        identity = story.root.parent / "no-such-key"
        for node in story.site.cluster["nodes"].values():
            node["ssh"]["identity"] = str(identity)
        story.commit()
        for words in (("status",), ("plan",), ("drift",), ("deploy",)):
            said = story.stems(*words, exits=7)
            assert "no-such-key" in said.out + said.err or "key" in said.out + said.err
        assert all(story.journal(node) == [] for node in NODES)


def _says_unknown(story: Story, *names: str) -> None:
    document = story.status(exits=7)
    for name, seen in document.items():
        assert seen["known"] is (name not in names)
    for name in names:
        assert document[name]["when_down"]["impact"] == f"nothing on {name}"
    shown = story.stems("status", exits=7).out
    assert all(f"impact: nothing on {name}" in shown and f"ask another than {name}" in shown for name in names)
    planned = story.stems("plan", "--json", exits=7).json
    assert sorted(planned["unknown"]) == sorted(names) and planned["saved"] is False
    found = story.stems("drift", "--json", exits=7).json
    assert sorted(found["unknown"]) == sorted(names)
    refused = story.stems("deploy", exits=7)
    if len(names) < len(NODES):
        assert all(f"--without {name}" in refused.err for name in names)
    else:
        assert "--without" not in refused.err, "nobody would be left"


def _left_out(story: Story, commit: str) -> None:
    """`--without` goes on with the others, by name only."""
    story.stems("deploy", "--without", "drtr", answers="y\n")
    seen = story.status(exits=7)
    assert [seen[node].get("deployed") for node in NODES] == [commit, None, commit]


@contextmanager
def _broken(story: Story, node: str, fault: str) -> Iterator[None]:
    break_node(story.lab, story.lab.node(node), fault, LocalRunner())
    try:
        yield
    finally:
        heal(story.lab, LocalRunner(), nodes=[story.lab.node(node)])
