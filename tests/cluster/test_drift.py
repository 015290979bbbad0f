"""Drift: what somebody changed by hand is found and named, kept or put right as asked, and never lost."""

from __future__ import annotations

from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story, lines

EDITS = {
    "prtr": r"""
echo "mine 1" >>~/.${name}rc
rm ~/.$name.d/one
ln -sf .${name}rc ~/.$name-greeting
cd "$checkout/services/$name-web" && echo "# mine 1" >>compose.yml
NODE_NAME=another docker compose -p "$name-web" up -d --wait --force-recreate 2>&1
""",
    "drtr": r"""
echo "# mine 2" | sudo tee -a /etc/systemd/system/$name-agent.service
sudo systemctl stop $name-agent
sudo rm /etc/$name-motd
docker stop -t 1 $name-web-web-1
""",
    "crtr": r"""
echo "mine 3" >>"$checkout/dotfiles/.$name.d/one"
docker rm -f $name-keeper-keeper-1
echo "# mine 3" | sudo tee -a /etc/systemd/system/$name-tick.service
sudo rm -r /etc/systemd/system/$name-tock.service.d
sudo systemctl stop $name-tock
docker run -d --name $name-gone-1 --label stems.cluster=$name --label stems.service=$name-gone \
  --label com.docker.compose.project=$name-gone stems-lab/busybox:1 sleep 10000
""",
}
STRAYS = r"""
docker run -d --name stray-$name --label com.docker.compose.project=stray stems-lab/busybox:1 sleep 10000
printf '[Service]\nExecStart=/bin/true\n' | sudo tee /etc/systemd/system/stray-$name.service
"""
CLEAN = {
    "prtr": "docker rm -f stray-$name; sudo rm -f /etc/systemd/system/stray-$name.service",
    "drtr": "sudo systemctl stop $name-agent; sudo rm -f /etc/systemd/system/$name-agent.service",
    "crtr": "sudo systemctl disable --now $name-tick $name-tock; sudo rm -rf /etc/systemd/system/$name-t*",
}
RUNS = "[Service]\nExecStart=/bin/sleep {seconds}\n[Install]\nWantedBy=multi-user.target\n"
AGENT = """
    - name: Agent
      ansible.builtin.copy: {{src: agent.service, dest: /etc/systemd/system/{name}-agent.service, mode: "0644"}}
    - name: Run it
      ansible.builtin.systemd_service: {{name: {name}-agent, state: started, daemon_reload: true}}
"""


def test_what_was_changed_by_hand_is_found_kept_and_repaired(told: Tell) -> None:
    """Edited, missing, stopped, replaced: each is named; what is kept is deployed, a repair puts the rest right."""
    with told("drift", system="drtr") as story:
        first = _deployed(story)
        deployed = story.photographs()
        story.ask("prtr", STRAYS)
        try:
            for node, edit in EDITS.items():
                story.ask(node, edit)
            second = story.commit({f"dotfiles/.{story.site.name}-new": "second\n"})
            running = story.ask("prtr", "docker inspect --format '{{.State.StartedAt}}' stray-$name")

            _found(story, first)
            _kept(story)
            repaired = story.stems("deploy", "--repair", "--node", "crtr", answers="y\n")
            assert "deployed" in repaired.out
            story.assert_same({"crtr": deployed["crtr"]})
            assert story.status(exits=1)["crtr"]["deployed"] == first != second
            _kept_edits_are_deployed(story)

            assert story.ask("prtr", "docker inspect --format '{{.State.StartedAt}}' stray-$name") == running
            for number, node in enumerate(NODES, 1):
                assert story.ask(node, f'sudo grep -rl "mine {number}" "$state/before"'), "what was edited is kept"
        finally:
            for node, text in CLEAN.items():
                story.ask(node, f"{{ {text}; sudo systemctl daemon-reload; }} 2>&1 || :")


def _deployed(story: Story) -> str:
    name = story.site.name
    story.site.cluster["services"][f"{name}-units"] = {"node": "crtr", "tool": "systemd"}
    units = f"services/{name}-units/{name}"
    first = story.commit({
        "ansible/site.yml": story.site.playbook(AGENT.format(name=name)),
        "ansible/files/agent.service": RUNS.format(seconds=30000),
        f"{units}-tick.service": RUNS.format(seconds=30001),
        f"{units}-tock.service": RUNS.format(seconds=30002),
        f"{units}-tock.service.d/10.conf": "[Service]\nEnvironment=A=1\n",
    })  # fmt: skip
    story.deploy()
    return first


