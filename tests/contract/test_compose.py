"""`compose` keeps the promises of a tool with the real Docker Compose of a lab node: data and secrets too."""

from __future__ import annotations

import base64
import io
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote
from uuid import uuid4

import pytest

from stems.errors import ToolError
from stems.infrastructure.command import Effect, script
from stems.infrastructure.guards import Guarded
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.probe import probe
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.lifecycle.look.crash_loop import CrashLoop
from stems.model.change import Change, Domain, Risk, Undo
from stems.model.cluster import Cluster, ServicesDomain
from stems.model.node import Node, SshAddress
from stems.model.observation import Answer, Present, Unknown
from stems.model.service import Data, Service
from stems.model.state import Health, ServiceState
from stems.tools.base import Job, Preview, Site, Tool, Tree
from stems.tools.compose import look as compose_look
from stems.tools.compose import tool as compose
from stems.tools.redact import REDACTED
from tests.contract.suite import FIRST, SECOND, Broken, HandEdit, ToolSuite, changes, deploy, predictable, restore

IMAGE = "stems-lab/busybox:1"
BASE = """
services:
  web:
    image: {image}
    command: [httpd, -f, -p, "8080", -h, /site]
    init: true
    environment: {{SECRET: "${{SECRET}}", WHO: "${{NODE_NAME}}", PRICE: "5$$"}}
    volumes: ["./site:/site:ro", "data:/data"]
    depends_on: {{once: {{condition: service_completed_successfully}}}}
  once:
    image: {image}
    command: ["true"]
    restart: "no"
  {third}:
    image: {image}
    command: [sleep, "1000"]
    init: true
    stop_grace_period: 1s
volumes: {{data: {{}}}}
"""
FIRST_FILES = {"compose.yml": BASE.format(image=IMAGE, third="old"), "site/index.html": "first\n"}
SECOND_FILES = {"compose.yml": BASE.format(image=IMAGE, third="new"), "site/index.html": "second\n"}
LOUD = """command: [sh, -c, "echo cannot log in with $$SECRET; exec sleep 1000"]
    environment: {SECRET: "${SECRET}"}
    healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 1}
    deploy: {update_config: {order: stop-first}}"""
"""Is never well, and says what it was given."""
PHOTOGRAPH = r"""
docker ps -a --filter label=com.docker.compose.project="$project" \
  --format '{{.Names}} {{.State}} {{.Image}} {{.Label "stems.digest"}}' | sort
docker network ls --filter label=com.docker.compose.project="$project" --format '{{.Name}}' | sort
docker volume ls --filter label=com.docker.compose.project="$project" --format '{{.Name}}' | sort
cd "$root"; find checkout state/services -type f -exec sha256sum {} + 2>/dev/null | sort
"""


