"""Releases that fail: what was touched is taken back, what was not is not touched, and data is never put at risk."""

from __future__ import annotations

from typing import Any

from tests.cluster.conftest import Tell
from tests.support.story import Story, assert_all_well


def test_a_sick_release_leaves_every_node_as_it_was(told: Tell) -> None:
    """The pilot fails its health check: it is taken back, and the others never hear of it. No image: no plan."""
    with told("sick") as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        before = story.photographs()
        others = {node: story.moments(node) for node in ("drtr", "crtr")}

        story.commit(
            {
                f"{story.site.web}/compose.yml": story.site.web_compose(health="nothing-there"),
                f"{story.site.web}/site/index.html": "sick\n",
                f"dotfiles/.{story.site.name}rc": "sick\n",
                f"dotfiles/.{story.site.name}-new": "sick\n",
                f"dotfiles/.{story.site.name}.d/one": None,
            },
            "sick",
        )
        failed = story.deploy(exits=8)
        assert "not healthy" in failed.err and "taken back on prtr" in failed.err
        story.assert_same(before)
        assert {node: story.moments(node) for node in ("drtr", "crtr")} == others
        assert_all_well(story, first)
        assert _newest(story)["nodes"] == {"prtr": "taken back", "drtr": "not reached", "crtr": "not reached"}

        story.commit(
            {f"{story.site.web}/compose.yml": story.site.web_compose(image="none-such")}, "an image that is nowhere"
        )
        refused = story.stems("deploy", answers="y\n", exits=7)
        assert "none-such" in refused.err, "seen by the dry run already"
        story.assert_same(before)
        assert {node: story.moments(node) for node in ("drtr", "crtr")} == others
        assert_all_well(story, first)


def test_a_service_with_data_is_not_put_back_to_an_older_image(told: Tell) -> None:
    """The newer image may have changed the data: the plan says so, and on failure the deployment stops there."""
    with told("migrated") as story:
        story.deploy()
        migrates = '[sh, -c, "echo 2 >/data/format; exit 1"]'
        story.commit({f"{story.site.keeper}/compose.yml": story.site.keeper_compose(image="2", command=migrates)})
        shown = story.stems("plan")
        assert "cannot be undone" in shown.out
        before = {node: story.photograph(node) for node in ("prtr", "drtr")}

        failed = story.deploy(exits=9)
        assert "is not put back" in failed.err and "it keeps data" in failed.err
        images = story.ask("crtr", "docker ps -a --format '{{.Image}}' --filter name=$name-keeper")
        assert images == "stems-lab/busybox:2\n"
        assert story.ask("crtr", "docker run --rm -v $name-keeper_data:/d stems-lab/busybox:1 cat /d/format") == "2\n"
        assert {node: story.photograph(node) for node in ("prtr", "drtr")} == before, "the others are taken back"


def test_a_failed_task_takes_back_every_node_that_was_touched(told: Tell) -> None:
    """A task fails on the second node, and the first had been deployed already."""
    with told("task", system="prtr,drtr") as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        before = story.photographs()
        fails = "- name: Breaks\n      ansible.builtin.command: 'false'\n      when: node_name == 'drtr'"
        broken = {"ansible/site.yml": story.site.playbook(fails), f"dotfiles/.{story.site.name}rc": "second\n"}
        story.site.cluster["variables"]["greeting"] = "good day"
        story.commit(broken)

        failed = story.deploy(exits=8)
        assert "Breaks" in failed.err and "taken back on drtr, prtr" in failed.err
        story.assert_same(before)
        assert_all_well(story, first)


def test_on_failure_decides_what_is_taken_back(told: Tell) -> None:
    """A service is ill on the second node: `revert-node` takes back only that one, `stop` none."""
    with told("policy") as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        before, untouched = story.photographs(), story.moments("crtr")
        story.site.cluster["rollout"]["on_failure"] = "revert-node"
        second = story.commit(
            {
                f"{story.site.web}/compose.yml": story.site.web_compose(health="${NODE_NAME}.html"),
                f"{story.site.web}/site/prtr.html": "well\n",
                f"dotfiles/.{story.site.name}rc": "second\n",
            }
        )

        failed = story.deploy(exits=1)
        assert "taken back on drtr" in failed.err and "prtr stays deployed" in failed.err
        assert {node: seen["deployed"] for node, seen in story.status().items()} == {
            "prtr": second, "drtr": first, "crtr": first,
        }  # fmt: skip
        after = story.photographs()
        assert (after["drtr"], after["crtr"]) == (before["drtr"], before["crtr"])
        assert story.ask("prtr", "cat ~/.${name}rc") == "second\n"

        story.site.cluster["rollout"]["on_failure"] = "stop"
        story.commit()
        failed = story.deploy(exits=1)
        assert "`rollout.on_failure` is stop" in failed.err
        assert story.ask("drtr", "cat ~/.${name}rc") == "second\n", "it stays as it is"
        assert story.photograph("crtr") == before["crtr"] and story.moments("crtr") == untouched


def _newest(story: Story) -> Any:
    return story.stems("history", "--json").json["deployments"][0]
