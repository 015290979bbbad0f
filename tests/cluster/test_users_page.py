"""A new service as the person's page adds it, in its five steps, with what stems says of each of them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.conftest import Tell
from tests.support.story import Story
from tests.support.users_page import code, plain, points, steps, typed

EXAMPLE = "Example: Adding a New Service"
NODE = "crtr"
COMPOSE = code(EXAMPLE)[0]
SYNTAX, SIMULATION, ROLLOUT = typed(EXAMPLE)
TEMPLATE = Path(__file__).parents[2] / "src/stems/methodology/templates/service"

# What a person's own build would leave on the node.
BUILD = r"""
docker create --name "$name-build" stems-lab/busybox:1 >/dev/null
docker commit --change 'CMD ["sh", "-c", "trap exit TERM; sleep 100000 & wait"]' "$name-build" myapp:latest >/dev/null
docker rm "$name-build" >/dev/null
docker tag myapp:latest myapp:1.0.0
"""
FORGET = "docker rmi myapp:latest myapp:1.0.0 >/dev/null"


@pytest.fixture
def page(told: Tell) -> Iterator[Story]:
    """A repository of one node, which has the image that the page speaks of, and no service yet."""
    with told("page", services=False) as story:
        cluster = story.site.cluster
        cluster["nodes"] = {NODE: {**cluster["nodes"][NODE], "hardware": {"memory": "8G"}}}
        cluster["rollout"] |= {"order": [NODE], "pilot": NODE}
        cluster["domains"]["services"] = {"tool": "compose", "source": "services"}
        story.commit()
        story.ask(NODE, BUILD)
        try:
            yield story
        finally:
            story.clean()
            story.ask(NODE, FORGET)


def test_a_service_is_added_in_five_steps(page: Story) -> None:
    """As written, `version` and `latest` included: both are found, with their fix, and it is deployed all the same."""
    name = f"{page.site.name}-app"
    assert [plain(step).split()[0] for step in steps(EXAMPLE)] == list(STEPS)
    for step in STEPS.values():
        step(page, name)


def plan(page: Story, name: str) -> None:
    """Its requirements, its node with the reason, and the decision."""
    assert points(EXAMPLE)[:3] == [
        "Define service requirements", "Choose deployment node (CLUSTER-PATTERNS)", "Document decision",
    ]  # fmt: skip
    page.site.cluster["services"] = {name: {"node": NODE, "reason": "To be chosen", "requires": {"memory": "64M"}}}
    page.commit({f"services/{name}/docker-compose.yml": COMPOSE}, "Begin with a service")

    placed = page.stems("place", name, "--json").json
    decided = page.stems("new", "decision", "Run the app on the gateway", "--context", "It talks to what is there",
        "--decision", "It runs on crtr", "--consequences", "It is away with that node")  # fmt: skip

    assert {one["node"]: one["verdict"] for one in placed["candidates"]} == {NODE: "fits"}
    assert (page.root / decided.out.strip()).is_file()


def develop(page: Story, name: str) -> None:
    """The file of the page as it is, in a commit."""
    assert "version: '3.8'" in COMPOSE and "image: myapp:latest" in COMPOSE and "NODE_NAME: ${HOSTNAME}" in COMPOSE
    page.git("add", "-A")
    page.git("commit", "-q", "-m", "Add the app")

    assert (page.root / f"services/{name}/docker-compose.yml").read_text() == COMPOSE


def validate(page: Story, name: str) -> None:
    """stems without a node, and what the page types, with the real Compose on the node."""
    found = {one["code"]: one for one in page.stems("validate", "--no-linters", "--json").json["findings"]}
    assert {"STM523", "STM510"} <= found.keys() and "error" not in {one["severity"] for one in found.values()}
    assert all(found[each]["remedy"] for each in ("STM523", "STM510"))

    by_hand = f"mkdir /tmp/$name && cd /tmp/$name && printf %s {shlex.quote(COMPOSE)} >docker-compose.yml\n"
    # A shell knows HOSTNAME and does not export it: Compose by itself then has none, and says so.
    assert "NODE_NAME: cooperator" in page.ask(NODE, f"{by_hand}export HOSTNAME=$(hostname)\n{SYNTAX}")
    assert "DRY-RUN MODE" in page.ask(NODE, f"cd /tmp/$name && HOSTNAME=$(hostname) {SIMULATION} --detach 2>&1")
    assert "HOSTNAME" in page.ask(NODE, f"cd /tmp/$name && {SYNTAX} 2>&1 >/dev/null")
    (change,) = [one for one in page.plan()["nodes"][0]["changes"] if one["resource"].startswith("container:")]
    assert (change["action"], change["class"]) == ("create", "service")


def deploy(page: Story, name: str) -> None:
    """The rollout asks, and the variable has its value inside of the container."""
    page.stems("deploy", answers="y\n" * 2)

    assert _said_inside(page, name) == "cooperator"


def operate(page: Story, name: str) -> None:
    """Watch it, keep it as it is, and write down what changes: the fix of what was found is the first change."""
    assert points(EXAMPLE)[-3:] == ["Monitor health", "Maintain configuration", "Document changes"]
    status = page.status()[NODE]
    assert (status["healthy"], status["in_sync"]) == (True, True)

    _is_what_its_own_tools_say(page)
    # The page's own last line, in the checkout: Compose alone has no HOSTNAME, and that is a change by hand.
    where, typed_there = ROLLOUT.removeprefix(f"ssh {NODE} ").strip('"').split(" && ")
    page.ask(NODE, f"cd $checkout && {where} && cd {name} && {typed_there} 2>&1")
    assert _said_inside(page, name) == ""
    assert f"container:{name}-app-1" in page.stems("drift", exits=4).out

    page.stems("validate", "--fix", "--no-linters")
    compose = page.root / f"services/{name}/docker-compose.yml"
    compose.write_text(compose.read_text().replace("myapp:latest", "myapp:1.0.0"))
    codes = {one["code"] for one in page.stems("validate", "--no-linters", "--json").json["findings"]}
    assert codes.isdisjoint({"STM523", "STM510"})
    page.git("commit", "-qam", "Pin the app")
    page.stems("deploy", answers="y\n" * 2)
    assert _said_inside(page, name) == "cooperator"
    assert "as deployed" in page.stems("drift").out
    assert "Pin the app" in page.stems("history").out


STEPS = {"Planning": plan, "Development": develop, "Validation": validate, "Deployment": deploy, "Operation": operate}


def _is_what_its_own_tools_say(page: Story) -> None:
    """`stems assess --live` beside `docker ps` and `chezmoi managed`, as the page types them."""
    _, managed, _, runs = typed("For Implementation")
    (live,) = page.stems("assess", "--live", "--json").json["live"]

    assert live["containers"] == int(page.ask(NODE, f"{runs} -q | wc -l")) > 0
    there = page.ask(NODE, f"command -v chezmoi >/dev/null && {managed} --include=files,symlinks | wc -l || echo None")
    assert str(live["dotfiles"]) == there.strip()


def _said_inside(page: Story, name: str) -> str:
    return page.ask(NODE, f"docker exec {name}-app-1 sh -c 'echo $NODE_NAME'").strip()


def test_a_copied_service_is_judged_by_compose_where_there_is_no_cluster(page: Story) -> None:
    """`cp -r .stems/templates/service/ …`, then its `validate.sh` on a machine with Compose and without stems."""
    files = {path.name: path.read_text() for path in TEMPLATE.iterdir() if path.is_file()}
    files["compose.yml"] = files["compose.yml"].replace("nginx:1.27.5", "stems-lab/busybox:1")
    writes = "".join(f"printf %s {shlex.quote(text)} >{file}\n" for file, text in files.items())

    said = page.ask(NODE, f"mkdir /tmp/$name && cd /tmp/$name\n{writes} sh ./validate.sh 2>&1")

    assert "DRY-RUN MODE" in said
    broken = page.ask(NODE, "cd /tmp/$name; sed -i s/image:/imagine:/ compose.yml; ! sh ./validate.sh 2>&1")
    assert "imagine" in broken
    assert json.loads(page.ask(NODE, "docker inspect new-service-new-service-1 2>/dev/null || :")) == []