@dataclass
class Target:
    """One service on one node: files to stage, and a clone that moves just before services are applied."""

    site: Site
    root: str
    project: str
    cluster: Cluster
    folder: Path
    releases: dict[str, dict[str, str]]
    variables: dict[str, object] = field(default_factory=dict)

    NAME = compose.NAME
    DOMAIN = Domain.SERVICES
    NEEDS_STAGE = compose.NEEDS_STAGE
    check = staticmethod(compose.check)
    claims = staticmethod(compose.claims)

    def __post_init__(self) -> None:
        self.tool: Tool = self

    def job(self, release: str, *, deployment: str) -> Job:
        root = self.folder / release
        files = {f"services/{self.project}/{name}": text for name, text in self.releases[release].items()}
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        self.unpack(files, "stage")
        tree = Tree(root, "0" * 40, frozenset(files))
        domain = ServicesDomain("compose", "services")
        given = {name: self.variables for name in self.cluster.nodes}
        return Job(self.cluster, domain, tree, given, LocalRunner(), self.folder, deployment)

    def unpack(self, files: Mapping[str, str], where: str) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for name, text in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
        text = base64.b64encode(packed.getvalue()).decode()
        keep = "" if where == "stage" else "! -name .env ! -name token.txt"
        self.ask(
            f'cd "$root" && mkdir -p {where} && cd {where} && find . -type f {keep} -delete && find . -type l -delete\n'
            f"base64 -d <<'END' | tar x\n{text}\nEND\n"
        )

    def ask(self, text: str) -> str:
        names = f"root={quote(self.root)}; project={quote(self.project)}\n"
        result = self.site.runner.run(script(names + text, Effect.WRITES, timeout=90))
        assert result.ok, result.errors
        return result.text

    def preview(self, job: Job, sites: Sequence[Site]) -> Mapping[str, Answer[Preview]]:
        return compose.preview(job, sites)

    def move(self, job: Job) -> None:
        files = {name: (job.tree.root / name).read_text() for name in job.tree.tracked}
        self.unpack(files, "checkout")

    def apply(self, job: Job, site: Site, approved: Sequence[Change]) -> None:
        self.move(job)
        compose.apply(job, site, approved)

    def restore(self, job: Job, site: Site) -> Sequence[str]:
        self.move(job)
        return compose.restore(job, site)

    def photograph(self) -> str:
        return self.ask(PHOTOGRAPH)

    def edit_by_hand(self) -> HandEdit:
        self.ask('docker stop -t 1 "$project-web-1" >/dev/null')
        return HandEdit(f"container:{self.project}-web-1", Risk.SERVICE)

    def break_off(self, release: str) -> Broken:
        """What cannot be started is named by Docker, the secret of the node in its name included."""
        sound = self.releases[release]
        broken = '    entrypoint: ["/no-such-program", "${SECRET}"]\n    stop_grace_period'
        if "cannot log in" in sound["compose.yml"]:
            broken = broken.replace('program", "', "program-")
        text = sound["compose.yml"].replace("    init: true\n    stop_grace_period", broken)
        self.releases[release] = {**sound, "compose.yml": text}
        return Broken("/no-such-program", lambda: self.releases.update({release: sound}))

    def plant(self, secret: str) -> None:
        self.spoil(secret)
        for release, files in ((FIRST, FIRST_FILES), (SECOND, SECOND_FILES)):
            text = files["compose.yml"].replace('command: [sleep, "1000"]', LOUD)
            self.releases[release] = {**files, "compose.yml": text}

    def spoil(self, secret: str) -> None:
        self.ask(f'cd "$root/checkout/services/$project" && printf "SECRET=\'%s\'\\n" {quote(secret)} >.env')

    def holds(self, secret: str) -> bool:
        return f"SECRET={secret}\n" in self.ask('docker exec "$project-web-1" env')

    def renew_key(self) -> None:
        self.ask('echo other >"$root/state/key"')

    def told(self) -> object:
        job = self.job(FIRST, deployment="")
        said = compose.last_lines(job, self.site, self.project)
        assert "cannot log in with" in said
        return said, *map(repr, self.states())

    def states(self) -> Sequence[ServiceState]:
        """As `status` asks for them: in the home of the SSH user."""
        home = f'HOME="$root/home"; export HOME; mkdir -p "$HOME/.local/state/stems"; ln -sfn {quote(self.root)}/state'
        self.ask(f'{home} "$HOME/.local/state/stems/test"')
        snippet = f"HOME={quote(self.root + '/home')}\n" + compose_look.look(self.cluster, self.site.node)
        said = probe(self.site.runner, {"look": snippet})["look"]
        return compose_look.parse_look(self.cluster, self.site.node, said.text)

    def answer(self, release: str = FIRST) -> Answer[Preview]:
        site = replace(self.site, runner=Guarded(self.site.runner, Effect.READS, Effect.STAGES))
        return compose.preview(self.job(release, deployment=""), [site])[site.node.name]

    def declare(self, **what: object) -> None:
        service = replace(self.cluster.services[self.project], **what)  # type: ignore[arg-type]
        self.cluster = replace(self.cluster, services={self.project: service})


