"""Drift: what somebody changed by hand is found and named, put right when asked, and never lost."""

from __future__ import annotations

from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story, lines

EDITS = {
    "prtr": 'echo "mine 1" >>~/.${name}rc',
    "drtr": 'echo "mine 2" | sudo tee -a /etc/$name-motd; docker stop -t 1 $name-web-web-1',
    "crtr": 'echo "mine 3" >>"$checkout/dotfiles/.$name.d/one"; docker rm -f $name-keeper-keeper-1',
}


def test_what_was_changed_by_hand_is_found_repaired_and_kept(told: Tell) -> None:
    """Edited, stopped, removed: each is named with its resource; a repair puts it right and keeps what it replaced."""
    with told("drift", system="drtr") as story:
        name = story.site.name
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        assert [found["by_hand"] for found in story.drift().values()] == [[], [], []]
        deployed = story.photographs()
        stray = "docker run -d --name stray-$name stems-lab/busybox:1 sleep 10000"
        story.ask("prtr", stray)
        try:
            _edit(story)
            second = story.commit({f"dotfiles/.{name}-new": "second\n"})

            found = story.drift(exits=4)
            assert _by_hand(found) == {
                "prtr": [f"prtr change file:~/.{name}rc"],
                "drtr": [f"drtr change file:/etc/{name}-motd", f"drtr start container:{name}-web-web-1"],
                "crtr": [
                    f"crtr create container:{name}-keeper-keeper-1",
                    f"crtr restore checkout:/home/owner/{name}-config/dotfiles/.{name}.d/one",
                ],
            }
            assert all(each["deployed"] == first for each in found.values())
            assert all(each["not_yet_applied"] == [f"dotfiles/.{name}-new"] for each in found.values())
            assert f"container:stray-{name}" in found["prtr"]["unmanaged"]
            seen = story.status(exits=1)
            assert [seen[node]["in_sync"] for node in NODES] == [False, False, False]
            assert [seen[node]["healthy"] for node in NODES] == [True, False, False]

            running = story.ask("prtr", "docker inspect --format '{{.State.StartedAt}}' stray-$name")
            repaired = story.stems("deploy", "--repair", answers="y\n")
            assert "deployed" in repaired.out
            story.assert_same(deployed)
            assert [each["by_hand"] for each in story.drift().values()] == [[], [], []]
            assert {each["deployed"] for each in story.status().values()} == {first} != {second}
            assert story.ask("prtr", "docker inspect --format '{{.State.StartedAt}}' stray-$name") == running
            for number, node in enumerate(NODES, 1):
                assert story.ask(node, f'sudo grep -rl "mine {number}" "$state/before"'), "what was edited is kept"
        finally:
            story.ask("prtr", "docker rm -f stray-$name")


def _edit(story: Story) -> None:
    for node, edit in EDITS.items():
        story.ask(node, edit)


def _by_hand(found: dict[str, dict[str, list[dict[str, object]]]]) -> dict[str, list[str]]:
    assert all(change["by_hand"] for each in found.values() for change in each["by_hand"])
    return {node: sorted(lines(each["by_hand"])) for node, each in found.items()}
