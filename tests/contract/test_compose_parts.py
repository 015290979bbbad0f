"""What a project is put together from, how many containers it has, and in which order they are made anew."""

from __future__ import annotations

from shlex import quote

import pytest

from stems.errors import ToolError
from stems.model.change import Risk, Undo
from stems.model.observation import Unknown
from tests.contract.suite import FIRST, SECOND, changes, deploy, predictable, restore
from tests.contract.test_compose import IMAGE, Target, target

__all__ = ["target"]

NAMES = "docker ps -a --filter label=com.docker.compose.project=$project --format '{{.Names}}' | sort"
SLEEPS = f'{{image: {IMAGE}, command: [sleep, "1000"], init: true}}'


def names(target: Target) -> list[str]:
    return [name.removeprefix(f"{target.project}-") for name in target.ask(NAMES).split()]


def told(target: Target, release: str = FIRST) -> list[tuple[str, str]]:
    start = f"container:{target.project}-"
    return [(change.action, change.resource.removeprefix(start)) for change in changes(target, release)]


FILES = {
    "own.yml": """
include: [common/included.yml]
services:
  web:
    extends: {file: common/base.yml, service: base}
    configs: [motd]
    secrets: [token]
    networks: [outer]
  debug:
    profiles: [debug]
    extends: {file: common/base.yml, service: base}
configs: {motd: {file: ./motd.txt}}
secrets: {token: {file: ./token.txt}}
""",
    "more/over.yml": """
services:
  web: {environment: {WHO: web}, ports: !reset []}
networks: {outer: {external: true, name: "${NET:?is needed}"}}
""",
    "common/base.yml": f"""
services:
  base:
    image: {IMAGE}
    command: [sleep, "1000"]
    init: true
    env_file: base.env
    ports: ["127.0.0.1:18081:80"]
    volumes: ["./site:/site:ro"]
""",
    "common/included.yml": f"""
services:
  inner:
    image: {IMAGE}
    command: [sleep, "1000"]
    init: true
    environment: {{WHERE: "${{WHERE}}"}}
""",
    "common/.env": "WHERE=included\n",
    "common/base.env": "BASE=1\n",
    "common/site/index.html": "first\n",
    "motd.txt": "hello\n",
    "env.template": "COMPOSE_FILE=own.yml:more/over.yml\nNET=\n",
}


def test_a_project_in_many_files_is_one(target: Target) -> None:
    """COMPOSE_FILE, `extends`, `include`, an external network, files of configs and secrets, and a profile."""
    target.releases[FIRST] = target.releases[SECOND] = FILES
    env = "$root/checkout/services/$project/.env"
    target.ask('docker network create "$project-net" >/dev/null')
    answer = target.answer()
    assert isinstance(answer, Unknown) and "values missing for COMPOSE_FILE, NET" in answer.reason
    target.ask(f'printf "%s\\n" COMPOSE_FILE=own.yml:more/over.yml "NET=$project-net" >>"{env}"')
    target.ask('echo s3cret >"$root/checkout/services/$project/token.txt"')
    deploy(target, FIRST, deployment="1")

    assert names(target) == ["inner-1", "web-1"]
    assert predictable(target, FIRST) == []
    read = 'docker exec "$project-web-1" sh -c "cat /site/index.html /motd /run/secrets/token; echo \\$WHO \\$BASE"'
    assert target.ask(read) == "first\nhello\ns3cret\nweb 1\n"
    assert target.ask('docker exec "$project-inner-1" sh -c "echo \\$WHERE"') == "included\n"
    for file, who in (("common/site/index.html", "web-1"), ("common/.env", "inner-1"), ("motd.txt", "web-1")):
        target.releases[SECOND] = {**FILES, file: f"{'WHERE=' * ('env' in file)}other\n"}
        assert told(target, SECOND) == [("recreate", who)]
    target.ask('echo other >"$root/checkout/services/$project/token.txt"')
    (change,) = changes(target, FIRST)
    assert change.resource.endswith("web-1") and "changed: values of the node" in change.note
    assert "other" not in str(change.to_json())

    target.ask(f'echo COMPOSE_PROFILES=debug >>"{env}"; echo s3cret >"$root/checkout/services/$project/token.txt"')
    assert told(target) == [("create", "debug-1")]
    deploy(target, FIRST, deployment="2")
    deployed = target.photograph()
    assert predictable(target, FIRST) == []
    target.ask(f'sed -i /PROFILES/d "{env}"')
    (change,) = changes(target, FIRST)
    assert (change.action, change.risk) == ("remove", Risk.DESTRUCTIVE)
    assert "no profile of it is active (debug)" in change.note
    deploy(target, FIRST, deployment="3")
    assert names(target) == ["inner-1", "web-1"]
    assert predictable(target, FIRST) == []
    assert restore(target, FIRST, deployment="3") == []
    assert names(target) == ["debug-1", "inner-1", "web-1"]
    target.ask(f'echo COMPOSE_PROFILES=debug >>"{env}"')
    assert [line for line in target.photograph().split("\n") if ".env" not in line] == [
        line for line in deployed.split("\n") if ".env" not in line
    ]


def test_files_that_only_the_node_names_are_refused(target: Target) -> None:
    target.ask('echo COMPOSE_FILE=compose.yml >>"$root/checkout/services/$project/.env"')
    answer = target.answer()

    assert isinstance(answer, Unknown)
    assert "COMPOSE_FILE is set in .env on the node" in answer.reason