@pytest.fixture
def target(lab: Lab, tmp_path: Path) -> Iterator[Target]:
    there = lab.node("prtr")
    node = Node("prtr", "projector", SshAddress(there.host, there.user, there.port, str(lab.identity)), role="work")
    runner = SshRunner(node, lab.known_hosts, control_folder())
    name = f"c{uuid4().hex[:8]}"
    home, root = f"/home/{there.user}", f"/home/{there.user}/{name} it's"
    site = Site(node, runner, home, f"{root}/state", f"{root}/stage", f"{root}/checkout")
    service = Service(name, ("prtr",), "compose")
    cluster = Cluster("test", "~/checkout", {"prtr": node}, services={name: service})
    releases = {FIRST: dict(FIRST_FILES), SECOND: dict(SECOND_FILES)}
    made = Target(site, root, name, cluster, tmp_path, releases)
    made.ask('mkdir -p "$root/state" "$root/checkout/services/$project"; echo k >"$root/state/key"')
    made.ask('printf "SECRET=\'s3\\"c\\$ret\'\\nOTHER=1\\n" >"$root/checkout/services/$project/.env"')
    try:
        yield made
    finally:
        made.ask(
            'docker ps -aq --filter label=com.docker.compose.project="$project" | xargs -r docker rm -f >/dev/null\n'
            'docker ps -aq --filter name="$project" | xargs -r docker rm -f >/dev/null\n'
            'docker network ls -q --filter name="$project" | xargs -r docker network rm >/dev/null\n'
            'docker volume ls -q --filter name="$project" | xargs -r docker volume rm >/dev/null\n'
            'docker image ls --format "{{.Repository}}:{{.Tag}}" --filter reference="$project-*" |'
            " xargs -r docker rmi -f >/dev/null\n"
            "docker image ls -q --filter reference=stems/before | xargs -r docker rmi -f >/dev/null\n"
            'rm -rf "$root"'
        )


class TestCompose(ToolSuite):
    """The promises of every tool."""

    @pytest.fixture
    def adapter(self, target: Target) -> Target:
        return target


def test_only_the_service_whose_file_changed_is_recreated(target: Target) -> None:
    deploy(target, FIRST, deployment="1")
    target.releases[SECOND] = {**FIRST_FILES, "site/index.html": "changed\n"}

    found = changes(target, SECOND)
    assert [(change.resource, change.action) for change in found] == [(f"container:{target.project}-web-1", "recreate")]
    assert f"file services/{target.project}/site/index.html" in found[0].note


def test_a_value_of_the_node_recreates_what_uses_it_and_is_never_told(target: Target) -> None:
    deploy(target, FIRST, deployment="1")
    said = target.ask('docker exec "$project-web-1" env')
    assert 'SECRET=s3"c$ret\n' in said
    assert "PRICE=5$\n" in said

    target.ask('cd "$root/checkout/services/$project" && sed -i s/OTHER=1/OTHER=2/ .env')
    assert predictable(target, FIRST) == []
    target.ask('cd "$root/checkout/services/$project" && sed -i s/s3/t4/ .env')
    found = changes(target, FIRST)
    assert [change.resource for change in found] == [f"container:{target.project}-web-1"]
    assert "changed: values of the node" in found[0].note
    assert not [change for change in found if "ret" in str(change.to_json())]


HANDED = """
services:
  web:
    image: {image}
    command: [sleep, "1000"]
    init: true
    secrets: [token]
    configs: [motd]
secrets: {{token: {{environment: SECRET}}}}
configs: {{motd: {{environment: motd}}}}
"""


def test_values_that_become_files_follow_their_variables(target: Target) -> None:
    target.releases[FIRST] = target.releases[SECOND] = {"compose.yml": HANDED.format(image=IMAGE)}
    read = 'docker exec "$project-web-1" sh -c "cat /run/secrets/token; echo; cat /motd"'
    target.variables = {"motd": "it's $5\nand more"}
    deploy(target, FIRST, deployment="1")
    first = "s3\"c$ret\nit's $5\nand more"

    assert target.ask(read) == first
    assert predictable(target, FIRST) == []
    target.variables = {"motd": "other"}
    assert "variable motd" in changes(target, SECOND)[0].note
    deploy(target, SECOND, deployment="2")
    assert target.ask(read) == 's3"c$ret\nother'
    assert restore(target, FIRST, deployment="2") == []
    assert target.ask(read) == first
    target.ask('cd "$root/checkout/services/$project" && sed -i s/s3/t4/ .env')
    assert "values of the node" in changes(target, SECOND)[0].note


