"""Releases that fail: what was touched is taken back, what was not is not touched, and data is never put at risk."""

from __future__ import annotations

from typing import Any

from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story, assert_all_well

TICK = "[Service]\nExecStart=/bin/sleep {seconds}\n[Install]\nWantedBy=multi-user.target\n"


def test_what_fails_half_way_in_any_domain_leaves_every_node_as_it_was(told: Tell) -> None:
    """All domains change on all nodes; each in turn fails on the second. What comes after it never hears of it."""
    with told("halves", system="all") as story:
        name = story.site.name
        story.site.cluster["services"][f"{name}-tick"] = {"node": "all", "tool": "systemd"}
        tick = f"services/{name}-tick/{name}-tick.service"
        first = story.commit({tick: TICK.format(seconds=90000)}, "with a unit")
        story.deploy()
        story.ask("crtr", "docker run --rm -v $name-keeper_data:/d stems-lab/busybox:1 sh -c 'echo mine >/d/mine'")
        # A directory with something in it is never replaced by a file.
        story.ask("drtr", "mkdir ~/.$name-zz ~/.$name-zz/mine")
        before, untouched = story.photographs(), story.moments("crtr")

        everywhere = {
            f"{story.site.web}/site/index.html": "second\n",
            f"{story.site.web}/site/prtr.html": "well\n",
            f"{story.site.keeper}/compose.yml": story.site.keeper_compose(command="[sleep, '90000']"),
            f"dotfiles/.{name}rc": "second\n",
            f"dotfiles/.{name}-new": "new\n",
            f"dotfiles/.{name}.d/one": None,
            tick: TICK.format(seconds=91000),
        }
        story.site.cluster["variables"]["greeting"] = "good day"
        fails = "- name: Breaks\n      ansible.builtin.command: 'false'\n      when: node_name == 'drtr'"
        failing: dict[str, dict[str, str | None]] = {
            "Breaks": {"ansible/site.yml": story.site.playbook(fails)},
            f".{name}-zz: a directory with something in it": {
                "ansible/site.yml": story.site.playbook(),
                f"dotfiles/.{name}-zz": "x\n",
            },
            "drtr, prtr: ran, and cannot be undone: task:Mark": {
                "ansible/site.yml": story.site.playbook(
                    f"- {{name: Mark, ansible.builtin.shell: touch /tmp/{name}-mark}}"
                ),
                f"dotfiles/.{name}-zz": None,
                f"{story.site.web}/compose.yml": story.site.web_compose(health="${NODE_NAME}.html"),
            },
        }
        for said, release in failing.items():
            story.commit({**everywhere, **release}, said)
            everywhere.pop(f"dotfiles/.{name}.d/one", None)
            failed = story.deploy(exits=8)
            assert said in failed.err and "taken back on drtr, prtr" in failed.err, str(failed)
            story.assert_same(before)
            assert story.moments("crtr") == untouched
        assert "not healthy" in failed.err and "nothing else of this deployment is left" in failed.err, str(failed)
        story.ask("drtr", "rm -r ~/.$name-zz")
        assert_all_well(story, first)
        assert story.ask("crtr", "docker run --rm -v $name-keeper_data:/d stems-lab/busybox:1 cat /d/mine") == "mine\n"
        assert _newest(story)["nodes"] == {"prtr": "taken back", "drtr": "taken back", "crtr": "not reached"}


def test_an_image_that_is_nowhere_is_seen_before_anything_is_done(told: Tell) -> None:
    with told("nowhere") as story:
        story.commit(
            {f"{story.site.web}/compose.yml": story.site.web_compose(image="none-such")}, "an image that is nowhere"
        )
        refused = story.stems("deploy", answers="y\n", exits=7)
        assert "none-such" in refused.err, "seen by the dry run already"
        assert [story.photograph(node) for node in NODES] == ["", "", ""]


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
