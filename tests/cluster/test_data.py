"""What people and containers keep on a node survives every deployment and rollback."""

from __future__ import annotations

from tests.cluster.conftest import Tell
from tests.support.story import Story, lines

KEEPSAKES = r"""
cd "$checkout/services/$name-web"
mkdir -p uploads cache
echo photo >uploads/photo
echo TOKEN=mine >.env; chmod 600 .env
echo cached >cache/item; sudo chown -R 1234:1234 cache; sudo chmod 700 cache
"""

LOOK = r"""
cd "$checkout/services/$name-web"
sudo find uploads cache .env -exec stat -c '%n %A %u %g' {} + | sort
sudo cat uploads/photo cache/item .env
"""


def test_files_beside_tracked_ones_survive(told: Tell) -> None:
    """Untracked files, an ignored `.env` and a folder that a container took for itself stay; a local commit stops."""
    with told("beside") as story:
        first = story.commit({".gitignore": ".env\n"})
        story.deploy()
        story.ask("prtr", KEEPSAKES)
        kept = story.ask("prtr", LOOK)

        second = story.commit({f"{story.site.web}/site/index.html": "second\n", f"{story.site.web}/more": "second\n"})
        story.deploy()
        assert story.ask("prtr", LOOK) == kept
        story.stems("rollback", first[:12], answers="y\n")
        assert story.ask("prtr", LOOK) == kept
        assert story.ask("prtr", "cd $checkout/services/$name-web && cat site/index.html && ls") == (
            "first\ncache\ncompose.yml\nsite\nuploads\n"
        )

        in_the_way = story.commit({f"{story.site.web}/uploads/photo": "from Git\n"}, "a path that somebody uses")
        refused = story.stems("plan", exits=7)
        assert "uploads/photo" in refused.err and "does not track" in refused.err
        assert story.ask("prtr", LOOK) == kept
        story.commit({f"{story.site.web}/uploads/photo": None})

        _commit_locally(story)
        refused = story.stems("plan", exits=7)
        assert "a commit that this repository does not have" in refused.err
        assert story.stems("deploy", "--node", "drtr", answers="y\n")
        assert "mine" in story.ask("prtr", 'git -C "$checkout" log -1 --format=%s'), "nobody moved it"
        del second, in_the_way


def _commit_locally(story: Story) -> None:
    story.ask(
        "prtr",
        'cd "$checkout" && echo mine >local && git add local && '
        "git -c user.name=me -c user.email=me@colab.example commit -qm mine",
    )


def test_a_running_project_with_data_is_taken_over_and_let_go(told: Tell) -> None:
    """A project that ran before stems keeps its volume when taken over, and when it is removed from the cluster."""
    with told("adopted") as story:
        keeper, name = f"services/{story.site.name}-keeper", story.site.name
        compose = story.site.keeper_compose()
        story.ask(
            "crtr", f"mkdir -p /tmp/$name/$name-keeper; cat >/tmp/$name/$name-keeper/compose.yml <<'END'\n{compose}END"
        )
        story.ask("crtr", "cd /tmp/$name/$name-keeper && docker compose -p $name-keeper up -d --quiet-pull 2>&1")
        story.ask("crtr", "docker exec $name-keeper-keeper-1 sh -c 'echo precious >/data/precious'")

        document = story.plan()
        changes = [change for node in document["nodes"] for change in node["changes"] if node["node"] == "crtr"]
        taken = next(change for change in changes if change["resource"] == f"container:{name}-keeper-keeper-1")
        assert (taken["action"], taken["class"]) == ("recreate", "destructive") and "takes over" in taken["note"]
        story.deploy()
        assert _precious(story) == "precious\n"

        story.site.cluster["services"][f"{name}-keeper"]["node"] = "drtr"
        moved = story.commit()
        refused = story.stems("plan", exits=3)
        assert "stems move" in refused.err and "keeps data on crtr" in refused.err
        story.stems("deploy", exits=3)

        del story.site.cluster["services"][f"{name}-keeper"]
        story.commit({f"{keeper}/compose.yml": None})
        changes = [change for node in story.plan()["nodes"] for change in node["changes"]]
        removed = [change for change in changes if "keeper" in change["resource"] and change["tool"] == "compose"]
        assert lines(removed) == [f"crtr remove container:{name}-keeper-keeper-1"]
        assert removed[0]["class"] == "destructive" and "volumes stay" in removed[0]["note"]
        story.deploy()
        assert story.ask("crtr", "docker ps -aq --filter name=$name-keeper") == ""
        assert _precious(story) == "precious\n"
        del moved


def _precious(story: Story) -> str:
    return story.ask("crtr", "docker run --rm -v ${name}-keeper_data:/d stems-lab/busybox:1 cat /d/precious")