def test_a_missing_value_is_named_with_its_file(target: Target) -> None:
    target.ask('rm "$root/checkout/services/$project/.env"')
    answer = target.answer()

    assert isinstance(answer, Unknown)
    assert f"{target.site.checkout}/services/{target.project}/.env: a value missing for SECRET" in answer.reason


@pytest.mark.parametrize("line", ["SECRET='s3cr", "A=${s3cr", "1A!=s3cr", "A=${SOME?s3cr}", "A='${s3\ncr"])
def test_an_environment_file_that_cannot_be_read_is_named_without_its_values(target: Target, line: str) -> None:
    target.ask(f'cd "$root/checkout/services/$project" && printf "%s\\n" SECRET=x {quote(line)} >.env')
    answer = target.answer()

    assert isinstance(answer, Unknown)
    assert isinstance(answer.error, ToolError)
    assert "/.env" in answer.error.said
    assert "cr" not in answer.error.said.rpartition("/.env")[2]


def test_a_service_that_is_no_longer_declared_is_removed_without_its_volumes(target: Target) -> None:
    deploy(target, FIRST, deployment="1")
    before = target.photograph()
    target.cluster = replace(target.cluster, services={})
    found = changes(target, FIRST)

    assert {(change.action, change.risk) for change in found} == {("remove", Risk.DESTRUCTIVE)}
    deploy(target, FIRST, deployment="2")
    assert target.ask('docker ps -aq --filter label=com.docker.compose.project="$project"') == ""
    assert f"{target.project}_data" in target.ask("docker volume ls -q")
    answer = target.answer()
    assert isinstance(answer, Present)
    assert f"volume:{target.project}_data (left by {target.project})" in answer.value.unmanaged
    assert target.ask('docker network ls -q --filter label=com.docker.compose.project="$project"') == ""
    assert restore(target, FIRST, deployment="2") == []
    assert target.photograph() == before


def test_part_of_a_project_runs_here_and_the_rest_is_left_to_others(target: Target) -> None:
    """One big file, split over nodes: what is named runs, and what is named no longer goes without its volumes."""
    target.declare(only=("web", "once"))
    deploy(target, FIRST, deployment="1")
    names = "docker ps -a --filter label=com.docker.compose.project=$project --format '{{.Names}}' | sort"
    assert target.ask(names) == f"{target.project}-once-1\n{target.project}-web-1\n"
    assert predictable(target, FIRST) == []

    target.declare(only=("old",))
    deploy(target, FIRST, deployment="2")
    assert target.ask(names) == f"{target.project}-old-1\n"
    assert f"{target.project}_data" in target.ask("docker volume ls -q")
    assert restore(target, FIRST, deployment="2") == []
    assert target.ask(names) == f"{target.project}-once-1\n{target.project}-web-1\n"


FIXED = """
services:
  {name}:
    image: {image}
    command: [sleep, "1000"]
    init: true
    container_name: {project}-fixed
    ports: ["127.0.0.1:18080:80"]
"""


@pytest.mark.parametrize(("service", "project"), [("after", ""), ("before", "-z")])
def test_what_takes_the_place_of_another_gets_its_port_and_its_name(target: Target, service: str, project: str) -> None:
    for release, name in ((FIRST, "before"), (SECOND, service)):
        target.releases[release] = {"compose.yml": FIXED.format(name=name, image=IMAGE, project=target.project)}
    deploy(target, FIRST, deployment="1")
    deployed = target.photograph()
    target.declare(project=target.project + project)
    deploy(target, SECOND, deployment="2")

    assert predictable(target, SECOND) == []
    assert target.photograph() != deployed
    assert restore(target, FIRST, deployment="2") == []
    assert target.photograph() == deployed


