"""The loop: validate, plan, approve, deploy, status, again, rollback, history, and what is written down of it."""

from __future__ import annotations

from tests.cluster.conftest import Tell
from tests.support.story import NODES, Story, assert_all_well, lines


def test_a_commit_goes_from_plan_to_nodes_and_back(told: Tell) -> None:
    """What was approved is on every node, planning again finds nothing, and the first commit comes back as it was."""
    with told("loop", system="crtr") as story:
        first = story.git("rev-parse", "HEAD")
        assert story.stems("validate", "--json").json["schema"] == "stems.validate/1"
        one, two = story.plan(), story.plan()
        assert _without_time(one) == _without_time(two)
        assert [story.photograph(node) for node in NODES] == ["", "", ""], "a plan changes nothing"

        story.stems("deploy", one["digest"], exits=5)
        approved = story.stems("approve", one["digest"][:12], "--yes")
        assert "approved by" in approved.err
        story.stems("deploy", one["digest"][:12])
        at_first = story.photographs()
        _all_well(story, first)
        assert "nothing to do" in story.stems("deploy").out

        story.site.cluster["variables"]["greeting"] = "good day"
        leaves = (
            f"- ansible.builtin.copy: {{content: '# newer', dest: /etc/profile.d/{story.site.name}.sh}}\n"
            f"    - {{name: Leave a mark, ansible.builtin.shell: touch /tmp/{story.site.name}-mark}}"
        )
        newer = {f"{story.site.web}/site/index.html": "second\n", "ansible/site.yml": story.site.playbook(leaves)}
        second = story.commit(newer, "second")
        document = story.plan()
        assert f"prtr recreate container:{story.site.name}-web-web-1" in lines(_changes(document))
        assert not [line for line in lines(_changes(document)) if "keeper" in line]
        started = story.moments("crtr")
        story.deploy()
        assert_all_well(story, second)
        assert story.moments("crtr") == started
        assert "good day from crtr" in story.ask("crtr", "cat /etc/$name-motd")
        assert "good day of drtr" in story.ask("drtr", "cat ~/.$name-greeting")

        _says_what_stays(story, first)
        story.assert_same(at_first)
        _all_well(story, first)
        _written_down(story, [first, second, first])
        assert "this commit was rolled back as" in story.stems("plan").out
        _not_yet_deployed(story)


def _says_what_stays(story: Story, first: str) -> None:
    """What the newer playbook made is named by the plan, by the rollback before it asks, and at its end."""
    newer = story.stems("history", "--json").json["deployments"][0]["id"]
    file, mark = f"file:/etc/profile.d/{story.site.name}.sh", "task:Leave a mark"
    found = story.plan(first)["stays"]
    assert [(each["resource"], each["deployment"]) for each in found["crtr"]["found"]] == [(file, newer), (mark, newer)]
    assert (list(found), found["crtr"]["not_known"]) == (["crtr"], [])

    back = story.stems("rollback", answers="y\n").out
    assert back.count(f"stays: {file}, made by {newer}: the earlier commit does not name it") == 2, back
    assert back.count(f"stays: what {mark} did in {newer}") == 2, back
    story.ask("crtr", "sudo rm /etc/profile.d/$name.sh")
    assert story.plan(first)["stays"] == {}, "it is told once, where a node goes back"


def _not_yet_deployed(story: Story) -> None:
    """A service that was committed and not deployed is no reason to call a node ill, and nothing to repair."""
    name = f"{story.site.name}-more"
    story.site.cluster["services"][name] = {"node": "prtr", "checks": [{"http": "http://127.0.0.1:9/"}]}
    story.commit({f"services/{name}/compose.yml": story.site.keeper_compose()})
    seen = story.status()["prtr"]
    assert (seen["healthy"], seen["in_sync"], seen["awaiting"]) == (True, True, [name])
    assert f"not deployed here yet: {name}" in story.stems("status").out


def _without_time(document: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if name not in ("created", "expires", "digest")}


def _changes(document: dict[str, list[dict[str, list[dict[str, object]]]]]) -> list[dict[str, object]]:
    return [change for node in document["nodes"] for change in node["changes"]]


def _all_well(story: Story, commit: str) -> None:
    for seen in story.status().values():
        assert (seen["deployed"], seen["healthy"], seen["in_sync"], seen["lock"], seen["unfinished"]) == (
            commit, True, True, None, None,
        ), seen  # fmt: skip
    for found in story.drift().values():
        assert (found["by_hand"], found["unpredictable"]) == ([], []), found


def _written_down(story: Story, commits: list[str]) -> None:
    """The story of all deployments is in this clone, on each node, and readable from a clone without a ledger."""
    history = story.stems("history", "--json").json
    assert history["schema"] == "stems.history/1"
    told = [(each["commit"], each["outcome"]) for each in reversed(history["deployments"])]
    assert told == [(commit, "deployed") for commit in commits]
    assert [each["purpose"] for each in history["deployments"]] == ["rollback", "deploy", "deploy"]
    identities = [each["id"] for each in history["deployments"]]
    assert story.git("tag", "--list", "stems/deploy/*").split() == sorted(
        f"stems/deploy/{identity}" for identity in identities
    )
    one = story.stems("history", identities[0], "--json").json
    assert one["schema"] == "stems.deployment/1" and set(one["nodes"]) == set(NODES)
    for node in NODES:
        assert story.stems("history", "--from", node, "--json").json == history
        ends = [entry["outcome"] for entry in story.journal(node) if entry["act"] == "result"]
        assert ends == ["deployed"] * 3
    laptop = story.clone()
    assert story.stems("history", "--json", root=laptop).json == history
    assert {seen["deployed"] for seen in story.status(root=laptop).values()} == {commits[-1]}
