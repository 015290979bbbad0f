"""What runs by hand on a node is written down, taken over and keeps its data; its secrets stay where they are."""

from __future__ import annotations

from typing import Any

from stems.model.service import UNWRITTEN
from stems.readers.written import write_yaml
from tests.cluster.conftest import Tell
from tests.support.story import Story, lines

SECRETS = ("tok-5ecret", "hunter2hunter", "va'ult $5ecret", "plain5ecret")

MEDIA = """\
# The photos of the household
services:
  app:
    image: stems-lab/busybox:1
    command: [sh, -c, "echo started >>/data/starts; exec httpd -f -p 8080 -h /site"]
    environment:
      TOKEN: ${TOKEN}  # from .env
      API_KEY: hunter2hunter
      LEVEL: info
    volumes: ["data:/data", "./site:/site:ro"]
    init: true
    stop_grace_period: 1s
volumes: {data: {}}
"""

RUN_BY_HAND = r"""
folder=/tmp/$name/media
mkdir -p $folder/site
cat >$folder/compose.yml
echo photo >$folder/site/photo
printf 'TOKEN=tok-5ecret\nUNUSED="two\nlines=tok-5ecret"\n' >$folder/.env
cd $folder && docker compose -p $name-media up -d 2>/dev/null
docker exec $name-media-app-1 sh -c 'echo precious >/data/precious'
docker run -d --init --name $name-vault --hostname vault --restart unless-stopped --memory 64m --cap-add NET_ADMIN \
  -p 127.0.0.1:$port:80 -e VAULT_TOKEN=plain5ecret -e ODD="va'ult \$5ecret" -e LEVEL=debug \
  -v $name-vault:/vault -v /scratch --tmpfs /run:size=1m --label of=$name \
  stems-lab/busybox:1 sh -c 'echo $$ >/scratch/pid; exec sleep 100000' >/dev/null
docker exec $name-vault sh -c 'echo dear >/vault/dear; echo left >/scratch/left'
"""

LOOK = r"""
docker exec $name-media-app-1 sh -c 'cat /data/precious /site/photo; echo $TOKEN $API_KEY $LEVEL'
docker exec $name-vault sh -c 'cat /vault/dear /scratch/left; hostname; echo "$VAULT_TOKEN $ODD $LEVEL"'
docker inspect --format '{{json .HostConfig.Memory}} {{json .HostConfig.CapAdd}} {{json .HostConfig.RestartPolicy}}
{{json .HostConfig.PortBindings}} {{json .HostConfig.Tmpfs}} {{json .Config.Cmd}}' $name-vault | sed s/CAP_//
"""


def test_what_runs_by_hand_is_adopted_with_its_data(told: Tell) -> None:
    with told("adopt", services=False, alone=True) as story:
        name = story.site.name
        _run_by_hand(story)
        before = _looked(story)
        photograph = story.photograph("prtr")
        said = [_adopt(story, f"{name}-media"), _adopt(story, f"{name}-vault")]

        assert story.photograph("prtr") == photograph, "nothing on the node changed"
        assert _names(story) == set()
        _fill_in(story, said)
        plan = story.plan()
        changes = [one for node in plan["nodes"] for one in node["changes"] if one["tool"] == "compose"]
        assert lines(changes) == [
            f"prtr recreate container:{name}-media-app-1", f"prtr recreate container:{name}-vault",
        ]  # fmt: skip
        assert {one["class"] for one in changes} == {"destructive"}
        story.deploy()

        assert _looked(story) == before
        assert story.ask("prtr", "docker exec $name-media-app-1 cat /data/starts") == "started\nstarted\n"
        aside = story.ask("prtr", "docker ps -a --filter name=$name-vault.before --format '{{.State}}'")
        assert aside == "exited\n"
        assert story.plan()["nodes"][0]["changes"] == []
        _require_no_secret(story, str(plan), *map(str, said))


GONE = """\
services:
  store:
    image: stems-lab/busybox:1
    command: [sleep, "100000"]
    volumes: ["data:/data", "/cache"]
    networks: [inner]
    init: true
    stop_grace_period: 1s
volumes: {data: {}}
networks: {inner: {internal: true}}
"""

LOOK_GONE = r"""
docker exec $name-gone-store-1 cat /data/file /cache/file
docker inspect --format '{{range .Mounts}}{{.Name}} {{.Destination}}{{println}}{{end}}' $name-gone-store-1 | sort
docker inspect --format '{{range $key, $_ := .NetworkSettings.Networks}}{{$key}} {{end}}' $name-gone-store-1
"""