def test_a_container_of_compose_run_is_named_and_left_alone(target: Target) -> None:
    deploy(target, FIRST, deployment="1")
    target.ask(
        'cd "$root/checkout/services/$project" && docker compose -f "$root/state/services/$project/applied.json" \\\n'
        '  -p "$project" --project-directory . run --no-deps --name "$project-run" old true >/dev/null 2>&1'
    )
    before = target.photograph()

    assert f"{target.project}-run exited" in before
    assert predictable(target, FIRST) == []
    deploy(target, SECOND, deployment="2")
    assert predictable(target, SECOND) == []
    assert restore(target, FIRST, deployment="2") == []
    assert target.photograph() == before


RUN_BY_HAND = 'cd "$root/checkout/services/$project" && docker compose up -d >/dev/null 2>&1'


def test_a_running_project_is_taken_over_with_its_volumes(target: Target) -> None:
    target.move(target.job(FIRST, deployment=""))
    target.ask(RUN_BY_HAND + '\ndocker exec "$project-web-1" sh -c "echo precious >/data/file"')
    found = [change for change in changes(target, FIRST) if change.resource.endswith("web-1")]

    assert [(change.action, change.risk, change.undo) for change in found] == [("recreate", Risk.DESTRUCTIVE, Undo.NO)]
    assert "takes over a running container" in found[0].note
    deploy(target, FIRST, deployment="1")
    assert target.ask('docker exec "$project-web-1" cat /data/file') == "precious\n"
    assert predictable(target, FIRST) == []


def test_a_running_project_with_other_mounts_is_refused(target: Target) -> None:
    target.move(target.job(FIRST, deployment=""))
    target.ask(RUN_BY_HAND)
    target.releases[FIRST]["compose.yml"] = FIRST_FILES["compose.yml"].replace("data:/data", "./data:/data")
    answer = target.answer()

    assert isinstance(answer, Unknown)
    assert isinstance(answer.error, ToolError)
    assert "/data is volume" in answer.error.said


ALONE = """
services:
  web:
    image: {image}
    container_name: {project}-alone
    command: [sleep, "1000"]
    init: true
    stop_grace_period: 1s
    network_mode: bridge
    volumes: ["kept:/kept", "data:/data"]
volumes:
  kept: {{external: true, name: {project}-kept}}
  data: {{external: true, name: {anonymous}}}
"""
LOOK_ALONE = r"""
docker inspect --format '{{.Name}} {{.State.Status}} {{.HostConfig.RestartPolicy.Name}}.' \
  $(docker ps -aq --filter name="$project-alone") | sed 's/^.*-alone//; s/before-[^ ]*/before/' | sort
"""


def run_alone(target: Target, options: str = "--restart on-failure:3") -> str:
    """A container of `docker run` with a named and an anonymous volume; returns the name of the second."""
    target.ask(
        f'docker run -d --init --name "$project-alone" {options} -v "$project-kept:/kept" -v /data {IMAGE} '
        'sh -c "exec sleep 1000" >/dev/null\n'
        'docker exec "$project-alone" sh -c "echo precious >/kept/file; echo dear >/data/file"'
    )
    form = '{{range .Mounts}}{{if eq .Destination "/data"}}{{.Name}}{{end}}{{end}}'
    return target.ask(f'docker inspect --format {quote(form)} "$project-alone"').strip()


def test_a_container_of_docker_run_makes_way_and_comes_back(target: Target) -> None:
    anonymous = run_alone(target)
    text = ALONE.format(image=IMAGE, project=target.project, anonymous=anonymous)
    target.releases[FIRST] = {"compose.yml": text}
    (change,) = changes(target, FIRST)

    assert (change.resource, change.action) == (f"container:{target.project}-alone", "recreate")
    assert (change.risk, change.undo) == (Risk.DESTRUCTIVE, Undo.BY_BACKUP)
    answer = target.answer()
    assert isinstance(answer, Present) and change.resource not in answer.value.unmanaged
    target.declare(data=Data.LOCAL)
    target.releases[SECOND] = {"compose.yml": text.replace(IMAGE, "stems-lab/busybox:2")}
    (other,) = changes(target, SECOND)
    assert other.undo is Undo.NO and "busybox:2" in other.note and "for good" in other.note
    deploy(target, FIRST, deployment="1")
    assert predictable(target, FIRST) == []
    assert target.ask(LOOK_ALONE) == " running .\n.before exited no.\n"
    assert target.ask('docker exec "$project-alone" cat /kept/file /data/file') == "precious\ndear\n"

    for _ in range(2):
        assert restore(target, FIRST, deployment="1") == []
        assert target.ask(LOOK_ALONE) == " running on-failure.\n"
    assert target.ask('docker exec "$project-alone" cat /kept/file /data/file') == "precious\ndear\n"
    assert (
        target.ask("docker inspect --format '{{.HostConfig.RestartPolicy.MaximumRetryCount}}' $project-alone") == "3\n"
    )