def scaled(count: int) -> dict[str, str]:
    return {"compose.yml": f"services:\n  web:\n    scale: {count}\n    <<: {SLEEPS}\n"}


def test_a_service_has_as_many_containers_as_it_says(target: Target) -> None:
    target.releases = {FIRST: scaled(2), SECOND: scaled(1)}
    target.move(target.job(SECOND, deployment=""))
    target.ask('cd "$root/checkout/services/$project" && docker compose up -d --scale web=2 >/dev/null 2>&1\n')
    found = changes(target, SECOND)
    # Which of two that are alike is one too many, is for Compose to say.
    assert sorted(change.action for change in found) == ["recreate", "remove"]
    assert {(change.undo, change.risk) for change in found} == {(Undo.NO, Risk.DESTRUCTIVE)}
    deploy(target, SECOND, deployment="1")
    assert len(names(target)) == 1
    target.ask('docker rm -f $(docker ps -q --filter label=com.docker.compose.project="$project") >/dev/null')
    deploy(target, SECOND, deployment="1")
    assert names(target) == ["web-1"]
    first = target.ask('docker ps -q --no-trunc --filter name="$project-web-1"')

    assert told(target) == [("create", "web-2")]
    deploy(target, FIRST, deployment="2")
    assert predictable(target, FIRST) == []
    assert target.ask('docker ps -q --no-trunc --filter name="$project-web-1"') == first
    target.ask('docker rm -f "$project-web-2" >/dev/null')
    (change,) = changes(target, FIRST)
    assert (change.action, change.by_hand) == ("create", True)
    deploy(target, FIRST, deployment="3")
    target.ask('docker stop -t 0 "$project-web-1" >/dev/null')
    assert [(change.action, change.by_hand) for change in changes(target, FIRST)] == [("start", True)]
    deploy(target, FIRST, deployment="4")

    (change,) = changes(target, SECOND)
    assert (change.action, change.by_hand) == ("remove", False)
    deploy(target, SECOND, deployment="5")
    assert names(target) == ["web-1"]
    assert predictable(target, SECOND) == []
    assert restore(target, FIRST, deployment="5") == []
    assert names(target) == ["web-1", "web-2"]
    assert predictable(target, FIRST) == []


SERVES = """
services:
  web:
    image: {image}
    command: [sh, -c, "{command}"]
    init: true
    stop_grace_period: 2s
"""
SERVED = "echo {word} >/index.html; exec httpd -f -p 8080 -h /"
# Whether any container of the service answers, again and again.
ASKS = r"""
while [ -e "$root/asking" ]; do
  answer=
  for id in $(docker ps -q --filter label=com.docker.compose.project="$project"); do
    at=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$id" 2>&1)
    answer=$(curl -s -m 2 "http://$at:8080/") && break
  done
  echo "${answer:-gap}"
done
"""


def test_what_nothing_stands_in_the_way_of_starts_first(target: Target) -> None:
    image = f"{target.project}-image:1"
    for release in (FIRST, SECOND):
        text = SERVES.format(image=image, command=SERVED.format(word=release))
        target.releases[release] = {"compose.yml": text}
    target.ask(f"docker tag {IMAGE} {image}")
    deploy(target, FIRST, deployment="1")
    target.ask(f'touch "$root/asking"; export root project; setsid sh -c {quote(ASKS)} >"$root/said" 2>&1 </dev/null &')
    deployed = target.photograph()

    (change,) = changes(target, SECOND)
    assert change.note.endswith("; starts first")
    deploy(target, SECOND, deployment="2")
    said = target.ask('sleep 1; rm "$root/asking"; cat "$root/said"').split()
    assert set(said) == {"first", "second"}
    assert names(target) == ["web-1"]
    assert predictable(target, SECOND) == []
    assert restore(target, FIRST, deployment="2") == []
    assert target.photograph() == deployed

    target.ask(f"docker tag stems-lab/busybox:2 {image}")
    (change,) = changes(target, FIRST)
    identities = target.ask("docker image inspect -f '{{.Id}}' stems-lab/busybox:1 stems-lab/busybox:2").split()
    old, new = (identity.removeprefix("sha256:")[:12] for identity in identities)
    assert f"image {image} ({old}) becomes {image} ({new})" in change.note
    target.releases[SECOND] = {"compose.yml": SERVES.format(image=image, command="exit 1")}
    running = target.ask('docker ps -q --filter name="$project-web"')
    with pytest.raises(ToolError, match="what is new of web does not run, so what is there was left running"):
        deploy(target, SECOND, deployment="3")
    assert target.ask('docker ps -aq --filter name="$project-web"') == running
    target.ask(f"docker tag {IMAGE} {image}")
    assert restore(target, FIRST, deployment="3") == []
    assert predictable(target, FIRST) == []


def test_a_name_that_another_project_has_is_refused_before_anything_stops(target: Target) -> None:
    text = f"services:\n  web:\n    container_name: {target.project}-www\n    <<: {SLEEPS}\n"
    target.releases[FIRST] = {"compose.yml": text}
    labels = " ".join(f"--label com.docker.compose.{label}" for label in ("project=other", "service=x"))
    target.ask(f'docker create --name "$project-www" {labels} {IMAGE} >/dev/null')
    answer = target.answer()

    assert isinstance(answer, Unknown)
    assert f"needs the name {target.project}-www, which a container of the project other has" in answer.reason