def test_a_project_whose_files_are_gone_keeps_its_volumes(told: Tell) -> None:
    """Those without a name, too."""
    with told("gone", services=False, alone=True) as story:
        story.ask(
            "prtr",
            f"mkdir /tmp/$name; cd /tmp/$name; cat >compose.yml <<'END'\n{GONE}END\n"
            "docker compose -p $name-gone up -d 2>/dev/null; rm compose.yml\n"
            "docker exec $name-gone-store-1 sh -c 'echo precious >/data/file; echo dear >/cache/file'",
        )
        before = story.ask("prtr", LOOK_GONE)
        _begin(story)
        made = _adopt(story, f"{story.site.name}-gone")
        _give_reasons(story)
        story.deploy()

        assert "compose.yml is not there any more" in str(made["notes"])
        assert story.ask("prtr", LOOK_GONE) == before


def test_what_made_way_comes_back_when_the_deployment_fails(told: Tell) -> None:
    with told("return", services=False, alone=True) as story:
        story.ask(
            "prtr",
            "docker run -d --init --name $name-vault --restart always -v $name-vault:/data stems-lab/busybox:1 "
            "sleep 100000 >/dev/null; docker exec $name-vault sh -c 'echo dear >/data/file'",
        )
        look = "docker inspect --format '{{.Id}} {{.State.Running}} {{json .HostConfig.RestartPolicy}}' $name-vault"
        before = story.ask("prtr", look)
        _begin(story)
        _adopt(story, f"{story.site.name}-vault")
        _give_reasons(story, "data: local\n    checks: [{http: 'http://127.0.0.1:1/'}]")
        story.deploy(exits=8)

        assert story.ask("prtr", look) == before
        assert story.ask("prtr", "docker exec $name-vault cat /data/file") == "dear\n"
        assert story.ask("prtr", "docker ps -a --filter name=$name- --format '{{.Names}}'").split() == [
            f"{story.site.name}-vault"
        ]


def _run_by_hand(story: Story) -> None:
    script = RUN_BY_HAND.replace("cat >$folder/compose.yml\n", f"cat >$folder/compose.yml <<'END'\n{MEDIA}END\n")
    story.ask("prtr", f"port={story.site.port}\n{script}")
    _begin(story)
    assert _names(story) == {f"{story.site.name}-media", f"{story.site.name}-vault"}


def _begin(story: Story) -> None:
    """A cluster file as people write it, without any service yet."""
    story.site.cluster["domains"]["services"] = {"tool": "compose", "source": "services"}
    text = "# The household\n" + write_yaml(story.site.cluster).replace("rollout:\n", "\n# slowly\nrollout:\n")
    story.commit({"config/cluster.yml": text, ".gitignore": ".env\n"})


def _names(story: Story) -> set[str]:
    document = story.stems("adopt", "prtr", "--json").json
    assert document["schema"] == "stems.adopt/1"
    return {one["name"] for one in document["candidates"] if one["name"].startswith(story.site.name)}


def _looked(story: Story) -> str:
    return story.ask("prtr", LOOK)


def _adopt(story: Story, name: str) -> Any:
    done = story.stems("adopt", "prtr", name, "--json")
    again = story.stems("adopt", "prtr", name, exits=2)
    assert "a declared service owns it" in again.err
    return {**done.json["adopted"], "said": str(done)}


def _fill_in(story: Story, said: list[Any]) -> None:
    """What a person does: the commands on the node, the values that no command copies, the reasons."""
    assert story.stems("validate", "--no-linters").out.count("(STM559)") == 2
    for one in said:
        story.ask("prtr", "\n".join(one["commands"]))
    folder = f"$checkout/services/{story.site.name}"
    story.ask("prtr", f"echo API_KEY=hunter2hunter >>{folder}-media/.env")
    story.ask("prtr", f"cat >>{folder}-vault/.env <<'END'\nODD=\"va'ult \\$5ecret\"\nEND\n")
    text = (story.root / "config" / "cluster.yml").read_text()
    assert text.startswith("# The household\n") and "\n# slowly\nrollout:\n" in text
    _give_reasons(story)


def _give_reasons(story: Story, data: str = "data: local") -> None:
    file = story.root / "config" / "cluster.yml"
    file.write_text(file.read_text().replace(UNWRITTEN, "It is always on").replace("data: local", data))
    story.git("add", "-A")
    assert "(STM559)" not in story.stems("validate", "--no-linters").out
    story.git("commit", "-qm", "adopt")


def _require_no_secret(story: Story, *texts: str) -> None:
    written = [path for path in story.root.rglob("*") if path.is_file() and ".git" not in path.parts]
    store = [path for path in (story.root / ".git" / "stems").rglob("*") if path.is_file()]
    journal = story.ask("prtr", "cat $state/journal.jsonl")
    everything = "\n".join(
        [*texts, journal, story.git("log", "--all", "-p"), *(path.read_text() for path in (*written, *store))]
    )
    assert f"{story.site.name}-vault" in everything
    for secret in SECRETS:
        assert secret not in everything