def test_a_container_of_docker_run_with_other_mounts_is_not_displaced(target: Target) -> None:
    run_alone(target)
    target.ask('docker volume create "$project-other" >/dev/null')
    text = ALONE.format(image=IMAGE, project=target.project, anonymous=f"{target.project}-other")
    target.releases[FIRST] = {"compose.yml": text}
    answer = target.answer()

    assert isinstance(answer, Unknown) and isinstance(answer.error, ToolError)
    assert "/data is volume" in answer.error.said and "/kept" not in answer.error.said


def test_a_container_that_ends_with_its_volumes_is_not_displaced(target: Target) -> None:
    anonymous = run_alone(target, "--rm")
    text = ALONE.format(image=IMAGE, project=target.project, anonymous=anonymous)
    target.releases[FIRST] = {"compose.yml": text}
    answer = target.answer()

    assert isinstance(answer, Unknown) and "--rm" in answer.reason


BUILT = """
services:
  web:
    build: .
    command: [sleep, "1000"]
    init: true
  other:
    build: {context: other, dockerfile_inline: "FROM stems-lab/busybox:1"}
    command: [sleep, "1000"]
    init: true
"""


def test_what_is_built_on_the_node_is_built_anew_and_comes_back(target: Target) -> None:
    for release in (FIRST, SECOND):
        dockerfile = f"FROM {IMAGE}\nLABEL of={target.project}\nRUN echo {release} >/release\n"
        target.releases[release] = {"compose.yml": BUILT, "Dockerfile": dockerfile, "other/file": ""}
    read = (
        'docker exec "$project-web-1" cat /release\ndocker inspect -f "{{.Image}}" "$project-web-1" "$project-other-1"'
    )
    assert f"image:{target.project}-web" in [change.resource for change in changes(target, FIRST)]
    deploy(target, FIRST, deployment="1")
    first = target.ask(read)

    assert first.startswith("first\n")
    assert predictable(target, FIRST) == []
    (change,) = changes(target, SECOND)
    assert change.resource == f"container:{target.project}-web-1"
    assert f"changed: build services/{target.project}/Dockerfile" in change.note and "becomes" not in change.note
    deploy(target, SECOND, deployment="2")
    assert target.ask(read).startswith("second\n")
    assert predictable(target, SECOND) == []
    target.ask("docker image prune -f --filter label=of=$project >/dev/null")
    assert restore(target, FIRST, deployment="2") == []
    assert target.ask(read) == first
    assert predictable(target, FIRST) == []
    target.declare(data=Data.LOCAL)
    assert {change.undo for change in changes(target, SECOND)} == {Undo.NO}


def test_a_new_image_of_a_service_with_data_cannot_be_taken_back(target: Target) -> None:
    target.declare(data=Data.LOCAL)
    deploy(target, FIRST, deployment="1")
    target.releases[SECOND]["compose.yml"] = BASE.format(image="stems-lab/busybox:2", third="old")

    assert {change.undo for change in changes(target, SECOND)} == {Undo.NO}
    target.declare(rollback_safe="it keeps nothing between versions")
    assert {change.undo for change in changes(target, SECOND)} == {Undo.BY_REPLAY}


def test_an_image_that_nobody_has_stops_the_plan(target: Target) -> None:
    target.releases[FIRST]["compose.yml"] = BASE.format(image="stems.example/none:1", third="old")
    answer = target.answer()

    assert isinstance(answer, Unknown)
    assert "dry run of Compose failed" in answer.reason


