"""The containers that play nodes."""

from __future__ import annotations

from stems.infrastructure.lab.engine import Engine, EngineError
from stems.infrastructure.lab.keys import belongings
from stems.infrastructure.lab.state import Lab, LabNode

WAYS: dict[str, tuple[str, ...]] = {
    "privileged": ("--privileged",),
    # A machine that is itself a guest may lack this capability, and then cannot give it on.
    "capabilities": (
        "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE", "--security-opt", "seccomp=unconfined",
        "--security-opt", "apparmor=unconfined", "--security-opt", "systempaths=unconfined",
    ),
}  # fmt: skip

CGROUPS = {
    "1": ("--cgroupns=host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"),
    "2": ("--cgroupns=private",),
}

MEMORY_FILES = ("--tmpfs", "/run:exec", "--tmpfs", "/run/lock", "--tmpfs", "/tmp:exec,mode=1777,size=256m")  # noqa: S108  # a node's own


def create_words(lab: Lab, node: LabNode, *, image: str, rights: tuple[str, ...]) -> tuple[str, ...]:
    """The words after `docker` that create a node's container."""
    published = () if lab.internal else ("--publish", f"127.0.0.1:{node.port}:22")
    return (
        "create", "--name", lab.container(node), "--hostname", node.hostname,
        "--label", lab.label, "--label", f"stems.lab.node={node.name}",
        "--network", lab.network, "--ip", node.address,
        "--network-alias", node.name, "--network-alias", node.hostname,
        *published, *rights, *MEMORY_FILES, "--volume", "/var/lib/docker",
        "--env", "container=docker", "--env", f"STEMS_LAB_USER={node.user}",
        "--env", f"STEMS_LAB_SHELL={node.login_shell}",
        "--env", f"STEMS_LAB_FRESH={'yes' if node.fresh else ''}", image,
    )  # fmt: skip


def find_way(engine: Engine, image: str) -> str:
    """How this machine lets a container be a node: tried, not guessed."""
    for way, words in WAYS.items():
        if engine.attempt("run", "--rm", "--network", "none", *words, image, "true").ok:
            return way
    raise EngineError(
        "this machine: Docker starts no container with the rights that a node needs",
        remedy="use a Docker that runs as root, not a rootless one",
    )


def find_rights(engine: Engine, way: str) -> tuple[str, ...]:
    version = engine.read("info", "--format", "{{.CgroupVersion}}").strip()
    return (*WAYS[way], *CGROUPS.get(version, CGROUPS["2"]))


def states(lab: Lab, engine: Engine) -> dict[str, str]:
    """The state of each container of the lab that exists: created, running, paused, exited or dead."""
    form = "{{.Names}} {{.State}}"
    return dict(parse_states(engine.read("ps", "--all", "--filter", f"label={lab.label}", "--format", form)))


def parse_states(text: str) -> list[tuple[str, str]]:
    return [(name, state) for name, _, state in (line.partition(" ") for line in text.splitlines()) if state]


def make_node(  # what a node is made from, each by its name
    lab: Lab, node: LabNode, engine: Engine, *, image: str, images: bytes, chezmoi: bytes = b""
) -> None:
    """Create and start one node's container. A fresh one has neither Docker nor chezmoi."""
    engine.act(*create_words(lab, node, image=image, rights=find_rights(engine, lab.way)))
    engine.act(
        "cp",
        "-",
        f"{lab.container(node)}:/",
        stdin=belongings(lab, node, images, chezmoi=b"" if node.fresh else chezmoi),
    )
    engine.act("start", lab.container(node))
    shut_way_out(lab, node, engine)


def shut_way_out(lab: Lab, node: LabNode, engine: Engine) -> None:
    """Leave a running node of an internal network no route beyond it."""
    # Docker 20 gives such a network a default route and filters what takes it.
    if lab.internal:
        engine.act("exec", lab.container(node), "sh", "-c", "ip route flush default; ip -6 route flush default")
