"""The whole loop with chezmoi for the dotfiles, on three nodes, where there is a real chezmoi to try."""

from __future__ import annotations

from tests.cluster.conftest import Tell
from tests.support.chezmoi import needs_chezmoi
from tests.support.story import NODES, Story, assert_all_well, lines

DIED = '#!/bin/sh\n[ "{{ .node_name }}" != drtr ]\n'


@needs_chezmoi
def test_dotfiles_of_chezmoi_go_the_same_way(told: Tell) -> None:
    """Plan, deploy, a hand edit, repair, a release that fails on the second node, rollback."""
    with told("chezmoi", services=False) as story:
        first = _moved_to_chezmoi(story)
        planned = story.plan()
        assert {change["tool"] for node in planned["nodes"] for change in node["changes"]} == {"chezmoi"}
        story.deploy()
        assert_all_well(story, first)
        deployed = story.photographs()
        assert story.plan()["nodes"][0]["changes"] == []

        story.ask("prtr", "echo mine >>~/.${name}rc")
        found = story.drift(exits=4)
        assert [line.split()[-1] for line in lines(found["prtr"]["by_hand"])] == [f"file:~/.{story.site.name}rc"]
        assert found["drtr"]["by_hand"] == found["crtr"]["by_hand"] == []
        story.stems("deploy", "--repair", answers="y\n")
        story.assert_same(deployed)

        name = story.site.name
        second = {f"dotfiles/dot_{name}rc.tmpl": "second {{ .node_name }}\n"}
        story.commit({**second, f"dotfiles/run_after_{name}.sh.tmpl": DIED})
        story.deploy(exits=8)
        story.assert_same(deployed)

        story.commit({**second, f"dotfiles/run_after_{name}.sh.tmpl": None})
        story.deploy()
        for node in NODES:
            assert story.ask(node, "cat ~/.${name}rc") == f"second {node}\n"
        story.stems("rollback", first[:12], answers="y\n")
        story.assert_same(deployed)


def _moved_to_chezmoi(story: Story) -> str:
    name = story.site.name
    story.site.cluster["domains"]["user"] = {"tool": "chezmoi", "source": "dotfiles"}
    gone = (f"dotfiles/.{name}rc", f"dotfiles/.{name}-greeting.j2", f"dotfiles/.{name}.d/one")
    return story.commit({
        **dict.fromkeys(gone),
        f"dotfiles/dot_{name}rc.tmpl": "first {{ .node_name }}\n",
        f"dotfiles/private_dot_{name}-greeting.tmpl": "{{ .greeting }} {{ .tone }}\n",
        f"dotfiles/dot_{name}.d/one": "one\n",
        f"dotfiles/symlink_dot_{name}-link": f".{name}rc\n",
    })  # fmt: skip