def test_services_are_seen_as_they_are(target: Target) -> None:
    def look() -> tuple[Health, bool, str]:
        (state,) = target.states()
        return state.health, state.as_deployed, state.detail

    assert look() == (Health.DOWN, False, "not deployed")
    deploy(target, FIRST, deployment="1")
    assert look() == (Health.HEALTHY, True, "")
    target.edit_by_hand()
    health, as_deployed, detail = look()
    assert (health, as_deployed) == (Health.DOWN, False)
    assert f"{target.project}-web-1 exited (" in detail
    target.ask('docker rm -f "$project-web-1" >/dev/null')
    assert look() == (Health.DOWN, False, "web missing")


def test_a_crash_loop_is_seen_by_its_restarts(target: Target) -> None:
    """Docker starts it at once, and again after twice the time of before."""
    fails = 'command: ["false"]\n    restart: always\n    init: true'
    text = FIRST_FILES["compose.yml"].replace('command: [sleep, "1000"]\n    init: true', fails)
    target.releases[FIRST]["compose.yml"] = text
    deploy(target, FIRST, deployment="1")
    loop, end = CrashLoop(patience=3), time.monotonic() + 60
    seen: list[int | None] = []
    told = ""
    while not told and time.monotonic() < end:
        state = _looked(target)
        seen.append(state.restarts)
        told = loop.found([state], [target.project], now=time.monotonic())
        time.sleep(0.5)

    assert "times meanwhile" in told, seen
    assert target.ask('docker inspect -f "{{.RestartCount}}" "$project-web-1"') == "0\n", "the others run on"


def _looked(target: Target) -> ServiceState:
    linked = 'HOME="$root/home"; export HOME; mkdir -p "$HOME/.local/state/stems"; ln -sfn "$root/state"'
    target.ask(f'{linked} "$HOME/.local/state/stems/test"')
    snippet = f"HOME={quote(target.root + '/home')}\n" + compose_look.look(target.cluster, target.site.node)
    said = probe(target.site.runner, {"look": snippet})["look"]
    (state,) = compose_look.parse_look(target.cluster, target.site.node, said.text)
    return state


def test_what_nobody_declared_is_named_and_left_alone(target: Target) -> None:
    target.ask(f'docker create --name "$project-new-1" {IMAGE} >/dev/null')
    answer = target.answer()

    assert isinstance(answer, Present)
    assert f"container:{target.project}-new-1" in answer.value.unmanaged


def test_what_fails_is_told_by_its_cause_and_no_id_is_taken_for_a_secret(target: Target) -> None:
    target.ask(f'docker run -d --name "$project-other" -p 127.0.0.1:19999:80 {IMAGE} sleep 1000 >/dev/null')
    ports = 'ports: ["127.0.0.1:19999:8080"]\n    init: true'
    target.releases[FIRST]["compose.yml"] = FIRST_FILES["compose.yml"].replace("init: true", ports, 1)

    with pytest.raises(ToolError, match="port is already allocated") as caught:
        deploy(target, FIRST, deployment="1")
    assert caught.value.problem.startswith(f"prtr: {target.project}: ")
    assert caught.value.ran == "compose up --remove-orphans=false"
    assert REDACTED not in caught.value.said


def test_nothing_starts_when_what_is_applied_cannot_be_noted(target: Target) -> None:
    target.ask('mkdir -p "$root/state/services/$project/applied.new"')

    with pytest.raises(ToolError, match="what is applied cannot be noted"):
        deploy(target, FIRST, deployment="1")
    assert target.ask('docker ps -aq --filter label=com.docker.compose.project="$project"') == ""


def test_an_empty_record_is_no_reason_to_remove_every_container(target: Target) -> None:
    deploy(target, FIRST, deployment="1")
    target.ask(': >"$root/state/services/$project/applied"')
    deploy(target, SECOND, deployment="2")
    running = target.ask('docker ps -q --filter label=com.docker.compose.project="$project"')

    assert restore(target, FIRST, deployment="2") == [f"{target.project}: what was added could not be removed"]
    assert target.ask('docker ps -q --filter label=com.docker.compose.project="$project"') == running