def _found(story: Story, first: str) -> None:
    name, units = story.site.name, "file:/etc/systemd/system"
    checkout = f"checkout:/home/owner/{name}-config"
    found = story.drift(exits=4)
    assert {node: sorted(lines(each["by_hand"])) for node, each in found.items()} == {
        "prtr": [
            f"prtr change file:~/.{name}rc",
            f"prtr create file:~/.{name}.d/one",
            f"prtr recreate container:{name}-web-web-1",
            f"prtr replace file:~/.{name}-greeting",
            f"prtr restore {checkout}/services/{name}-web/compose.yml",
        ],
        "drtr": [
            f"drtr change {units}/{name}-agent.service",
            f"drtr create file:/etc/{name}-motd",
            f"drtr start container:{name}-web-web-1",
            f"drtr start unit:{name}-agent.service",
        ],
        "crtr": [
            f"crtr change {units}/{name}-tick.service",
            f"crtr create container:{name}-keeper-keeper-1",
            f"crtr create {units}/{name}-tock.service.d/10.conf",
            f"crtr remove container:{name}-gone-1",
            f"crtr restart unit:{name}-tick.service",
            f"crtr restore {checkout}/dotfiles/.{name}.d/one",
            f"crtr start unit:{name}-tock.service",
        ],
    }
    (edited,) = [each for each in found["prtr"]["by_hand"] if each["resource"].startswith("checkout:")]
    assert "-" in edited["diff"] and "mine" in edited["diff"], "an edit is shown before anybody gives it up"
    assert all(each["deployed"] == first for each in found.values())
    assert all(each["not_yet_applied"] == [f"dotfiles/.{name}-new"] for each in found.values())
    strays = {
        f"container:stray-{name} (project stray)",
        f"unit:stray-{name}.service ({units[5:]}/stray-{name}.service)",
    }
    assert strays <= set(found["prtr"]["unmanaged"])
    assert not [line for each in found.values() for line in each["unmanaged"] if f"{name}-agent" in line]
    seen = story.status(exits=1)
    assert [seen[node]["in_sync"] for node in NODES] == [False, False, False]
    assert [seen[node]["healthy"] for node in NODES] == [True, False, False]


def _kept(story: Story) -> None:
    """One edit of each tool comes into the working tree, and nothing on a node changes."""
    name, units = story.site.name, "file:/etc/systemd/system"
    before = story.photographs()
    places = {
        f"file:~/.{name}rc": f"dotfiles/.{name}rc",
        f"checkout:/home/owner/{name}-config/services/{name}-web/compose.yml": f"services/{name}-web/compose.yml",
        f"{units}/{name}-agent.service": "ansible/files/agent.service",
        f"{units}/{name}-tick.service": f"services/{name}-units/{name}-tick.service",
    }
    kept = story.stems("drift", "--json", *(word for resource in places for word in ("--keep", resource))).json
    assert kept["schema"] == "stems.kept/1"
    assert {each["resource"]: each["path"] for each in kept["kept"]} == places
    assert sorted(story.git("diff", "--name-only").split()) == sorted(places.values())
    assert story.git("diff", "--unified=0").count("mine") == len(places)
    story.assert_same(before)


def _kept_edits_are_deployed(story: Story) -> None:
    """What is kept goes to every node; where it was edited nothing is written, and stems takes it for its own."""
    name, units = story.site.name, "/etc/systemd/system"
    commit = story.commit(message="Keep what was edited by hand")
    planned = story.plan()
    changes = lines([change for node in planned["nodes"] for change in node["changes"]])
    assert {
        f"prtr adopt file:~/.{name}rc",
        f"prtr adopt checkout:/home/owner/{name}-config/services/{name}-web/compose.yml",
        f"drtr adopt file:{units}/{name}-agent.service",
        f"drtr change file:~/.{name}rc",
        f"crtr change file:{units}/{name}-tick.service",
        f"crtr change file:~/.{name}rc",
    } <= set(changes)
    story.stems("approve", planned["digest"], "--yes")
    story.stems("deploy", planned["digest"])
    for node in NODES:
        assert story.ask(node, "cat ~/.${name}rc") == "first\nmine 1\n"
    assert [each["by_hand"] for each in story.drift().values()] == [[], [], []]
    for seen in story.status().values():
        assert (seen["deployed"], seen["in_sync"], seen["healthy"]) == (commit, True, True)


def test_a_tool_that_does_not_answer_hides_nothing_of_the_others(told: Tell) -> None:
    """Sudo wants a password and nobody is there to type it: the system domain is not checked, the dotfiles are."""
    with told("drift-sudo", system="prtr", services=False, alone=True) as story:
        story.deploy()
        story.ask("prtr", "echo mine >>~/.${name}rc")
        story.console("prtr", "cd /etc/sudoers.d && cp -p owner /root && sed -i 's/NOPASSWD: //' owner")
        try:
            said = story.stems("drift", exits=7)
            document = story.drift(exits=7)
        finally:
            story.console("prtr", "mv /root/owner /etc/sudoers.d/owner")

        assert f"file:~/.{story.site.name}rc" in said.out
        assert "system: ? not checked: sudo wants a password" in said.out
        assert said.err.count("sudo wants a password") == 1, "it is said once"
        assert document["prtr"]["unchecked"] == {"system": "prtr: sudo wants a password"}
        assert [change["resource"] for change in document["prtr"]["by_hand"]] == [f"file:~/.{story.site.name}rc"]
